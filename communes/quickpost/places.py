"""Where an editor's quick posts go: the news of his communes, or of his unit."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Collection, Locale, Page

from home.models import HomePage

from ..groups import SHARED_COLLECTION, ensure_collection
from ..models import CommunePage, Membership, NewsIndexPage, Unit, units_where


@dataclass(frozen=True)
class Place:
    unit: Unit
    news: NewsIndexPage

    @property
    def approver(self) -> Unit:
        """Whose editors approve what is posted here."""
        return self.unit if self.unit.is_supervising or self.unit.parent is None else self.unit.parent

    def collection(self) -> Collection:
        name = SHARED_COLLECTION if self.unit.is_supervising else self.unit.qualified_name
        # Somebody may have renamed it: a post is not lost for that.
        return ensure_collection(name)


def places_of(user: Any) -> list[Place]:
    """The news that this user may write for today, in four queries however many units he works for."""
    units = list(units_where(user, Membership.Role.EDITOR).select_related("parent").order_by(*Unit.IN_ORDER))
    keys = [unit.page_key for unit in units]
    above: dict[Any, Page] = {}
    for model in (CommunePage, HomePage):
        pages = model.objects.filter(translation_key__in=keys, locale=Locale.get_default())
        above |= {page.translation_key: page for page in pages} if keys else {}
    below = Q(pk__in=[])
    for page in above.values():
        below |= Q(depth=page.depth + 1, path__range=page._get_children_path_interval(page.path))
    news = {page.path[: -Page.steplen]: page for page in NewsIndexPage.objects.filter(below)}
    return [
        Place(unit, news[above[unit.page_key].path])
        for unit in units
        if unit.page_key in above and above[unit.page_key].path in news
    ]
