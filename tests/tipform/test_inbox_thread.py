"""One tip: reading, answering, status, identity, and who must be refused."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.models import CommunePage
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import NONCE, actions, asked_by, file_of, press, read, strict, thread_of, unlocked
from tipform import keys
from tipform.box import sealing
from tipform.box.entries import add_entry
from tipform.desk.access import Standing
from tipform.desk.inbox import reading
from tipform.models import AuditEntry, Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
Action = AuditEntry.Action


def test_the_officer_reads_what_was_told(officer: Any, tip: Tip, as_user: Log) -> None:
    page = read(as_user(officer), tip)
    for told in (MESSAGE, "Thôn 4", "đêm qua", "tau.jpg", "Khai thác cát trái phép"):
        assert told in page
    assert file_of(tip, Part.Label.VIEW) in page


@pytest.mark.parametrize("who", ["other_officer", "editor", "unit_editor", "superuser"])
def test_everybody_else_gets_404_and_no_word_of_it(
    who: str, request: pytest.FixtureRequest, officer: Any, tip: Tip, as_user: Log
) -> None:
    assert as_user(officer).get(thread_of(tip)).status_code == 200
    before = actions(tip)
    client = as_user(request.getfixturevalue(who))
    refused = [
        client.get(thread_of(tip)),
        client.get(file_of(tip, Part.Label.FILE)),
        client.get(file_of(tip, Part.Label.VIEW)),
        press(client, tip, "reply", text="Tôi không được viết vào đây."),
        press(client, tip, "status", status="closed", outcome="resolved"),
        press(client, tip, "identity"),
        client.get(reverse("tips:thread", args=[uuid.uuid4()])),
    ]
    for response in refused:
        assert response.status_code == 404
        page = response.content.decode()
        for secret in (tip.reference, MESSAGE, "Người Báo Tin", "Thôn 4", "tau.jpg"):
            assert secret not in page
    assert actions(tip) == before


def test_an_unknown_tip_looks_like_another_communes(other_officer: Any, tip: Tip, as_user: Log) -> None:
    client = as_user(other_officer)
    pages = [client.get(url).content for url in (thread_of(tip), reverse("tips:thread", args=[uuid.uuid4()]))]
    assert pages[0] == pages[1]


def test_each_opening_is_recorded_once_and_shown_to_colleagues(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    read(as_user(officer), tip)
    page = read(as_user(second_officer), tip)
    opened = AuditEntry.objects.filter(tip=tip.uuid, action=Action.OPENED)
    assert [entry.actor for entry in opened] == [officer, second_officer]
    assert "truc" in page[page.index('id="record"') :]


def test_pages_and_files_are_stored_nowhere(officer: Any, tip: Tip, as_user: Log) -> None:
    client = as_user(officer)
    urls = [
        reverse("tips:index"),
        thread_of(tip),
        file_of(tip, Part.Label.FILE),
        file_of(tip, Part.Label.VIEW),
    ]
    for url in urls:
        assert "no-store" in client.get(url)["Cache-Control"], url


def test_an_answer_is_sealed_and_read_by_colleague_and_reporter(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    response = press(as_user(officer), tip, "reply", text="Cảm ơn ông/bà.\r\nTàu số mấy?")
    assert response.status_code == 302
    page = read(as_user(second_officer), tip)
    assert "Cảm ơn ông/bà.<br>Tàu số mấy?" in page
    entry = tip.parts.get(label=Part.Label.ENTRY)
    assert "Cảm ơn".encode() not in bytes(entry.sealed)
    assert entry.keys.filter(unit_key__isnull=True).exists()
    assert Action.REPLIED in actions(tip)


def test_both_sides_stand_in_the_order_in_which_they_wrote(
    officer: Any, commune: CommunePage, tip: Tip, as_user: Log
) -> None:
    press(as_user(officer), tip, "reply", text="Câu thứ nhất")
    add_entry(tip, "reporter", "Câu thứ hai", NONCE)
    press(as_user(officer), tip, "reply", text="Câu thứ ba", nonce="m" * 22)
    page = read(as_user(officer), tip)
    places = [page.index(f"Câu thứ {number}") for number in ("nhất", "hai", "ba")]
    assert places == sorted(places)


def test_a_second_click_stores_the_answer_once(officer: Any, tip: Tip, as_user: Log) -> None:
    client = as_user(officer)
    for _click in range(2):
        assert press(client, tip, "reply", text="Cảm ơn.").status_code == 302
    assert tip.parts.filter(label=Part.Label.ENTRY).count() == 1
    assert actions(tip).count(Action.REPLIED) == 1


@pytest.mark.parametrize("text", ["", "   ", "dài " * 2000])
def test_a_refused_answer_is_still_in_its_field(text: str, officer: Any, tip: Tip, as_user: Log) -> None:
    response = press(as_user(officer), tip, "reply", text=text)
    assert response.status_code == 200
    assert response.context["reply_form"]["text"].value() == text
    assert response.context["reply_form"].errors
    assert not tip.parts.filter(label=Part.Label.ENTRY).exists()


def test_an_answer_that_cannot_be_stored_is_still_in_its_field(
    officer: Any, tip: Tip, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr("tipform.desk.inbox.views.add_entry", full_disk)
    page = press(as_user(officer), tip, "reply", text="Một câu trả lời dài.").content.decode()
    assert "Một câu trả lời dài." in page
    assert "Chưa lưu được câu trả lời" in page


def test_a_stale_token_keeps_the_answer(officer: Any, tip: Tip) -> None:
    response = press(strict(unlocked(officer)), tip, "reply", text="Một câu trả lời dài.")
    assert response.status_code == 403
    assert "Một câu trả lời dài." in response.content.decode()
    assert not tip.parts.filter(label=Part.Label.ENTRY).exists()


def test_a_stale_token_of_a_stranger_shows_nothing(other_officer: Any, tip: Tip) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(other_officer)
    response = press(client, tip, "reply", text="Một câu.")
    assert response.status_code == 404
    assert tip.reference not in response.content.decode()


def test_the_status_goes_on_and_is_recorded_with_its_word(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    press(as_user(officer), tip, "status", status="accepted")
    tip.refresh_from_db()
    press(as_user(second_officer), tip, "status", status="closed", outcome="resolved")
    tip.refresh_from_db()
    assert (tip.status, tip.outcome) == ("closed", "resolved")
    details = AuditEntry.objects.filter(tip=tip.uuid, action=Action.STATUS_SET).values_list(
        "detail", flat=True
    )
    assert list(details) == ["accepted", "closed:resolved"]
    assert "Đã tiếp nhận" in read(as_user(officer), tip)
    press(as_user(officer), tip, "status", status="in-progress", outcome="resolved")
    tip.refresh_from_db()
    assert (tip.status, tip.outcome) == ("in-progress", "")


@pytest.mark.parametrize(
    ("status", "outcome", "seen"),
    [("closed", "", "new"), ("closed", "burnt", "new"), ("lost", "", "new"), ("accepted", "", "in-progress")],
)
def test_a_status_without_outcome_unknown_or_changed_meanwhile_is_refused_and_the_answer_kept(
    status: str, outcome: str, seen: str, officer: Any, tip: Tip, as_user: Log
) -> None:
    response = press(
        as_user(officer), tip, "status", status=status, outcome=outcome, seen=seen, text="Viết dở"
    )
    tip.refresh_from_db()
    assert (tip.status, tip.outcome) == ("new", "")
    assert response.context["status_form"].errors
    assert "Viết dở" in response.content.decode()


def test_saving_the_status_keeps_an_answer_half_written(officer: Any, tip: Tip, as_user: Log) -> None:
    page = press(as_user(officer), tip, "status", status="accepted", text="Viết dở").content.decode()
    tip.refresh_from_db()
    assert tip.status == "accepted"
    assert "Viết dở" in page
    assert not tip.parts.filter(label=Part.Label.ENTRY).exists()


def test_a_tip_once_seen_to_is_not_new_again(officer: Any, tip: Tip, as_user: Log) -> None:
    press(as_user(officer), tip, "status", status="accepted")
    tip.refresh_from_db()
    press(as_user(officer), tip, "status", status="new")
    tip.refresh_from_db()
    assert tip.status == "accepted"


def test_name_and_number_are_shown_only_when_asked_for_and_that_is_recorded(
    officer: Any, second_officer: Any, tip: Tip, as_user: Log
) -> None:
    page = read(as_user(officer), tip)
    assert "Người Báo Tin" not in page
    assert "0900000001" not in page
    assert Action.IDENTITY_OPENED not in actions(tip)

    page = press(as_user(officer), tip, "identity", text="Viết dở").content.decode()
    assert "Người Báo Tin" in page
    assert "0900000001" in page
    assert "Viết dở" in page
    assert actions(tip).count(Action.IDENTITY_OPENED) == 1

    page = read(as_user(second_officer), tip)
    assert "Người Báo Tin" not in page
    assert "xem tên và số điện thoại" in page[page.index('id="record"') :].lower()


def test_a_tip_without_a_name_says_so(
    officer: Any, commune: CommunePage, send_tip: Callable[..., Tip], as_user: Log
) -> None:
    tip = send_tip(commune.unit)
    page = press(as_user(officer), tip, "identity").content.decode()
    assert "không để lại tên" in page


def test_markup_in_a_tip_is_text(
    officer: Any, commune: CommunePage, send_tip: Callable[..., Tip], as_user: Log
) -> None:
    evil = "<script>alert(1)</script>{{ tip }}"
    tip = send_tip(commune.unit, message=evil, place=evil, occurred=evil, name=evil)
    page = press(as_user(officer), tip, "identity").content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;{{ tip }}") == 4


def test_an_appointment_shows_the_day_that_suits(
    officer: Any, commune: CommunePage, send_tip: Callable[..., Tip], as_user: Log
) -> None:
    tip = send_tip(commune.unit, kind="appointment", preferred_day="2026-11-30", preferred_time="morning")
    page = read(as_user(officer), tip)
    assert "30/11/2026" in page
    assert "Hẹn làm giấy tờ" in page


def test_a_long_conversation_takes_no_more_queries(
    officer: Any, commune: CommunePage, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    add_entry(tip, "reporter", "Câu đầu", "a" * 20)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client, tip)
        return len(captured)

    queries()
    few = queries()
    for number in range(20):
        add_entry(tip, "reporter", "Thêm", f"{number:020}")
    assert queries() == few


def test_reading_never_touches_the_identity(officer: Any, tip: Tip, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(
        sealing, "open_parts", lambda tip, keys, parts: opened.extend(part.label for part in parts) or []
    )
    monkeypatch.setattr(reading, "private_keys", lambda request, unit: keys.private_keys(request, unit))
    reading.open_tip(asked_by(officer), tip, Standing(tip.unit, responsible=True, holds=True))
    assert Part.Label.MESSAGE in opened
    assert Part.Label.IDENTITY not in opened
