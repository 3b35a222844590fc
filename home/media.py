"""Which pages show a picture or a document, and so: whether it may leave, and that nobody changes it.

The file of a picture or document is never replaced: another file is another choice, approved like a text.
What a live page shows, or one that waits for approval or for its hour, is not deleted either, nor cut in
another way or given another title. Said here for every road: forms, bulk actions and code all pass a signal.
"""

import hashlib
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex, Revision, WorkflowState, get_default_page_content_type

# What a reader sees of a file besides its bytes. A picture's title he does not: pages bring their own words.
SHOWN_OF = {
    "image": ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    "document": ("title",),
}


class UnchangeableFile(Exception):
    """This picture or document stays as it is. The admin answers in words (`home.guards`)."""

    def __init__(self, file: Any, title: str) -> None:
        super().__init__(file.pk)
        self.file = file
        self.title = title  # as it is stored


def public_pages() -> "QuerySet[Page]":
    """What everybody may read at this moment. A page that has expired is none, its job late or not."""
    now = timezone.now()
    return Page.objects.live().public().filter(Q(expire_at__isnull=True) | Q(expire_at__gt=now))


def references_of(pages: "QuerySet[Page]", model: type[Model]) -> "QuerySet[ReferenceIndex]":
    """The index's rows of these pages' pictures (or documents)."""
    return ReferenceIndex.objects.filter(
        base_content_type=get_default_page_content_type(),
        to_content_type=ContentType.objects.get_for_model(model),
        object_id__in=pages.values(key=Cast("pk", CharField())),
    )


def _pages_showing(model: type[Model], pk: int) -> "QuerySet[Any]":
    """The ids of the pages whose stored version, which is the live one of a live page, shows the file."""
    references = ReferenceIndex.objects.filter(
        base_content_type=get_default_page_content_type(),
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id=str(pk),
    )
    return references.values(page_pk=Cast("object_id", IntegerField()))


def is_public(model: type[Model], pk: int) -> bool:
    """Whether a page that everybody may read shows this picture or document. Three queries at most."""
    return public_pages().filter(pk__in=_pages_showing(model, pk)).exists()


def files_in(page: Page) -> set[tuple[int, str]]:
    """Content type and id of each picture and document in this version of the page."""
    models = get_image_model(), get_document_model()
    kinds = {ContentType.objects.get_for_model(model).pk for model in models}
    references = ReferenceIndex._extract_references_from_object(page)
    return {(kind, pk) for kind, pk, *_path in references if kind in kinds}


def _to_be_published() -> "QuerySet[Revision]":
    """The versions that wait for approval, and those approved that wait for their hour."""
    page_type = get_default_page_content_type()
    waiting = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, base_content_type=page_type
    ).values(page_pk=Cast("object_id", IntegerField()))
    latest = Page.objects.filter(pk__in=waiting).values("latest_revision")
    scheduled = Q(base_content_type=page_type, approved_go_live_at__isnull=False)
    return Revision.objects.filter(Q(pk__in=latest) | scheduled)


def in_use(file: Any) -> bool:
    """Whether the file is shown by a live page, or by a version that may go live as it stands.

    The index has no drafts, so each waiting version is looked through: for rare acts, not for a list.
    """
    model = type(file)
    if Page.objects.live().filter(pk__in=_pages_showing(model, file.pk)).exists():
        return True
    wanted = ContentType.objects.get_for_model(model).pk, str(file.pk)
    with_text = _to_be_published().annotate(text=Cast("content", TextField()))
    # Few hold the id's digits at all; only those are built.
    revisions = with_text.filter(text__contains=wanted[1])
    return any(wanted in files_in(revision.as_object()) for revision in revisions)


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
    if "file" in changed or (changed and in_use(instance)):
        raise UnchangeableFile(instance, stored["title"])


def refuse_deletion(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Before a picture or document is deleted. Raises UnchangeableFile."""
    if in_use(instance):
        raise UnchangeableFile(instance, instance.title)


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
