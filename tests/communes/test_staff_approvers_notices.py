"""What is read by who awaits confirmation, by the approvers of a unit and by the administrator."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Unit
from tests.communes.approvers import (
    OWN,
    by_invitation,
    by_work_added,
    confirms,
)
from tests.communes.test_staff_people import logged_in, text, url

pytestmark = pytest.mark.django_db

HOME = "/admin/"


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
