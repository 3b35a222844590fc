"""A few lines as somebody types them on a phone, as the rich text of a post, and back."""

import html
import re

from home.personal_data import phone_spans
from home.phones import tel
from home.text import paragraphs

from .sentences import first_thought, is_a_thought

_ITEM = re.compile(r"^[-•*]\s+")
_BLOCK = re.compile(r"<p>(?P<paragraph>.*?)</p>|<ul>(?P<list>(?:<li>.*?</li>)+)</ul>", re.DOTALL)
_LIST_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_LINK = re.compile(r'<a href="tel:[+\d]+">(.*?)</a>')
# Wagtail's editor numbers the blocks of a text that it has saved.
_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')


def rich_text_of(text: str) -> str:
    """A blank line starts a paragraph, "-" an item of a list, and phone numbers become links."""
    blocks: list[str] = []
    for lines in paragraphs(text):
        paragraph: list[str] = []
        items: list[str] = []
        for line in lines:
            if _ITEM.match(line):
                blocks += _paragraph(paragraph)
                items.append(_linked(_ITEM.sub("", line)))
            else:
                blocks += _list(items)
                paragraph.append(_linked(line))
        blocks += _paragraph(paragraph) + _list(items)
    return "".join(blocks)


def _paragraph(lines: list[str]) -> list[str]:
    """The lines as one paragraph; takes them out of the list."""
    found = [f"<p>{'<br/>'.join(lines)}</p>"] if lines else []
    lines.clear()
    return found


def _list(items: list[str]) -> list[str]:
    found = ["<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"] if items else []
    items.clear()
    return found


def _linked(line: str) -> str:
    parts, position = [], 0
    for start, end in phone_spans(line):
        number = line[start:end]
        parts.append(html.escape(line[position:start], quote=False))
        parts.append(f'<a href="{tel(number)}">{html.escape(number, quote=False)}</a>')
        position = end
    return "".join([*parts, html.escape(line[position:], quote=False)])


def text_of(rich_text: str) -> str | None:
    """The lines that `rich_text_of` makes this of; None for what was written with more than lines."""
    rich_text = _BLOCK_KEY.sub("", rich_text)
    blocks = []
    for block in _BLOCK.finditer(rich_text):
        if block["list"]:
            blocks.append("\n".join(f"- {_plain(item)}" for item in _LIST_ITEM.findall(block["list"])))
        else:
            blocks.append("\n".join(_plain(line) for line in block["paragraph"].split("<br/>")))
    text = "\n\n".join(blocks)
    return text if rich_text_of(text) == rich_text else None


def _plain(markup: str) -> str:
    return html.unescape(_LINK.sub(r"\1", markup))


def first_sentence(text: str, length: int) -> str:
    """The first sentence in one line, cut at a word when it is longer than `length`.

    A paragraph of a few words ("THÔNG BÁO") is none: the next one belongs to it.
    """
    sentence = ""
    for lines in paragraphs(text):
        paragraph = " ".join(_ITEM.sub("", line) for line in lines)
        sentence = first_thought(f"{sentence} {paragraph}".strip())
        if is_a_thought(sentence):
            break
    if len(sentence) <= length:
        return sentence
    return sentence[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
