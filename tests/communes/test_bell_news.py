"""What is new: one number, cheap to ask for, that keeps nothing alive; and the list behind it."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import CommunePage, Delivery, OutboxEvent, Unit, User
from communes.notices import counts, reasons
from communes.notices.reasons import Reason
from communes.staff.memberships import end_sessions
from home.panels import Link
from tests.communes.posts import logged_in, text_of

pytestmark = pytest.mark.django_db

NEWS = "/admin/bell/news/"
COUNT = "/chuong-bao/viec-moi/"
PLACES = {"1": Link("Nước lên ở Cẩm Trung", "/admin/help/"), "2": Link("Bài bị trả lại", "/admin/account/")}


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    before, numbers = dict(reasons._reasons), dict(counts._counts)
    counts._counts.clear()
    reasons.register(
        Reason("shown", "Việc thử", (), shown=lambda event: PLACES.get(event.subject)),
        Reason("unshown", "Việc kín", ()),
    )
    yield
    reasons._reasons.clear()
    reasons._reasons.update(before)
    counts._counts.update(numbers)


def told(user: Any, reason: str = "shown", subject: str = "1", channel: str = "screen") -> Delivery:
    event = OutboxEvent.objects.create(reason=reason, subject=subject)
    key = f"{event.pk}.{user.pk}.{channel}"
    return Delivery.objects.create(event=event, user=user, channel=channel, key=key)


def token_on(client: Client) -> str:
    found = re.search(r'data-token="([^"]+)"', text_of(client.get("/admin/")))
    assert found
    return found[1]


def asked(token: str, etag: str = "") -> Any:
    headers = {"X-Bell": token} | ({"If-None-Match": etag} if etag else {})
    return Client().get(COUNT, headers=headers)


# The number


def test_the_number_is_of_what_the_person_has_not_seen(officer: Any, other_officer: Any) -> None:
    for subject in ("1", "2", "2"):
        seen = told(officer, subject=subject)
    Delivery.objects.filter(pk=seen.pk).update(seen_at=timezone.now())
    told(other_officer)
    told(officer, channel="push")
    told(officer, reason="unshown")
    told(officer, reason="gone")
    assert asked(token_on(logged_in(officer))).json() == {"new": 2}
    assert asked(token_on(logged_in(other_officer))).json() == {"new": 1}


def test_other_floors_add_their_numbers_in_the_same_query(officer: Any, editor: Any) -> None:
    told(officer)
    counts.register("units", lambda pk: counts.number_of(Unit.objects.filter(kind="xa")))
    counts.register("none", lambda pk: counts.number_of(Unit.objects.none()))
    counts.register("people", lambda pk: counts.number_of(User.objects.filter(pk=pk)))
    token = token_on(logged_in(officer))
    with CaptureQueriesContext(connection) as queries:
        number = asked(token).json()["new"]
    assert number == 1 + Unit.objects.filter(kind="xa").count() + 1
    assert len(queries) == 1


def test_asking_takes_one_query_and_no_cookie_and_keeps_no_session_alive(officer: Any) -> None:
    client = logged_in(officer)
    token = token_on(client)
    before = Session.objects.get()
    with CaptureQueriesContext(connection) as queries:
        answer = asked(token)
    assert len(queries) == 1
    assert not queries[0]["sql"].startswith(("UPDATE", "INSERT"))
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    after = Session.objects.get()
    assert (after.expire_date, after.session_data) == (before.expire_date, before.session_data)
    assert client.session.session_key not in token


def test_nothing_new_since_is_answered_without_a_body(officer: Any) -> None:
    told(officer)
    token = token_on(logged_in(officer))
    first = asked(token)
    again = asked(token, first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    told(officer)
    assert asked(token, first.headers["ETag"]).json() == {"new": 2}


def test_after_the_log_out_nothing_is_answered(officer: Any) -> None:
    client = logged_in(officer)
    token = token_on(client)
    client.post("/accounts/logout/")
    assert asked(token).status_code == 403


def test_who_was_logged_out_everywhere_learns_nothing_more(officer: Any) -> None:
    token = token_on(logged_in(officer))
    end_sessions(officer)
    assert asked(token).status_code == 403


def test_an_account_switched_off_learns_nothing_more(officer: Any) -> None:
    token = token_on(logged_in(officer))
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert asked(token).status_code == 403


def test_a_session_that_is_over_learns_nothing_more(officer: Any) -> None:
    token = token_on(logged_in(officer))
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    assert asked(token).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "gAAAAABk" + "A" * 100])
def test_without_a_token_nobody_learns_anything_and_the_database_is_not_asked(token: str, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert asked(token).status_code == 403
    assert len(queries) == 0
    assert Client().post(COUNT).status_code == 405


def test_the_log_in_page_asks_for_nothing(db: None) -> None:
    assert "news-count.js" not in text_of(Client().get("/accounts/login/"))


# The list


def test_the_newest_stands_first_each_with_its_link(officer: Any, other_officer: Any) -> None:
    told(officer, subject="1")
    told(officer, subject="2")
    told(officer, reason="unshown")
    told(other_officer, subject="2")
    page = text_of(logged_in(officer).get(NEWS))
    assert page.index("Bài bị trả lại") < page.index("Nước lên ở Cẩm Trung")
    assert page.count("Bài bị trả lại") == 1
    assert "Việc kín" not in page


def test_only_a_press_marks_one_as_seen_and_leads_to_it(officer: Any) -> None:
    row, other = told(officer, subject="2"), told(officer)
    client = logged_in(officer)
    client.get(NEWS)
    assert client.get(f"{NEWS}{row.pk}/").status_code == 405
    row.refresh_from_db()
    assert row.seen_at is None
    answer = client.post(f"{NEWS}{row.pk}/")
    assert answer.headers["Location"] == "/admin/account/"
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.seen_at is not None
    assert other.seen_at is None
    assert "Bài bị trả lại" not in text_of(client.get(NEWS))


def test_what_is_gone_says_so_and_does_not_stay_new_for_ever(officer: Any) -> None:
    row = told(officer, subject="vanished")
    client = logged_in(officer)
    assert "Việc này không còn nữa" in text_of(client.get(NEWS))
    assert client.post(f"{NEWS}{row.pk}/").headers["Location"] == NEWS
    assert asked(token_on(client)).json() == {"new": 0}


def test_somebody_elses_line_is_not_found(officer: Any, other_officer: Any) -> None:
    row = told(officer)
    assert logged_in(other_officer).post(f"{NEWS}{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.seen_at is None


def test_all_are_marked_but_for_what_came_since_the_list_was_drawn(officer: Any, other_officer: Any) -> None:
    told(officer)
    others = told(other_officer)
    client = logged_in(officer)
    newest = re.search(r'name="newest" value="(\d+)"', text_of(client.get(NEWS)))
    assert newest
    later = told(officer)
    client.post(f"{NEWS}seen/", {"newest": newest[1]})
    assert list(counts.unseen(officer.pk)) == [later]
    assert list(counts.unseen(other_officer.pk)) == [others]


@pytest.mark.parametrize("newest", ["", "x", "9" * 40, "²"])
def test_a_mark_without_sense_marks_nothing_or_all_of_ones_own(officer: Any, newest: str) -> None:
    told(officer)
    assert logged_in(officer).post(f"{NEWS}seen/", {"newest": newest}).status_code == 302


def test_the_list_names_what_is_new_elsewhere(officer: Any) -> None:
    counts.register(
        "people",
        lambda pk: counts.number_of(User.objects.filter(pk=pk)),
        lambda number: Link(f"Người mới: {number}", "/admin/help/"),
    )
    counts.register(
        "none", lambda pk: counts.number_of(User.objects.none()), lambda number: Link("Không", "/")
    )
    page = text_of(logged_in(officer).get(NEWS))
    assert "Người mới: 1" in page
    assert ">Không<" not in page


def test_the_list_takes_the_same_queries_for_one_and_for_fifty(officer: Any, commune: CommunePage) -> None:
    client = logged_in(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(NEWS)
        return len(captured)

    told(officer)
    queries()
    few = queries()
    for _number in range(60):
        told(officer)
    assert queries() == few
