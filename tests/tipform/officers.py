"""What a tip officer does in the inbox, as his browser sends it."""

from typing import Any

from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from tipform.models import AuditEntry, Tip

NONCE = "n" * 22


def asked_by(user: Any) -> HttpRequest:
    """A request of this user, for what is called beside the views."""
    request = HttpRequest()
    request.user = user
    return request


def thread_of(tip: Tip) -> str:
    return reverse("tips:thread", args=[tip.uuid])


def read(client: Client, tip: Tip) -> str:
    response = client.get(thread_of(tip))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, tip: Tip, act: str, **values: str) -> Any:
    data = {"act": act, "text": "", "nonce": NONCE, "seen": tip.status, "status": tip.status, "outcome": ""}
    return client.post(thread_of(tip), {**data, **values})


def actions(tip: Tip) -> list[str]:
    return list(AuditEntry.objects.filter(tip=tip.uuid).values_list("action", flat=True))


def openings(tip: Tip) -> list[Any]:
    """Who opened the thread, one name for each time."""
    opened = AuditEntry.objects.filter(tip=tip.uuid, action=AuditEntry.Action.OPENED)
    return [entry.actor for entry in opened]


def file_of(tip: Tip, label: str) -> str:
    return reverse("tips:file", args=[tip.uuid, tip.parts.get(label=label).uuid])


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)
