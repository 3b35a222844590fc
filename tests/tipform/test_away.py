"""Days on which an officer is away: his own to enter and to remove; no key stays without a holder unsaid."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import Absence, CommunePage, Membership, OutboxEvent, Unit, User
from communes.notices.away import LAST_HOLDER_AWAY, days_without_holder
from communes.staff.memberships import end_membership
from home.clock import at
from tests.communes.posts import logged_in
from tests.conftest import PASSWORD
from tests.tipform.officers import ensure_unit_key, key_holder, unlocked

pytestmark = pytest.mark.django_db

AWAY = "/admin/duty/away/"


def moment(text: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    """The first of December 2026, nine o'clock."""
    with at(moment("2026-12-01 09:00")):
        yield


def enter(client: Client, first: str, last: str, **more: str) -> Any:
    return client.post(AWAY, {"first_day": first, "last_day": last, **more}, follow=True)


def shown(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def entered(user: User) -> list[tuple[str, str]]:
    return [(f"{row.first_day}", f"{row.last_day}") for row in Absence.objects.filter(user=user)]


def told() -> Any:
    """What the unit above is told of it; keys have events of their own."""
    return OutboxEvent.objects.filter(reason="last-key-holder-away")


# --- One's own days ---


def test_an_officer_enters_his_days_sees_them_and_removes_them(officer: User) -> None:
    client = logged_in(officer)
    page = shown(enter(client, "2026-12-05", "2026-12-08"))
    assert "Đã lưu. Chuông không reo cho mình trong những ngày này." in page
    assert "05/12/2026 – 08/12/2026" in page
    assert entered(officer) == [("2026-12-05", "2026-12-08")]
    row = Absence.objects.get()
    page = shown(client.post(AWAY, {"remove": row.pk}, follow=True))
    assert "Đã xóa." in page
    assert "05/12/2026 – 08/12/2026" not in page
    assert entered(officer) == []


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-11-30", "2026-12-02", "Xin chọn ngày từ hôm nay trở đi."),
        ("2026-12-05", "2026-12-04", "Ngày cuối đứng trước ngày đầu."),
        ("2026-12-01", "2027-03-01", "Mỗi lần nhiều nhất 90 ngày."),
        ("", "2026-12-04", "bắt buộc"),
        ("2026-12-04", "", "bắt buộc"),
        ("31/02/2027", "2027-03-01", "ngày"),
        # The days of the tenth to the twelfth are there already: over an end, within, around, the same.
        ("2026-12-12", "2026-12-14", "10/12/2026 – 12/12/2026 đã có trong danh sách."),
        ("2026-12-08", "2026-12-10", "10/12/2026 – 12/12/2026 đã có trong danh sách."),
        ("2026-12-11", "2026-12-11", "10/12/2026 – 12/12/2026 đã có trong danh sách."),
        ("2026-12-09", "2026-12-13", "10/12/2026 – 12/12/2026 đã có trong danh sách."),
        ("2026-12-10", "2026-12-12", "10/12/2026 – 12/12/2026 đã có trong danh sách."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    officer: User, first: str, last: str, says: str
) -> None:
    Absence.objects.create(user=officer, first_day=day("2026-12-10"), last_day=day("2026-12-12"))
    response = enter(logged_in(officer), first, last)
    assert response.status_code == 422
    page = shown(response)
    assert says in page
    assert all(f'value="{typed}"' in page for typed in (first, last) if typed)
    assert len(entered(officer)) == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-12-01", "2026-12-01"),
        # Ninety days with both ends.
        ("2026-12-01", "2027-02-28"),
        # Over Tết, and the last day of February.
        ("2027-02-04", "2027-02-10"),
        ("2028-02-28", "2028-02-29"),
    ],
)
def test_from_today_on_up_to_ninety_days(officer: User, first: str, last: str) -> None:
    assert enter(logged_in(officer), first, last).status_code == 200
    assert entered(officer) == [(first, last)]


def test_the_day_before_and_the_day_after_are_free(officer: User) -> None:
    Absence.objects.create(user=officer, first_day=day("2026-12-10"), last_day=day("2026-12-12"))
    client = logged_in(officer)
    for free in ("2026-12-09", "2026-12-13"):
        assert enter(client, free, free).status_code == 200
    assert len(entered(officer)) == 3


@pytest.mark.parametrize(("now", "listed"), [("2026-12-08 23:59:59", True), ("2026-12-09 00:00", False)])
def test_what_is_over_is_listed_no_more(officer: User, now: str, listed: bool) -> None:
    Absence.objects.create(user=officer, first_day=day("2026-12-05"), last_day=day("2026-12-08"))
    with at(moment(now)):
        page = shown(logged_in(officer).get(AWAY))
    assert ("05/12/2026 – 08/12/2026" in page) is listed


def test_nobody_sees_or_removes_the_days_of_another(
    commune: CommunePage, officer: User, other_officer: User
) -> None:
    row = Absence.objects.create(user=officer, first_day=day("2026-12-05"), last_day=day("2026-12-08"))
    client = logged_in(other_officer)
    assert "05/12/2026" not in shown(client.get(AWAY))
    for key in (str(row.pk), "nhầm", "", "9" * 40):
        assert client.post(AWAY, {"remove": key}).status_code == 404
    assert Absence.objects.get() == row


@pytest.mark.parametrize("role", ["editor", "unit_editor", "superuser"])
def test_who_is_no_officer_has_no_such_page(role: str, request: pytest.FixtureRequest) -> None:
    client = logged_in(request.getfixturevalue(role))
    assert client.get(AWAY).status_code == 404
    assert enter(client, "2026-12-05", "2026-12-08").status_code == 404
    assert not Absence.objects.exists()


def test_the_way_to_it_is_on_the_officer_s_first_page_alone(officer: User, editor: User) -> None:
    assert f'href="{AWAY}"' in shown(logged_in(officer).get("/admin/"))
    assert f'href="{AWAY}"' not in shown(logged_in(editor).get("/admin/"))


# --- The last key-holder ---

WARNS = "không còn ai giữ chìa khóa"
TICK = "Đã báo cho đơn vị cấp trên"


@pytest.fixture
def holder(commune: CommunePage) -> User:
    """The only one who holds the key of Cẩm Trung."""
    return key_holder(commune.unit)


@pytest.fixture
def second_holder(commune: CommunePage, holder: User) -> User:
    user = User.objects.create_user("giu-khoa-hai", password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer")
    ensure_unit_key(commune.unit)
    unlocked(user)
    return user


def test_the_last_key_holder_is_asked_before_his_days_are_stored_and_the_unit_above_is_told(
    commune: CommunePage, holder: User, unit_editor: User, editor: User
) -> None:
    client = unlocked(holder)
    response = enter(client, "2026-12-05", "2026-12-08")
    assert response.status_code == 422
    page = shown(response)
    assert f"Từ 05/12/2026 có 4 ngày Công an xã Cẩm Trung {WARNS}" in page
    assert TICK in page
    assert entered(holder) == []
    assert not told().exists()
    assert enter(client, "2026-12-05", "2026-12-08", told="on").status_code == 200
    assert entered(holder) == [("2026-12-05", "2026-12-08")]
    event = told().get()
    assert (event.reason, event.unit) == ("last-key-holder-away", commune.unit)
    assert [list(step.people(event)) for step in LAST_HOLDER_AWAY.steps] == [[unit_editor]]
    line = LAST_HOLDER_AWAY.shown and LAST_HOLDER_AWAY.shown(event)
    assert line is not None
    assert line.label == "Công an xã Cẩm Trung: người giữ chìa khóa cuối cùng vắng 05/12 – 08/12/2026"
    assert logged_in(unit_editor).get(line.url).status_code == 200


def test_while_another_holds_the_key_nothing_is_asked(
    commune: CommunePage, holder: User, second_holder: User
) -> None:
    page = shown(enter(unlocked(holder), "2026-12-05", "2026-12-08"))
    assert WARNS not in page
    assert entered(holder) == [("2026-12-05", "2026-12-08")]
    assert not told().exists()


@pytest.mark.parametrize(
    ("first", "last", "bare"),
    [
        ("2026-12-01", "2026-12-09", []),
        ("2026-12-01", "2026-12-10", ["2026-12-10"]),
        ("2026-12-11", "2026-12-20", ["2026-12-11", "2026-12-12"]),
        ("2026-12-12", "2026-12-12", ["2026-12-12"]),
        ("2026-12-13", "2026-12-20", []),
    ],
)
def test_only_the_days_count_on_which_the_other_is_away_too(
    commune: CommunePage, holder: User, second_holder: User, first: str, last: str, bare: list[str]
) -> None:
    Absence.objects.create(user=second_holder, first_day=day("2026-12-10"), last_day=day("2026-12-12"))
    found = days_without_holder(commune.unit, holder, day(first), day(last))
    assert [str(each) for each in found] == bare
    response = enter(unlocked(holder), first, last)
    assert (WARNS in shown(response)) is bool(bare)
    assert bool(entered(holder)) is not bool(bare)


def test_of_one_day_it_speaks_as_of_one(commune: CommunePage, holder: User) -> None:
    page = shown(enter(unlocked(holder), "2027-02-06", "2027-02-06"))
    assert f"Từ 06/02/2027 có 1 ngày Công an xã Cẩm Trung {WARNS}" in page


def test_who_holds_no_key_is_not_asked(commune: CommunePage, holder: User, officer: User) -> None:
    Absence.objects.create(user=holder, first_day=day("2026-12-01"), last_day=day("2026-12-31"))
    assert enter(logged_in(officer), "2026-12-05", "2026-12-08").status_code == 200
    assert entered(officer) and not told().exists()


def test_a_holder_who_left_is_none_any_more(
    commune: CommunePage, holder: User, second_holder: User, unit_editor: User
) -> None:
    end_membership(second_holder.memberships.get(), unit_editor)
    assert WARNS in shown(enter(unlocked(holder), "2026-12-05", "2026-12-08"))


def test_a_commune_whose_box_is_not_open_asks_nothing(commune: CommunePage, officer: User) -> None:
    assert enter(logged_in(officer), "2026-12-05", "2026-12-08").status_code == 200


def test_days_that_are_removed_are_told_to_nobody_any_more(
    commune: CommunePage, holder: User, unit_editor: User
) -> None:
    client = unlocked(holder)
    enter(client, "2026-12-05", "2026-12-08", told="on")
    client.post(AWAY, {"remove": Absence.objects.get().pk})
    assert not told().exists()


@pytest.mark.parametrize(("now", "stands"), [("2026-12-08 23:59:59", True), ("2026-12-09 00:00", False)])
def test_what_is_over_is_told_to_nobody_any_more(
    commune: CommunePage, holder: User, now: str, stands: bool
) -> None:
    enter(unlocked(holder), "2026-12-05", "2026-12-08", told="on")
    event = told().get()
    with at(moment(now)):
        assert LAST_HOLDER_AWAY.stands(event) is stands
        assert bool(LAST_HOLDER_AWAY.shown and LAST_HOLDER_AWAY.shown(event)) is stands


def test_of_the_unit_above_itself_its_own_editors_are_told(unit: Unit, unit_editor: User) -> None:
    enter(unlocked(key_holder(unit)), "2026-12-05", "2026-12-08", told="on")
    people = LAST_HOLDER_AWAY.steps[0].people(told().get())
    assert list(people) == [unit_editor]
