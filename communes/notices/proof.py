"""Whose bell works: whose browser told within fourteen days that it had rung. And the weekly test."""

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.delivery import mail, web_push
from home.panels import Link, Row, WorkPanel

from ..models import MailAddress, Membership, OutboxEvent, PushSubscription, Unit, User
from ..models.units import UnitQuerySet
from ..roles import officer_units, supervised
from . import outbox
from .trial import TRIAL

SILENT_AFTER = datetime.timedelta(days=14)
TESTED_AFTER = datetime.timedelta(days=7)
MONDAY, TEST_HOUR = 0, 8


def works(user_field: str) -> Exists:
    """For a query whose `user_field` names an account: whether a browser of his was heard lately."""
    since = timezone.now() - SILENT_AFTER
    return Exists(PushSubscription.objects.filter(user=OuterRef(user_field), heard_at__gte=since))


# The first page


def panels_for(user: Any) -> list[WorkPanel]:
    return [*first_step(user), *officers_panel(user), *units_panel(user)]


def first_step(user: Any) -> list[WorkPanel]:
    """Until a browser of his has rung it is the first thing that somebody with work is asked."""
    who = User.objects.filter(pk=user.pk, memberships__in=Membership.objects.current())
    state = who.values(
        rings=works("pk"),
        has_browser=Exists(PushSubscription.objects.filter(user=OuterRef("pk"))),
        has_mail=Exists(MailAddress.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False)),
    ).first()
    if state is None or state["rings"]:
        return []
    if web_push.is_set_up():
        label = _("Test the bell") if state["has_browser"] else _("Switch the bell on")
        lead = (
            _("The bell is on, but no ring has been heard for a fortnight. Test it.")
            if state["has_browser"]
            else _("The phone rings when something new comes, as a messenger does. It takes a minute.")
        )
    elif mail.is_set_up() and not state["has_mail"]:
        label = _("Enter an address")
        lead = _("Have a mail sent when something new comes: enter an address.")
    else:
        return []
    link = Link(label, reverse("bell:index"), main=True)
    return [WorkPanel(heading=_("Switch on the bell"), id="bell", order=80, lead=lead, links=[link])]


def officers_panel(user: Any) -> list[WorkPanel]:
    """For each unit in which he is a tip officer, with one query: how many of them can be rung."""
    if not web_push.is_set_up():
        return []
    rows = [
        Row(title=unit.full_name, url="", note=in_words(unit), mark="" if unit.ringing else silent())
        for unit in with_bells(officer_units(user)).order_by(*Unit.IN_ORDER)[:5]
    ]
    if not rows:
        return []
    link = Link(_("The bell"), reverse("bell:index"))
    return [WorkPanel(heading=_("The bell of the unit"), id="bell-proof", order=103, rows=rows, links=[link])]


def units_panel(user: Any) -> list[WorkPanel]:
    """For editors of a unit above, with one query: in how many communes nobody can be rung."""
    count = without_bell(user).count() if web_push.is_set_up() else 0
    if not count:
        return []
    lead = ngettext(
        "In %(count)s commune no officer's bell has been heard for a fortnight.",
        "In %(count)s communes no officer's bell has been heard for a fortnight.",
        count,
    ) % {"count": count}
    link = Link(_("Which communes"), reverse("bell:communes"))
    heading = _("The bell of the communes")
    return [WorkPanel(heading=heading, id="bell-communes", order=128, lead=lead, links=[link])]


def with_bells(units: UnitQuerySet) -> Any:
    """With `officers` and `ringing`: how many tip officers work there, and how many of them can be rung."""
    officers = Membership.objects.current().filter(role=Membership.Role.OFFICER)
    people = Count("memberships__user", distinct=True, filter=Q(memberships__in=officers))
    ringing = officers.filter(works("user"))
    can_be_rung = Count("memberships__user", distinct=True, filter=Q(memberships__in=ringing))
    return units.annotate(officers=people, ringing=can_be_rung)


def without_bell(user: Any) -> UnitQuerySet:
    """Communes below this editor's unit that have tip officers, none of whom can be rung."""
    officers = Membership.objects.current().filter(role=Membership.Role.OFFICER, unit=OuterRef("pk"))
    return supervised(user).filter(Exists(officers), ~Exists(officers.filter(works("user"))))


def in_words(unit: Any) -> str:
    return _("Bell of %(ringing)s/%(officers)s officers works") % {
        "ringing": unit.ringing,
        "officers": unit.officers,
    }


def silent() -> str:
    return _("No bell works")


# The weekly test


def ring_weekly() -> None:
    """Mondays from eight: ring whoever has a browser that has been silent for a week. Once a week.

    The rows of the outbox say whether it was done, so a restart does not ring again.
    """
    now = timezone.localtime()
    if now.weekday() != MONDAY or now.hour < TEST_HOUR:
        return
    this_morning = now.replace(hour=TEST_HOUR, minute=0, second=0, microsecond=0)
    tested = OutboxEvent.objects.filter(reason=TRIAL, made_at__gte=this_morning)
    done = [int(subject) for subject in tested.values_list("subject", flat=True)]
    for user_id in _silent_people(now).exclude(pk__in=done):
        outbox.put(TRIAL, subject=str(user_id))


def _silent_people(now: datetime.datetime) -> "QuerySet[User, int]":
    silent_browsers = PushSubscription.objects.filter(
        Q(heard_at=None) | Q(heard_at__lte=now - TESTED_AFTER), user=OuterRef("pk")
    )
    people = User.objects.filter(Exists(silent_browsers), is_active=True).order_by("pk")
    return people.values_list("pk", flat=True)
