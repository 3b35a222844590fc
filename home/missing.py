"""What a version names and readers will not get: a picture or document deleted since, a page not public.

Parts of a text that are empty for it are told by `home.proofreading`, which needs no query.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from . import proofreading
from .references import in_text


def missing_in(revision: Revision) -> list[proofreading.Warning]:
    """One for each place, in the order of the text: links and pictures in paragraphs, the picture above."""
    model: Any = revision.content_type.model_class()
    # Without the check that takes out a picture which is gone: it is what is looked for.
    page = model.from_serializable_data(revision.content, check_fks=False)
    found = []
    for kind, pk, _model_path, content_path in in_text(page):
        what = _what_is_missing(ContentType.objects.get_for_id(kind).model_class(), pk)
        if what:
            field = page._meta.get_field(content_path.split(".")[0])
            found.append(proofreading.Warning("missing", capfirst(str(field.verbose_name)), what))
    return found


def _what_is_missing(model: Any, pk: str) -> str:
    """In words; empty if it is there, or is nothing that a reader sees."""
    if model is get_image_model():
        return "" if model.objects.filter(pk=pk).exists() else _("A picture is missing: it has been deleted.")
    if model is get_document_model():
        if model.objects.filter(pk=pk).exists():
            return ""
        return _("A document that is linked to is missing: it has been deleted.")
    if issubclass(model, Page) and not Page.objects.live().filter(pk=pk).exists():
        return _("A link leads to a page that is not public, or is not there any more.")
    return ""
