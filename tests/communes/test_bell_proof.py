"""Proof that it rings: who has been heard, what the first page says of it, and the weekly test."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import CommunePage, Membership, OutboxEvent, Unit, User
from communes.notices import proof
from communes.notices.outbox import put
from communes.notices.subscriptions import ack_token, acknowledge
from home.jobs import registered
from tests.communes.bells import browser_of
from tests.communes.posts import logged_in, text_of

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def colleague(unit: Unit, name: str) -> User:
    user = User.objects.create_user(name)
    Membership.objects.create(user=user, unit=unit, role="officer")
    return user


def panel(user: Any, name: str) -> str:
    """What the panel of the first page says; empty where it is not there."""
    page = text_of(logged_in(user).get("/admin/"))
    start = page.find(f'id="{name}"')
    return page[start : page.index("</section>", start)] if start >= 0 else ""


# The first step


def test_the_bell_is_the_first_thing_that_is_asked_until_it_has_rung(officer: Any) -> None:
    page = text_of(logged_in(officer).get("/admin/"))
    assert page.find('class="work-panel"') == page.find('class="work-panel" id="bell"') > 0
    assert "Bật chuông" in panel(officer, "bell")
    row = browser_of(officer)
    assert "Thử chuông" in panel(officer, "bell")
    acknowledge(ack_token(row))
    assert panel(officer, "bell") == ""


@pytest.mark.parametrize("who", ["editor", "unit_editor"])
def test_editors_are_asked_as_well(who: str, request: pytest.FixtureRequest) -> None:
    assert "Bật chuông" in panel(request.getfixturevalue(who), "bell")


def test_who_has_no_work_is_not_asked(superuser: Any, commune: CommunePage) -> None:
    assert panel(superuser, "bell") == ""


def test_a_bell_that_fell_silent_is_asked_for_again(officer: Any, at: Callable[[str], Any]) -> None:
    browser_of(officer, at("2027-01-10 08:00"))
    at("2027-01-24 08:00")
    assert panel(officer, "bell") == ""
    at("2027-01-24 08:01")
    assert "Thử chuông" in panel(officer, "bell")


def test_without_push_an_address_is_asked_for_and_without_mail_nothing(officer: Any, settings: Any) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    assert "Ghi địa chỉ thư" in panel(officer, "bell")
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert panel(officer, "bell") == ""


# Who can be rung


def test_an_officer_sees_how_many_of_his_unit_can_be_rung(officer: Any, commune: CommunePage) -> None:
    second, _third = colleague(commune.unit, "hai"), colleague(commune.unit, "ba")
    assert "Chuông của 0/3 cán bộ đang hoạt động" in panel(officer, "bell-proof")
    assert "Không chuông nào reo" in panel(officer, "bell-proof")
    # Two browsers are one officer's.
    for _browser in range(2):
        browser_of(officer, timezone.now())
    browser_of(second, timezone.now())
    assert "Chuông của 2/3 cán bộ đang hoạt động" in panel(officer, "bell-proof")
    assert "Không chuông nào reo" not in panel(officer, "bell-proof")


def test_who_left_and_who_edits_does_not_count(officer: Any, editor: Any, commune: CommunePage) -> None:
    left = colleague(commune.unit, "da-nghi")
    browser_of(left, timezone.now())
    Membership.objects.filter(user=left).update(until=timezone.localdate())
    browser_of(editor, timezone.now())
    assert "Chuông của 0/1 cán bộ" in panel(officer, "bell-proof")


@pytest.mark.parametrize(("moment", "ringing"), [("2027-01-24 08:00", 1), ("2027-01-24 08:01", 0)])
def test_after_fourteen_days_of_silence_it_is_red(
    officer: Any, at: Callable[[str], Any], moment: str, ringing: int
) -> None:
    browser_of(officer, at("2027-01-10 08:00"))
    at(moment)
    said = panel(officer, "bell-proof")
    assert f"Chuông của {ringing}/1 cán bộ" in said
    assert ("work-panel__mark" in said) is not bool(ringing)


def test_the_unit_above_sees_in_how_many_communes_nobody_can_be_rung(
    unit_editor: Any, officer: Any, other_officer: Any, commune: CommunePage
) -> None:
    assert "Ở 2 đơn vị" in panel(unit_editor, "bell-communes")
    browser_of(officer, timezone.now())
    assert "Ở 1 đơn vị" in panel(unit_editor, "bell-communes")
    listed = text_of(logged_in(unit_editor).get("/admin/bell/communes/"))
    assert "Công an xã Cẩm Duệ" in listed
    assert "Công an xã Cẩm Trung" not in listed
    browser_of(other_officer, timezone.now())
    assert panel(unit_editor, "bell-communes") == ""
    assert panel(officer, "bell-communes") == ""


def test_a_commune_without_an_officer_is_not_one_whose_bell_is_silent(
    unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    assert panel(unit_editor, "bell-communes") == ""


def test_the_list_of_silent_communes_names_those_of_ones_own_unit_alone(
    officer: Any, editor: Any, superuser: Any
) -> None:
    for user in (officer, editor, superuser):
        assert "Công an xã" not in text_of(logged_in(user).get("/admin/bell/communes/")).split("<main")[1]


def test_the_panels_take_two_queries_for_any_number_of_communes(
    unit_editor: Any, officer: Any, unit: Unit, commune: CommunePage
) -> None:
    Unit.objects.bulk_create(
        Unit(kind="xa", name=f"Thử {number}", name_folded=f"xa thu {number}", parent=unit)
        for number in range(300)
    )
    communes = list(Unit.objects.filter(name__startswith="Thử"))
    Membership.objects.bulk_create(
        Membership(user=officer, unit=each, role="officer", since=timezone.localdate()) for each in communes
    )
    with CaptureQueriesContext(connection) as queries:
        assert proof.units_panel(unit_editor)[0].lead.startswith("Ở 301 đơn vị")
    assert len(queries) <= 2
    with CaptureQueriesContext(connection) as queries:
        assert len(proof.officers_panel(officer)[0].rows) == 5
    assert len(queries) <= 2
    with CaptureQueriesContext(connection) as queries:
        proof.first_step(officer)
    assert len(queries) == 1


# The weekly test


def rung() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("moment", "rings"),
    [
        ("2026-11-29 23:59", False),  # Sunday
        ("2026-11-30 00:00", False),  # Monday
        ("2026-11-30 07:59", False),
        ("2026-11-30 08:00", True),
        ("2026-11-30 23:59", True),
        ("2026-12-01 00:00", False),
        ("2027-02-08 08:00", True),  # a Monday of Tết
    ],
)
def test_a_silent_bell_is_tested_on_mondays_from_eight(
    officer: Any, at: Callable[[str], Any], moment: str, rings: bool
) -> None:
    browser_of(officer, timezone.make_aware(datetime.datetime(2026, 11, 1)))
    at(moment)
    proof.ring_weekly()
    assert rung() == ([str(officer.pk)] if rings else [])


def test_it_is_tested_once_a_week_however_often_the_clock_comes_by(
    officer: Any, at: Callable[[str], Any]
) -> None:
    browser_of(officer)
    for moment in ("2026-11-30 08:00", "2026-11-30 08:10", "2026-11-30 23:59"):
        at(moment)
        proof.ring_weekly()
    assert len(rung()) == 1
    at("2026-12-07 08:00")
    proof.ring_weekly()
    assert len(rung()) == 2


@pytest.mark.parametrize(("heard", "rings"), [("2026-11-23 08:00", True), ("2026-11-23 08:01", False)])
def test_who_was_heard_within_the_week_is_left_in_peace(
    officer: Any, at: Callable[[str], Any], heard: str, rings: bool
) -> None:
    browser_of(officer, at(heard))
    at("2026-11-30 08:00")
    proof.ring_weekly()
    assert bool(rung()) is rings


def test_two_silent_browsers_are_one_test_and_nobody_else_is_rung(
    officer: Any, other_officer: Any, at: Callable[[str], Any]
) -> None:
    now = at("2026-11-30 08:00")
    for heard_at in (None, now - 8 * DAY, now):
        browser_of(officer, heard_at)
    browser_of(other_officer, now)
    proof.ring_weekly()
    assert rung() == [str(officer.pk)]


def test_another_ones_test_of_the_morning_counts_for_him_alone(
    officer: Any, other_officer: Any, at: Callable[[str], Any]
) -> None:
    at("2026-11-30 08:05")
    for user in (officer, other_officer):
        browser_of(user)
    put("test", subject=str(officer.pk))
    proof.ring_weekly()
    assert rung() == [str(officer.pk), str(other_officer.pk)]


def test_the_clock_knows_the_weekly_test() -> None:
    job = next(job for job in registered() if job.name == "ring_weekly")
    assert job.run is proof.ring_weekly
    assert job.every <= 60 * 60
