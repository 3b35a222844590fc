"""The bell of somebody's own browsers: on, tested, heard, off; and nobody else's business."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, MailAddress, Membership, OutboxEvent, PushSubscription
from communes.notices.addresses import enter
from communes.notices.subscriptions import MOST, ack_token, acknowledge, address_of, subscribe
from communes.receivers import follow_the_calendar
from communes.staff.memberships import deactivate, end_membership, start_membership
from tests.communes.bells import address, browser_of
from tests.communes.posts import logged_in, text_of

pytestmark = pytest.mark.django_db

PAGE = "/admin/bell/"


ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
)


def post(client: Client, name: str, content: Any = None, **options: Any) -> Any:
    return client.post(reverse(f"bell:{name}"), json.dumps(content), "application/json", **options)


def browsers(user: Any) -> list[PushSubscription]:
    return list(PushSubscription.objects.filter(user=user))


# On and off


def test_a_browser_rings_for_whoever_switched_it_on_and_its_address_is_not_in_the_database(
    officer: Any,
) -> None:
    told = address()
    answer = post(logged_in(officer), "subscribe", told, headers={"User-Agent": ANDROID})
    (row,) = browsers(officer)
    assert answer.json() == {"browser": row.pk}
    assert row.device == "Chrome, Android"
    assert address_of(row) == told
    for part in told.values():
        assert part not in row.sealed


def test_switched_on_twice_it_is_one_browser(officer: Any) -> None:
    told = address()
    for _time in range(2):
        post(logged_in(officer), "subscribe", told)
    assert len(browsers(officer)) == 1


def test_on_a_shared_machine_it_rings_for_the_last_who_switched_it_on(
    officer: Any, other_officer: Any
) -> None:
    told = address()
    first = subscribe(officer, told, "")
    acknowledge(ack_token(first))
    second = subscribe(other_officer, told, "")
    assert browsers(officer) == []
    assert browsers(other_officer) == [second]
    assert second.heard_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        {"endpoint": "https://fcm.googleapis.com/fcm/send/x"},
        {**address(), "endpoint": "http://fcm.googleapis.com/fcm/send/x"},
        {**address(), "endpoint": "https://192.168.1.1/admin"},
        {**address(), "p256dh": 7},
        {**address(), "auth": ""},
    ],
    ids=["null", "list", "empty", "no keys", "http", "private", "no text", "no secret"],
)
def test_what_is_no_address_of_a_push_service_is_refused(officer: Any, wrong: Any) -> None:
    assert post(logged_in(officer), "subscribe", wrong).status_code == 400
    assert browsers(officer) == []


def test_the_eleventh_browser_takes_the_place_of_the_oldest(officer: Any, other_officer: Any) -> None:
    others = browser_of(other_officer)
    rows = [browser_of(officer) for _number in range(MOST)]
    assert browsers(officer) == rows
    newest = browser_of(officer)
    assert browsers(officer) == [*rows[1:], newest]
    assert browsers(other_officer) == [others]


def test_switched_off_it_is_forgotten_whosever_it_was(officer: Any, other_officer: Any) -> None:
    told = address()
    subscribe(officer, told, "")
    kept = browser_of(officer)
    answer = post(logged_in(other_officer), "unsubscribe", {"endpoint": told["endpoint"]})
    assert answer.status_code == 204
    assert browsers(officer) == [kept]


def test_a_browser_knows_whether_it_rings_for_the_one_who_is_logged_in(
    officer: Any, other_officer: Any
) -> None:
    told = address()
    row = subscribe(officer, told, "")
    endpoint = {"endpoint": told["endpoint"]}
    assert post(logged_in(officer), "browser", endpoint).json() == {"browser": row.pk}
    assert post(logged_in(other_officer), "browser", endpoint).json() == {"browser": None}


def test_own_browsers_are_listed_and_taken_off_without_a_script(officer: Any, other_officer: Any) -> None:
    own, others = browser_of(officer), browser_of(other_officer, device="Opera, Mac")
    client = logged_in(officer)
    page = text_of(client.get(PAGE))
    assert "Chrome, Android" in page
    assert "Chưa reo lần nào" in page
    assert "Opera, Mac" not in page
    assert client.post(reverse("bell:remove", args=[others.pk])).status_code == 404
    client.post(reverse("bell:remove", args=[own.pk]))
    assert browsers(officer) == []
    assert browsers(other_officer) == [others]


def test_a_browser_is_silent_from_the_fourteenth_day_on(officer: Any, at: Callable[[str], Any]) -> None:
    heard = at("2027-01-10 08:00")
    browser_of(officer, heard)
    at("2027-01-24 08:00")
    client = logged_in(officer)
    assert "Reo lần cuối: 08:00 10/01/2027" in text_of(client.get(PAGE))
    at("2027-01-24 08:01")
    assert "Im lặng từ 08:00 10/01/2027" in text_of(client.get(PAGE))


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe", "browser", "test", "remove_address"])
def test_nothing_is_done_without_the_forms_token(officer: Any, name: str) -> None:
    told = address()
    subscribe(officer, told, "")
    enter(officer, "truc@example.vn")
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert post(client, name, told).status_code == 403
    assert len(browsers(officer)) == 1
    assert MailAddress.objects.count() == 1
    assert not OutboxEvent.objects.exists()


# Tested and heard


def test_the_test_rings_ones_own_browsers(officer: Any) -> None:
    before = timezone.now()
    answer = post(logged_in(officer), "test")
    event = OutboxEvent.objects.get()
    assert (event.reason, event.subject, event.unit) == ("test", str(officer.pk), None)
    assert before.isoformat() <= answer.json()["since"] <= timezone.now().isoformat()


def test_who_tests_too_often_is_told_so(officer: Any) -> None:
    client = logged_in(officer)
    answers = [post(client, "test").status_code for _time in range(21)]
    assert answers == [200] * 20 + [429]
    assert OutboxEvent.objects.count() == 20


def rung(client: Client, row: PushSubscription, since: str) -> Any:
    return client.get(reverse("bell:has_rung", args=[row.pk]), {"since": since})


def test_the_page_learns_that_the_browser_has_told_that_it_rang(officer: Any, other_officer: Any) -> None:
    row = browser_of(officer, timezone.now())
    client = logged_in(officer)
    since = post(client, "test").json()["since"]
    assert rung(client, row, since).json() == {"rung": False}
    assert acknowledge(ack_token(row))
    assert rung(client, row, since).json() == {"rung": True}
    assert rung(logged_in(other_officer), row, since).status_code == 404


@pytest.mark.parametrize(
    "since", ["", "gestern", "2026-11-23", "2026-13-99T00:00:00Z", "2026-11-23T08:00:00"]
)
def test_a_moment_that_is_none_is_not_found(officer: Any, since: str) -> None:
    assert rung(logged_in(officer), browser_of(officer), since).status_code == 404


def test_the_browsers_answer_needs_no_session_and_sets_no_cookie(officer: Any) -> None:
    row = browser_of(officer)
    client = Client(enforce_csrf_checks=True)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/chuong-bao/da-reo/", {"token": ack_token(row)})
    assert answer.status_code == 204
    assert not answer.cookies
    assert len(queries) == 1
    row.refresh_from_db()
    assert row.heard_at is not None


def test_a_false_answer_looks_the_same_and_costs_no_query(officer: Any) -> None:
    gone = browser_of(officer)
    token = ack_token(gone)
    gone.delete()
    assert Client().post("/chuong-bao/da-reo/", {"token": token}).status_code == 204
    with CaptureQueriesContext(connection) as queries:
        for token in ("", "7", "7:sai", "x" * 5000):
            assert Client().post("/chuong-bao/da-reo/", {"token": token}).status_code == 204
    assert len(queries) == 0
    assert Client().get("/chuong-bao/da-reo/").status_code == 405


def test_the_key_of_another_browser_is_not_heard_as_this_one(officer: Any) -> None:
    row, other = browser_of(officer), browser_of(officer)
    acknowledge(ack_token(other))
    row.refresh_from_db()
    assert row.heard_at is None


# Work that ended


def works_no_more(user: Any) -> None:
    for membership in Membership.objects.filter(user=user):
        end_membership(membership, None)


def test_who_works_nowhere_any_more_is_rung_by_nobody(officer: Any, other_officer: Any) -> None:
    for user in (officer, other_officer):
        browser_of(user)
        enter(user, "truc@example.vn")
    works_no_more(officer)
    assert browsers(officer) == []
    assert not MailAddress.objects.filter(user=officer).exists()
    assert len(browsers(other_officer)) == 1
    assert MailAddress.objects.filter(user=other_officer).exists()


def test_who_still_works_elsewhere_keeps_his_bell(officer: Any, other_commune: CommunePage) -> None:
    start_membership(officer, other_commune.unit, "editor", None)
    browser_of(officer)
    end_membership(Membership.objects.get(user=officer, role="officer"), None)
    assert len(browsers(officer)) == 1


def test_the_bell_goes_in_the_transaction_in_which_the_work_ends(officer: Any) -> None:
    browser_of(officer)
    with pytest.raises(RuntimeError), transaction.atomic():
        works_no_more(officer)
        assert browsers(officer) == []
        raise RuntimeError
    assert len(browsers(officer)) == 1


def test_an_account_switched_off_by_whatever_way_is_rung_by_nobody(officer: Any) -> None:
    browser_of(officer)
    officer.is_active = False
    officer.save()
    assert browsers(officer) == []


def test_deactivating_a_person_takes_the_bell(officer: Any, superuser: Any) -> None:
    browser_of(officer)
    deactivate(officer, superuser)
    assert browsers(officer) == []


def test_an_administrator_needs_no_unit(superuser: Any) -> None:
    browser_of(superuser)
    superuser.save()
    assert len(browsers(superuser)) == 1
    superuser.is_active = False
    superuser.save()
    assert browsers(superuser) == []


@pytest.mark.parametrize(("moment", "left"), [("2026-11-30 23:59", 1), ("2026-12-01 00:00", 0)])
def test_work_that_ends_by_its_date_ends_the_bell_at_midnight(
    officer: Any, at: Callable[[str], Any], moment: str, left: int
) -> None:
    at("2026-11-30 08:00")
    membership = Membership.objects.get(user=officer)
    membership.since, membership.until = datetime.date(2026, 1, 1), datetime.date(2026, 12, 1)
    membership.save()
    browser_of(officer)
    at(moment)
    follow_the_calendar()
    assert len(browsers(officer)) == left


# The page


def test_without_push_the_page_says_so_and_names_mail(officer: Any, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    page = text_of(logged_in(officer).get(PAGE))
    assert "Máy chủ này chưa có chuông" in page
    assert "Bật chuông trên máy này" not in page


def test_an_iphone_is_told_how_to_put_the_page_on_its_home_screen(officer: Any) -> None:
    client = logged_in(officer)
    page = text_of(client.get(PAGE))
    assert "Thêm vào MH chính" in page
    assert 'rel="manifest" href="/admin.webmanifest"' in page
    manifest = Client().get("/admin.webmanifest").json()
    assert (manifest["display"], manifest["start_url"]) == ("standalone", "/admin/")


def test_strangers_are_asked_to_log_in(db: None) -> None:
    assert Client().get(PAGE).status_code == 302
    assert Client().get("/admin/bell/news/").status_code == 302
