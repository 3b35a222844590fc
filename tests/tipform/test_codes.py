"""The receipt code as people type, paste and photograph it; what is no code is refused in words."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.tipform.residents import Resident, code_on
from tipform.codes import LONGEST, read_code

CODE = "0123456789012345"
SPOKEN = {
    "plain": CODE,
    "four by four": "0123 4567 8901 2345",
    "dots": "0123.4567.8901.2345.",
    "dashes of any kind": "0123-4567–8901−2345",
    "one by one": " ".join(CODE),
    "no-break spaces": "0123\u00a04567\u202f8901\u20072345",
    "line breaks": "0123\r\n4567\n8901\t2345\n",
    "what is not seen": "\ufeff0123\u200b4567\u2060\u00ad89012345\u200e",
    "in brackets and quotes": "“(0123) 4567, 8901; 2345”",
    "with its label": "Mã: 0123 4567 8901 2345",
    "label glued to it": "Mã:0123456789012345",
    "label without a sign between": "Mã0123456789012345",
    "accents that came apart": "Ma\u0303 tra cu\u031b\u0301u: 0123 4567 8901 2345",
    "in a sentence": "Mã tra cứu của tôi là 0123 4567 8901 2345 ạ",
    "with the day before it": "Gửi ngày 26/11/2026, mã là 0123 4567 8901 2345",
    "with a phone behind it": "0123 4567 8901 2345, gọi 0239 386 1113",
    "spelt with words between": "0123 rồi 4567 rồi 8901 rồi 2345",
    "full width": "０１２３　４５６７．８９０１－２３４５",
    "Arabic digits": "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥",
    "Thai digits": "๐๑๒๓ ๔๕๖๗ ๘๙๐๑ ๒๓๔๕",
    "styled digits": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟐𝟑𝟒𝟓",
    "digits in squares": "".join(f"{digit}\ufe0f\u20e3" for digit in CODE),
    "O for 0, l for 1": "Ol23 4567 89O1 2345",
    "o for 0, I for 1": "oI23 4567 89oI 2345",
    "a receipt copied whole": (
        "Đã gửi\nCông an xã Cẩm Trung đã nhận được. Cảm ơn bạn.\nMã tra cứu của bạn\n0123 4567 8901 2345\n"
        "Hãy chép mã ra giấy. Việc gấp, gọi: 0239 386 1113, 113.\n"
    ),
}


@pytest.mark.parametrize("as_typed", SPOKEN)
def test_a_code_is_read_however_it_was_typed_or_pasted(as_typed: str) -> None:
    assert read_code(SPOKEN[as_typed]) == CODE


REFUSED = {
    "0123 4567 8901 234": "Đọc được 15 số.",
    "0123 4567 8901 2345 6": "Đọc được 17 số.",
    "1": "Đọc được 1 số.",
    "Mã: 0123 4567 8901 234, gọi 113": "Đọc được 15 số.",
    "Mã 0123 4567 8901 2345 và 1123 4567 8901 2345": "Đọc được 32 số.",
    # A word of look-alikes alone stays a word, and a digit too many is not dropped to make it fit.
    "lo 0123 4567 8901 234": "Đọc được 15 số.",
    "l0123 4567 8901 2345": "Đọc được 17 số.",
    # A letter that is not one of the four is no digit.
    "S123 4567 8901 2345": "Đọc được 15 số.",
    "②123 4567 8901 2345": "Đọc được 15 số.",
    "5" * 500: "Đọc được 500 số.",
    "": "Ở đây chưa có số nào.",
    "mã của tôi": "Ở đây chưa có số nào.",
    "OOOO lIlI": "Ở đây chưa có số nào.",
    "\0": "Ở đây chưa có số nào.",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_code_is_told_how_many_digits_were_read(typed: str) -> None:
    with translation.override("vi"), pytest.raises(ValidationError) as caught:
        read_code(typed)
    assert REFUSED[typed] in caught.value.message
    assert "Mã tra cứu có 16 chữ số" in caught.value.message


def test_a_text_longer_than_a_receipt_is_read_to_its_limit_alone() -> None:
    assert read_code("x" * (LONGEST - 17) + f" {CODE}") == CODE
    with pytest.raises(ValidationError):
        read_code("x" * LONGEST + f" {CODE}")


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_either_sixteen_digits_or_refused(typed: str) -> None:
    try:
        code = read_code(typed)
    except ValidationError:
        return
    assert len(code) == 16 and code.isascii() and code.isdigit()


@pytest.mark.django_db
def test_the_lookup_takes_it_so_and_says_how_many_it_read(resident: Resident) -> None:
    code = code_on(resident.send(message="Hai tàu hút cát"))
    page = resident.look_up(f"Mã tra cứu của tôi là {code[:4]}.{code[4:8]} – {code[8:]}").content.decode()
    assert "Hai tàu hút cát" in page
    refused = resident.look_up(code[:15], message="viết dở").content.decode()
    assert "Đọc được 15 số" in refused and "viết dở" in refused and "Hai tàu" not in refused
