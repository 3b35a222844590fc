"""The demo's alert, its approved templates of urgent posts, and the villages that fill their slots."""

import datetime
from typing import Any

from django.utils import timezone

from communes.models import Alert, CommunePage, Membership, NewsPage, PlaceList, PostTemplate, Unit, User

from .texts import read_toml


def load_alerts(unit: Unit, communes: list[CommunePage]) -> None:
    """Everything is written by one of the demo's staff and approved by another, as the rules ask."""
    data = read_toml("alerts.toml")
    first, second = _editors(unit)[:2]
    for alert in data["alert"]:
        link = NewsPage.objects.live().filter(slug=alert.get("link", ""), depth=4).first()
        Alert.objects.create(
            unit=unit,
            level=alert["level"],
            text=alert["text"],
            link=link,
            ends_at=timezone.now() + datetime.timedelta(days=alert["days"]),
            **_approved(first, second),
        )
    for template in data["template"]:
        slots = [{"choices": [], **slot} for slot in template.pop("slot")]
        text = template.pop("text").strip()
        row = PostTemplate(unit=unit, slots=slots, text=text, **template, **_approved(first, second))
        row.full_clean(exclude=["thread"])
        row.save()
    for page in communes:
        for editor in _editors(page.unit)[:1]:
            PlaceList.objects.create(
                thread=page.unit.uuid,
                unit=page.unit,
                places="\n".join(data["places"].get(page.slug, data["places"]["default"])),
                **_approved(editor, first),
            )


def _editors(unit: Unit) -> list[User]:
    memberships = Membership.objects.filter(unit=unit, role=Membership.Role.EDITOR).select_related("user")
    return [membership.user for membership in memberships.order_by("pk")]


def _approved(writer: User, approver: User) -> dict[str, Any]:
    return {
        "status": Alert.Status.APPROVED,
        "written_by": writer,
        "decided_by": approver,
        "decided_at": timezone.now(),
    }
