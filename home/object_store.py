"""Media in an object store. Apart from `home.storage`, since only who has a store loads its client."""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .storage import UnguessableNames


class StoredMedia(UnguessableNames, S3Storage):
    """Reached through the portal alone: no page tells the store's address or a signature of ours."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
