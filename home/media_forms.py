"""The forms of the library. Not in `home.forms`: Wagtail's own ask for models that are not loaded by then."""

from typing import Any

from wagtail.documents.forms import BaseDocumentForm

from .images import PixelsOnlyForm


class ImageForm(PixelsOnlyForm):
    """Without tags: all communes would share them, and read in them what the others keep."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)


class DocumentForm(BaseDocumentForm):
    """Without tags, for the same reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)
