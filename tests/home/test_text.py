import unicodedata

import pytest
from django.core.exceptions import ValidationError

from home.text import (
    fold,
    many_lines,
    one_line,
    paragraphs,
    plain_slug,
    proper_name,
    same_key,
    search_key,
    sort_key,
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Cẩm Trung", "cam trung"),
        ("ĐĂNG KÝ TẠM TRÚ", "dang ky tam tru"),
        ("Hoà Bình", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        (unicodedata.normalize("NFD", "Thị trấn Thiên Cầm"), "thi tran thien cam"),
        ("Ðức Thọ", "duc tho"),
        ("Ɖức Thọ", "duc tho"),
        ("𝐂𝐚𝐦 𝖳𝗋𝗎𝗇𝗀", "cam trung"),
        ("Ｃａｍ　Ｔｒｕｎｇ", "cam trung"),
        ("СẩМ Тrung", "cam trung"),  # С, М and Т are Cyrillic
        ("Krông Ƀuk", "krong buk"),
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
        ("Ðức Thử", "duc-thu"),
        ("ðường sắt", "duong-sat"),
        ("…", ""),
    ],
)
def test_an_address_is_plain_ascii(title: str, slug: str) -> None:
    assert plain_slug(title) == slug


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Cẩm Mĩ", "Cẩm Mỹ"),
        ("Kì Anh", "Kỳ Anh"),
        ("Lí Hoà", "Lý Hòa"),
        ("Quí Lộc", "Quý Lộc"),
        ("Hi vọng", "Hy vọng"),
        ("Cư M’gar", "cư m'gar"),
        ("Ea H`leo", "ea hleo"),
        ("Phan Rang - Tháp Chàm", "phan rang-tháp chàm"),
    ],
)
def test_two_spellings_of_a_name_are_found_by_one_key(typed: str, stored: str) -> None:
    assert search_key(typed) == search_key(stored)


@pytest.mark.parametrize(("one", "other"), [("Thủy", "Thúi"), ("tay", "tai"), ("Hà", "Hải")])
def test_two_words_that_sound_otherwise_keep_their_own_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize(
    "typed", ["cẩm trung", "CẨM  TRUNG", "Ｃẩｍ Trung", unicodedata.normalize("NFD", "Cẩm Trung")]
)
def test_one_name_is_the_same_however_it_is_typed(typed: str) -> None:
    assert same_key(typed) == same_key("Cẩm Trung") != same_key("Cam Trung")


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "Y Moan Ê-ban", "H’Hen Niê", "Trần T. Bình"])
def test_a_name_has_letters_and_the_few_signs_of_names(name: str) -> None:
    assert proper_name(name) == name


@pytest.mark.parametrize("name", ["Nguy?n V?n An", "An 2", "an@xa.vn", "Nguy\ufffdn"])
def test_other_signs_are_no_part_of_a_name(name: str) -> None:
    with pytest.raises(ValidationError):
        proper_name(name)


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


SORTED = [
    "Cam Hà",
    "Cảm Hà",
    "Cam Lộc",
    "Căm",
    "Cẩm",
    "Cẩm Bình",
    "Dung",
    "Đại",
    "Đức",
    "Em",
    "Hà",
    "Hai",
    "Tân",
]


def test_letters_go_before_their_tones_and_capitals_do_not_matter() -> None:
    assert sorted(set(SORTED), key=sort_key) == SORTED
    assert sort_key("ĐẠI") == sort_key("đại")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  Nguyễn\tVăn \r\n An ", "Nguyễn Văn An"),
        ("Cẩm\0 Trung", "Cẩm Trung"),
        ("Ca\u200b\u0309m\u00ad \u202eTrung\u202c", "Cảm Trung"),
        ("Cẩm\u00a0\u3000Trung", "Cẩm Trung"),
        ("Ðức Thọ, Ɖức Thọ, ðức, HÐND", "Đức Thọ, Đức Thọ, đức, HĐND"),
        ("Guðmundur", "Guðmundur"),
        ("rộng 5 m², ½ sào", "rộng 5 m², ½ sào"),
        ("\uf0b7 Hồ sơ", "• Hồ sơ"),
        ("nửa chữ \ud83d", "nửa chữ"),
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
        ("\u3164\u2800\u200d\ufe0f\u0301", ""),
        ("một\u2028hai\x0bba", "một\nhai\nba"),
        ("một  hai \n ba", "một  hai\n ba"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3"),
    ],
)
def test_many_lines_keep_their_lines(typed: str, lines: str) -> None:
    assert many_lines(typed) == lines


def test_a_text_that_is_cut_ends_without_a_space() -> None:
    assert many_lines("một hai", 4) == one_line("một hai", 4) == "một"


def test_an_empty_line_ends_a_paragraph() -> None:
    assert paragraphs(" một \r\n hai\n \t\n\n- ba\n") == [["một", "hai"], ["- ba"]]
    assert paragraphs(" \n") == []
