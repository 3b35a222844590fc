"""Warnings before a post is submitted: what is found, where, and what must not be taken for it."""

import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from communes.models import NewsPage
from home.personal_data import account_numbers, children_with_address, citizen_numbers, phone_spans
from home.proofreading import warnings_of


def phones(text: str) -> list[str]:
    return [text[start:end] for start, end in phone_spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Trực ban 0912 345 678.", ["0912 345 678"]),
        (
            "Gọi 0912.345.678, 0239-386-1113 hoặc 02393861113",
            ["0912.345.678", "0239-386-1113", "02393861113"],
        ),
        ("(0239) 386 1113", ["(0239) 386 1113"]),
        ("+84 912 345 678", ["+84 912 345 678"]),
        ("Tổng đài 1900 6389 và 18001091", ["1900 6389", "18001091"]),
        ("Việc gấp gọi 113 ngay", ["113"]),
        ("Điều 113, ngày 23/11/2026, 8 giờ 30", []),
        ("Luật số 07/2021/QH15, Nghị định 144/2021/NĐ-CP", []),
        ("Số tiền 912.345.678 đồng; 1.500.000.000 đồng", []),
        ("CCCD 042090123456", []),
        ("042 090 123 456", []),
        ("Mã hồ sơ 202011230912345678", []),
        ("Biển số 38A-123.45, 38N1-023456", []),
    ],
)
def test_phone_numbers(text: str, found: list[str]) -> None:
    assert phones(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anh A, số 042090123456, trú tại xã", ["042090123456"]),
        ("042 090 123 456", ["042 090 123 456"]),
        ("042.090.123456", ["042.090.123456"]),
        ("0420-9012-3456", ["0420-9012-3456"]),
        ("CMND số 183 456 789 cấp năm 2010", ["183 456 789"]),
        ("chứng minh nhân dân 183456789", ["183456789"]),
        ("Ba số 183456789 không nói gì", []),
        ("Gọi 0912 345 678 10 giờ sáng", []),
        ("Số tiền 183.456.789 đồng", []),
        ("Ngày 23/11/2026 và 999990123456", []),
    ],
)
def test_citizen_numbers(text: str, found: list[str]) -> None:
    assert list(citizen_numbers(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STK: 0123 4567 8901 2", ["0123 4567 8901 2"]),
        ("số tài khoản 0912345678 Vietcombank", ["0912345678"]),
        ("chuyển khoản vào 19031234567890", ["19031234567890"]),
        ("Ngân hàng Agribank 3700205123456", ["3700205123456"]),
        ("Tài khoản định danh: hỏi 0912 345 678", []),
        ("chuyển khoản 150.000.000 đồng cho kẻ lạ", []),
        ("Mở tài khoản mức 2 từ 23/11/2026", []),
        ("Số 12345678901 trên phong bì", []),
    ],
)
def test_bank_accounts(text: str, found: list[str]) -> None:
    assert list(account_numbers(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cháu Nguyễn Thị Mẫu, thôn 4, xã Cẩm Trung", ["Nguyễn Thị Mẫu"]),
        ("Tìm thấy bé trai Trần Văn A ở số nhà 12", ["Trần Văn A"]),
        ("em Lê Mẫu trú tại xóm Đông", ["Lê Mẫu"]),
        ("Cháu Nguyễn Thị Mẫu đã về nhà", []),
        ("Các em Đoàn Thanh niên thôn 4 đi từng nhà", []),
        ("Bản tin: tổ chức cho cháu Nguyễn Thị Mẫu đi học", []),
        ("Học sinh thôn 4 đội mũ bảo hiểm", []),
        ("Ông Nguyễn Văn Mẫu, thôn 4", []),
    ],
)
def test_a_childs_name_with_an_address(text: str, found: list[str]) -> None:
    assert list(children_with_address(text)) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cháu Nguyễn Thị Mẫu, trú tại thôn 4", "child"),
        ("Số tài khoản 0123456789012", "bank-account"),
        ("chứng minh nhân dân 183 456 789", "citizen-number"),
        ("chứng minh nhân dân 183\u2011456\u2011789", "citizen-number"),
        ("căn cước ０４２０９０１２３４５６", "citizen-number"),
        ("Số\u202ftài\u200b khoản 0123456789012", "bank-account"),
    ],
)
def test_personal_data_is_found_however_its_letters_are_composed(text: str, code: str) -> None:
    for typed in (text, unicodedata.normalize("NFD", text)):
        assert codes(post(summary=typed)) == [code], typed


def post(**values: Any) -> NewsPage:
    return NewsPage(**{"title": "Cảnh giác với cuộc gọi lạ", "summary": "Không chuyển tiền.", **values})


def codes(page: NewsPage) -> list[str]:
    return [warning.code for warning in warnings_of(page)]


def test_a_good_post_has_no_warning() -> None:
    linked = '<p>Gọi <a href="tel:0912345678">0912 345 678</a> trước ngày 23/11/2026.</p>'
    assert codes(post(body=[("paragraph", linked)])) == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("THÔNG BÁO LỊCH LÀM CĂN CƯỚC", ["capitals"]),
        ("Lịch làm CCCD ở xã", []),
        ("CCCD", []),
        ("UBND VÀ CÔNG AN", ["capitals"]),
    ],
)
def test_a_title_in_capitals(title: str, found: list[str]) -> None:
    assert codes(post(title=title)) == found


@pytest.mark.django_db
def test_pictures_without_words_are_named_by_their_place_and_nothing_is_queried() -> None:
    image = get_image_model()(title="x", file=get_test_image_file())
    image.save()
    without = {"image": image.pk, "alt_text": "", "decorative": False}
    decorative = {"image": image.pk, "alt_text": "", "decorative": True}
    page = post(image=image)
    page.body = NewsPage._meta.get_field("body").to_python(
        [
            {"type": "heading", "value": "Bên sông"},
            {"type": "picture", "value": {"image": without, "caption": ""}},
            {"type": "picture", "value": {"image": decorative, "caption": ""}},
        ]
    )
    assert [str(child.value) for child in page.body]
    with CaptureQueriesContext(connection) as queries:
        found = warnings_of(page)
    assert [(warning.code, warning.where) for warning in found] == [
        ("alt-text", "Ảnh"),
        ("alt-text", "Ảnh, phần 2"),
    ]
    assert len(queries) == 0
    page.image_alt = "Bờ sông lúc nước lên"
    assert [warning.where for warning in warnings_of(page)] == ["Ảnh, phần 2"]


def test_every_text_of_the_page_is_read() -> None:
    page = post(
        summary="Gửi vào STK 0123456789012",
        body=[
            ("heading", "Cháu Nguyễn Thị Mẫu, thôn 4"),
            ("quote", {"text": "CCCD 042090123456"}),
            ("paragraph", "<p>Gọi 0912 345 678</p><ul><li>hoặc 0239 386 1113</li></ul>"),
        ],
    )
    assert codes(page) == ["bank-account", "child", "citizen-number", "phone", "phone"]
    assert [warning.excerpt for warning in warnings_of(page)][-1] == "0239 386 1113"


def test_two_paragraphs_are_not_read_as_one_number() -> None:
    assert codes(post(body=[("paragraph", "<p>STK:</p><p>12345678901</p>")])) == []
