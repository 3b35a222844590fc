"""A tip's files for its officer: the rebuilt picture on the page, the original as a download."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage
from tests.tipform.conftest import MESSAGE, attachment, photo
from tests.tipform.officers import content, file_of, read
from tipform.box.receiving import Attachment
from tipform.models import AuditEntry, Part, Tip
from tipform.vault import StreamReader

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action


def test_the_picture_on_the_page_is_the_portals_own_jpeg(officer: Any, tip: Tip, as_user: Log) -> None:
    response = as_user(officer).get(file_of(tip, Part.Label.VIEW))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    jpeg = content(response)
    assert jpeg.startswith(b"\xff\xd8\xff")
    assert b"SECRET-PLACE" not in jpeg
    assert len(jpeg) == int(response["Content-Length"])


def test_the_original_is_a_download_byte_for_byte_and_recorded(officer: Any, tip: Tip, as_user: Log) -> None:
    response = as_user(officer).get(file_of(tip, Part.Label.FILE))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="tau.jpg"'
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert content(response) == photo()
    entry = AuditEntry.objects.get(tip=tip.uuid, action=Action.FILE_OPENED)
    assert entry.actor == officer
    assert entry.detail == str(tip.parts.get(label=Part.Label.FILE).uuid)


def test_what_is_no_picture_is_never_shown_by_the_browser(
    officer: Any, commune: CommunePage, send_tip: Callable[..., Tip], as_user: Log
) -> None:
    attached: Attachment = attachment(b"%PDF-1.4 <script>alert(1)</script>", "giấy\r\ntờ.pdf")
    tip = send_tip(commune.unit, attachments=[attached])
    page = read(as_user(officer), tip)
    assert "<img" not in page[page.index("tip__entries") : page.index('id="work"')]
    response = as_user(officer).get(file_of(tip, Part.Label.FILE))
    assert response["Content-Disposition"].startswith("attachment")
    assert "\n" not in response["Content-Disposition"]


def test_only_files_have_an_address(officer: Any, tip: Tip, as_user: Log) -> None:
    for label in (Part.Label.HEADER, Part.Label.MESSAGE, Part.Label.IDENTITY):
        assert as_user(officer).get(file_of(tip, label)).status_code == 404


def test_a_file_of_another_tip_is_not_reached_through_ones_own(
    officer: Any, other_officer: Any, other_commune: CommunePage, tip: Tip, send_tip: Any, as_user: Log
) -> None:
    own = send_tip(other_commune.unit)
    url = reverse("tips:file", args=[own.uuid, tip.parts.get(label=Part.Label.FILE).uuid])
    assert as_user(other_officer).get(url).status_code == 404
    assert as_user(officer).get(url).status_code == 404


def test_a_lost_or_altered_file_leaves_the_thread_readable(officer: Any, tip: Tip, as_user: Log) -> None:
    storages["tips"].delete(tip.parts.get(label=Part.Label.VIEW).object_name)
    client = as_user(officer)
    assert client.get(file_of(tip, Part.Label.VIEW)).status_code == 404
    assert MESSAGE in read(client, tip)
    place = tip.parts.get(label=Part.Label.PLACE)
    place.sealed = bytes(place.sealed)[:-1] + b"?"
    place.save()
    page = read(client, tip)
    assert MESSAGE in page
    assert "không mở được" in page


def test_a_file_that_breaks_off_says_nothing_of_it_but_that(
    officer: Any, tip: Tip, as_user: Log, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    response = as_user(officer).get(file_of(tip, Part.Label.FILE))

    def broken(*args: Any) -> bytes:
        raise ValueError(MESSAGE)

    monkeypatch.setattr(StreamReader, "_open_chunk", broken)
    assert content(response) == b""
    assert int(response["Content-Length"]) > 0
    assert "broke off while it was sent: ValueError" in caplog.text
    assert MESSAGE not in caplog.text
