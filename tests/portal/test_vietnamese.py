"""What staff see of the packages is Vietnamese, where it comes from catalogues and where it does not."""

import json
import unicodedata
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import strip_tags

from tests.journeys.crawl.english import english_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_editor(editor: Any) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.mark.parametrize(
    ("address", "message", "vietnamese"),
    [
        ("wagtailadmin_javascript_catalog", "Main menu", "Menu chính"),
        ("wagtail_localize:javascript_catalog", "Not translated", "Chưa dịch"),
    ],
)
def test_scripts_speak_vietnamese(address: str, message: str, vietnamese: str, as_editor: Client) -> None:
    page = as_editor.get(reverse(address)).content.decode()
    assert f'"{message}": {json.dumps(vietnamese)}' in page


def test_the_account_page_offers_vietnamese_and_no_list_of_time_zones(as_editor: Client) -> None:
    page = unicodedata.normalize("NFC", as_editor.get(reverse("wagtailadmin_account")).content.decode())
    assert "Tiếng Việt" in page
    assert "Ngôn ngữ muốn dùng" in page
    assert "Etc/GMT" not in page


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("wagtailadmin_choose_page_external_link", ["Địa chỉ web", "Chữ của liên kết"]),
        ("wagtailadmin_choose_page_email_link", ["Địa chỉ email", "Chủ đề", "Nội dung"]),
        ("wagtailadmin_choose_page_phone_link", ["Số điện thoại", "Chữ của liên kết"]),
        ("wagtailadmin_choose_page_anchor_link", ["Chữ của liên kết"]),
    ],
)
def test_a_link_is_made_in_vietnamese(address: str, labels: list[str], as_editor: Client) -> None:
    page = as_editor.get(reverse(address)).json()["html"]
    assert [label for label in labels if label not in page] == []
    assert "Link text" not in page


def test_the_header_tells_a_screen_reader_where_the_actions_are(as_editor: Client, commune: Any) -> None:
    page = as_editor.get(reverse("wagtailadmin_explore", args=[commune.pk])).content.decode()
    assert 'aria-label="Thao tác"' in page
    assert 'aria-label="Actions"' not in page


def test_what_wagtail_named_in_english_at_its_birth_is_renamed(unit: Any) -> None:
    from wagtail.models import Collection, Page, Workflow

    assert Collection.get_first_root_node().name == "Thư mục gốc"
    assert Page.get_first_root_node().title == "Gốc"
    assert not Workflow.objects.filter(name="Moderators approval").exists()


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_a_refusal_is_vietnamese(name: str, unit: Any) -> None:
    page = render_to_string(name, request=RequestFactory().get("/"))
    lines = [line.strip() for line in strip_tags(page).splitlines() if line.strip()]
    assert lines
    assert [line for line in lines if english_in(line)] == []
