"""Pictures and documents of a commune, and posts that show them."""

import itertools
import json
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from communes.models import CommunePage, NewsPage

from .posts import news_of

_numbers = itertools.count()


def collection_of(commune: CommunePage) -> Collection:
    return Collection.objects.get(name=commune.unit.qualified_name)


def a_picture(commune: CommunePage, colour: str = "white") -> Any:
    file = get_test_image_file(filename="song.png", colour=colour)
    return get_image_model().objects.create(title="Bờ sông", file=file, collection=collection_of(commune))


def a_document(commune: CommunePage, title: str = "Mẫu đơn") -> Any:
    file = ContentFile(b"%PDF-1.4 don", name="mau-don.pdf")
    return get_document_model().objects.create(title=title, file=file, collection=collection_of(commune))


def showing(file: Any) -> dict[str, Any]:
    """The values of a post that shows the picture, or has the document in its text."""
    if isinstance(file, get_image_model()):
        return {"image": file, "image_alt": "Sông"}
    return {"body": json.dumps([{"type": "document", "value": {"document": file.pk}}])}


def live_post(commune: CommunePage, *files: Any, **values: Any) -> NewsPage:
    """A post that everybody reads."""
    for file in files:
        values |= showing(file)
    post = NewsPage(title=f"Bài {next(_numbers)}", summary="Một câu.", live=False, **values)
    news_of(commune).add_child(instance=post)
    post.save_revision().publish()
    return NewsPage.objects.get(pk=post.pk)


def waiting_post(user: Any, commune: CommunePage, file: Any) -> NewsPage:
    """A post that shows the file in the version which waits, and not in the page's own row."""
    post = NewsPage(title=f"Bài {next(_numbers)}", summary="Một câu.", live=False, owner=user)
    news_of(commune).add_child(instance=post)
    for name, value in showing(file).items():
        setattr(post, name, NewsPage._meta.get_field(name).to_python(value) if name == "body" else value)
    post.save_revision(user=user)
    post.get_workflow().start(post, user)
    return NewsPage.objects.get(pk=post.pk)
