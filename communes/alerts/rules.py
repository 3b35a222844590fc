"""The rules of what is written by one and approved by another: alerts, templates, lists of villages.

Who may is asked of Membership alone: the superuser writes and approves nothing here.
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from communes.models import Alert, Unit
from communes.models.reviewed import Reviewed

from ..roles import editor_units
from ..signals import alert_out, review_asked, review_decided

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Reviewed)
Status = Reviewed.Status


class Overtaken(Exception):
    """Somebody else has changed or decided the version that this user saw."""


def visible(model: type[M], user: Any) -> Any:
    """The rows of `model` whose unit the user edits, or whose unit such a unit supervises."""
    units = editor_units(user)
    return model._default_manager.filter(Q(unit__in=units) | Q(unit__parent__in=units))


def approves_for(user: Any, unit: Unit) -> bool:
    """Whether the user is an editor of the unit that approves what `unit` writes."""
    approving = unit.pk if unit.is_supervising else unit.parent_id
    return approving is not None and editor_units(user).filter(pk=approving).exists()


def may_decide(user: Any, row: Reviewed) -> bool:
    """Nobody approves, or ticks off as seen, what he wrote."""
    return bool(row.written_by_id != user.pk and approves_for(user, row.unit))


def corrects(user: Any, row: Reviewed) -> bool:
    """Whether a change by this user is itself the second pair of eyes: on a commune's text, for the unit."""
    return (
        not row.unit.is_supervising
        and approves_for(user, row.unit)
        and type(row)._default_manager.filter(thread=row.thread).exclude(written_by=user).exists()
    )


def awaiting(model: type[R], user: Any) -> "QuerySet[R]":
    """What waits for this user's decision; never what he wrote."""
    units = editor_units(user).supervising()
    communes = Unit.objects.communes().filter(parent__in=units)
    waiting = model._default_manager.filter(status=Status.WAITING).exclude(written_by=user)
    return waiting.filter(Q(unit__in=units) | Q(unit__in=communes))


def newest_of_each(rows: "QuerySet[R]") -> "QuerySet[R]":
    """Those of `rows` that no later version of their thread follows."""
    later = rows.model._default_manager.filter(thread=OuterRef("thread"), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(later))


def _locked(model: type[R], thread: Any) -> list[R]:
    """All versions of a thread, oldest first, for this transaction alone."""
    return list(model._default_manager.select_for_update().filter(thread=thread).order_by("pk"))


@transaction.atomic
def submit(row: R, user: Any, *, seen: int | None, at_once: bool) -> R:
    """Store `row` as its thread's newest version; in force `at_once`, or waiting while the old one stays.

    `seen` is the version that the user changed. Raises Overtaken when it is the newest no more, or has ended;
    PermissionDenied when the thread is another unit's.
    """
    before = _locked(type(row), row.thread)
    if any(old.unit_id != row.unit_id for old in before):
        raise PermissionDenied
    newest = before[-1] if before else None
    if (newest.pk if newest else None) != seen or (newest and newest.status == Status.ENDED):
        raise Overtaken
    gives_way = {Status.WAITING} | ({Status.APPROVED} if at_once else set())
    for old in before:
        if old.status in gives_way:
            _set(old, Status.REPLACED)
    row.written_by = user
    if at_once:
        row.status, row.decided_at = Status.APPROVED, timezone.now()
        row.decided_by = user if corrects(user, row) else None
    row.save()
    log(row, "communes.publish_at_once" if at_once else "communes.submit", user=user)
    if at_once:
        _tell(row)
    else:
        review_asked.send_robust(sender=type(row), row=row, by=user)
    return row


@transaction.atomic
def decide(row: R, user: Any, *, approve: bool, comment: str = "") -> None:
    """Approve or send back the version that waits. Raises Overtaken if it does not, PermissionDenied."""
    if not may_decide(user, row):
        raise PermissionDenied
    before = _locked(type(row), row.thread)
    waiting = next((old for old in before if old.pk == row.pk and old.status == Status.WAITING), None)
    if waiting is None:
        raise Overtaken
    if approve:
        for old in before:
            if old.status == Status.APPROVED:
                _set(old, Status.REPLACED)
    waiting.status = Status.APPROVED if approve else Status.SENT_BACK
    waiting.decided_by, waiting.decided_at, waiting.comment = user, timezone.now(), comment
    waiting.save()
    log(waiting, "communes.approve" if approve else "communes.send_back", user=user)
    review_decided.send_robust(sender=type(waiting), row=waiting, by=user)
    if approve:
        _tell(waiting)


@transaction.atomic
def end(row: R, user: Any) -> None:
    """Take all of a thread out of force at once, whatever state it is in."""
    for old in _locked(type(row), row.thread):
        if old.status in (Status.WAITING, Status.APPROVED, Status.SENT_BACK):
            _set(old, Status.ENDED)
            log(old, "communes.end", user=user)


@transaction.atomic
def mark_seen(row: Any, user: Any) -> bool:
    """Record that somebody of the unit has looked; False if somebody had before."""
    seen = type(row)._default_manager.filter(pk=row.pk, seen_at=None)
    if not seen.update(seen_by=user, seen_at=timezone.now()):
        return False
    log(row, "communes.seen", user=user)
    return True


def _tell(row: Reviewed) -> None:
    if isinstance(row, Alert):
        alert_out.send_robust(sender=Alert, alert=row)


def _set(row: Reviewed, status: str) -> None:
    row.status = status
    row.save(update_fields=["status"])
