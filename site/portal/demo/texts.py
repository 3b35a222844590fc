"""Reading the demo's data files: TOML, and Markdown with a TOML head."""

import re
import tomllib
from pathlib import Path
from typing import Any

import markdown
from django.conf import settings

from portal.texts import read_text

FOLDER: Path = settings.BASE_DIR / "demo"
# A block of a post: a heading line, a quotation, or paragraphs and lists up to the next of those.
_BLOCK = re.compile(r"^## (?P<heading>.+)$|^> (?P<quote>.+)$", re.MULTILINE)


def read_toml(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def read_pages(folder: str) -> list[dict[str, Any]]:
    """The Markdown files of a folder in the order of their names: the head's keys, `slug` and `text`."""
    return [
        {"slug": re.sub(r"^\d+-", "", path.stem), **read_text(path)}
        for path in sorted((FOLDER / folder).glob("*.md"))
    ]


def filled(text: str, **values: str) -> str:
    """`text` with its {placeholders} replaced; other braces stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)


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
