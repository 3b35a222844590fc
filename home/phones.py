"""Phone numbers: what is taken, how it is written down, how it is called."""

import re
import unicodedata

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

_PHONE = re.compile(r"0[0-9]{8,10}")


def national_number(text: str) -> str | None:
    """ "+84 912.345.678" → "0912345678"; None for what no Vietnamese phone has."""
    number = re.sub(r"[\s.\-()/]", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"^(\+84|0084|84(?=[1-9][0-9]{8,9}$))0?", "0", number)
    return number if _PHONE.fullmatch(number) else None


phone_validator = RegexValidator(
    r"^\+?[0-9][0-9 .]{1,17}[0-9]$", _("Write the number in digits, like 0239 386 1234.")
)


def tel(number: str) -> str:
    """The address of a phone link: "0239 386 1113" → "tel:02393861113"."""
    return "tel:" + "".join(char for char in number if char in "+0123456789")
