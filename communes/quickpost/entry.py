"""The ways into the screen: a panel on the admin's first page and a menu item, for editors alone."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from home.panels import Link, Row, WorkPanel

from ..roles import is_editor
from .places import places_of
from .posts import posts_in

SHARED = 3


def quick_post_panels(user: Any) -> list[WorkPanel]:
    places = places_of(user)
    if not places:
        return []
    approves = any(place.unit.is_supervising for place in places)
    live = posts_in(places).filter(owner=user).live().order_by("-last_published_at")[:SHARED]
    return [
        WorkPanel(
            heading=_("Quick post"),
            id="quick-post",
            # Above the posts of the commune and, for who approves, below what waits for him.
            order=116 if approves else 107,
            links=[Link(_("Write a quick post"), reverse("quick_post:write"), main=True)],
            rows=[
                Row(
                    title=post.title,
                    url=post.url,
                    since=post.last_published_at,
                    status=_("Live"),
                    links=[Link(_("Share to Zalo"), reverse("quick_post:share", args=[post.pk]))],
                )
                for post in live
            ],
        )
    ]


class QuickPostMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Quick post"),
            reverse_lazy("quick_post:write"),
            name="quick-post",
            icon_name="edit",
            order=61,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_editor(request.user)
