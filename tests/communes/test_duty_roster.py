"""The weekly roster as staff fill it in: who may, one press, the whole week, two people at once."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.models import Absence, CommunePage, DutySlot, Membership, Unit, User
from communes.staff.memberships import end_membership
from tests.communes.posts import logged_in
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, SUNDAY = 0, 1, 6


def person(username: str, of: Unit, name: str, role: str = "officer") -> User:
    user = User(username=username)
    user.set_password(PASSWORD)
    user.set_full_name(name)
    user.save()
    Membership.objects.create(user=user, unit=of, role=role)
    return user


@pytest.fixture
def an(commune: CommunePage) -> User:
    return person("an", commune.unit, "Nguyễn Văn Ân")


@pytest.fixture
def dung(commune: CommunePage) -> User:
    return person("dung", commune.unit, "Đỗ Thị Dung")


def address(of: Unit) -> str:
    return f"/admin/duty/{of.pk}/"


def drawn(client: Client, of: Unit) -> dict[str, Any]:
    """What the form would send that this person has on the screen now, untouched."""
    form = client.get(address(of)).context["form"]
    return {"seen": form["seen"].value(), **{name: form[name].value() or [] for name in form.fields}}


def save(client: Client, of: Unit, form: dict[str, Any]) -> Any:
    return client.post(address(of), form, follow=True)


def roster(of: Unit) -> set[tuple[int, str, str]]:
    return set(DutySlot.objects.filter(unit=of).values_list("weekday", "part", "user__username"))


def shown(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_it_has_seven_days_with_a_day_and_a_night_and_each_officer_in_vietnamese_order(
    commune: CommunePage, an: User, dung: User, other_officer: User, editor: User
) -> None:
    person("duc", commune.unit, "Đặng Đức")
    response = logged_in(an).get(address(commune.unit))
    page = shown(response)
    days = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"]
    assert re.findall(r'<h2[^>]*id="day-\d">([^<]+)</h2>', page) == days
    assert page.count("Ngày, 06:30 – 21:00") == page.count("Đêm, 21:00 – 06:30") == 7
    field = str(response.context["form"]["day-0"])
    order = ["Đặng Đức", "Đỗ Thị Dung", "Nguyễn Văn Ân"]
    assert [name for name in re.findall(r">\s*([^<>]+?)</label>", field) if name] == order


def test_what_was_ticked_is_stored_at_one_press_and_written_down(
    commune: CommunePage, an: User, dung: User
) -> None:
    client = logged_in(dung)
    ticked = {"day-0": [an.pk, dung.pk], "night-6": [dung.pk]}
    response = save(client, commune.unit, {**drawn(client, commune.unit), **ticked})
    assert "Đã lưu. Chuông theo lịch này ngay." in shown(response)
    stored = {(MONDAY, "day", "an"), (MONDAY, "day", "dung"), (SUNDAY, "night", "dung")}
    assert roster(commune.unit) == stored
    entry = ModelLogEntry.objects.get(action="communes.roster_set")
    assert (entry.user, entry.label) == (dung, "Công an xã Cẩm Trung")
    assert "Đỗ Thị Dung lưu lần cuối lúc" in shown(client.get(address(commune.unit)))


def test_a_tick_taken_away_takes_the_turn_away_and_leaves_the_others(
    commune: CommunePage, other_commune: CommunePage, an: User, dung: User, other_officer: User
) -> None:
    for user, of in ((an, commune), (dung, commune), (other_officer, other_commune)):
        DutySlot.objects.create(user=user, unit=of.unit, weekday=MONDAY, part="day")
    client = logged_in(an)
    save(client, commune.unit, {**drawn(client, commune.unit), "day-0": [dung.pk]})
    assert roster(commune.unit) == {(MONDAY, "day", "dung")}
    assert roster(other_commune.unit) == {(MONDAY, "day", "truc-khac")}


def test_an_untouched_form_changes_nothing(commune: CommunePage, an: User) -> None:
    slot = DutySlot.objects.create(user=an, unit=commune.unit, weekday=MONDAY, part="day")
    client = logged_in(an)
    save(client, commune.unit, drawn(client, commune.unit))
    assert DutySlot.objects.get() == slot


# --- The whole week ---


def test_monday_s_people_are_on_every_day_and_night_by_one_press(
    commune: CommunePage, an: User, dung: User
) -> None:
    client = logged_in(an)
    monday = {"day-0": [an.pk, dung.pk], "night-0": [dung.pk], "whole_week": "1"}
    save(client, commune.unit, {**drawn(client, commune.unit), **monday})
    assert roster(commune.unit) == {
        (day, part, who)
        for day in range(7)
        for part, who in (("day", "an"), ("day", "dung"), ("night", "dung"))
    }


def test_copying_over_other_people_asks_for_a_look_first(commune: CommunePage, an: User, dung: User) -> None:
    DutySlot.objects.create(user=dung, unit=commune.unit, weekday=SUNDAY, part="night")
    client = logged_in(an)
    monday = {"night-0": [an.pk], "whole_week": "1"}
    response = save(client, commune.unit, {**drawn(client, commune.unit), **monday})
    page = shown(response)
    assert "Chưa lưu: các ngày khác đang có người khác trực." in page
    assert "Lịch đang lưu: <strong>Đỗ Thị Dung</strong>" in page
    assert roster(commune.unit) == {(SUNDAY, "night", "dung")}
    form = response.context["form"]
    week = {name: form[name].value() or [] for name in form.fields}
    save(client, commune.unit, week)
    assert roster(commune.unit) == {(day, "night", "an") for day in range(7)}


# --- Two people at once ---


def test_an_older_form_stores_nothing_and_its_ticks_come_back_beside_what_is_stored(
    commune: CommunePage, an: User, dung: User
) -> None:
    slow, quick = logged_in(an), logged_in(dung)
    older = drawn(slow, commune.unit)
    save(quick, commune.unit, {**drawn(quick, commune.unit), "night-1": [dung.pk]})
    response = save(slow, commune.unit, {**older, "day-0": [an.pk]})
    assert response.status_code == 409
    page = shown(response)
    assert "CHƯA lưu: lịch đã thay đổi từ lúc mở trang này." in page
    assert "Đỗ Thị Dung lưu lần cuối lúc" in page
    assert "Lịch đang lưu: <strong>Đỗ Thị Dung</strong>" in page
    assert roster(commune.unit) == {(TUESDAY, "night", "dung")}, "nothing is lost"
    form = response.context["form"]
    assert form["day-0"].value() == [str(an.pk)], "his ticks are still there"
    again = {name: form[name].value() or [] for name in form.fields}
    assert save(slow, commune.unit, again).status_code == 200
    assert roster(commune.unit) == {(MONDAY, "day", "an")}, "stored in view of both"


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_form_without_the_mark_of_what_is_stored_stores_nothing(
    commune: CommunePage, an: User, mark: str
) -> None:
    client = logged_in(an)
    form = {**drawn(client, commune.unit), "day-0": [an.pk], "seen": mark}
    assert save(client, commune.unit, form).status_code == 409
    assert roster(commune.unit) == set()


def test_who_left_meanwhile_cannot_be_entered_any_more(
    commune: CommunePage, an: User, dung: User, unit_editor: User
) -> None:
    client = logged_in(an)
    older = {**drawn(client, commune.unit), "day-0": [an.pk, dung.pk]}
    end_membership(dung.memberships.get(), unit_editor)
    response = save(client, commune.unit, older)
    assert response.status_code == 409
    assert "Đỗ Thị Dung</label>" not in shown(response)
    # Whoever sends his number all the same is told.
    form = {**older, "seen": response.context["form"]["seen"].value()}
    assert save(client, commune.unit, form).status_code == 422
    assert roster(commune.unit) == set()


def test_nobody_of_another_commune_can_be_entered(
    commune: CommunePage, an: User, other_officer: User, editor: User
) -> None:
    client = logged_in(an)
    for stranger in (other_officer.pk, editor.pk, "nhầm", "9" * 40):
        form = {**drawn(client, commune.unit), "day-0": [stranger]}
        assert save(client, commune.unit, form).status_code == 422
    assert not DutySlot.objects.exists()


def test_ticks_sent_with_a_stale_page_come_back_and_nothing_is_stored(commune: CommunePage, an: User) -> None:
    client = logged_in(an)
    form = {**drawn(client, commune.unit), "night-6": [an.pk]}
    client.handler.enforce_csrf_checks = True
    response = save(client, commune.unit, form)
    assert response.status_code == 403
    assert "Trang đã mở quá lâu" in shown(response)
    assert response.context["form"]["night-6"].value() == [str(an.pk)]
    assert not DutySlot.objects.exists()


# --- Who may ---


@pytest.mark.parametrize("role", ["officer", "editor", "unit_editor", "superuser"])
def test_officers_and_editors_of_the_commune_and_who_keeps_its_staff_set_it(
    role: str, commune: CommunePage, an: User, request: pytest.FixtureRequest
) -> None:
    client = logged_in(request.getfixturevalue(role))
    save(client, commune.unit, {**drawn(client, commune.unit), "day-0": [an.pk]})
    assert roster(commune.unit) == {(MONDAY, "day", "an")}


@pytest.mark.parametrize("role", ["other_officer", "other_editor"])
def test_to_the_staff_of_another_commune_it_is_not_there(
    role: str, commune: CommunePage, an: User, request: pytest.FixtureRequest
) -> None:
    client = logged_in(request.getfixturevalue(role))
    assert client.get(address(commune.unit)).status_code == 404
    assert client.post(address(commune.unit), {"day-0": [an.pk]}).status_code == 404
    assert not DutySlot.objects.exists()


def test_a_commune_s_staff_does_not_set_the_roster_of_the_unit_above(
    unit: Unit, commune: CommunePage, officer: User, editor: User
) -> None:
    for user in (officer, editor):
        assert logged_in(user).get(address(unit)).status_code == 404


def test_the_unit_above_has_a_roster_of_its_own(unit: Unit, unit_editor: User) -> None:
    client = logged_in(unit_editor)
    assert "Đơn vị chưa có cán bộ tiếp nhận tin" in shown(client.get(address(unit)))
    own = person("tiep-nhan", unit, "Hồ Văn Trực")
    save(client, unit, {**drawn(client, unit), "night-6": [own.pk]})
    assert roster(unit) == {(SUNDAY, "night", "tiep-nhan")}


def test_a_commune_out_of_service_has_no_roster(commune: CommunePage, unit_editor: User) -> None:
    Unit.objects.filter(pk=commune.unit.pk).update(active=False)
    assert logged_in(unit_editor).get(address(commune.unit)).status_code == 404


# --- What else it says ---


def test_it_says_who_is_away_until_the_last_day_is_over(
    commune: CommunePage, an: User, dung: User, other_officer: User
) -> None:
    today = timezone.localdate()
    for user in (dung, other_officer):
        Absence.objects.create(user=user, first_day=today, last_day=today)
    Absence.objects.create(
        user=an, first_day=today - datetime.timedelta(days=2), last_day=today - datetime.timedelta(days=1)
    )
    rows = logged_in(an).get(address(commune.unit)).context["absences"]
    assert [row.user for row in rows] == [dung]


def test_the_ways_to_it_stand_on_the_first_page_and_among_the_staff(
    unit: Unit, commune: CommunePage, officer: User, editor: User, unit_editor: User
) -> None:
    way = f'href="{address(commune.unit)}"'
    assert way in shown(logged_in(officer).get("/admin/"))
    assert way in shown(logged_in(editor).get("/admin/"))
    above = logged_in(unit_editor)
    assert f'href="{address(unit)}"' in shown(above.get("/admin/"))
    assert way in shown(above.get(f"/admin/staff/units/{commune.unit.pk}/"))


def test_an_officer_of_two_communes_finds_both_by_their_names(
    commune: CommunePage, other_commune: CommunePage, officer: User
) -> None:
    Membership.objects.create(user=officer, unit=other_commune.unit, role="officer")
    page = shown(logged_in(officer).get("/admin/"))
    assert "Lịch trực: xã Cẩm Trung" in page
    assert "Lịch trực: xã Cẩm Duệ" in page


def test_it_takes_the_same_queries_for_any_number_of_officers(commune: CommunePage, an: User) -> None:
    def queries() -> int:
        client = logged_in(an)
        client.get(address(commune.unit))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(commune.unit))
        return len(captured)

    few = queries()
    today = timezone.localdate()
    for number in range(12):
        other = person(f"nguoi-{number}", commune.unit, f"Người {number}")
        DutySlot.objects.create(user=other, unit=commune.unit, weekday=number % 7, part="day")
        Absence.objects.create(user=other, first_day=today, last_day=today)
    assert queries() == few
