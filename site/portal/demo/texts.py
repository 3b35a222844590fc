"""Reading the demo's data files: TOML, and Markdown with a TOML head."""

import re
import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

from home.markdown_files import read_text

FOLDER: Path = settings.BASE_DIR / "demo"


def read_toml(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


def read_pages(folder: str) -> list[dict[str, Any]]:
    """The Markdown files of a folder in the order of their names: the head's keys, `slug` and `text`."""
    return [
        {"slug": re.sub(r"^\d+-", "", path.stem), **read_text(path)}
        for path in sorted((FOLDER / folder).glob("*.md"))
    ]
