"""Which pages show a picture or a document, and so: whether it may leave, and that nobody changes it.

The file of a picture or document is never replaced: another file is another choice, approved like a text.
What a live page shows, or one that waits for approval or for its hour, is not cut in another way either, or
given another title; and what any of them shows, a draft as well, is not deleted.
Said here for every road: forms, bulk actions and code all pass a signal.
"""

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision, WorkflowState, get_default_page_content_type

from .ordering import InVietnamese
from .references import DRAFT, in_text, shown_references
from .tree import public

# What a reader sees of a file besides its bytes. A picture's title he does not: pages bring their own words.
SHOWN_OF = {
    "image": ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    "document": ("title",),
}


def public_pages() -> "QuerySet[Page]":
    """What everybody may read at this moment. A page that has expired is none, its job late or not."""
    now = timezone.now()
    return public(Page.objects.live()).filter(Q(expire_at__isnull=True) | Q(expire_at__gt=now))


def references_of(pages: "QuerySet[Page]", model: type[Model]) -> "QuerySet[ReferenceIndex]":
    """The index's rows of the pictures (or documents) that readers of these pages see."""
    return shown_references().filter(
        to_content_type=ContentType.objects.get_for_model(model),
        object_id__in=pages.values(key=Cast("pk", CharField())),
    )


def is_public(model: type[Model], pk: int) -> bool:
    """Whether a page that everybody may read shows this picture or document. Three queries at most."""
    kind = ContentType.objects.get_for_model(model)
    rows = shown_references().filter(to_content_type=kind, to_object_id=str(pk))
    return public_pages().filter(pk__in=_pages_of(rows)).exists()


def _pages_of(rows: "QuerySet[ReferenceIndex]") -> "QuerySet[Any]":
    return rows.values(page_pk=Cast("object_id", IntegerField()))


def files_in(page: Page) -> set[tuple[int, str]]:
    """Content type and id of each picture and document in this version of the page."""
    models = get_image_model(), get_document_model()
    kinds = {ContentType.objects.get_for_model(model).pk for model in models}
    return {(kind, pk) for kind, pk, *_path in in_text(page) if kind in kinds}


class State(Enum):
    """How the text stands in which a page shows a file. The highest, if several of its texts do."""

    LIVE = "live"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    DRAFT = "draft"

    @property
    def label(self) -> Any:
        return STATES[self]


STATES = {
    State.LIVE: gettext_lazy("live"),
    State.SCHEDULED: gettext_lazy("approved, will appear at its hour"),
    State.WAITING: gettext_lazy("waiting for approval"),
    State.DRAFT: gettext_lazy("draft"),
}


@dataclass(frozen=True)
class Use:
    page: Page
    state: State


def uses_of(file: Any) -> list[Use]:
    """The pages that show the picture or document in any text that counts, each once, by title.

    Four queries, however many there are.
    """
    page_type = get_default_page_content_type()
    # Told apart here: asked for both types, SQLite goes by the pages' and reads every row.
    rows = [row for row in ReferenceIndex.get_references_to(file) if row.base_content_type_id == page_type.pk]
    shown = {int(row.object_id) for row in rows if not row.content_path.startswith(DRAFT)}
    pages = list(
        Page.objects.filter(pk__in={int(row.object_id) for row in rows}).order_by(InVietnamese("draft_title"))
    )
    keys = [str(page.pk) for page in pages]
    of_these = {"base_content_type": page_type, "object_id__in": keys}
    scheduled = _ids(Revision.objects.filter(approved_go_live_at__isnull=False, **of_these))
    waiting = _ids(WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS, **of_these))
    uses = []
    for page in pages:
        state = State.DRAFT
        if page.pk in waiting:
            state = State.WAITING
        if page.pk in scheduled:
            state = State.SCHEDULED
        if page.live and page.pk in shown:
            state = State.LIVE
        uses.append(Use(page, state))
    return uses


def _ids(rows: "QuerySet[Any]") -> set[int]:
    return {int(pk) for pk in rows.values_list("object_id", flat=True)}


def must_stay(file: Any) -> bool:
    """Whether a live page shows the file, or a page of which a text is on its way to the public."""
    return any(use.state is not State.DRAFT for use in uses_of(file))


class UnchangeableFile(Exception):
    """This picture or document stays as it is. The admin answers in words (`home.guards`)."""

    def __init__(self, file: Any, title: str, *, deleting: bool = False) -> None:
        super().__init__(file.pk)
        self.file = file
        self.title = title  # as it is stored
        self.deleting = deleting


def refuse_change(sender: type[Model], instance: Any, raw: bool, update_fields: Any, **kwargs: Any) -> None:
    """Before a picture or document is saved. Raises UnchangeableFile."""
    if raw or instance._state.adding:
        return
    names = {"file", *SHOWN_OF[sender._meta.model_name or ""]}
    if update_fields is not None:
        names &= set(update_fields)
    stored: Any = sender._default_manager.filter(pk=instance.pk).values("title", *names).first()
    if stored is None:
        return
    changed = {name for name in names if getattr(instance, name) != stored[name]}
    # A new file may have the old one's name until it is stored.
    if "file" in names and not instance.file._committed:
        changed.add("file")
    if "file" in changed or (changed and must_stay(instance)):
        raise UnchangeableFile(instance, stored["title"])


def refuse_deletion(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Before a picture or document is deleted. Raises UnchangeableFile."""
    if uses_of(instance):
        raise UnchangeableFile(instance, instance.title, deleting=True)


def fingerprint(page: Page) -> str:
    """Of all that readers see of the page's files, their stored bytes included; empty when it has none."""
    files = sorted(files_in(page))
    if not files:
        return ""
    digest = hashlib.sha256()
    for kind, pk in files:
        model: Any = ContentType.objects.get_for_id(kind).model_class()
        file = model.objects.filter(pk=pk).first()
        shown = [getattr(file, name, None) for name in SHOWN_OF[model._meta.model_name]]
        digest.update(repr((kind, pk, shown, _bytes_of(file))).encode())
    return digest.hexdigest()


def _bytes_of(file: Any) -> str:
    """The digest of what lies in the store, whatever the row says of it; empty when nothing does."""
    if file is None:
        return ""
    digest = hashlib.sha256()
    try:
        with file.open_file() as content:
            for chunk in iter(lambda: content.read(1 << 20), b""):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
