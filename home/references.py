"""What a page refers to in each of its texts: what readers see, the newest draft, what waits for its hour.

Wagtail's index of references reads the page's own row alone. Here it learns to read the other texts, so that
all that asks it counts them: usage counts and filters, the questions before a deletion, `home.media`.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page, ReferenceIndex, Revision, get_default_page_content_type

# Of a reference: content type, id, and the two paths to the place in the text.
Reference = tuple[int, str, str, str]

# Before the path of a reference that no reader sees (yet). No name of a field holds a colon.
DRAFT = "draft:"

# What one text refers to, as Wagtail reads it.
in_text = ReferenceIndex._extract_references_from_object


def index_all_texts() -> None:
    """Teach the index. Once, before anything is saved."""
    ReferenceIndex._extract_references_from_object = classmethod(_in_all_texts)


def _in_all_texts(index: type[ReferenceIndex], source: Any) -> Iterator[Reference]:
    # A page that is saved as a bare Page does not show its text, and Wagtail leaves what is indexed of it.
    if not isinstance(source, Page) or type(source) is Page:
        yield from in_text(source)
        return
    seen: set[tuple[int, str]] = set()
    # The row of a page that is not live holds an old text if there is a newer one at all.
    if source.live or source.latest_revision_id is None:
        for reference in in_text(source):
            seen.add(reference[:2])
            yield reference
    for revision in _not_live(source):
        found = list(in_text(source.with_content_json(revision.content)))
        for kind, pk, model_path, content_path in found:
            if (kind, pk) not in seen:
                yield kind, pk, model_path, f"{DRAFT}{content_path}"
        seen |= {reference[:2] for reference in found}


def _not_live(page: Page) -> "QuerySet[Revision]":
    """The texts of this page that may come before readers: the newest, and those that wait for their hour."""
    wanted = Q(approved_go_live_at__isnull=False)
    if not page.live or page.has_unpublished_changes:
        wanted |= Q(pk=page.latest_revision_id)
    base = get_default_page_content_type()
    return Revision.objects.filter(wanted, base_content_type=base, object_id=str(page.pk)).order_by("-pk")


def shown_references() -> "QuerySet[ReferenceIndex]":
    """The index's rows of pages without those that only a draft has: of a live page, what its readers see."""
    rows = ReferenceIndex.objects.filter(base_content_type=get_default_page_content_type())
    return rows.exclude(content_path__startswith=DRAFT)
