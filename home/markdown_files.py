"""Markdown files with a TOML head between +++ lines: starter pages, handbook, the demo's texts."""

import re
import tomllib
from pathlib import Path
from typing import Any

import markdown

# A block of a page: a heading line, a quotation, or paragraphs and lists up to the next of those.
_BLOCK = re.compile(r"^## (?P<heading>.+)$|^> (?P<quote>.+)$", re.MULTILINE)


def read_text(path: Path) -> dict[str, Any]:
    """The head's keys, and the rest as `text`. Raises ValueError when there is no head."""
    _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    return {**tomllib.loads(head), "text": text.strip()}


def filled(text: str, **values: Any) -> str:
    """`text` with its {placeholders} replaced; other braces stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text)


def blocks(text: str) -> list[tuple[str, Any]]:
    """The Markdown text as the blocks of home.blocks.body_blocks()."""
    found: list[tuple[str, Any]] = []
    position = 0

    def paragraphs(until: int) -> None:
        part = text[position:until].strip()
        if part:
            found.append(("paragraph", markdown.markdown(part)))

    for match in _BLOCK.finditer(text):
        paragraphs(match.start())
        position = match.end()
        found.append(
            ("heading", match["heading"]) if match["heading"] else ("quote", {"text": match["quote"]})
        )
    paragraphs(len(text))
    return found
