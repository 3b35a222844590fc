"""How each person hears of each reason: what he chose, else as the reason itself says."""

from typing import Any

from ..models import NoticeChoice
from .reasons import Reason, registered


def choices_of(user: Any) -> list[tuple[Reason, NoticeChoice]]:
    """All that this person may choose, in the order of the page, with one query beside the reasons' own."""
    chosen = {row.reason: row for row in NoticeChoice.objects.filter(user=user)}
    return [(reason, chosen.get(reason.name) or _as_it_says(user.pk, reason)) for reason in offered_to(user)]


def offered_to(user: Any) -> list[Reason]:
    return [reason for reason in registered() if reason.concerns(user)]


def choose(user: Any, choices: dict[str, tuple[bool, str]]) -> None:
    """By the reason's name: whether it rings, and when it mails."""
    rows = [
        NoticeChoice(user=user, reason=name, push=push, mail=mail) for name, (push, mail) in choices.items()
    ]
    NoticeChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "reason"], update_fields=["push", "mail"]
    )


def _as_it_says(user_id: int, reason: Reason) -> NoticeChoice:
    return NoticeChoice(user_id=user_id, reason=reason.name, push=reason.push, mail=reason.mail)
