"""An approver is confirmed once, by the right one, and each is told in words."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.lifecycle.opening import open_unit
from communes.models import Membership, Unit, User
from communes.staff.approvers import NotWaiting, confirm
from communes.staff.memberships import start_membership
from tests.communes.approvers import (
    approver,
    approves,
    by_invitation,
    by_work_added,
    confirms,
    waiting,
)
from tests.communes.test_staff_people import logged_in, text, url

pytestmark = pytest.mark.django_db


def test_the_second_of_two_confirmations_changes_nothing(
    unit: Unit, unit_editor: Any, second_unit_editor: Any, superuser: Any
) -> None:
    third = by_invitation(unit_editor, unit)
    pk = waiting(third).pk
    confirms(second_unit_editor, third)
    assert "đã được xác nhận trước đó" in text(confirms(superuser, third))
    assert "đã được xác nhận trước đó" in text(logged_in(superuser).get(url("confirm", pk), follow=True))
    assert ModelLogEntry.objects.filter(action="staff.confirmed").count() == 1
    assert Membership.objects.get(pk=pk).confirmed_by == second_unit_editor


@pytest.mark.parametrize("how", ["refused", "closed", "unit"])
def test_who_was_ended_meanwhile_does_not_begin(
    how: str, unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    pk = waiting(second).pk
    if how == "refused":
        logged_in(unit_editor).post(url("confirm", pk), {"act": "refuse"})
    elif how == "closed":
        logged_in(unit_editor).post(url("deactivate", second.pk))
    else:
        Unit.objects.filter(pk=unit.pk).update(active=False)
    assert "không còn gì để xác nhận" in text(confirms(superuser, second))
    with pytest.raises(NotWaiting):
        confirm(pk, superuser)
    # Nor when account and unit are in service again.
    if how != "unit":
        User.objects.filter(pk=second.pk).update(is_active=True)
        assert Membership.objects.get(pk=pk).until == timezone.localdate()
        assert not Membership.objects.awaiting().exists()


def test_who_leaves_today_confirms_nobody_and_who_leaves_tomorrow_does(
    unit: Unit, unit_editor: Any, second_unit_editor: Any
) -> None:
    third = by_invitation(unit_editor, unit)
    last = second_unit_editor.memberships.get()
    for until, expected in ((0, False), (1, True)):
        last.until = timezone.localdate() + datetime.timedelta(days=until)
        last.save()
        confirms(second_unit_editor, third)
        assert approves(third, unit) is expected


def test_looking_confirms_nobody_and_a_forged_form_is_refused(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    page = url("confirm", waiting(second).pk)
    shown = text(logged_in(superuser).get(page))
    for told in ("Lê Giả Danh", "Công an huyện Cẩm Xuyên", str(unit_editor), "Xác nhận người này"):
        assert told in shown
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(superuser)
    assert strict.post(page, {"act": "confirm"}).status_code == 403
    assert logged_in(superuser).put(page).status_code == 405
    assert not approves(second, unit)


def test_whoever_brought_him_in_reads_whose_turn_it_is_and_may_do_without(
    unit: Unit, unit_editor: Any, second_unit_editor: Any
) -> None:
    third = by_invitation(unit_editor, unit)
    desk, page = logged_in(unit_editor), url("confirm", waiting(third).pk)
    shown = text(desk.get(page))
    assert f"chờ quản trị viên hoặc {second_unit_editor} xác nhận" in shown
    assert "Xác nhận người này" not in shown
    assert "không làm người duyệt bài" in text(desk.post(page, {"act": "refuse"}, follow=True))
    assert not Membership.objects.awaiting().exists()
    # Asked for anew on the same day, he awaits anew.
    start_membership(third, unit, "editor", unit_editor)
    assert not approves(third, unit)


@pytest.mark.parametrize("who", ["editor", "officer", "anonymous", "elsewhere"])
def test_others_learn_nothing_and_confirm_nobody(
    who: str, request: pytest.FixtureRequest, unit: Unit, unit_editor: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    page = url("confirm", waiting(second).pk)
    if who == "elsewhere":
        there, _home = open_unit(kind="tinh", name="Nghệ An", phone="0238 000 0100", hostname="nghe-an")
        client = logged_in(approver("tinh", there))
    else:
        client = Client() if who == "anonymous" else logged_in(request.getfixturevalue(who))
    for response in (client.get(page), client.post(page, {"act": "confirm"})):
        assert response.status_code in (302, 404)
        assert "Giả Danh" not in text(response)
    assert not approves(second, unit)


def test_a_row_that_was_altered_in_the_database_is_not_confirmed(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    """Otherwise one who writes the database strikes himself off the list of those who brought him in."""
    second = by_invitation(unit_editor, unit)
    Membership.objects.filter(user=second).update(brought_in_by=[])
    for by in (unit_editor, superuser):
        assert "sửa từ bên ngoài" in text(confirms(by, second))
    assert not approves(second, unit)


def test_every_step_is_logged(unit: Unit, unit_editor: Any, superuser: Any) -> None:
    second = by_work_added(unit_editor, unit)
    confirms(superuser, second)
    entries = ModelLogEntry.objects.for_instance(second).order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("staff.awaits", unit_editor),
        ("staff.confirmed", superuser),
    ]
    assert "Được xác nhận làm người duyệt bài" in text(logged_in(superuser).get(url("person", second.pk)))


def test_a_confirmation_that_breaks_off_leaves_him_waiting(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    with pytest.raises(RuntimeError), transaction.atomic():
        confirm(waiting(second).pk, superuser)
        raise RuntimeError
    assert not approves(second, unit)
