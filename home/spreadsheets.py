"""How text leaves in a spreadsheet: Excel shows its diacritics, and no cell is a formula.

Wagtail's own exports of lists and reports go through it, whichever view makes them.
Source of the rule on formulas: OWASP, "CSV Injection".
"""

from collections.abc import Iterator
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.admin.views.mixins import SpreadsheetExportMixin

# Excel takes a file for UTF-8 only where it begins with this.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# The full-width signs too: spreadsheets of East Asia read them as the others.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What a spreadsheet passes over before it looks for a sign.
BLANKS = " \u00a0\u200b\u3000\ufeff"


def plain(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula, behind an apostrophe; everything else as it is."""
    is_formula = isinstance(value, str) and value.lstrip(BLANKS).startswith(BEGINS_A_FORMULA)
    return f"'{value}" if is_formula else value


def make_exports_plain() -> None:
    """From `ready()`: Wagtail marks formulas as text in XLSX alone, and fails there on control characters."""
    rows_of = SpreadsheetExportMixin.stream_csv
    value_of = SpreadsheetExportMixin.preprocess_field_value

    def stream_csv(view: Any, queryset: Any) -> Iterator[bytes]:
        yield BYTE_ORDER_MARK
        yield from rows_of(view, queryset)

    def preprocess_field_value(view: Any, field: str, value: Any, export_format: str) -> Any:
        value = value_of(view, field, value, export_format)
        if export_format == view.FORMAT_CSV:
            return plain(value)
        return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value

    SpreadsheetExportMixin.stream_csv = stream_csv
    SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value
