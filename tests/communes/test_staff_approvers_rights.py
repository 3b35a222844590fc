"""Who awaits confirmation as an approver has no right of one, nor an account that others can open."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from communes.alerts import rules
from communes.models import Alert, CommunePage, Invitation, Membership, Unit
from communes.staff.invitations import Unusable, accept, find, reset_slip
from communes.staff.memberships import start_membership
from tests.communes.approvers import (
    OWN,
    approver,
    approves,
    by_invitation,
    by_work_added,
    code_on,
    confirms,
    waiting,
)
from tests.communes.test_approval import decide, is_live, news_of, write
from tests.communes.test_staff_people import logged_in, text, url

pytestmark = pytest.mark.django_db


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
