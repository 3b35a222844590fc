"""The public page types that a commune, or a unit, opens with: what each is called and where it appears.

Each floor registers its own in `ready()`. Opening makes their pages, menus and tiles draw them; search and
the redirects of a closed commune ask them. This file stands below the models, so it names them "app.Model".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

Parent = Literal["unit", "commune"]


@dataclass(frozen=True)
class Door:
    """One page type.

    `name` is what templates know it by (`commune.doors.tip`), also in CSS. `slug` and `title` are those of
    the page that opening makes. `label` stands in the menu; `tile` and, below it, `line` on a commune's first
    page. `shelters` are the types of pages that stand below the page, `searched` those that the search finds.
    The lowest `order` comes first.
    """

    name: str
    model: str
    slug: str
    title: str
    icon: str
    label: Promise
    tile: Promise
    line: Promise | str = ""
    under: tuple[Parent, ...] = ("commune",)
    shelters: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    order: int = 100

    @property
    def page_type(self) -> Any:
        return apps.get_model(self.model)


_doors: dict[str, Door] = {}


def register(*doors: Door) -> None:
    """From `ready()`. A name registered twice is one door, the later."""
    _doors.update((door.name, door) for door in doors)


def doors(under: Parent) -> list[Door]:
    """Those of a commune or of a unit, in their order."""
    return sorted((door for door in _doors.values() if under in door.under), key=lambda door: door.order)


def door_called(name: str) -> Door | None:
    return _doors.get(name)


def door_of(model: type[Model]) -> Door | None:
    """The door whose page is of this type, or stands above pages of this type."""
    label = model._meta.label
    for door in _doors.values():
        if label == door.model or label in door.shelters:
            return door
    return None


def by_door(pages: Iterable[Page]) -> dict[str, Page]:
    """Of these pages those to which a door leads, by the door's name."""
    found = {}
    for page in pages:
        door = door_of(page.specific_class)
        if door and page.specific_class is door.page_type:
            found[door.name] = page
    return found


def searched_types() -> list[Any]:
    """The types of pages that the search finds."""
    return [apps.get_model(label) for door in _doors.values() for label in door.searched]


OWN_DOORS = (
    Door(
        name="news",
        model="communes.NewsIndexPage",
        slug="tin-tuc",
        title="Tin tức",
        icon="news",
        label=_("News"),
        tile=_("News"),
        under=("unit", "commune"),
        shelters=("communes.NewsPage",),
        searched=("communes.NewsPage",),
        order=10,
    ),
    Door(
        name="procedure",
        model="communes.ProcedureIndexPage",
        slug="thu-tuc",
        title="Thủ tục hành chính",
        icon="procedure",
        label=_("Procedures"),
        tile=_("Administrative procedures"),
        under=("unit", "commune"),
        shelters=("communes.ProcedurePage",),
        searched=("communes.ProcedurePage",),
        order=20,
    ),
    Door(
        name="contact",
        model="communes.ContactPage",
        slug="lien-he",
        title="Liên hệ",
        icon="contact",
        label=_("Contact"),
        tile=_("Contact"),
        searched=("communes.ContactPage",),
        order=30,
    ),
)
