"""What is told of alerts, templates of urgent posts and lists of villages, and who was invited and came.

The subject of an event about a `Reviewed` row is its model and number: "alert:12".
"""

import datetime
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.panels import Link

from ..models import Alert, Invitation, OutboxEvent, User
from ..models.reviewed import Reviewed
from ..roles import editors_of, is_editor, supervises
from ..signals import alert_out, invitation_used, review_asked, review_decided
from . import outbox
from .reasons import Mail, Reason, Step

WAITS, SENT_BACK, OUT, ENDS, USED = (
    "review-waits",
    "review-sent-back",
    "alert-out",
    "alert-ends",
    "invitation-used",
)
ENDS_SOON = datetime.timedelta(hours=6)


def _subject(row: Any) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def _row(event: OutboxEvent) -> Any:
    """The row, or None where it is gone."""
    name, _colon, number = event.subject.partition(":")
    return apps.get_model("communes", name)._default_manager.filter(pk=number).first()


def _writers(event: OutboxEvent) -> list[int]:
    row = _row(event)
    return [row.written_by_id] if row else []


def editors(event: OutboxEvent) -> "QuerySet[User]":
    """The editors of the event's unit, without whoever wrote the row himself."""
    return all_editors(event).exclude(pk__in=_writers(event))


def writer(event: OutboxEvent) -> "QuerySet[User]":
    return User.objects.filter(pk__in=_writers(event))


def all_editors(event: OutboxEvent) -> "QuerySet[User]":
    return editors_of(event.unit_id)


def inviter(event: OutboxEvent) -> "QuerySet[User]":
    return User.objects.filter(pk__in=Invitation.objects.filter(pk=_number(event)).values("created_by"))


def _number(event: OutboxEvent) -> str:
    return event.subject.partition(":")[2]


def _has(*states: Reviewed.Status) -> Any:
    def stands(event: OutboxEvent) -> bool:
        row = _row(event)
        return row is not None and row.status in states

    return stands


def runs(event: OutboxEvent) -> bool:
    return Alert.objects.running().filter(pk=_number(event)).exists()


def _line(words: Any) -> Any:
    def shown(event: OutboxEvent) -> Link | None:
        row = _row(event)
        if row is None:
            return None
        address = reverse("alerts:index") if isinstance(row, Alert) else reverse("urgent:index")
        return Link(f"{words}: {row._meta.verbose_name}, {event.unit}", address)

    return shown


def _newcomer(event: OutboxEvent) -> Link | None:
    invitation = Invitation.objects.filter(pk=_number(event)).select_related("unit").first()
    if invitation is None:
        return None
    words = _("%(name)s has used the slip: %(unit)s")
    return Link(
        words % {"name": invitation.full_name, "unit": invitation.unit.full_name},
        reverse("staff:unit", args=[invitation.unit_id]),
    )


REASONS = [
    Reason(
        WAITS,
        gettext_lazy("An alert, template or list of villages waits for your approval"),
        (Step(editors),),
        stands=_has(Reviewed.Status.WAITING),
        shown=_line(gettext_lazy("Waits for approval")),
        concerns=supervises,
        # A warning that waits is late by every minute.
        urgent=True,
    ),
    Reason(
        SENT_BACK,
        gettext_lazy("An alert, template or list of villages that you wrote was sent back"),
        (Step(writer),),
        stands=_has(Reviewed.Status.SENT_BACK),
        shown=_line(gettext_lazy("Sent back")),
        concerns=is_editor,
    ),
    Reason(
        OUT,
        gettext_lazy("An alert of your unit, or of a commune below it, is public"),
        (Step(editors),),
        stands=_has(Reviewed.Status.APPROVED),
        shown=_line(gettext_lazy("Public")),
        concerns=is_editor,
        urgent=True,
        mail=Mail.NONE,
    ),
    Reason(
        ENDS,
        gettext_lazy("An alert of your unit ends soon"),
        (Step(all_editors),),
        stands=runs,
        shown=_line(gettext_lazy("Ends soon")),
        concerns=is_editor,
        mail=Mail.NONE,
    ),
    Reason(
        USED,
        gettext_lazy("Somebody used a slip that you made"),
        (Step(inviter),),
        shown=_newcomer,
        concerns=is_editor,
        push=False,
        mail=Mail.NONE,
    ),
]


@review_asked.heard_by
def tell_approvers(row: Reviewed, **facts: Any) -> None:
    approving = row.unit if row.unit.is_supervising else row.unit.parent
    outbox.put(WAITS, approving, _subject(row))


@review_decided.heard_by
def tell_writer(row: Reviewed, **facts: Any) -> None:
    outbox.withdraw(WAITS, subject=_subject(row))
    if row.status == Reviewed.Status.SENT_BACK:
        outbox.put(SENT_BACK, row.unit, _subject(row))


@alert_out.heard_by
def tell_of_alert(alert: Alert, **facts: Any) -> None:
    outbox.put(OUT, alert.unit, _subject(alert))
    if alert.unit.parent and not alert.unit.is_supervising:
        outbox.put(OUT, alert.unit.parent, _subject(alert))


@invitation_used.heard_by
def tell_inviter(invitation: Invitation, **facts: Any) -> None:
    outbox.put(USED, invitation.unit, f"invitation:{invitation.pk}")


def remind_of_alerts() -> None:
    """Once for each alert that runs and ends within the next hours."""
    soon = Alert.objects.running().filter(ends_at__lte=timezone.now() + ENDS_SOON).select_related("unit")
    told = set(OutboxEvent.objects.filter(reason=ENDS).values_list("subject", flat=True))
    for alert in soon:
        # One that was put out for an hour or two needs no reminder.
        if _subject(alert) not in told and alert.ends_at - alert.starts_at > ENDS_SOON:
            outbox.put(ENDS, alert.unit, _subject(alert))
