"""Compiling the interface's translations: Django reads .mo files, the repository holds .po files.

Needs neither Django's settings nor a system gettext, so the demo's launcher can call it first.
"""

import os
from pathlib import Path

import polib  # type: ignore[import-untyped]

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"


def compile_catalogues(folder: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue that is newer than its .mo file; those that were written.

    A file appears whole or not at all. Raises OSError when the folder cannot be written.
    """
    written = []
    for source in sorted(folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(f".mo.{os.getpid()}")
        try:
            polib.pofile(str(source)).save_as_mofile(str(half))
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
        written.append(target)
    return written
