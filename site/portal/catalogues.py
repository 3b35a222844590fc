"""Compiling the interface's translations: Django reads .mo files, the repository holds .po files.

`<language>/LC_MESSAGES/<domain>.po` is our own, `<language>/upstream/<package>.<domain>.po` translates a
package that we use. Both go into one .mo file, in which our own words win. Needs neither Django's settings
nor a system gettext, so the demo's launcher can call it first.
"""

import os
from pathlib import Path

import polib  # type: ignore[import-untyped]

LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"
DOMAINS = ("django", "djangojs")
Key = tuple[str | None, str, bool]


def compile_catalogues(folder: Path = LOCALE_DIR) -> list[Path]:
    """Compile every catalogue of which a source is newer than its .mo file; those that were written.

    A file appears whole or not at all. Raises OSError when the folder cannot be written.
    """
    written = []
    for language in sorted(path for path in folder.iterdir() if path.is_dir()):
        for domain in DOMAINS:
            sources = sources_of(language, domain)
            target = language / "LC_MESSAGES" / f"{domain}.mo"
            if sources and _is_older(target, [*sources, language / "upstream"]):
                _write(merged(sources), target)
                written.append(target)
    return written


def sources_of(language: Path, domain: str) -> list[Path]:
    """The .po files of a domain, the one that wins last."""
    upstream = sorted((language / "upstream").glob(f"*.{domain}.po"))
    own = language / "LC_MESSAGES" / f"{domain}.po"
    return [*upstream, own] if own.exists() else upstream


def merged(sources: list[Path]) -> polib.POFile:
    entries: dict[Key, polib.POEntry] = {}
    catalogue = polib.POFile()
    for source in sources:
        part = polib.pofile(str(source))
        catalogue.metadata.update(part.metadata)
        entries.update({key_of(entry): entry for entry in part.translated_entries()})
    catalogue.extend(entries.values())
    return catalogue


def key_of(entry: polib.POEntry) -> Key:
    """What gettext tells messages apart by: a plural is another message than the same words alone."""
    return entry.msgctxt, entry.msgid, bool(entry.msgid_plural)


def _is_older(target: Path, sources: list[Path]) -> bool:
    # The folder stands for a source that was taken away.
    return not target.exists() or any(
        source.stat().st_mtime_ns > target.stat().st_mtime_ns for source in sources if source.exists()
    )


def _write(catalogue: polib.POFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(f".mo.{os.getpid()}")
    try:
        catalogue.save_as_mofile(str(half))
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
