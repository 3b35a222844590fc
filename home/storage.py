"""Where pictures and documents lie: under names that nobody can guess, at addresses of the portal's own."""

import posixpath
import secrets

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
