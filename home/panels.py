"""A panel of the admin's first page that says what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wagtail.admin.ui.components import Component


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    main: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a list: what it is, where it leads, how it stands, and what can be done about it.

    `url` is empty where it leads nowhere for this user. `mark` is what must not be overlooked, `reason` what
    somebody wrote, `act` a button that posts to its url.
    """

    title: str
    url: str
    about: str = ""
    since: datetime | None = None
    mark: str = ""
    status: str = ""
    note: str = ""
    reason: str = ""
    links: Sequence[Link] = ()
    act: Link | None = None


@dataclass
class WorkPanel(Component):
    """A heading, links, and a list with what to say when it is empty.

    No other panel has its `order`, but one of the same kind for another unit.
    """

    heading: str
    id: str
    order: int
    lead: str = ""
    links: Sequence[Link] = ()
    rows: Sequence[Row] = field(default_factory=list)
    empty: str = ""
    more: Link | None = None

    template_name = "home/admin/work_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"panel": self, "csrf_token": parent_context.get("csrf_token") if parent_context else None}
