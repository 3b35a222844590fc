import unicodedata

import pytest

from home.text import fold, many_lines, one_line, paragraphs, plain_slug, sort_key


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Cẩm Trung", "cam trung"),
        ("ĐĂNG KÝ TẠM TRÚ", "dang ky tam tru"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        (unicodedata.normalize("NFD", "Thị trấn Thiên Cầm"), "thi tran thien cam"),
        ("", ""),
    ],
)
def test_text_is_folded_to_plain_letters(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Đăng ký tạm trú", "dang-ky-tam-tru"),
        ("Ở đâu? Khi nào!", "o-dau-khi-nao"),
        ("Cấp lại thẻ căn cước (2026)", "cap-lai-the-can-cuoc-2026"),
        ("…", ""),
    ],
)
def test_an_address_is_plain_ascii(title: str, slug: str) -> None:
    assert plain_slug(title) == slug


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    names = ["Đông Hà", "Cẩm Hà", "Dương Hà", "Cầm Hà", "Căm Hà", "Cam Lộc", "Cam Hà", "An Hà"]
    assert sorted(names, key=sort_key) == [
        "An Hà",
        "Cam Hà",
        "Cam Lộc",
        "Căm Hà",
        "Cầm Hà",
        "Cẩm Hà",
        "Dương Hà",
        "Đông Hà",
    ]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Nguyễn\tVăn \r\n An ", "Nguyễn Văn An"),
        ("Cẩm\0Trung", "Cẩm Trung"),
        (unicodedata.normalize("NFD", "Cẩm Trung"), "Cẩm Trung"),
        ("\0 \u200b", ""),
        ("một hai", "một"),
    ],
)
def test_one_line_is_composed_visible_and_not_too_long(typed: str, line: str) -> None:
    assert one_line(typed, 4 if typed == "một hai" else None) == line


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("\r\nmột\r\n\r\nhai\rba ", "một\n\nhai\nba"),
        ("mo\u0323\u0302t\0", "một"),
        (" \n\u200b\u00a0", ""),
    ],
)
def test_many_lines_keep_their_lines(typed: str, lines: str) -> None:
    assert many_lines(typed) == lines


def test_a_text_that_is_cut_ends_without_a_space() -> None:
    assert many_lines("một hai", 4) == one_line("một hai", 4) == "một"


def test_an_empty_line_ends_a_paragraph() -> None:
    assert paragraphs(" một \r\n hai\n \t\n\n- ba\n") == [["một", "hai"], ["- ba"]]
    assert paragraphs(" \n") == []
