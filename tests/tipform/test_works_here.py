"""One answer to "works here at this moment", whichever way work ends: rights, keys and the form go by it."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.lifecycle.closing import close_commune
from communes.lifecycle.opening import open_commune
from communes.models import CommunePage, Membership, Unit
from communes.receivers import follow_the_calendar
from communes.staff.memberships import deactivate, end_membership, start_membership
from home.clock import at
from home.jobs import registered
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    CLOSED,
    INBOX,
    give_birth,
    grant,
    log_in,
    new_officer,
    own_digits,
    page,
    read,
    sealed_to,
    thread_of,
)
from tests.tipform.residents import Resident, code_on, named, photo, tells
from tipform.box import receiving
from tipform.box.holders import can_read
from tipform.keys import current_key
from tipform.keys.grants import end_all_departed, key_holders
from tipform.models import KeyGrant, Tip, UnitKey

pytestmark = pytest.mark.django_db

FORM = "/cam-trung/gui-tin-bao/"
HOME = ZoneInfo("Asia/Ho_Chi_Minh")


def last_moment_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), HOME)


def first_moment_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), HOME)


def membership_of(user: Any) -> Membership:
    return Membership.objects.get(user=user, role="officer")


def by_hand(user: Any) -> None:
    end_membership(membership_of(user), None)


def by_closing_the_account(user: Any) -> None:
    deactivate(user, None)


def by_deleting_the_row(user: Any) -> None:
    membership_of(user).delete()


def by_a_date_that_is_today(user: Any) -> None:
    row = membership_of(user)
    row.until = timezone.localdate()
    row.save()


def by_closing_the_commune(user: Any) -> None:
    close_commune(membership_of(user).unit)


def by_handing_over(user: Any) -> None:
    """As the unit's editor does on the page of staff."""
    from communes.models import User

    boss = User.objects.create_superuser("sep", password=PASSWORD)
    client = Client()
    client.force_login(boss)
    address = reverse("staff:hand_over", args=[membership_of(user).pk])
    response = client.post(address, {"person": "new", "full_name": "Võ Thay", "nonce": "n" * 22})
    assert response.status_code == 200, response


WAYS: list[Callable[[Any], None]] = [
    by_hand,
    by_closing_the_account,
    by_deleting_the_row,
    by_a_date_that_is_today,
    by_closing_the_commune,
    by_handing_over,
]


@pytest.mark.parametrize("way", WAYS)
def test_with_the_last_reader_gone_the_form_closes_at_that_moment(
    way: Callable[[Any], None], commune: CommunePage, officer: Any, reader: Client
) -> None:
    tip = tells(commune.unit)
    resident = Resident()
    hidden = resident.open()
    assert can_read(commune.unit)
    way(officer)
    commune.unit.refresh_from_db()
    assert not can_read(commune.unit)
    response = resident.send(hidden=hidden, message="Chuyện kín")
    if commune.unit.active:
        assert response.status_code == 503
        assert "Chuyện kín" in response.content.decode()
        assert CLOSED in page(Client(), FORM)
    assert Tip.objects.count() == 1
    # He was logged in at that moment, and his key was open.
    assert MESSAGE not in reader.get(thread_of(tip)).content.decode()


@pytest.mark.parametrize("way", WAYS)
def test_his_colleague_reads_on_and_what_is_told_from_then_on_is_under_another_key(
    way: Callable[[Any], None], commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    tip, old = tells(commune.unit), current_key(commune.unit)
    way(colleague)
    commune.unit.refresh_from_db()
    if not commune.unit.active:
        return
    assert MESSAGE in read(reader, tip)
    assert MESSAGE not in second_reader.get(thread_of(tip)).content.decode()
    assert sealed_to(tells(commune.unit)) == {current_key(commune.unit)} != {old}
    assert not KeyGrant.objects.filter(officer_key__user=colleague, ended=None).exists()


def test_work_that_ends_by_its_date_ends_at_midnight_in_viet_nam(
    commune: CommunePage, officer: Any, reader: Client
) -> None:
    row = membership_of(officer)
    row.until = timezone.localdate() + datetime.timedelta(days=1)
    row.save()
    tip = tells(commune.unit)
    with at(last_moment_of(timezone.localdate())):
        assert can_read(commune.unit)
        late = log_in(officer)
        assert MESSAGE in read(late, tip)
        assert Resident().send().status_code == 200
    with at(first_moment_of(row.until)):
        assert not can_read(commune.unit)
        assert CLOSED in page(Client(), FORM)
        assert MESSAGE not in late.get(thread_of(tip)).content.decode()
        # No job has run yet, and none is needed for that.
        assert KeyGrant.objects.filter(ended=None).count() == 1
        end_all_departed()
    assert not KeyGrant.objects.filter(ended=None).exists()


def test_the_first_tip_after_his_last_day_is_not_under_a_key_that_he_holds(
    commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    row = membership_of(colleague)
    row.until = timezone.localdate() + datetime.timedelta(days=1)
    row.save()
    with at(last_moment_of(timezone.localdate())):
        before = sealed_to(tells(commune.unit))
    with at(first_moment_of(row.until)):
        after = sealed_to(tells(commune.unit))
    assert after != before
    for key in after:
        assert key is not None
        assert colleague.pk not in key.grants.values_list("officer_key__user", flat=True)


def test_work_that_begins_tomorrow_gives_nothing_today(
    commune: CommunePage, officer: Any, reader: Client, colleague: Any
) -> None:
    row = membership_of(colleague)
    row.since = timezone.localdate() + datetime.timedelta(days=1)
    row.save()
    assert log_in(colleague).get(INBOX).status_code in (302, 403)
    with at(first_moment_of(row.since)):
        follow_the_calendar()
        assert "Chưa đọc được tin" in log_in(colleague).get(INBOX).content.decode()


def test_an_editors_rights_and_session_end_at_midnight_too(commune: CommunePage, editor: Any) -> None:
    row = Membership.objects.get(user=editor)
    row.until = timezone.localdate() + datetime.timedelta(days=1)
    row.save()
    with at(last_moment_of(timezone.localdate())):
        follow_the_calendar()
        client = log_in(editor)
        assert client.get("/admin/").status_code == 200
    with at(first_moment_of(row.until)):
        follow_the_calendar()
        assert not editor.groups.exists()
        assert client.get("/admin/").status_code == 302


# --- A commune that closes, and opens again ---------------------------------------------------------------


def reopen(commune: CommunePage) -> None:
    unit = Unit.objects.get(pk=commune.unit_id)
    assert unit.parent
    open_commune(parent=unit.parent, kind=unit.kind, name=unit.name, phone=commune.duty_phone)


def test_closing_keeps_the_grants_unusable_however_long_it_lasts(
    commune: CommunePage, officer: Any, reader: Client, second_reader: Client
) -> None:
    tip = tells(commune.unit)
    close_commune(commune.unit)
    for days in (0, 1, 2, 400):
        with at(timezone.now() + datetime.timedelta(days=days)):
            end_all_departed()
        assert KeyGrant.objects.filter(ended=None).count() == 2
        assert MESSAGE not in log_in(officer).get(thread_of(tip)).content.decode()
        assert key_holders(commune.unit) == []


def test_who_is_appointed_again_when_it_opens_reads_on(
    commune: CommunePage, officer: Any, colleague: Any, reader: Client, second_reader: Client
) -> None:
    tip, key = tells(commune.unit), current_key(commune.unit)
    close_commune(commune.unit)
    reopen(commune)
    end_all_departed()
    assert CLOSED in page(Client(), FORM)
    for user in (officer, colleague):
        assert start_membership(user, Unit.objects.get(pk=commune.unit_id), "officer", None)
    for user in (officer, colleague):
        assert MESSAGE in read(log_in(user), tip)
    later = tells(commune.unit)
    assert sealed_to(later) == {key}
    assert MESSAGE in read(log_in(colleague), later)


def test_who_is_not_appointed_again_holds_no_key_of_what_is_told_afterwards(
    commune: CommunePage, officer: Any, colleague: Any, reader: Client, second_reader: Client
) -> None:
    tip = tells(commune.unit)
    close_commune(commune.unit)
    reopen(commune)
    start_membership(officer, Unit.objects.get(pk=commune.unit_id), "officer", None)
    later = tells(commune.unit)
    [key] = sealed_to(later)
    assert key is not None
    assert set(key.grants.values_list("officer_key__user", flat=True)) == {officer.pk}
    client = log_in(officer)
    assert MESSAGE in read(client, tip) and MESSAGE in read(client, later)
    assert MESSAGE not in log_in(colleague).get(thread_of(tip)).content.decode()


def test_an_account_closed_while_the_commune_is_closed_loses_its_grants(
    commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    close_commune(commune.unit)
    colleague.refresh_from_db()
    deactivate(colleague, None)
    assert not KeyGrant.objects.filter(officer_key__user=colleague, ended=None).exists()
    assert KeyGrant.objects.filter(ended=None).count() == 1


def test_who_came_back_and_leaves_by_hand_loses_his_grants_like_any_other(
    commune: CommunePage, officer: Any, colleague: Any, reader: Client, second_reader: Client
) -> None:
    close_commune(commune.unit)
    reopen(commune)
    unit = Unit.objects.get(pk=commune.unit_id)
    for user in (officer, colleague):
        start_membership(user, unit, "officer", None)
    end_membership(Membership.objects.current().get(user=colleague), None)
    assert not KeyGrant.objects.filter(officer_key__user=colleague, ended=None).exists()
    assert {grant.officer_key.user for grant in key_holders(unit)} == {officer}


def test_nor_does_his_work_of_before_the_closing_keep_them_when_he_came_back_on_a_later_day(
    commune: CommunePage, officer: Any, colleague: Any, reader: Client, second_reader: Client
) -> None:
    before = membership_of(colleague)
    before.since -= datetime.timedelta(days=1)
    before.save()
    close_commune(commune.unit)
    reopen(commune)
    unit = Unit.objects.get(pk=commune.unit_id)
    for user in (officer, colleague):
        start_membership(user, unit, "officer", None)
    now = Membership.objects.current().get(user=colleague)
    assert now != before
    end_membership(now, None)
    assert not KeyGrant.objects.filter(officer_key__user=colleague, ended=None).exists()


def test_a_tip_that_is_being_stored_while_the_last_reader_leaves_is_given_back_and_leaves_nothing(
    commune: CommunePage,
    officer: Any,
    reader: Client,
    sealed_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_tip = receiving._new_tip

    def meanwhile(*args: Any) -> Tip:
        tip = new_tip(*args)
        by_hand(officer)
        return tip

    monkeypatch.setattr(receiving, "_new_tip", meanwhile)
    response = Resident().send(attachments=[named(photo(), "a.jpg")])
    assert response.status_code == 503
    assert MESSAGE in response.content.decode()
    assert not Tip.objects.exists()
    assert not [path for path in sealed_folder.rglob("*") if path.is_file()]


def test_what_a_reporter_writes_to_a_closed_commune_comes_back_to_him_in_words(
    commune: CommunePage, officer: Any, reader: Client
) -> None:
    code = code_on(Resident().send())
    close_commune(commune.unit)
    resident = Resident()
    thread = resident.look_up(code).content.decode()
    assert MESSAGE in thread
    from tests.tipform.residents import hidden_fields

    fields = {**hidden_fields(thread), **resident.open("/tra-cuu/"), "code": code}
    fields["nonce"] = hidden_fields(thread).get("nonce", "")
    response = resident.client.post("/tra-cuu/", {**fields, "act": "write", "message": "Thêm một chuyện"})
    assert "Thêm một chuyện" in response.content.decode()
    assert not Tip.objects.get().parts.filter(label="entry").exists()


def test_the_job_that_takes_keys_back_runs_every_minute() -> None:
    assert {job.name: job.every for job in registered()}["take_keys_back"] == 60


def test_two_officers_of_two_communes_end_for_one_only(
    commune: CommunePage, other_commune: CommunePage, officer: Any, reader: Client
) -> None:
    start_membership(officer, other_commune.unit, "officer", None)
    give_birth(log_in(officer), other_commune.unit)
    end_membership(membership_in(officer, commune.unit), None)
    assert not can_read(commune.unit)
    assert can_read(other_commune.unit)
    assert UnitKey.objects.filter(unit=other_commune.unit).count() == 1


def membership_in(user: Any, unit: Unit) -> Membership:
    return Membership.objects.current().get(user=user, unit=unit)


def test_a_new_colleague_is_granted_the_key_and_the_form_is_open_again(
    commune: CommunePage, officer: Any, reader: Client, second_reader: Client, colleague: Any
) -> None:
    by_hand(officer)
    third = new_officer("truc-3", commune.unit)
    client = log_in(third)
    grant(second_reader, commune.unit, third, own_digits(client))
    by_hand(colleague)
    assert MESSAGE in read(client, tells(commune.unit))
