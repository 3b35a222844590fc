"""From what was typed to an ordinary post: a draft in the news of its commune, never published from here."""

import io
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.utils.file import hash_filelike

from home.focal_points import focus_on
from home.submission import is_older, latest_revision, lock_row, who_stored, why_locked
from home.tree import below

from ..models import NewsIndexPage, NewsPage
from .photos import Photo, Point, stored
from .places import Place, places_of
from .text import first_sentence, rich_text_of, text_of

SUMMARY_LENGTH = NewsPage._meta.get_field("summary").max_length


@dataclass(frozen=True)
class Words:
    title: str
    text: str
    kind: str
    urgent: bool


@dataclass(frozen=True)
class Kept:
    """A photo that a draft has already, with the words it shall have."""

    image: Any
    alt: str
    focus: Point | None = None  # where it shall be cut anew


class NotStoredError(Exception):
    """The post is closed, or has another text than the form was drawn with: `why`, in words."""

    def __init__(self, post: NewsPage, why: str) -> None:
        super().__init__(post.pk)
        self.post, self.why = post, why


class MadeBeforeError(Exception):
    """The same form has made a post already, which is `post`."""

    def __init__(self, post: NewsPage) -> None:
        super().__init__(post.pk)
        self.post = post


def post_key(user: Any, nonce: str) -> uuid.UUID:
    """The key of the post that this form of this user makes; the database holds one post of a key."""
    return uuid.uuid5(uuid.UUID(nonce), f"quick-post:{user.pk}")


def posts_in(places: Sequence[Place]) -> Any:
    """The posts in the news of these places, live or not."""
    return NewsPage.objects.filter(below(place.news for place in places))


def editable(user: Any, pages: Iterable[Page]) -> set[int]:
    """The ids of those pages that this user can edit as quick posts, in as many queries for any number."""
    drafts = posts_in(places_of(user)).filter(owner=user, live=False, pk__in=[page.pk for page in pages])
    contents = drafts.exclude(latest_revision=None).values_list("pk", "latest_revision__content")
    # Not Revision.as_object(), which fetches each page, its parent and its site.
    return {
        pk for pk, content in contents if words_of(NewsPage.from_serializable_data(content, check_fks=False))
    }


def create_post(user: Any, place: Place, words: Words, photos: Sequence[Photo], nonce: str) -> NewsPage:
    """The draft with its photos, all or nothing. Raises MadeBeforeError for a form that was sent before."""
    key = post_key(user, nonce)
    with transaction.atomic(), _no_file_left_behind() as files:
        # Of two forms the second waits here until the first has made its post.
        news = NewsIndexPage.objects.select_for_update(of=("self",)).get(pk=place.news.pk)
        before = NewsPage.objects.filter(translation_key=key).first()
        if before is not None:
            raise MadeBeforeError(before)
        images = _store(photos, words, place, user, files)
        page = NewsPage(owner=user, live=False, translation_key=key, locale=news.locale)
        _fill(page, words, images)
        news.add_child(instance=page)
        page.save_revision(user=user, log_action=True)
    return page


def change_post(
    user: Any,
    post: NewsPage,
    place: Place,
    words: Words,
    kept: Sequence[Kept],
    photos: Sequence[Photo],
    seen: Mapping[str, Any],
) -> NewsPage:
    """A new revision of a draft. Photos that it no longer shows stay in the library.

    `seen` is the form's mark. Raises NotStoredError where the draft is closed by now or has another text,
    and UnchangeableFile for a photo that shall be cut anew and is shown elsewhere.
    """
    with transaction.atomic(), _no_file_left_behind() as files:
        lock_row(post.pk)
        page = NewsPage.objects.get(pk=post.pk).get_latest_revision_as_object()
        if why := why_closed(page, user):
            raise NotStoredError(page, why)
        latest = latest_revision(post.pk)
        # What only the full editor can show would be lost here, whatever the form was drawn with.
        if latest is not None and (is_older(seen, latest) or words_of(page) is None):
            raise NotStoredError(page, who_stored(latest))
        for photo in kept:
            if photo.focus and focus_on(photo.image, photo.focus):
                photo.image.save()
        images = [*kept, *_store(photos, words, place, user, files)]
        _fill(page, words, images)
        page.save()
        page.save_revision(user=user, log_action=True)
    return page


def _store(photos: Sequence[Photo], words: Words, place: Place, user: Any, files: list[Any]) -> list[Kept]:
    collection = place.collection()
    images = []
    for photo in photos:
        image = stored(photo, words.title, collection, user)
        files.append(image.file)
        images.append(Kept(image, photo.alt))
    return images


@contextmanager
def _no_file_left_behind() -> Iterator[list[Any]]:
    """The database takes back what a failure left half done; files are taken back here."""
    files: list[Any] = []
    try:
        yield files
    except BaseException:
        for file in files:
            file.storage.delete(file.name)
        raise


def _fill(page: NewsPage, words: Words, photos: Sequence[Kept]) -> None:
    page.title = page.draft_title = words.title
    page.kind, page.urgent = words.kind, words.urgent
    page.summary = summary_of(words.title, words.text)
    page.image = photos[0].image if photos else None
    page.image_alt = photos[0].alt if photos else ""
    body: list[dict[str, Any]] = []
    if words.text:
        body.append({"type": "paragraph", "value": rich_text_of(words.text)})
    for photo in photos[1:]:
        picture = {"image": photo.image.pk, "alt_text": photo.alt, "decorative": False}
        body.append({"type": "picture", "value": {"image": picture, "caption": ""}})
    page.body = NewsPage._meta.get_field("body").to_python(body)


def summary_of(title: str, text: str) -> str:
    return first_sentence(text, SUMMARY_LENGTH) or title


def photos_of(page: NewsPage) -> list[Kept]:
    """The photos of a post in their order, each once."""
    photos = [Kept(page.image, page.image_alt)] if page.image else []
    for block in page.body:
        if block.block_type == "picture" and (image := block.value["image"]) is not None:
            photos.append(Kept(image, image.contextual_alt_text or ""))
    return list({photo.image.pk: photo for photo in photos}.values())


def shows(page: NewsPage, place: Place, photos: Sequence[Photo]) -> bool:
    """Whether the post stands in the news of `place` with just these photos, which were sent with it."""
    there = photos_of(page)
    if not page.path.startswith(place.news.path) or len(there) != len(photos):
        return False
    return all(_is_stored_as(kept, photo) for kept, photo in zip(there, photos, strict=True))


def _is_stored_as(kept: Kept, photo: Photo) -> bool:
    same_file = kept.image.get_file_hash() == hash_filelike(io.BytesIO(photo.content))
    same_cut = photo.focus is None or not focus_on(copy(kept.image), photo.focus)
    return same_file and kept.alt == photo.alt and same_cut


def holds(page: NewsPage, words: Words, kept: Sequence[Kept], photos: Sequence[Photo]) -> bool:
    """Whether the post is already what a form that changes it asks for: the second of two presses."""
    there = photos_of(page)
    hashes = {photo.image.get_file_hash() for photo in there}
    sent = {hash_filelike(io.BytesIO(photo.content)) for photo in photos}
    return words_of(page) == words and list(kept) == there and sent <= hashes


def why_closed(page: NewsPage, user: Any) -> str:
    """Why this user cannot change the post here at the moment; empty if he can."""
    if page.live:
        return _("The post is live.")
    if page.workflow_in_progress:
        return _("The post is waiting for approval.")
    return why_locked(page, user)


def words_of(page: NewsPage) -> Words | None:
    """What was typed for this post; None when it holds what only the full editor can show."""
    # As they are stored: reading the blocks themselves fetches their pictures.
    blocks = list(page.body.raw_data)
    types = [block["type"] for block in blocks]
    paragraphs = [block["value"] for block in blocks if block["type"] == "paragraph"]
    if types != ["paragraph"] * len(paragraphs) + ["picture"] * (len(types) - len(paragraphs)):
        return None
    text = text_of(paragraphs[0]) if len(paragraphs) == 1 else ""
    captions = [block["value"]["caption"] for block in blocks if block["type"] == "picture"]
    if text is None or len(paragraphs) > 1 or any(captions):
        return None
    words = Words(page.title, text, page.kind, page.urgent)
    # A summary that somebody wrote by himself has no place on this screen, which would write over it.
    return words if page.summary == summary_of(words.title, words.text) else None
