"""Files in an object store. Apart from `home.storage`, since only who has a store loads its client."""

from typing import Any

from botocore.client import Config
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from .storage import UnguessableNames


class ObjectStore(S3Storage):
    """A store that does not answer raises within seconds; unasked, its client waits minutes."""

    def get_default_settings(self) -> dict[str, Any]:
        config = Config(
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            connect_timeout=settings.TIMEOUTS["object store connection"],
            read_timeout=settings.TIMEOUTS["object store"],
            retries={"total_max_attempts": 2},
        )
        return {**super().get_default_settings(), "client_config": config}


class StoredMedia(UnguessableNames, ObjectStore):
    """Reached through the portal alone: no page tells the store's address or a signature of ours."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
