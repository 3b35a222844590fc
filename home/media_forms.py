"""The forms of the library. Not in `home.forms`: Wagtail's own ask for models that are not loaded by then."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from .images import PixelsOnlyForm

KEPT = _("The file itself stays. To use another one, upload it as new and choose it in the post.")


def _drop_fields(form: Any) -> None:
    form.fields.pop("tags", None)
    # Replacing is refused at the row (`home.media`); here it is not offered, and what to do is said.
    if form.instance.pk and form.fields.pop("file", None):
        # The bound field: Wagtail's form has asked for it already, and it took its help text then.
        form["title"].help_text = KEPT


class ImageForm(PixelsOnlyForm):
    """Without tags: all communes would share them, and read in them what the others keep."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _drop_fields(self)


class DocumentForm(BaseDocumentForm):
    """Without tags, for the same reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _drop_fields(self)
