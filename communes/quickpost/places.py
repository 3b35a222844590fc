"""Where an editor's quick posts go: the news of his communes, or of his unit."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Collection, Page

from home.tree import below, branch

from ..groups import SHARED_COLLECTION, ensure_collection
from ..models import NewsIndexPage, Unit
from ..roles import editor_units
from ..tree import front_pages, homes_of


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
    units = list(editor_units(user).select_related("parent").order_by(*Unit.IN_ORDER))
    above: dict[Any, Page] = {page.translation_key: page for page in front_pages(units)}
    above |= homes_of(units)
    lists = NewsIndexPage.objects.filter(below(above.values(), levels=1))
    news = {branch(page.path, page.depth - 1): page for page in lists}
    return [
        Place(unit, news[above[unit.page_key].path])
        for unit in units
        if unit.page_key in above and above[unit.page_key].path in news
    ]
