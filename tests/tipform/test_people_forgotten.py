"""Forgotten and reset passwords, the recovery code, and the environment lost."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    CLOSED,
    INBOX,
    KEYS,
    OTHER_PASSWORD,
    WAITS,
    choose,
    ensure_unit_key,
    give_birth,
    grant,
    groups_on,
    key_page,
    log_in,
    new_officer,
    own_digits,
    page,
    reset_by_an_administrator,
    sealed_to,
    thread_of,
    type_back,
)
from tests.tipform.residents import tells
from tipform import limits, vault
from tipform.keys import current_key
from tipform.keys.grants import key_holders
from tipform.models import AuditEntry, KeyNotice, OfficerKey, UnitKey

pytestmark = pytest.mark.django_db


def test_who_forgot_his_password_is_granted_the_key_again(
    commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    tip = tells(commune.unit)
    reset_by_an_administrator(colleague, OTHER_PASSWORD)
    assert len(key_holders(commune.unit)) == 1
    assert "chưa đủ hai người giữ chìa khóa" in page(reader, reverse("wagtailadmin_home"))
    new = log_in(colleague, OTHER_PASSWORD)
    assert "do người khác đặt" not in page(new, INBOX, 403)  # his old key is there: it asks for the password
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    assert WAITS in page(new, INBOX)
    assert MESSAGE not in page(new, thread_of(tip), 403)
    refused = grant(reader, commune.unit, colleague, "00000")
    assert "Đây không phải dãy số" in refused.content.decode()
    assert MESSAGE not in page(new, thread_of(tip), 403)
    grant(reader, commune.unit, colleague, own_digits(new))
    assert MESSAGE in page(new, thread_of(tip))
    # What was sealed to the forgotten key is gone.
    old = OfficerKey.objects.get(user=colleague, generation=1)
    assert not any(bytes(one.sealed_private_key) for one in old.grants.all())


@pytest.mark.parametrize("who", ["editor", "unit_editor", "superuser", "other_officer"])
def test_nobody_but_a_key_holder_grants(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune.unit)
    digits = own_digits(second)
    user = request.getfixturevalue(who)
    user.chose_own_password()
    assert grant(log_in(user), commune.unit, colleague, digits).status_code in (403, 404)
    # Nor does the one who waits grant it to himself.
    grant(second, commune.unit, colleague, digits)
    assert len(key_holders(commune.unit)) == 1


def test_an_administrators_reset_gives_him_the_account_and_no_tip(
    commune: CommunePage, officer: Any, superuser: Any
) -> None:
    give_birth(log_in(officer), commune.unit)
    tip = tells(commune.unit)
    reset_by_an_administrator(officer, OTHER_PASSWORD)
    thief = log_in(officer, OTHER_PASSWORD)
    for address in (INBOX, thread_of(tip)):
        assert MESSAGE not in page(thief, address, 403)
    choose(thief, OTHER_PASSWORD, PASSWORD + "!")
    assert WAITS in page(thief, INBOX)
    assert MESSAGE not in page(thief, thread_of(tip), 403)
    assert log_in(superuser).get(thread_of(tip)).status_code in (302, 404)


def test_with_nobody_left_the_recovery_code_opens_is_told_and_replaced(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    groups = give_birth(first, commune.unit)
    grant(first, commune.unit, colleague, own_digits(second))
    tip = tells(commune.unit)
    for user in (officer, colleague):
        reset_by_an_administrator(user, OTHER_PASSWORD)
    new = log_in(officer, OTHER_PASSWORD)
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    assert "Không còn ai giữ chìa khóa" in page(new, INBOX)
    wrong = new.post(key_page("recover", commune.unit), {"code": " ".join(["AAAA", *groups[1:]])})
    assert "sai một ký tự" in wrong.content.decode()
    assert new.post(key_page("recover", commune.unit), {"code": "-".join(groups).lower()}).status_code == 302
    assert MESSAGE in page(new, thread_of(tip))
    # Until the new code is on paper, the old one stands, and he is reminded.
    assert "Mã khôi phục đã dùng, phải thay" in page(new, KEYS)
    replaced = groups_on(page(new, key_page("code", commune.unit)))
    type_back(new, commune.unit, replaced)
    assert replaced != groups
    assert "Mã khôi phục đã dùng, phải thay" not in page(new, KEYS)
    spent = new.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    assert "không mở được gì" in spent.content.decode()
    # His colleague is told until he says that he has read it.
    other = log_in(colleague, OTHER_PASSWORD)
    choose(other, OTHER_PASSWORD, PASSWORD + "!")
    html = page(other, INBOX)
    assert "Mã khôi phục đã được dùng" in html
    notice = re.search(r'name="notice" value="(\d+)"', html)
    assert notice
    other.post(KEYS, {"notice": notice[1]})
    assert "Mã khôi phục đã được dùng" not in page(other, INBOX)
    actions = AuditEntry.objects.filter(unit=commune.unit, tip=None).values_list("action", flat=True)
    assert "key-recovered" in actions
    assert "recovery-replaced" in actions
    # The new code works as the old one did, also for what came before it.
    assert MESSAGE in page(new, thread_of(tip))
    reset_by_an_administrator(officer, OTHER_PASSWORD)
    third = log_in(officer, OTHER_PASSWORD)
    choose(third, OTHER_PASSWORD, PASSWORD + "?")
    third.post(key_page("recover", commune.unit), {"code": " ".join(replaced)})
    assert MESSAGE in page(third, thread_of(tip))


def test_codes_are_not_tried_without_end(
    commune: CommunePage, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECOVERIES_HARD", "2/h")
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    recover = key_page("recover", commune.unit)
    for _attempt in range(2):
        wrong = " ".join(vault.RecoveryCode.generate().groups)
        assert "không mở được gì" in client.post(recover, {"code": wrong}).content.decode()
    response = client.post(recover, {"code": " ".join(groups)})
    assert "Thử quá nhiều lần" in response.content.decode()
    assert not AuditEntry.objects.filter(action="key-recovered").exists()


def test_what_one_officer_has_read_the_others_are_still_told(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    reader = log_in(officer)
    for user in (officer, colleague):
        KeyNotice.objects.create(user=user, unit=commune.unit, what=KeyNotice.What.RECOVERED, actor=officer)
    numbers = [notice.pk for notice in KeyNotice.objects.all()]
    reader.post(KEYS, {"notice": numbers})
    assert [notice.user_id for notice in KeyNotice.objects.all()] == [colleague.pk]


def test_another_communes_code_opens_nothing(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    neighbour = new_officer("lang-gieng", other_commune.unit)
    foreign = give_birth(log_in(neighbour), other_commune.unit)
    client = log_in(officer)
    give_birth(client, commune.unit)
    response = client.post(key_page("recover", commune.unit), {"code": " ".join(foreign)})
    assert "không mở được gì" in response.content.decode()


def test_with_the_code_lost_too_the_box_is_opened_anew_and_the_old_tips_stay_shut(
    commune: CommunePage, officer: Any
) -> None:
    give_birth(log_in(officer), commune.unit)
    tip = tells(commune.unit)
    reset_by_an_administrator(officer, OTHER_PASSWORD)
    client = log_in(officer, OTHER_PASSWORD)
    choose(client, OTHER_PASSWORD, PASSWORD + "!")
    assert client.post(key_page("begin", commune.unit)).status_code == 200  # not without saying so
    client.post(key_page("begin", commune.unit), {"anew": "1"})
    type_back(client, commune.unit, groups_on(page(client, key_page("code", commune.unit))))
    assert MESSAGE not in page(client, thread_of(tip))
    assert MESSAGE in page(client, thread_of(tells(commune.unit)))


def test_who_holds_no_key_does_not_open_the_box_anew_over_a_colleagues_head(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    give_birth(log_in(officer), commune.unit)
    key = current_key(commune.unit)
    log_in(colleague).post(key_page("begin", commune.unit), {"anew": "1"})
    assert UnitKey.objects.get() == key


# --- The environment --------------------------------------------------------------------------------------


def test_with_the_environment_lost_the_commune_opens_again_with_its_recovery_code(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    tip = tells(commune.unit)
    reader.post(key_page("begin", commune.unit))
    groups = groups_on(page(reader, key_page("code", commune.unit)))
    type_back(reader, commune.unit, groups)
    settings.TIP_KEYRING = "new:" + "7b" * 32
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    client = log_in(officer)
    names = ["--unit", str(commune.unit.uuid), "--person", officer.username]
    call_command("sign_records", *names, "--execute")
    assert "cần dùng mã khôi phục" in page(client, reverse("wagtailadmin_home"))
    assert client.post(key_page("recover", commune.unit), {"code": " ".join(groups)}).status_code == 302
    assert MESSAGE in page(client, thread_of(tip))
    # What the new keyring did not make is not sealed to again.
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    type_back(client, commune.unit, groups_on(page(client, key_page("code", commune.unit))))
    assert MESSAGE in page(client, thread_of(tells(commune.unit)))
    page(client, INBOX)
    assert sealed_to(tip) == {current_key(commune.unit)}


def test_with_the_wrong_environment_for_a_while_nothing_is_lost(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    tip = tells(commune.unit)
    right = settings.TIP_KEYRING
    settings.TIP_KEYRING = "new:" + "7b" * 32
    assert MESSAGE not in page(log_in(officer), thread_of(tip), 403)
    settings.TIP_KEYRING = right
    assert MESSAGE in page(log_in(officer), thread_of(tip))


def test_the_helper_of_other_tests_opens_boxes_as_a_birth_does(commune: CommunePage) -> None:
    assert ensure_unit_key(commune.unit) == ensure_unit_key(commune.unit) == current_key(commune.unit)
