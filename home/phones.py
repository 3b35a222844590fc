"""Phone numbers: what is taken, how it is written down, how it is called."""

import re

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _

from .text import plain_letters, plain_signs

_PHONE = re.compile(r"0[1-9][0-9]{8,9}")
# Of an authority or a hotline, called without the leading zero: 113, 1022, 1900 1234.
_SHORT = re.compile(r"1[0-9]{2,3}|1[89]00[0-9]{4,6}")
_WORDS_AROUND = re.compile(r"^[^\d+(]*|\D*$")  # "ĐT: ", " (Zalo)"
_EXTENSION = re.compile(r"\s*(?:máy lẻ|số lẻ|nhánh|ext(?:ension)?|x|#)[\s.:]*(\d{1,6})$", re.IGNORECASE)
_SIGNS = re.compile(r"[\s.,_·•/()\-]")
_COUNTRY = re.compile(r"^(?:\+84|0084|84(?=[1-9][0-9]{8,9}$))0?")
_WITHOUT_ZERO = re.compile(r"2[0-9]{9}|[35789][0-9]{8}")
# What a spreadsheet makes of a number: 2393861113.0, 2.393861113E+09.
_DECIMAL = re.compile(r"[.,]0$")
_POWER = re.compile(r"(\d)[.,](\d+)E\+?(\d\d?)", re.IGNORECASE)

IN_DIGITS = _("Write the number in digits, like 0912 345 678.")


def national_number(text: str) -> str:
    """What was typed, as digits: "ĐT: +84 (0)912.345.678" → "0912345678".

    An extension is kept: "0239 386 1113 ext. 12" → "02393861113 máy lẻ 12". Raises ValidationError, which
    says what is wrong and, where that can be told, which number is meant.
    """
    line = _WORDS_AROUND.sub("", plain_signs(plain_letters(text)))
    extension = _EXTENSION.search(line)
    number = _digits(_EXTENSION.sub("", line))
    if _PHONE.fullmatch(number):
        return f"{number} máy lẻ {extension[1]}" if extension else number
    raise _fault(line, number)


def _digits(line: str) -> str:
    return _COUNTRY.sub("0", _SIGNS.sub("", line))


def _fault(line: str, number: str) -> ValidationError:
    power = _POWER.fullmatch(line)
    if power and len(power[2]) < int(power[3]):
        return ValidationError(
            _("A spreadsheet has cut the number short. Make its column “Text”, then type it again.")
        )
    whole = power[1] + power[2] if power else _digits(_DECIMAL.sub("", line))
    if _WITHOUT_ZERO.fullmatch(whole):
        message = _("The leading zero is lost: did you mean %(meant)s?")
        return ValidationError(message, params={"meant": grouped(f"0{whole}")})
    if _PHONE.fullmatch(whole):
        return ValidationError(_("Did you mean %(meant)s?"), params={"meant": grouped(whole)})
    parts = [_digits(part) for part in re.split(r"[/;,]|\s-\s|hoặc|và", line)]
    if len(parts) > 1 and all(_PHONE.fullmatch(part) for part in parts):
        return ValidationError(_("These are several numbers. Write one."))
    if number.isdigit():
        message = _("A phone number has ten or eleven digits, and here are %(count)s.")
        return ValidationError(message, params={"count": len(number)})
    return ValidationError(IN_DIGITS)


def phone_validator(value: str) -> None:
    """A number that everybody may call: of a station or a person, an authority's short one, a hotline."""
    if not _SHORT.fullmatch(_digits(plain_signs(plain_letters(value)))):
        national_number(value)


def written(value: str) -> str:
    """The number as pages show it: "02393861113" → "0239 386 1113". Raises ValidationError."""
    phone_validator(value)
    short = _digits(plain_signs(plain_letters(value)))
    return plain_letters(value) if _SHORT.fullmatch(short) else grouped(national_number(value))


def grouped(number: str) -> str:
    """In groups that can be read out: "02438251234" → "024 3825 1234"."""
    digits, _space, extension = number.partition(" ")
    first, second = (3, 7) if digits.startswith(("024", "028")) else (4, 7)
    groups = [digits[:first], digits[first:second], digits[second:], extension]
    return " ".join(group for group in groups if group)


def tel(number: str) -> str:
    """The address of a phone link: "0239 386 1113" → "tel:02393861113"."""
    try:
        digits, _words, extension = national_number(number).partition(" máy lẻ ")
    except ValidationError:
        return "tel:" + "".join(char for char in plain_signs(number) if char in "+0123456789")
    return f"tel:{digits};ext={extension}" if extension else f"tel:{digits}"


_SIGNER = Signer(salt="home.phones")


def signed(phone: str) -> str:
    """A number that goes with a form, to be shown again when nothing else can be asked for it."""
    return _SIGNER.sign(phone)


def unsigned(text: str) -> str:
    """The number that this portal signed; empty where it did not."""
    try:
        return _SIGNER.unsign(text)
    except BadSignature:
        return ""
