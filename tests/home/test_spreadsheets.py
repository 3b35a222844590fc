"""What an Excel of an office shows of a CSV: diacritics, and never a formula."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from communes.models import CommunePage, NewsPage
from home.spreadsheets import BYTE_ORDER_MARK, plain
from tests.communes.posts import logged_in, news_of

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "+84 912 345 678",
]
REPORT = "/admin/reports/aging-pages/"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text(text: str) -> None:
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Cẩm Trung", "", "1-2", "0239 386 1113", "a=b", 5, -5, None, 1.5])
def test_everything_else_stays(text: Any) -> None:
    assert plain(text) == text


def exported(user: Any, format_: str) -> bytes:
    response = logged_in(user).get(REPORT, {"export": format_})
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def post(commune: CommunePage, title: str) -> None:
    page = NewsPage(title=title, summary="Tóm tắt", slug="thu")
    news_of(commune).add_child(instance=page)
    page.save_revision().publish()


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["=1+1 Đò", "-1+1 Đò", "@SUM(1) Đò", "+1+1 Đò"])
def test_a_report_of_wagtails_opens_in_excel(title: str, commune: CommunePage, superuser: Any) -> None:
    post(commune, title)
    content = exported(superuser, "csv")
    assert content.startswith(BYTE_ORDER_MARK)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert f"'{title}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.django_db
def test_the_same_as_xlsx_keeps_the_title_as_it_is(commune: CommunePage, superuser: Any) -> None:
    post(commune, "=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(superuser, "xlsx"))).active
    cells = {cell.value: cell.data_type for row in sheet.rows for cell in row}
    assert cells["=1+1"] == "s"


@pytest.mark.django_db
def test_a_control_character_does_not_stop_the_export(commune: CommunePage, superuser: Any) -> None:
    post(commune, "Đò\x0bngang")
    NewsPage.objects.filter(slug="thu").update(title="Đò\x0bngang")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(superuser, "xlsx"))).active
    assert "Đòngang" in {cell.value for row in sheet.rows for cell in row}


def test_nobody_gets_it_without_logging_in() -> None:
    assert Client().get(REPORT, {"export": "csv"}).status_code == 302
