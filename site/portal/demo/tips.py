"""The demo's tips and conversations, sealed as real ones are."""

import datetime
import io
from typing import Any

from django.utils import timezone

from communes.models import CommunePage, Membership
from home import clock
from home.calendar import OFFICE_WEEK, Calendar
from tipform import audit, vault
from tipform.box.entries import add_entry
from tipform.box.file_types import type_of
from tipform.box.receiving import Attachment, Submission, store
from tipform.keys import current_key, keyring
from tipform.kinds import ANSWERS, Answer
from tipform.models import AuditEntry, Category, Tip

from .content import rich_slugs
from .texts import FOLDER, read_toml

# The photos that reporters of the demo took; the library's pictures stand in for the rest.
PHOTOS = {"sand-river": "sand-barge-night.jpg", "rice-road": "rice-on-road.jpg"}


def load_tips(communes: list[CommunePage]) -> None:
    """Fill the boxes of the communes that demo.toml names."""
    demo = read_toml("demo.toml")
    by_slug = {page.slug: page for page in communes}
    wanted = demo["rich_communes"]
    # Another province's first communes stand in for those that the file names.
    slugs = dict(zip(wanted, rich_slugs(list(by_slug), wanted), strict=False))
    for data in read_toml("tips.toml")["tip"]:
        if data["commune"] in slugs:
            _load(by_slug[slugs[data["commune"]]], data)


def _load(page: CommunePage, data: dict[str, Any]) -> None:
    today = timezone.localtime().replace(minute=12, second=0, microsecond=0)
    received = today.replace(hour=data["hour"]) - datetime.timedelta(days=data["days_ago"])
    ring, unit_key = keyring(), current_key(page.unit)
    if unit_key is None:
        raise ValueError(f"{page.unit} has no officer to hold its key")
    receipt = vault.ReceiptKeys.derive(data["receipt"], ring)
    with clock.at(received):
        store(page.unit, _submission(data), receipt)
        tip = Tip.objects.get(receipt_lookup=receipt.lookup)
    officer = Membership.objects.filter(unit=page.unit, role=Membership.Role.OFFICER).first()
    actor = officer.user if officer else None
    moment = received
    for number, entry in enumerate(data.get("entry", [])):
        moment = received + datetime.timedelta(hours=entry["hours_after"])
        with clock.at(moment):
            if entry["by"] == "officer":
                audit.record(tip, AuditEntry.Action.OPENED, actor=actor)
            add_entry(
                tip,
                entry["by"],
                entry["text"].strip(),
                f"demo-{number}",
                actor=actor if entry["by"] == "officer" else None,
            )
    if data["status"] != Tip.Status.NEW:
        tip.status, tip.outcome = data["status"], data.get("outcome", "")
        tip.save()
        with clock.at(moment):
            audit.record(tip, AuditEntry.Action.OPENED, actor=actor)
            audit.record(tip, AuditEntry.Action.STATUS_SET, actor=actor, detail=f"{tip.status}:{tip.outcome}")


def _submission(data: dict[str, Any]) -> Submission:
    attachments = []
    if "picture" in data:
        path = FOLDER / "images" / PHOTOS.get(data["picture"], f"{data['picture']}.webp")
        content = path.read_bytes()
        file = io.BytesIO(content)
        kind = type_of(file)
        if kind is None:
            raise ValueError(f"{path} is no picture")
        attachments.append(Attachment(f"IMG_0412{path.suffix}", kind, len(content), file))
    return Submission(
        kind=data["kind"],
        category=Category.objects.filter(slug=data.get("category", "")).first(),
        answers={name: _answered(answer, data[name]) for name, answer in ANSWERS.items() if name in data},
        attachments=attachments,
    )


def _answered(answer: Answer, value: Any) -> str:
    """Of a day the file says how many days after the demo is built it is, or else the next that is worked."""
    if answer.input == "day":
        day_before = timezone.localdate() + datetime.timedelta(days=value - 1)
        return str(Calendar(OFFICE_WEEK).next_day(day_before))
    return str(value).strip()
