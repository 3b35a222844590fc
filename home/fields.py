"""Model fields of the pages."""

from typing import Any

from wagtail import fields


class StreamField(fields.StreamField):
    """A StreamField whose blocks stay out of migrations: they are Python, not schema.

    With them in, every changed label is a migration of hundreds of kilobytes.
    """

    def __init__(self, block_types: Any = (), **kwargs: Any) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> Any:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
