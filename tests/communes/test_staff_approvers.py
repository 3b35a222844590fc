"""Nobody becomes his own second approver: who brought an approver in does not let him begin.

The attacker is an approver who invites a second one under another name and uses the slip himself.
"""

from typing import Any

import pytest

from communes.lifecycle.opening import Report, open_unit
from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.staff.invitations import accept, invite, invite_missing, new_slip
from communes.staff.memberships import start_membership
from tests.communes.approvers import (
    OWN,
    WAYS,
    Way,
    approver,
    approves,
    by_invitation,
    by_work_added,
    confirms,
    waiting,
)
from tests.communes.test_approval import decide, is_live, news_of, write
from tests.communes.test_staff_people import logged_in, text, url, works

pytestmark = pytest.mark.django_db


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


def test_new_slips_add_their_printers_to_those_who_brought_him_in(
    unit: Unit, unit_editor: Any, second_unit_editor: Any, superuser: Any
) -> None:
    slip = invite(unit=unit, full_name="Lê Hai", roles=["editor"], by=superuser)
    for by in (unit_editor, second_unit_editor, None):
        slip = new_slip(slip.invitation, by)
    assert slip.invitation.brought_in_by == sorted([superuser.pk, unit_editor.pk, second_unit_editor.pk])
