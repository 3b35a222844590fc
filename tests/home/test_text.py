import unicodedata

import pytest

from home.text import fold, plain_slug, sort_key


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
