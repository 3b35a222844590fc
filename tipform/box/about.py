"""The post or guide that a question is about: found for the form, sealed, named where the tip is read.

It stands in the message, not in the header: the header is opened for every list, and goes along with a tip
that is handed on without its words, of which the title of a page tells much.
"""

from dataclasses import dataclass, field
from typing import Any, Self

from django.http import Http404, HttpRequest
from wagtail.models import Page

from communes.doors import door_of
from communes.models import CommunePage, NewsPage, ProcedurePage
from home.tree import public


@dataclass(frozen=True)
class About:
    """A page as it was read in a commune: `title` and `path` of then, so that one that is gone has a name."""

    page: int
    commune: int
    title: str = field(repr=False)
    path: str = field(repr=False)

    @classmethod
    def of(cls, message: dict[str, Any]) -> Self | None:
        """What the content of a message part says of it."""
        content = message.get("about")
        return cls(**content) if content else None

    def address_now(self, request: HttpRequest) -> str:
        """Where the page is read today, in that commune if it still is; empty when it is gone."""
        commune = CommunePage.objects.live().filter(pk=self.commune).first()
        found = page_asked_about(request, commune, str(self.page)) if commune else None
        if found:
            return found.path
        page = _public_page(str(self.page))
        return page.get_url(request) or "" if page else ""


def page_asked_about(request: HttpRequest, commune: CommunePage, number: str) -> About | None:
    """The live, public post or guide with this id that is read among the pages of `commune`.

    That is one of its own or one that its unit shares; None for any other, and for what is no id.
    """
    page = _public_page(number)
    door = door_of(page.specific_class) if page else None
    index = commune.doors.get(door.name) if door else None
    if page is None or index is None or page.specific_class not in (NewsPage, ProcedurePage):
        return None
    # A post of the unit that has a namesake here is read under its number.
    for slug in (page.slug, f"{page.slug}-{page.pk}"):
        try:
            found = index.specific.route(request, [slug]).page
        except Http404:
            continue
        if found.pk == page.pk:
            return About(page.pk, commune.pk, page.title, f"{index.get_url(request)}{slug}/")
    return None


def _public_page(number: str) -> Page | None:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return public(Page.objects.live()).filter(pk=number).first()
