"""A picture that no page shows any more gets another name, and its copies go: old addresses lead nowhere.

`ShownPicture` is the list of pictures whose present name the public may know.
"""

import logging
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import IntegerField
from django.db.models.functions import Cast
from wagtail.images import get_image_model
from wagtail.models import Page

from .media import files_in, is_public, public_pages, references_of
from .models import ShownPicture

logger = logging.getLogger(__name__)


def note_shown_pictures(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """When a page is published: what is taken down within the same minute is on the list, too."""
    image_type = ContentType.objects.get_for_model(get_image_model()).pk
    if instance.live:
        named = [int(pk) for kind, pk in files_in(instance) if kind == image_type]
        # The text may still name one that was deleted.
        _note(get_image_model().objects.filter(pk__in=named).values_list("pk", flat=True))


def _note(pictures: Any) -> None:
    ShownPicture.objects.bulk_create([ShownPicture(image_id=pk) for pk in pictures], ignore_conflicts=True)


def rename_pictures() -> None:
    """Bring the list up to date, however pages came up or went down, and rename what is no longer shown.

    One picture that cannot be renamed does not stop the others; the last such error is raised at the end.
    """
    image_model: Any = get_image_model()
    shown = references_of(public_pages(), image_model).values(picture_pk=Cast("to_object_id", IntegerField()))
    new = image_model.objects.filter(pk__in=shown).exclude(pk__in=ShownPicture.objects.values("pk"))
    _note(new.values_list("pk", flat=True))
    failure = None
    for row in ShownPicture.objects.exclude(pk__in=shown):
        try:
            _rename(row)
        except Exception as error:  # noqa: BLE001 - every store raises its own
            logger.exception("not renamed")
            failure = error
    if failure:
        raise failure


def _rename(row: ShownPicture) -> None:
    """Copy, then change the row, then delete: a crash leaves a file too many, never a row without its file.

    The old names stay in `row` until their files are gone, and the next run goes on from there.
    """
    if not row.old_files:
        old = row.image.file.name
        new = _copied(old)
        if not _change_row(row, old, new):
            if new != old:
                default_storage.delete(new)
            return
    for name in row.old_files:
        default_storage.delete(name)
    row.delete()


def _copied(name: str) -> str:
    """The name of the copy. Of a lost original there is none, and its cut copies go all the same."""
    if not default_storage.exists(name):
        return name
    with default_storage.open(name) as content:
        return default_storage.save(name, content)


@transaction.atomic
def _change_row(row: ShownPicture, old: str, new: str) -> bool:
    """False when a page shows the picture again, or another process was here first."""
    image_model: Any = get_image_model()
    image = image_model.objects.select_for_update().filter(pk=row.pk, file=old).first()
    if image is None or is_public(image_model, row.pk):
        return False
    copies = image.renditions.all()
    row.old_files = [old, *(copy.file.name for copy in copies)]
    row.save()
    # Not image.save(): that refuses another file, and here it is the same one.
    image_model.objects.filter(pk=row.pk).update(file=new)
    copies.delete()
    return True
