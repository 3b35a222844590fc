"""What nobody has looked at, in numbers: for officers, and for the editors above where nobody looks."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from communes.models import Membership, OutboxEvent, Unit
from communes.notices import counts
from communes.roles import supervised
from communes.tree import front_pages
from home.panels import Link, Row, WorkPanel

from ..models import Unread
from .notices import UNSEEN

UNITS_SHOWN = 30


def unread_of(user_id: int) -> Any:
    """A part of a query: in how many tips of his units nobody has read what came last."""
    officer = Membership.objects.current().filter(user=user_id, role=Membership.Role.OFFICER)
    return counts.number_of(Unread.objects.filter(unit__in=officer.values("unit")))


def in_words(count: int) -> str:
    words = ngettext(
        "%(count)s tip has something that nobody has read yet.",
        "%(count)s tips have something that nobody has read yet.",
        count,
    )
    return words % {"count": count}


def unread_line(count: int) -> Link:
    return Link(in_words(count), reverse("tips:index"))


def unseen_panels(user: Any) -> list[WorkPanel]:
    """For the editors above: where nobody has looked for too long, in numbers, and whom to call.

    Too long is what a ring to them is for (its row, until it goes), or since an earlier day.
    """
    told = OutboxEvent.objects.filter(reason=UNSEEN, due_at=None, unit=OuterRef("pk"))
    unread = Unread.objects.filter(unit=OuterRef("pk"))
    before_today = unread.filter(day__lt=timezone.localdate())
    units: Any = (
        supervised(user)
        .filter(Exists(before_today) | (Exists(told) & Exists(unread)))
        .annotate(unseen=counts.number_of(unread))
        .order_by("-unseen", *Unit.IN_ORDER)
    )
    units = list(units[:UNITS_SHOWN])
    phones = dict(front_pages(units).values_list("unit", "duty_phone"))
    rows = [
        Row(
            title=unit.full_name,
            url="",
            about=phones.get(unit.pk, ""),
            mark=gettext("Nobody has looked: %(count)s") % {"count": unit.unseen},
        )
        for unit in units
    ]
    if not rows:
        return []
    lead = gettext("Something was sent there hours ago and no officer has opened it. Call the commune.")
    heading = gettext("Tips that nobody has looked at")
    return [WorkPanel(heading=heading, id="unseen", order=109, lead=lead, rows=rows)]
