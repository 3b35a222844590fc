"""One reading of phone numbers, for residents, staff and lists, and what is said of what is none."""

import pytest
from django.core.exceptions import ValidationError

from home.phones import national_number, phone_validator, tel, written

AS_TYPED = [
    "\u202a0912 345 678\u202c",
    "0912\u2011345\u2011678",
    "0912–345–678",
    "0912\u200b345\u200b678",
    "0912·345·678",
    "0912,345,678",
    "0912_345_678",
    "ĐT: 0912 345 678",
    "0912 345 678 (Zalo)",
    "0912\u00a0345\u00a0678",
    "+84 (0)912 345 678",
    "(+84) 912345678",
    "0084 912 345 678",
    "84-912-345-678",
    "０９１２ ３４５ ６７８",
    "𝟎𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖",
]


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_number_is_taken_however_it_is_typed(typed: str) -> None:
    assert national_number(typed) == "0912345678"


@pytest.mark.parametrize("typed", ["0239 386 1113 máy lẻ 12", "0239.3861113 ext. 12", "0239 386 1113 #12"])
def test_an_extension_is_kept_and_called(typed: str) -> None:
    assert national_number(typed) == "02393861113 máy lẻ 12"
    assert tel(typed) == "tel:02393861113;ext=12"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2393861113", "mất số 0 ở đầu: có phải là 0239 386 1113 không?"),
        ("2393861113.0", "mất số 0 ở đầu: có phải là 0239 386 1113 không?"),
        ("2.393861113E+09", "mất số 0 ở đầu: có phải là 0239 386 1113 không?"),
        ("912345678", "mất số 0 ở đầu: có phải là 0912 345 678 không?"),
        ("0239.386.1113.0", "Có phải là 0239 386 1113 không?"),
        ("2,39E+09", "Bảng tính đã cắt mất chữ số"),
        ("00 00", "ở đây có 4 chữ số"),
        ("0912 345 67", "ở đây có 9 chữ số"),
        ("0912 345 678 / 0987 654 321", "nhiều số điện thoại"),
        ("0912 345 678 hoặc 0987 654 321", "nhiều số điện thoại"),
        ("số nhà tôi", "bằng chữ số"),
        ("O912 345 678", "có phải là 0912 345 678 không?"),
    ],
)
def test_what_is_no_number_is_told_why_and_which_one_may_be_meant(typed: str, said: str) -> None:
    for check in (national_number, phone_validator):
        with pytest.raises(ValidationError) as caught:
            check(typed)
        assert said in caught.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0239.386.1113", "0239 386 1113"),
        ("+84 24 3825 1234", "024 3825 1234"),
        ("0912345678", "0912 345 678"),
        ("113", "113"),
        ("1900 1234", "1900 1234"),
    ],
)
def test_a_number_is_written_in_groups_that_can_be_read_out(typed: str, shown: str) -> None:
    assert written(typed) == shown


@pytest.mark.parametrize(
    ("number", "address"),
    [("0912\u2011345\u2011678", "tel:0912345678"), ("+84 912 345 678", "tel:0912345678"), ("113", "tel:113")],
)
def test_a_link_calls_the_number_whatever_signs_it_is_written_with(number: str, address: str) -> None:
    assert tel(number) == address
