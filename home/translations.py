"""A page in the portal's first language takes its translations with it: taken down, expired, closed, deleted.

A translation may go alone: the page it was made from stays. It is approved by the same people.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.actions.delete_page import DeletePageAction
from wagtail.models import Locale, Page, WorkflowPage


def translations_of(page: Page) -> "QuerySet[Page]":
    """In the other languages, of a page in the first one; of any other page none."""
    if page.locale_id != Locale.get_default().pk:
        return Page.objects.none()
    others = Page.objects.filter(translation_key=page.translation_key).exclude(locale=page.locale_id)
    return others.select_related("locale").order_by("locale__language_code", "path")


def take_down_translations(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """After a page is unpublished, whoever or whatever did it: a person, the clock, a deletion."""
    for translation in translations_of(instance).filter(live=True):
        # The log finds who it was by itself: the user of the request, or nobody.
        translation.specific.unpublish()


def share_approval(sender: Any, source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """After a translation was begun: who approves the page approves its translation.

    A home page's translation would else be approved by whoever Wagtail's own workflow names.
    """
    if not isinstance(target_obj, Page):
        return
    for row in WorkflowPage.objects.filter(page=source_obj):
        WorkflowPage.objects.update_or_create(page=target_obj, defaults={"workflow": row.workflow})


def deleted_with(page: Page) -> "QuerySet[Page]":
    """The translations that go when the page is deleted. One that is live while the page is not stays."""
    translations = translations_of(page)
    return translations if page.live else translations.filter(live=False)


def delete_translations(request: HttpRequest, page: Page) -> None:
    """After the page itself was deleted on its screen, in the same transaction. With it they went down."""
    for translation in translations_of(page).filter(live=False):
        # As Wagtail does it: who may delete the page may not need a right to each of its languages.
        DeletePageAction(translation.specific, user=request.user).execute(skip_permission_checks=True)


def delete_translations_of_several(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> None:
    """After a bulk action, in its transaction."""
    if action_type != "delete":
        return
    for page in objects:
        if isinstance(page, Page):
            delete_translations(request, page)
