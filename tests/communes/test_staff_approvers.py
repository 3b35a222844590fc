"""Nobody becomes his own second approver: who brought an approver in does not let him begin.

The attacker is an approver who invites a second one under another name and uses the slip himself.
"""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.alerts import rules
from communes.approval.queue import approval_tasks
from communes.lifecycle.opening import Report, open_unit
from communes.models import Alert, CommunePage, Invitation, Membership, Unit, User
from communes.staff.approvers import NotWaiting, confirm
from communes.staff.invitations import Unusable, accept, find, invite, invite_missing, new_slip, reset_slip
from communes.staff.memberships import start_membership
from tests.communes.test_approval import decide, is_live, news_of, write
from tests.communes.test_staff_people import logged_in, text, url, works

pytestmark = pytest.mark.django_db

OWN = "lúa chín đồng sâu"
HOME = "/admin/"


def approver(username: str, unit: Unit, name: str = "") -> Any:
    """One who approves already."""
    user = User.objects.create_user(username, password=OWN)
    user.set_full_name(name or f"Người {username}")
    user.save()
    Membership.objects.create(user=user, unit=unit, role="editor")
    return user


def code_on(response: Any) -> str:
    return "".join(re.findall(r"<span>(\d{4})</span>", text(response)))


def approves(user: Any, unit: Unit) -> bool:
    """Whether he has any of what an approver has, by whatever part of the portal it is asked."""
    answers = {
        works(user, unit, "editor"),
        approval_tasks(User.objects.get(pk=user.pk)).exists(),
        rules.approves_for(user, unit),
        User.objects.get(pk=user.pk).groups.filter(unitapprovaltask__isnull=False).exists(),
    }
    assert len(answers) == 1, answers
    return answers.pop()


def waiting(user: Any) -> Membership:
    return Membership.objects.awaiting().get(user=user)


def confirms(by: Any, user: Any) -> Any:
    """What `by` reads after pressing the button for this person's newest work as an approver."""
    membership = Membership.objects.approving().filter(user=user).latest("pk")
    return logged_in(by).post(url("confirm", membership.pk), {"act": "confirm"}, follow=True)


# --- Every way to begin, each by somebody who is no administrator ------------------------------------------


def by_invitation(by: Any, unit: Unit) -> Any:
    form = {"full_name": "Lê Giả Danh", "roles": ["editor"], "nonce": "n"}
    return accept(find(code_on(logged_in(by).post(url("invite", unit.pk), form))), OWN)


def by_work_added(by: Any, unit: Unit) -> Any:
    user = User.objects.create_user("co-san", last_name="Lê Giả", first_name="Danh")
    Membership.objects.create(user=user, unit=unit.communes.get(name="Cẩm Trung"), role="editor")
    logged_in(by).post(url("add", user.pk), {"place": "huyện Cẩm Xuyên", "role": "editor"})
    return user


def by_the_name_of_somebody_with_an_account(by: Any, unit: Unit) -> Any:
    user = User.objects.create_user("co-san", last_name="Lê Giả", first_name="Danh")
    Membership.objects.create(user=user, unit=unit.communes.get(name="Cẩm Trung"), role="officer")
    form = {"full_name": "Lê Giả Danh", "roles": ["editor"], "person": str(user.pk)}
    logged_in(by).post(url("invite", unit.pk), form)
    return user


def by_a_new_slip_for_an_invitation_of_the_administrator(by: Any, unit: Unit) -> Any:
    administrator = User.objects.create_superuser("quan-tri-vien")
    slip = invite(unit=unit, full_name="Lê Giả Danh", roles=["editor"], by=administrator)
    return accept(find(code_on(logged_in(by).post(url("slip", slip.invitation.pk)))), OWN)


def by_handing_over_to_somebody_new(by: Any, unit: Unit) -> Any:
    leaving = approver("di", unit)
    form = {"person": "new", "full_name": "Lê Giả Danh", "nonce": "n"}
    page = url("hand_over", leaving.memberships.get().pk)
    return accept(find(code_on(logged_in(by).post(page, form))), OWN)


def by_handing_over_to_a_colleague(by: Any, unit: Unit) -> Any:
    leaving, user = approver("di", unit), User.objects.create_user("co-san")
    Membership.objects.create(user=user, unit=unit, role="officer")
    page = url("hand_over", leaving.memberships.get().pk)
    logged_in(by).post(page, {"person": str(user.pk)})
    return user


WAYS = [
    by_invitation,
    by_work_added,
    by_the_name_of_somebody_with_an_account,
    by_a_new_slip_for_an_invitation_of_the_administrator,
    by_handing_over_to_somebody_new,
    by_handing_over_to_a_colleague,
]
Way = Callable[[Any, Unit], Any]


@pytest.mark.parametrize("way", WAYS)
def test_with_one_approver_only_the_administrator_lets_a_second_begin(
    way: Way, unit: Unit, commune: CommunePage, editor: Any, unit_editor: Any, superuser: Any
) -> None:
    second = way(unit_editor, unit)
    post = write(logged_in(editor), news_of(commune), "submit")
    assert not approves(second, unit)
    decide(logged_in(second), post)
    assert not is_live(post)
    assert "chờ quản trị viên xác nhận" in text(confirms(unit_editor, second))
    confirms(second, second)
    assert not approves(second, unit)
    assert "Từ bây giờ" in text(confirms(superuser, second))
    assert approves(second, unit)
    decide(logged_in(second), post)
    assert is_live(post)


@pytest.mark.parametrize("way", WAYS)
def test_with_two_approvers_the_other_one_lets_a_third_begin_who_is_independent_then(
    way: Way, unit: Unit, commune: CommunePage, unit_editor: Any, second_unit_editor: Any
) -> None:
    third = way(unit_editor, unit)
    confirms(unit_editor, third)
    assert not approves(third, unit)
    confirms(second_unit_editor, third)
    assert approves(third, unit)
    assert Membership.objects.current().get(user=third, unit=unit, role="editor").confirmed_by == (
        second_unit_editor
    )
    fourth = accept(invite(unit=unit, full_name="Bùi Tư", roles=["editor"], by=unit_editor).invitation, OWN)
    confirms(third, fourth)
    assert approves(fourth, unit)


def test_with_three_approvers_whoever_printed_any_slip_is_no_witness(
    unit: Unit, unit_editor: Any, second_unit_editor: Any
) -> None:
    third = approver("huyen3", unit, "Phạm Thị Ba")
    slip = invite(unit=unit, full_name="Lê Giả Danh", roles=["editor"], by=unit_editor)
    shown = text(logged_in(second_unit_editor).post(url("slip", slip.invitation.pk)))
    assert "Lê Giả Danh còn chờ quản trị viên hoặc Phạm Thị Ba xác nhận" in shown
    fourth = accept(Invitation.objects.get(), OWN)
    for by in (unit_editor, second_unit_editor):
        assert "Tài khoản này không xác nhận được" in text(confirms(by, fourth))
        assert not approves(fourth, unit)
    confirms(third, fourth)
    assert approves(fourth, unit)


def test_with_two_approvers_who_both_had_a_hand_in_it_the_administrator_is_left(
    unit: Unit, unit_editor: Any, second_unit_editor: Any
) -> None:
    third = by_work_added(unit_editor, unit)
    logged_in(second_unit_editor).post(url("add", third.pk), {"place": "huyện Cẩm Xuyên", "role": "editor"})
    assert Membership.objects.filter(user=third, unit=unit).count() == 1
    for by in (unit_editor, second_unit_editor):
        assert "chờ quản trị viên xác nhận" in text(confirms(by, third))
    assert not approves(third, unit)


def test_whoever_made_the_account_earlier_is_no_witness_when_a_colleague_adds_the_work(
    unit: Unit, commune: CommunePage, unit_editor: Any, second_unit_editor: Any
) -> None:
    """He knows its password, if he used the slip himself."""
    slip = invite(unit=commune.unit, full_name="Lê Giả Danh", roles=["editor"], by=unit_editor)
    puppet = accept(slip.invitation, OWN)
    start_membership(puppet, unit, "editor", second_unit_editor)
    confirms(unit_editor, puppet)
    assert not approves(puppet, unit)


def test_two_who_await_confirmation_do_not_confirm_each_other(unit: Unit, unit_editor: Any) -> None:
    second = by_invitation(unit_editor, unit)
    third = by_work_added(unit_editor, unit)
    for by, whom in ((second, third), (third, second)):
        logged_in(by).post(url("confirm", waiting(whom).pk), {"act": "confirm"})
    assert Membership.objects.awaiting().count() == 2


@pytest.mark.parametrize("way", [each for each in WAYS if "administrator" not in each.__name__])
def test_whom_the_administrator_brings_in_begins_at_once(
    way: Way, unit: Unit, commune: CommunePage, superuser: Any
) -> None:
    assert approves(way(superuser, unit), unit)


def test_a_former_administrator_counts_as_anybody(unit: Unit, superuser: Any, unit_editor: Any) -> None:
    slip = invite(unit=unit, full_name="Lê Hai", roles=["editor"], by=superuser)
    User.objects.filter(pk=superuser.pk).update(is_superuser=False)
    second = accept(slip.invitation, OWN)
    assert not approves(second, unit)
    confirms(unit_editor, second)
    assert approves(second, unit)


def test_the_operators_list_lets_approvers_begin_but_not_in_accounts_that_others_made(
    unit: Unit, commune: CommunePage, unit_editor: Any
) -> None:
    report = Report(unit=unit)
    [slip] = invite_missing(unit, {"Lê Hai": ["editor"]}, report)
    assert approves(accept(slip.invitation, OWN), unit)
    puppet = accept(invite(unit=unit, full_name="Bùi Ba", roles=["officer"], by=unit_editor).invitation, OWN)
    assert invite_missing(unit, {"Bùi Ba": ["editor", "officer"]}, report) == []
    assert not approves(puppet, unit)
    assert report.lines[-1] == "made work of Bùi Ba: editor (awaits confirmation)"
    # The same list again finds him, and invites nobody twice.
    assert invite_missing(unit, {"Bùi Ba": ["editor"]}, report) == []
    assert Membership.objects.awaiting().count() == 1


def test_other_work_begins_at_once(unit: Unit, commune: CommunePage, unit_editor: Any) -> None:
    slip = invite(unit=commune.unit, full_name="Lê An", roles=["editor", "officer"], by=unit_editor)
    user = accept(slip.invitation, OWN)
    assert works(user, commune.unit, "editor")
    both = invite(unit=unit, full_name="Lê Bình", roles=["editor", "officer"], by=unit_editor)
    user = accept(both.invitation, OWN)
    assert works(user, unit, "officer")
    assert not approves(user, unit)


def test_moving_to_another_unit_asks_there(superuser: Any, unit: Unit) -> None:
    """A unit may supervise another: its approvers keep the other's staff, and approve nothing there."""
    above, _home = open_unit(kind="tinh", name="Hà Tĩnh", phone="0239 000 0300", hostname="ha-tinh")
    unit.parent = above
    unit.save()
    by, leaving = approver("tinh", above), approver("tinh2", above)
    form = {"person": "", "moves_to": "huyện Cẩm Xuyên"}
    shown = text(logged_in(by).post(url("hand_over", leaving.memberships.get().pk), form, follow=True))
    assert "chờ quản trị viên xác nhận" in shown
    assert not works(leaving, unit, "editor")
    assert "Tài khoản này không xác nhận được" in text(confirms(by, leaving))
    confirms(superuser, leaving)
    assert works(leaving, unit, "editor")


# --- What was true once opens nothing ----------------------------------------------------------------------


def test_an_approver_who_was_ended_and_brought_back_has_no_right_left_from_before(
    unit: Unit, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    back = approver("ve", unit)
    Membership.objects.create(user=back, unit=commune.unit, role="editor")
    phone = logged_in(back)
    post = write(logged_in(editor), news_of(commune), "submit")
    assert phone.get(reverse("approval:queue")).status_code == 200
    desk = logged_in(unit_editor)
    desk.post(url("hand_over", back.memberships.get(unit=unit).pk), {"person": ""})
    desk.post(url("add", back.pk), {"place": "huyện Cẩm Xuyên", "role": "editor"})
    assert not approves(back, unit)
    for session in (phone, logged_in(back)):
        assert session.get(reverse("approval:queue")).status_code in (302, 404)
        decide(session, post)
        assert not is_live(post)


def test_who_awaits_confirmation_approves_no_alert(unit: Unit, unit_editor: Any, superuser: Any) -> None:
    second = by_invitation(unit_editor, unit)
    soon = timezone.now() + datetime.timedelta(hours=2)
    alert = Alert(unit=unit, text="Nước lên", level="warning", ends_at=soon, written_by=unit_editor)
    rules.submit(alert, unit_editor, seen=None, at_once=False)
    with pytest.raises(PermissionDenied):
        rules.decide(alert, second, approve=True)
    confirms(superuser, second)
    rules.decide(alert, second, approve=True)
    assert Alert.objects.running().exists()


def test_who_awaits_confirmation_keeps_no_staff(unit: Unit, commune: CommunePage, unit_editor: Any) -> None:
    second = by_work_added(unit_editor, unit)
    client = logged_in(second)
    assert client.post(url("invite", unit.pk), {"full_name": "Lê Ba", "roles": ["editor"]}).status_code == 404
    assert client.get(url("confirm", waiting(second).pk)).status_code == 404
    assert not Invitation.objects.exists()


# --- Passwords: whoever can set an approver's is both pairs of eyes -----------------------------------------


def test_a_slip_for_a_new_password_from_before_opens_nothing_once_approving_is_asked_for(
    unit: Unit, editor: Any, unit_editor: Any, commune: CommunePage, superuser: Any
) -> None:
    slip = reset_slip(editor, commune.unit, unit_editor)
    opened = find(slip.code)
    start_membership(editor, unit, "editor", superuser)
    with pytest.raises(Unusable):
        find(slip.code)
    with pytest.raises(Unusable):
        accept(opened, "mật khẩu của kẻ khác")
    assert not Invitation.objects.open().exists()


def test_a_slip_that_was_printed_at_the_same_moment_is_refused_when_it_is_used(
    unit: Unit, editor: Any, unit_editor: Any, commune: CommunePage, superuser: Any
) -> None:
    start_membership(editor, unit, "editor", unit_editor)
    slip = reset_slip(editor, commune.unit, unit_editor)
    opened = Invitation.objects.get()
    with pytest.raises(Unusable):
        find(slip.code)
    with pytest.raises(Unusable):
        accept(opened, "mật khẩu của kẻ khác")
    assert find(reset_slip(editor, unit, superuser).code).user == editor


def test_only_the_administrator_prints_slips_for_who_awaits_confirmation(
    unit: Unit, unit_editor: Any, second_unit_editor: Any, superuser: Any
) -> None:
    third = by_invitation(unit_editor, unit)
    for by in (unit_editor, second_unit_editor):
        assert logged_in(by).post(url("reset", third.pk)).status_code == 404
        assert "Cấp phiếu" not in text(logged_in(by).get(url("person", third.pk)))
    assert find(code_on(logged_in(superuser).post(url("reset", third.pk)))).user == third


def test_who_printed_the_slip_of_the_present_password_is_no_witness(
    unit: Unit, editor: Any, unit_editor: Any, second_unit_editor: Any, commune: CommunePage
) -> None:
    accept(reset_slip(editor, commune.unit, unit_editor).invitation, OWN)
    start_membership(editor, unit, "editor", second_unit_editor)
    assert waiting(editor).brought_in_by == sorted([unit_editor.pk, second_unit_editor.pk])


# --- The decision: once, by the right one, in words ---------------------------------------------------------


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


# --- What each reads ----------------------------------------------------------------------------------------


def test_with_no_other_work_the_log_in_says_why_and_afterwards_leads_to_work(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    client = Client()
    answer = client.post(
        "/accounts/login/?next=/admin/", {"login": second.username, "password": OWN}, follow=True
    )
    assert answer.status_code == 200
    assert "còn chờ quản trị viên xác nhận" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "không có quyền" not in text(answer)
    confirms(superuser, second)
    assert client.get(HOME).status_code == 200


def test_an_account_without_any_work_is_told_so_and_not_sent_round_for_ever(
    editor: Any, unit_editor: Any
) -> None:
    logged_in(unit_editor).post(url("hand_over", editor.memberships.get().pk), {"person": ""})
    editor.refresh_from_db()
    assert "chưa được giao việc" in text(logged_in(editor).get(HOME, follow=True))


def test_with_other_work_the_first_page_says_why(unit: Unit, commune: CommunePage, unit_editor: Any) -> None:
    second = by_work_added(unit_editor, unit)
    shown = text(logged_in(second).get(HOME))
    assert "Để được duyệt bài cho Công an huyện Cẩm Xuyên" in shown
    assert "chờ quản trị viên xác nhận" in shown
    assert logged_in(second).get(reverse("approval:queue")).status_code == 404


def test_fewer_than_two_approvers_are_told_to_the_approver_and_the_administrator(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    by_invitation(unit_editor, unit)  # who only waits is not counted
    for by in (unit_editor, superuser):
        for page in (HOME, url("unit", unit.pk)):
            shown = text(logged_in(by).get(page))
            assert "Chỉ có một người duyệt bài" in shown
            assert url("invite", unit.pk) in shown
            assert "Lê Giả Danh" in shown
            assert "chờ quản trị viên xác nhận" in shown
    unit_editor.memberships.get().delete()
    assert "Chưa có người duyệt bài" in text(logged_in(superuser).get(HOME))


@pytest.mark.parametrize(("until", "enough"), [(0, False), (1, True)])
def test_two_approvers_are_enough_and_one_who_leaves_today_is_none(
    until: int, enough: bool, unit: Unit, unit_editor: Any, second_unit_editor: Any, superuser: Any
) -> None:
    last = second_unit_editor.memberships.get()
    last.until = timezone.localdate() + datetime.timedelta(days=until)
    last.save()
    for by in (unit_editor, superuser):
        assert ("Chỉ có một người duyệt bài" not in text(logged_in(by).get(HOME))) is enough


def test_the_slip_says_what_it_does_not_give(unit: Unit, unit_editor: Any, superuser: Any) -> None:
    form = {"full_name": "Lê Hai", "roles": ["editor"], "nonce": "n"}
    assert "Phiếu chỉ mở tài khoản" in text(logged_in(unit_editor).post(url("invite", unit.pk), form))
    form["full_name"] = "Lê Ba"
    assert "Phiếu chỉ mở tài khoản" not in text(logged_in(superuser).post(url("invite", unit.pk), form))


def test_a_confirmation_that_breaks_off_leaves_him_waiting(
    unit: Unit, unit_editor: Any, superuser: Any
) -> None:
    second = by_invitation(unit_editor, unit)
    with pytest.raises(RuntimeError), transaction.atomic():
        confirm(waiting(second).pk, superuser)
        raise RuntimeError
    assert not approves(second, unit)


def test_new_slips_add_their_printers_to_those_who_brought_him_in(
    unit: Unit, unit_editor: Any, second_unit_editor: Any, superuser: Any
) -> None:
    slip = invite(unit=unit, full_name="Lê Hai", roles=["editor"], by=superuser)
    for by in (unit_editor, second_unit_editor, None):
        slip = new_slip(slip.invitation, by)
    assert slip.invitation.brought_in_by == sorted([superuser.pk, unit_editor.pk, second_unit_editor.pk])
