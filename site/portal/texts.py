"""Markdown files with a TOML head between +++ lines: the handbook's parts and the demo's texts."""

import tomllib
from pathlib import Path
from typing import Any


def read_text(path: Path) -> dict[str, Any]:
    """The head's keys, and the rest as `text`. Raises ValueError when there is no head."""
    _, head, text = path.read_text(encoding="utf-8").split("+++\n", 2)
    return {**tomllib.loads(head), "text": text.strip()}
