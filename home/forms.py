"""The form of every page. What a page shows or links to must be the user's own, shared, or public.

Wagtail's choosers hide other communes' pictures, documents and drafts, but its forms take any id that is
posted. This form refuses those ids, in drafts, autosave and previews too, and never shows what they stand
for. What the page used before stays allowed: the unit may have put it there.
"""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.blocks import RichTextBlock, StreamBlock, StreamBlockValidationError, StreamValue, StructValue
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import RichText, extract_references_from_rich_text

from .permissions import choosable

# The referenced object's model (image, document or page) and its id as it was sent.
Reference = tuple[type[Model], str]

MINUTE = datetime.timedelta(minutes=1)

TAG = re.compile(r"<a\b[^>]*>|<embed\b[^>]*/>")


def _messages() -> dict[type[Model], Any]:
    return {
        get_image_model(): _(
            "This picture belongs to another commune or no longer exists. "
            "Choose a picture of your own commune or a shared one."
        ),
        get_document_model(): _(
            "This document belongs to another commune or no longer exists. "
            "Choose a document of your own commune or a shared one."
        ),
        Page: _(
            "The page linked to is not public or no longer exists. Choose a public page or one of your own."
        ),
    }


def _watched(targets: Iterator[tuple[Any, ...]]) -> set[Reference]:
    """Those of `targets`, tuples that start with model and id, that are images, documents or pages."""
    kinds = list(_messages())
    return {(kind, str(pk)) for model, pk, *_path in targets for kind in kinds if issubclass(model, kind)}


def references_in(source: Any, value: Any) -> set[Reference]:
    """What `value` refers to; `source` is its block or model field."""
    if value is None or value == "":
        return set()
    if hasattr(source, "extract_references"):
        return _watched(source.extract_references(value))
    return _watched(iter([(source.related_model, getattr(value, "pk", value))]))


def _html_without(html: str, refused: set[Reference]) -> str:
    def kept(tag: re.Match[str]) -> str:
        if _watched(extract_references_from_rich_text(tag[0])) & refused:
            return "<a>" if tag[0].startswith("<a") else ""
        return tag[0]

    return TAG.sub(kept, html)


def without(block: Any, value: Any, refused: set[Reference]) -> Any:
    """The value with the refused references taken out and, where the block allows it, all else kept."""
    if not references_in(block, value) & refused:
        return value
    if isinstance(block, StreamBlock):
        children = [(each.block_type, without(each.block, each.value, refused), each.id) for each in value]
        return StreamValue(block, children)
    if isinstance(block, RichTextBlock):
        return RichText(_html_without(value.source, refused))
    if isinstance(value, StructValue):
        parts = [(name, without(block.child_blocks[name], part, refused)) for name, part in value.items()]
        return StructValue(block, parts)
    return block.get_default()


class ScopedChoiceForm(WagtailAdminPageForm):
    """Refuses references to what this user may neither choose nor found in the page."""

    def clean(self) -> Any:
        self._drop_a_schedule_of_the_past()
        cleaned_data = super().clean()
        # A field with another mistake is shown again as it was sent, so it is looked through as well.
        sent = {
            field: cleaned_data[field.name] if field.name in cleaned_data else self[field.name].data
            for field in self._referring_fields()
        }
        found = {field: references_in(field, value) for field, value in sent.items()}
        refused = self._refused(set().union(*found.values()))
        for field, references in found.items():
            if references & refused:
                self._refuse(field, sent[field], refused)
        return cleaned_data

    def _drop_a_schedule_of_the_past(self) -> None:
        """Wagtail keeps what a schedule has done, and then refuses every later save because it is past."""
        for name in ("go_live_at", "expire_at"):
            moment, stored = self.cleaned_data.get(name), getattr(self.instance, name)
            # The form sends minutes, the database may hold seconds.
            if moment and stored and moment < timezone.now() and abs(moment - stored) < MINUTE:
                self.cleaned_data[name] = None

    def _referring_fields(self) -> "list[Field[Any, Any]]":
        return [
            field
            for field in self._meta.model._meta.get_fields()
            if field.name in self.fields and (field.many_to_one or hasattr(field, "extract_references"))
        ]

    def _refused(self, references: set[Reference]) -> set[Reference]:
        """One query for each of the three models at most, and those of the stored page's blocks."""
        refused = set()
        for kind in {kind for kind, _pk in references}:
            pks = {}
            for _kind, sent in (each for each in references if each[0] is kind):
                try:
                    pks[sent] = kind._meta.pk.clean(sent, None)
                except ValidationError:
                    pks[sent] = None
            allowed = set(
                choosable(kind, self.for_user)
                .filter(pk__in=set(pks.values()) - {None})
                .values_list("pk", flat=True)
            )
            refused |= {(kind, sent) for sent, pk in pks.items() if pk not in allowed}
        if refused:
            # The instance is still the stored page: Django writes to it after clean().
            for field in self._referring_fields():
                refused -= references_in(field, field.value_from_object(self.instance))
        return refused

    def _refuse(self, field: Any, value: Any, refused: set[Reference]) -> None:
        """Say so at the field or block, and show the form again without what was refused."""
        if hasattr(field, "stream_block"):
            errors = {
                index: self._error(references_in(child.block, child.value) & refused)
                for index, child in enumerate(value)
                if references_in(child.block, child.value) & refused
            }
            own_mistakes = self.errors[field.name].as_data() if field.name in self.errors else []
            if own_mistakes:
                own_mistakes[0].block_errors.update(errors)
            else:
                self.add_error(field.name, StreamBlockValidationError(block_errors=errors))
            shown = without(field.stream_block, value, refused)
        else:
            if field.name not in self.errors:
                self.add_error(field.name, self._error(references_in(field, value) & refused))
            shown = None if field.many_to_one else _html_without(value, refused)
        self.fields[field.name].bound_data = lambda data, initial: shown

    def _error(self, references: set[Reference]) -> ValidationError:
        kinds = {kind for kind, _pk in references}
        return ValidationError([text for kind, text in _messages().items() if kind in kinds][0])


class ApprovedCopyForm(CopyForm):
    """A copy is a draft. An alias would be public at once, wherever its original is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("alias", "publish_copies"):
            self.fields.pop(name, None)
