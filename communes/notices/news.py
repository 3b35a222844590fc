"""What is new, as a list: each line leads to its thing. Only a press marks it as seen."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from home.panels import Link

from ..models import Delivery
from . import counts, proof
from .bell import page
from .reasons import reason

LISTED = 50


class NewsMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("What is new"), reverse_lazy("bell:news"), name="news", icon_name="bell", order=30
        )


@dataclass(frozen=True)
class Line:
    """`link` is None where what it was about is gone."""

    row: Delivery
    words: Any
    link: Link | None


@require_GET
def news(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    unseen = counts.unseen(user.pk).select_related("event__unit").order_by("-event__made_at", "-pk")
    lines = [_line(row) for row in unseen[:LISTED]]
    newest = max((line.row.pk for line in lines), default=0)
    others = counts.lines_for(user.pk)
    return page(request, "news", _("What is new"), lines=lines, newest=newest, others=others)


def _line(row: Delivery) -> Line:
    known = reason(row.event.reason)
    link = known.shown(row.event) if known and known.shown else None
    return Line(row, known.words if known else "", link)


@require_POST
def open_one(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """To what it is about; back to the list where that is gone."""
    rows = Delivery.objects.filter(user=request.user.pk, channel=Delivery.Channel.SCREEN)
    row = get_object_or_404(rows.select_related("event__unit"), pk=delivery_id)
    rows.filter(pk=row.pk, seen_at=None).update(seen_at=timezone.now())
    link = _line(row).link
    if link is None:
        messages.info(request, _("It is not there any more."))
    return HttpResponseRedirect(link.url if link else reverse("bell:news"))


@require_POST
def all_seen(request: HttpRequest) -> HttpResponse:
    """Up to the newest that was listed: what came since was not seen."""
    user: Any = request.user
    newest = request.POST.get("newest", "")
    if newest.isdecimal():
        counts.unseen(user.pk).filter(pk__lte=int(newest[:18])).update(seen_at=timezone.now())
    return HttpResponseRedirect(reverse("bell:news"))


@require_GET
def communes(request: HttpRequest) -> HttpResponse:
    """For editors of a unit above: in which communes nobody can be rung."""
    units = proof.with_bells(proof.without_bell(request.user)).select_related("parent")
    return page(request, "communes", _("Communes whose bell is silent"), units=units)
