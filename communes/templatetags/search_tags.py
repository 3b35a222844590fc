"""What the page of results shows of a page."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from home.text import one_line, search_key

register = template.Library()

_WORD = re.compile(r"([^\W_]+)")
SHOWN_OF_A_TEXT = 30  # words


@register.filter
def marked(text: str, words: Collection[str]) -> SafeString:
    """The text in its own spelling, with the words in <mark> that were asked: "dang ky" marks “Đăng ký”."""
    shown = [
        format_html("<mark>{}</mark>", piece) if _folded(piece) in words else escape(piece)
        for piece in _WORD.split(one_line(text))
    ]
    # Words side by side are one mark.
    return SafeString(re.sub(r"</mark>( +)<mark>", r"\1", "".join(shown)))


# Words come again and again: forty of each page that is found are looked at.
@lru_cache(maxsize=2000)
def _folded(word: str) -> str:
    return search_key(word)


@register.filter
def shortened(text: Any) -> str:
    return Truncator(str(text)).words(SHOWN_OF_A_TEXT)
