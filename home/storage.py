"""Where files lie: pictures under names that nobody can guess, sealed files safe from a power cut."""

import os
import posixpath
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class UnguessableNames:
    """Draws the name of each stored file by lot: a picture is public to whoever knows the name of a copy.

    Wagtail makes a copy's name from its size and from the first few letters of the original's, which could be
    tried out. Documents keep their names, which readers see: they leave by their number (`home.documents`).
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        folder, file = posixpath.split(str(name).replace("\\", "/"))
        if folder == "documents":
            available: str = super().get_available_name(name, max_length)  # type: ignore[misc]
            return available
        _stem, suffix = posixpath.splitext(file)
        return posixpath.join(folder, secrets.token_hex(16) + suffix.lower())


class LocalMedia(UnguessableNames, FileSystemStorage):
    """Media in a folder of this server."""


class SyncedFiles(FileSystemStorage):
    """Files that are on the disk, and not only in its cache, before `save` returns."""

    def _save(self, name: str, content: Any) -> str:
        name = str(super()._save(name, content))  # type: ignore[misc]
        path = Path(self.path(name))
        _sync(path)
        # A new file is lost with the entry in its folder, and that with the entry of the folder in its own.
        for folder in path.parents:
            _sync(folder)
            if folder == Path(self.location):
                break
        return name


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
