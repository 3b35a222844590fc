"""How a box is opened: who may, with what password, and that the code is on paper first."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Membership, User
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    CLOSED,
    INBOX,
    KEYS,
    OTHER_PASSWORD,
    WAITS,
    choose,
    give_birth,
    grant,
    groups_on,
    key_page,
    log_in,
    own_digits,
    page,
    strict,
    thread_of,
    type_back,
)
from tests.tipform.residents import tells
from tipform import vault
from tipform.keys import current_key
from tipform.keys.grants import key_holders
from tipform.models import AuditEntry, OfficerKey, RecoveryKey, UnitKey

pytestmark = pytest.mark.django_db


def test_the_first_officer_opens_the_box_and_two_read_the_first_tip(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    assert not UnitKey.objects.exists()
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    first = log_in(officer)
    assert "hộp tin chưa mở" in page(first, reverse("wagtailadmin_home"))
    give_birth(first, commune.unit)
    tip = tells(commune.unit)
    assert MESSAGE in page(first, thread_of(tip))
    second = log_in(colleague)
    assert WAITS in page(second, INBOX)
    assert MESSAGE not in page(second, thread_of(tip), 403)
    digits = own_digits(second)
    assert digits not in page(first, KEYS)
    grant(first, commune.unit, colleague, digits)
    assert MESSAGE in page(second, thread_of(tip))
    assert len(key_holders(commune.unit)) == 2
    record = AuditEntry.objects.filter(unit=commune.unit, tip=None).values_list("action", flat=True)
    assert list(record) == ["key-born", "key-granted"]


def test_no_key_is_made_under_a_password_that_somebody_else_set(commune: CommunePage) -> None:
    user = User.objects.create_user("moi", password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer")
    client = log_in(user)
    assert "do người khác đặt" in page(client, INBOX, 403)
    assert not OfficerKey.objects.exists()
    assert client.post(key_page("begin", commune.unit)).status_code == 403
    choose(client, PASSWORD, OTHER_PASSWORD)
    give_birth(client, commune.unit)
    assert current_key(commune.unit)


@pytest.mark.parametrize("who", ["other_officer", "editor", "unit_editor", "superuser"])
def test_nobody_else_opens_the_box(who: str, request: pytest.FixtureRequest, commune: CommunePage) -> None:
    user = request.getfixturevalue(who)
    user.chose_own_password()
    client = log_in(user)
    for name in ("begin", "code", "confirm", "recover"):
        for method in (client.get, client.post):
            assert method(key_page(name, commune.unit)).status_code in (403, 404)
    assert not UnitKey.objects.exists()


def test_a_birth_that_was_not_finished_leaves_the_box_closed_and_is_begun_anew(
    commune: CommunePage, officer: Any
) -> None:
    first = log_in(officer)
    first.post(key_page("begin", commune.unit))
    groups = groups_on(page(first, key_page("code", commune.unit)))
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    # He closes the browser; the code is gone with the session's cookie.
    again = log_in(officer)
    assert again.get(key_page("code", commune.unit)).status_code == 302
    new = give_birth(again, commune.unit)
    assert new != groups
    assert (UnitKey.objects.count(), RecoveryKey.objects.count()) == (1, 1)
    assert CLOSED not in page(Client(), "/cam-trung/gui-tin-bao/")


def test_a_wrong_group_keeps_the_box_closed_and_the_code_to_be_seen_again(
    commune: CommunePage, officer: Any
) -> None:
    client = log_in(officer)
    client.post(key_page("begin", commune.unit))
    groups = groups_on(page(client, key_page("code", commune.unit)))
    response = type_back(client, commune.unit, ["AAAA", *groups[:-1]])
    assert "Chưa đúng nhóm này" in response.content.decode()
    assert current_key(commune.unit) is None
    assert groups_on(page(client, key_page("code", commune.unit))) == groups
    type_back(client, commune.unit, groups)
    assert client.get(key_page("code", commune.unit)).status_code == 302  # never again


@pytest.mark.parametrize("asked", ["", "1", "0,99", "1,1", "a,b", "1,2,3,4", "²,³"])
def test_fewer_groups_than_three_confirm_nothing(asked: str, commune: CommunePage, officer: Any) -> None:
    client = log_in(officer)
    client.post(key_page("begin", commune.unit))
    groups = groups_on(page(client, key_page("code", commune.unit)))
    typed = {f"group-{number}": group for number, group in enumerate(groups, start=1) if number in (1, 14)}
    assert client.post(key_page("confirm", commune.unit), {"asked": asked, **typed}).status_code == 200
    assert current_key(commune.unit) is None


def test_groups_typed_on_a_page_open_for_too_long_stay_there_and_confirm_nothing(
    commune: CommunePage, officer: Any
) -> None:
    client = log_in(officer)
    client.post(key_page("begin", commune.unit))
    groups = groups_on(page(client, key_page("code", commune.unit)))
    typed = {f"group-{number}": group for number, group in enumerate(groups, start=1)}
    answer = strict(client).post(key_page("confirm", commune.unit), {"asked": "1,2", **typed})
    assert answer.status_code == 403
    assert "Trang đã mở quá lâu" in answer.content.decode()
    assert f'value="{groups[0]}"' in answer.content.decode()
    assert current_key(commune.unit) is None
    type_back(client, commune.unit, groups)
    assert current_key(commune.unit) is not None


def test_two_officers_do_not_open_the_box_at_once(commune: CommunePage, officer: Any, colleague: Any) -> None:
    first, second = log_in(officer), log_in(colleague)
    first.post(key_page("begin", commune.unit))
    groups = groups_on(page(first, key_page("code", commune.unit)))
    assert "đang mở hộp tin" in second.post(key_page("begin", commune.unit)).content.decode()
    type_back(first, commune.unit, groups)
    assert current_key(commune.unit)


@pytest.mark.parametrize(("minutes", "free"), [(29, False), (30, True)])
def test_what_a_colleague_left_unfinished_is_begun_anew_after_half_an_hour(
    minutes: int, free: bool, commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    first.post(key_page("begin", commune.unit))
    RecoveryKey.objects.update(created=timezone.now() - timedelta(minutes=minutes))
    assert (second.post(key_page("begin", commune.unit)).status_code == 302) is free


def test_the_supervising_units_key_is_born_in_the_same_way(unit: Any) -> None:
    user = User.objects.create_user("huyen-truc", password=PASSWORD)
    Membership.objects.create(user=user, unit=unit, role="officer")
    user.chose_own_password()
    client = log_in(user)
    client.post(reverse("keys:begin", args=[unit.pk]))
    html = page(client, reverse("keys:code", args=[unit.pk]))
    assert len(groups_on(html)) == 14
    assert current_key(unit) is None


def test_nobody_waits_to_write_while_a_first_log_in_makes_its_key(
    officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, password_key = len(connection.savepoint_ids), vault.password_key
    inside = []

    def watched(*args: Any) -> bytes:
        inside.append(len(connection.savepoint_ids) - outside)
        return password_key(*args)

    monkeypatch.setattr(vault, "password_key", watched)
    log_in(officer)
    assert OfficerKey.objects.filter(user=officer).exists()
    assert inside == [0]
