"""What the page of results shows of a page."""

import re
from collections.abc import Collection
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from home.text import one_line, search_key

register = template.Library()

_WORD = re.compile(r"([^\W_]+)")
SHOWN_OF_A_TEXT = 30  # words


@register.filter
def marked(text: str, words: Collection[str]) -> SafeString:
    """The text in its own spelling, with the words in <mark> that were asked: "dang ky" marks “Đăng ký”."""
    pieces = _WORD.split(one_line(text))
    shown = (
        (format_html("<mark>{}</mark>", piece) if search_key(piece) in words else conditional_escape(piece),)
        for piece in pieces
    )
    # Words side by side are one mark.
    joined = format_html_join("", "{}", shown)
    return SafeString(re.sub(r"</mark>( +)<mark>", r"\1", joined))


@register.filter
def shortened(text: Any) -> str:
    return Truncator(str(text)).words(SHOWN_OF_A_TEXT)
