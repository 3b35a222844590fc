"""What happens to officers and their keys: they begin, forget, are reset, leave, and share a computer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage, Membership, User
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import NONCE, ensure_unit_key, log_in, thread_of
from tests.tipform.residents import Resident
from tipform import vault
from tipform.keys import current_key
from tipform.keys.grants import end_all_departed, holders
from tipform.models import AuditEntry, KeyGrant, OfficerKey, PartKey, RecoveryKey, Tip, UnitKey

pytestmark = pytest.mark.django_db

Send = Callable[..., Tip]
INBOX, KEYS = "/admin/tips/", "/admin/keys/"
OTHER_PASSWORD = "một mật khẩu khác hẳn"
CLOSED = "Hộp tin chưa mở"
WAITS = "Chưa đọc được tin: chờ đồng nghiệp cấp lại chìa khóa."
ASKS = "Mở chìa khóa"


@pytest.fixture
def officer(commune: CommunePage) -> Any:
    return _officer("truc", commune)


@pytest.fixture
def colleague(commune: CommunePage) -> Any:
    return _officer("truc-2", commune)


def _officer(username: str, commune: CommunePage) -> Any:
    """An officer who has chosen his password himself, as from a printed slip."""
    user = User.objects.create_user(username, password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer")
    user.chose_own_password()
    return user


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response
    return response.content.decode()


def url(name: str, commune: CommunePage, *args: Any) -> str:
    return reverse(f"keys:{name}", args=[commune.unit.pk, *args])


def groups_on(html: str) -> list[str]:
    return re.findall(r'keys-code__group">([A-Z2-7]{4})<', html)


def type_back(client: Client, commune: CommunePage, groups: list[str]) -> Any:
    """Type the groups that the page asks for."""
    html = page(client, url("confirm", commune))
    asked = re.search(r'name="asked" value="([\d,]+)"', html)
    assert asked
    numbers = [*map(int, asked[1].split(",")), len(groups)]
    typed = {f"group-{number}": groups[number - 1].lower() for number in numbers}
    return client.post(url("confirm", commune), {"asked": asked[1], **typed})


def give_birth(client: Client, commune: CommunePage) -> list[str]:
    """Open the box as its first officer does; the groups of the recovery code."""
    assert client.post(url("begin", commune)).status_code == 302
    groups = groups_on(page(client, url("code", commune)))
    assert len(groups) == 14
    assert type_back(client, commune, groups).status_code == 302
    return groups


def own_digits(client: Client) -> str:
    found = re.findall(r'class="keys-fingerprint">([\d ]{23})<', page(client, KEYS))
    return found[-1].split()[-1]


def grant(client: Client, commune: CommunePage, to: Any, digits: str) -> Any:
    key = OfficerKey.objects.filter(user=to).latest("generation")
    return client.post(url("grant", commune, key.pk), {"digits": digits})


def reset_by_an_administrator(user: Any, password: str = OTHER_PASSWORD) -> None:
    user.refresh_from_db()
    user.set_password(password)
    user.save()


def choose(client: Client, old: str, new: str) -> None:
    data = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302


def tells(commune: CommunePage) -> Tip:
    """A resident reports through the form."""
    response = Resident().send()
    assert response.status_code == 200, response
    return Tip.objects.filter(unit=commune.unit).latest("pk")


# --- Birth ------------------------------------------------------------------------------------------------


def test_the_first_officer_opens_the_box_and_two_read_the_first_tip(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    assert not UnitKey.objects.exists()
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    first = log_in(officer)
    assert "hộp tin chưa mở" in page(first, reverse("wagtailadmin_home"))
    give_birth(first, commune)
    tip = tells(commune)
    assert MESSAGE in page(first, thread_of(tip))
    second = log_in(colleague)
    assert WAITS in page(second, INBOX)
    assert MESSAGE not in page(second, thread_of(tip), 403)
    digits = own_digits(second)
    assert digits not in page(first, KEYS)
    grant(first, commune, colleague, digits)
    assert MESSAGE in page(second, thread_of(tip))
    assert holders(commune.unit).count() == 2
    record = AuditEntry.objects.filter(unit=commune.unit, tip=None).values_list("action", flat=True)
    assert list(record) == ["key-born", "key-granted"]


def test_no_key_is_made_under_a_password_that_somebody_else_set(commune: CommunePage) -> None:
    user = User.objects.create_user("moi", password=PASSWORD)
    Membership.objects.create(user=user, unit=commune.unit, role="officer")
    client = log_in(user)
    assert "do người khác đặt" in page(client, INBOX, 403)
    assert not OfficerKey.objects.exists()
    assert client.post(url("begin", commune)).status_code == 403
    choose(client, PASSWORD, OTHER_PASSWORD)
    give_birth(client, commune)
    assert current_key(commune.unit)


@pytest.mark.parametrize("who", ["other_officer", "editor", "unit_editor", "superuser"])
def test_nobody_else_opens_the_box(who: str, request: pytest.FixtureRequest, commune: CommunePage) -> None:
    user = request.getfixturevalue(who)
    user.chose_own_password()
    client = log_in(user)
    for name in ("begin", "code", "confirm", "recover"):
        for method in (client.get, client.post):
            assert method(url(name, commune)).status_code in (403, 404)
    assert not UnitKey.objects.exists()


def test_a_birth_that_was_not_finished_leaves_the_box_closed_and_is_begun_anew(
    commune: CommunePage, officer: Any
) -> None:
    first = log_in(officer)
    first.post(url("begin", commune))
    groups = groups_on(page(first, url("code", commune)))
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    # He closes the browser; the code is gone with the session's cookie.
    again = log_in(officer)
    assert again.get(url("code", commune)).status_code == 302
    new = give_birth(again, commune)
    assert new != groups
    assert (UnitKey.objects.count(), RecoveryKey.objects.count()) == (1, 1)
    assert CLOSED not in page(Client(), "/cam-trung/gui-tin-bao/")


def test_a_wrong_group_keeps_the_box_closed_and_the_code_to_be_seen_again(
    commune: CommunePage, officer: Any
) -> None:
    client = log_in(officer)
    client.post(url("begin", commune))
    groups = groups_on(page(client, url("code", commune)))
    response = type_back(client, commune, ["AAAA", *groups[:-1]])
    assert "Chưa đúng nhóm này" in response.content.decode()
    assert current_key(commune.unit) is None
    assert groups_on(page(client, url("code", commune))) == groups
    type_back(client, commune, groups)
    assert client.get(url("code", commune)).status_code == 302  # never again


@pytest.mark.parametrize("asked", ["", "1", "0,99", "1,1", "a,b", "1,2,3,4", "²,³"])
def test_fewer_groups_than_three_confirm_nothing(asked: str, commune: CommunePage, officer: Any) -> None:
    client = log_in(officer)
    client.post(url("begin", commune))
    groups = groups_on(page(client, url("code", commune)))
    typed = {f"group-{number}": group for number, group in enumerate(groups, start=1) if number in (1, 14)}
    assert client.post(url("confirm", commune), {"asked": asked, **typed}).status_code == 200
    assert current_key(commune.unit) is None


def test_two_officers_do_not_open_the_box_at_once(commune: CommunePage, officer: Any, colleague: Any) -> None:
    first, second = log_in(officer), log_in(colleague)
    first.post(url("begin", commune))
    groups = groups_on(page(first, url("code", commune)))
    assert "đang mở hộp tin" in second.post(url("begin", commune)).content.decode()
    type_back(first, commune, groups)
    assert current_key(commune.unit)


def test_the_supervising_units_key_is_born_in_the_same_way(unit: Any) -> None:
    user = User.objects.create_user("huyen-truc", password=PASSWORD)
    Membership.objects.create(user=user, unit=unit, role="officer")
    user.chose_own_password()
    client = log_in(user)
    client.post(reverse("keys:begin", args=[unit.pk]))
    html = page(client, reverse("keys:code", args=[unit.pk]))
    assert len(groups_on(html)) == 14
    assert current_key(unit) is None


# --- Forgotten --------------------------------------------------------------------------------------------


def test_who_forgot_his_password_is_granted_the_key_again(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune)
    grant(first, commune, colleague, own_digits(second))
    tip = tells(commune)
    reset_by_an_administrator(colleague)
    assert holders(commune.unit).count() == 1
    assert "chưa đủ hai người giữ chìa khóa" in page(first, reverse("wagtailadmin_home"))
    new = log_in(colleague, OTHER_PASSWORD)
    assert "do người khác đặt" not in page(new, INBOX, 403)  # his old key is there: it asks for the password
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    assert WAITS in page(new, INBOX)
    assert MESSAGE not in page(new, thread_of(tip), 403)
    refused = grant(first, commune, colleague, "00000")
    assert "Đây không phải dãy số" in refused.content.decode()
    assert MESSAGE not in page(new, thread_of(tip), 403)
    grant(first, commune, colleague, own_digits(new))
    assert MESSAGE in page(new, thread_of(tip))
    # What was sealed to the forgotten key is gone.
    old = OfficerKey.objects.get(user=colleague, generation=1)
    assert not any(bytes(one.sealed_private_key) for one in old.grants.all())


@pytest.mark.parametrize("who", ["editor", "unit_editor", "superuser", "other_officer"])
def test_nobody_but_a_key_holder_grants(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune)
    digits = own_digits(second)
    user = request.getfixturevalue(who)
    user.chose_own_password()
    assert grant(log_in(user), commune, colleague, digits).status_code in (403, 404)
    # Nor does the one who waits grant it to himself.
    grant(second, commune, colleague, digits)
    assert holders(commune.unit).count() == 1


def test_an_administrators_reset_gives_him_the_account_and_no_tip(
    commune: CommunePage, officer: Any, superuser: Any
) -> None:
    give_birth(log_in(officer), commune)
    tip = tells(commune)
    reset_by_an_administrator(officer)
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
    groups = give_birth(first, commune)
    grant(first, commune, colleague, own_digits(second))
    tip = tells(commune)
    for user in (officer, colleague):
        reset_by_an_administrator(user)
    new = log_in(officer, OTHER_PASSWORD)
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    assert "Không còn ai giữ chìa khóa" in page(new, INBOX)
    wrong = new.post(url("recover", commune), {"code": " ".join(["AAAA", *groups[1:]])})
    assert "sai một ký tự" in wrong.content.decode()
    assert new.post(url("recover", commune), {"code": "-".join(groups).lower()}).status_code == 302
    assert MESSAGE in page(new, thread_of(tip))
    # Until the new code is on paper, the old one stands, and he is reminded.
    assert "Mã khôi phục đã dùng, phải thay" in page(new, KEYS)
    replaced = groups_on(page(new, url("code", commune)))
    type_back(new, commune, replaced)
    assert replaced != groups
    assert "Mã khôi phục đã dùng, phải thay" not in page(new, KEYS)
    spent = new.post(url("recover", commune), {"code": " ".join(groups)})
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
    reset_by_an_administrator(officer)
    third = log_in(officer, OTHER_PASSWORD)
    choose(third, OTHER_PASSWORD, PASSWORD + "?")
    third.post(url("recover", commune), {"code": " ".join(replaced)})
    assert MESSAGE in page(third, thread_of(tip))


def test_another_communes_code_opens_nothing(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    neighbour = _officer("lang-gieng", other_commune)
    foreign = give_birth(log_in(neighbour), other_commune)
    client = log_in(officer)
    give_birth(client, commune)
    response = client.post(url("recover", commune), {"code": " ".join(foreign)})
    assert "không mở được gì" in response.content.decode()


def test_with_the_code_lost_too_the_box_is_opened_anew_and_the_old_tips_stay_shut(
    commune: CommunePage, officer: Any
) -> None:
    give_birth(log_in(officer), commune)
    tip = tells(commune)
    reset_by_an_administrator(officer)
    client = log_in(officer, OTHER_PASSWORD)
    choose(client, OTHER_PASSWORD, PASSWORD + "!")
    assert client.post(url("begin", commune)).status_code == 200  # not without saying so
    client.post(url("begin", commune), {"anew": "1"})
    type_back(client, commune, groups_on(page(client, url("code", commune))))
    assert MESSAGE not in page(client, thread_of(tip))
    assert MESSAGE in page(client, thread_of(tells(commune)))


def test_who_holds_no_key_does_not_open_the_box_anew_over_a_colleagues_head(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    give_birth(log_in(officer), commune)
    key = current_key(commune.unit)
    log_in(colleague).post(url("begin", commune), {"anew": "1"})
    assert UnitKey.objects.get() == key


# --- Somebody leaves --------------------------------------------------------------------------------------


def test_after_an_officer_left_new_and_open_tips_are_under_a_key_he_never_had(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune)
    grant(first, commune, colleague, own_digits(second))
    open_tip, closed_tip = tells(commune), tells(commune)
    Tip.objects.filter(pk=closed_tip.pk).update(status="closed")
    old = current_key(commune.unit)
    Membership.objects.get(user=colleague).delete()
    new = current_key(commune.unit)
    assert new is not None
    assert new != old
    assert second.get(thread_of(open_tip)).status_code in (302, 404)
    gone = KeyGrant.objects.filter(officer_key__user=colleague)
    assert gone.exists()
    assert all(one.ended and not bytes(one.sealed_private_key) for one in gone)
    page(first, INBOX)
    assert set(_rows(open_tip)) == {new.pk}
    assert set(_rows(closed_tip)) == {old.pk}
    for tip in (open_tip, closed_tip, tells(commune)):
        assert MESSAGE in page(first, thread_of(tip))
    page(first, INBOX)
    new.refresh_from_db()
    assert new.settled


def _rows(tip: Tip) -> list[int]:
    rows = PartKey.objects.filter(part__tip=tip, unit_key__isnull=False)
    return list(rows.values_list("unit_key", flat=True))


@pytest.mark.parametrize("how", ["until", "inactive", "by the clock"])
def test_every_way_of_leaving_ends_the_grants(
    how: str, commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune)
    grant(first, commune, colleague, own_digits(second))
    membership = Membership.objects.get(user=colleague)
    if how == "until":
        membership.until = "2020-01-01"
        membership.save()
    elif how == "inactive":
        colleague.refresh_from_db()
        colleague.is_active = False
        colleague.save()
    else:
        Membership.objects.filter(pk=membership.pk).update(until="2020-01-01")
        end_all_departed()
    assert not KeyGrant.objects.filter(officer_key__user=colleague, ended=None).exists()
    assert UnitKey.objects.filter(unit=commune.unit).count() == 2


def test_a_commune_out_of_service_keeps_its_keys(commune: CommunePage, officer: Any) -> None:
    give_birth(log_in(officer), commune)
    commune.unit.active = False
    commune.unit.save()
    end_all_departed()
    assert KeyGrant.objects.filter(ended=None).count() == 1


def test_the_recovery_code_opens_the_generation_made_after_somebody_left(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    groups = give_birth(first, commune)
    grant(first, commune, colleague, own_digits(second))
    Membership.objects.get(user=colleague).delete()
    tip = tells(commune)
    reset_by_an_administrator(officer)
    new = log_in(officer, OTHER_PASSWORD)
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    new.post(url("recover", commune), {"code": " ".join(groups)})
    assert MESSAGE in page(new, thread_of(tip))


# --- The session ------------------------------------------------------------------------------------------


@pytest.fixture
def reader(commune: CommunePage, officer: Any) -> Client:
    client = log_in(officer)
    give_birth(client, commune)
    return client


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    from tipform.keys import session

    now = session.time.time()
    monkeypatch.setattr(session.time, "time", lambda: now + seconds)


def test_a_second_tab_reads_with_the_same_key(commune: CommunePage, reader: Client) -> None:
    tip = tells(commune)
    tab = Client()
    tab.cookies = reader.cookies
    assert MESSAGE in page(tab, thread_of(tip))
    assert MESSAGE in page(reader, thread_of(tip))


def test_two_devices_read_each_with_its_own(commune: CommunePage, officer: Any, reader: Client) -> None:
    tip = tells(commune)
    phone = log_in(officer)
    assert MESSAGE in page(phone, thread_of(tip))
    assert MESSAGE in page(reader, thread_of(tip))
    assert phone.cookies["tipkey"].value != reader.cookies["tipkey"].value


def test_after_half_an_hour_the_inbox_and_only_the_inbox_asks_for_the_password(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune)
    later(monkeypatch, 31 * 60)
    assert ASKS in page(reader, thread_of(tip), 403)
    assert ASKS not in page(reader, reverse("wagtailadmin_home"))
    wrong = reader.post(thread_of(tip), {"unlock-first": "get", "unlock-password": "sai"})
    assert "không phải mật khẩu" in wrong.content.decode()
    right = reader.post(thread_of(tip) + "?x=1", {"unlock-first": "get", "unlock-password": PASSWORD})
    assert right.headers["Location"] == thread_of(tip) + "?x=1"
    assert MESSAGE in page(reader, thread_of(tip))


def test_work_keeps_the_key_open_but_not_beyond_ten_hours(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune)
    for _half_hour in range(20):
        later(monkeypatch, 29 * 60)
        assert MESSAGE in page(reader, thread_of(tip))
    later(monkeypatch, 29 * 60)
    assert MESSAGE not in page(reader, thread_of(tip), 403)


def test_an_answer_half_written_is_kept_and_sent_once_the_password_is_given(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune)
    later(monkeypatch, 31 * 60)
    answer = "\nCảm ơn ông/bà.\r\n</textarea> Tàu số mấy?"
    asked = reader.post(thread_of(tip), {"act": "reply", "text": answer, "nonce": NONCE})
    assert asked.status_code == 403
    html = asked.content.decode()
    assert "Cảm ơn ông/bà." in html
    assert "&lt;/textarea&gt; Tàu số mấy?" in html
    assert not tip.parts.filter(label="entry").exists()
    kept = {"act": "reply", "text": answer, "nonce": NONCE, "unlock-first": "post"}
    again = reader.post(thread_of(tip), {**kept, "unlock-password": "sai"})
    assert "Cảm ơn ông/bà." in again.content.decode()
    sent = reader.post(thread_of(tip), {**kept, "unlock-password": PASSWORD})
    assert sent.status_code == 302
    assert "Tàu số mấy?" in page(reader, thread_of(tip))


def test_guessing_the_password_in_place_is_limited(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 31 * 60)
    for _attempt in range(12):
        reader.post(INBOX, {"unlock-first": "get", "unlock-password": "sai"})
    reader.post(INBOX, {"unlock-first": "get", "unlock-password": PASSWORD})
    assert ASKS in page(reader, INBOX, 403)


def test_the_cookie_or_the_session_alone_opens_nothing(
    commune: CommunePage, officer: Any, reader: Client
) -> None:
    tip = tells(commune)
    secret = reader.cookies["tipkey"].value
    assert secret not in Session.objects.get(pk=reader.session.session_key).get_decoded().values()
    without = Client()
    without.cookies["sessionid"] = reader.cookies["sessionid"].value
    assert MESSAGE not in page(without, thread_of(tip), 403)
    other = Client()
    other.force_login(officer)
    other.cookies["tipkey"] = secret
    assert MESSAGE not in page(other, thread_of(tip), 403)
    for nonsense in ("", "x", "ÿ", secret[:-4], "A" * 44):
        without.cookies["tipkey"] = nonsense
        assert MESSAGE not in page(without, thread_of(tip), 403)


def test_logging_out_ends_the_key(commune: CommunePage, reader: Client) -> None:
    session, secret = reader.cookies["sessionid"].value, reader.cookies["tipkey"].value
    response = reader.post(reverse("account_logout"))
    assert response.cookies["tipkey"].value == ""
    back = Client()
    back.cookies["sessionid"], back.cookies["tipkey"] = session, secret
    assert back.get(INBOX).status_code == 302
    assert not Session.objects.filter(pk=session).exists()


def test_a_password_changed_in_one_browser_ends_the_other_and_loses_nothing(
    commune: CommunePage, officer: Any, reader: Client
) -> None:
    tip = tells(commune)
    other = log_in(officer)
    choose(reader, PASSWORD, OTHER_PASSWORD)
    assert MESSAGE in page(reader, thread_of(tip))
    assert other.get(thread_of(tip)).status_code == 302
    assert MESSAGE in page(log_in(officer, OTHER_PASSWORD), thread_of(tip))
    assert OfficerKey.objects.count() == 1


def test_a_password_changed_while_the_key_is_put_away_loses_nothing(
    commune: CommunePage, officer: Any, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune)
    later(monkeypatch, 31 * 60)
    choose(reader, PASSWORD, OTHER_PASSWORD)
    assert MESSAGE in page(reader, thread_of(tip))
    assert MESSAGE in page(log_in(officer, OTHER_PASSWORD), thread_of(tip))


def test_with_a_second_factor_the_key_is_of_no_use_before_it_is_given(
    commune: CommunePage, officer: Any, reader: Client
) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(officer, generate_totp_secret())
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    tip = tells(commune)
    client = log_in(officer)
    assert client.cookies["tipkey"].value
    assert client.get(thread_of(tip)).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert MESSAGE in page(client, thread_of(tip))


def test_nobody_waits_to_write_while_a_first_log_in_makes_its_key(
    commune: CommunePage, officer: Any, monkeypatch: pytest.MonkeyPatch
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


def test_the_keys_cost_is_raised_at_the_next_log_in(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    before = OfficerKey.objects.get()
    settings.OFFICER_KEY_COST = (2, 16 * 1024)
    tip = tells(commune)
    assert MESSAGE in page(log_in(officer), thread_of(tip))
    after = OfficerKey.objects.get()
    assert (after.passes, after.memory) == (2, 16 * 1024)
    assert bytes(after.public_key) == bytes(before.public_key)
    assert bytes(after.salt) != bytes(before.salt)


def test_the_cookie_is_for_the_server_alone(commune: CommunePage, reader: Client, settings: Any) -> None:
    cookie = reader.cookies["tipkey"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["max-age"]
    settings.SESSION_COOKIE_SECURE, settings.TIP_KEY_COOKIE = True, "__Host-tipkey"
    client = Client()
    client.post(reverse("account_login"), {"login": "truc", "password": PASSWORD}, secure=True)
    assert client.cookies["__Host-tipkey"]["secure"]


# --- The environment --------------------------------------------------------------------------------------


def test_with_the_environment_lost_the_commune_opens_again_with_its_recovery_code(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    tip = tells(commune)
    reader.post(url("begin", commune))
    groups = groups_on(page(reader, url("code", commune)))
    type_back(reader, commune, groups)
    settings.TIP_KEYRING = "new:" + "7b" * 32
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    client = log_in(officer)
    assert "cần dùng mã khôi phục" in page(client, reverse("wagtailadmin_home"))
    assert client.post(url("recover", commune), {"code": " ".join(groups)}).status_code == 302
    assert MESSAGE in page(client, thread_of(tip))
    # What the new keyring did not make is not sealed to again.
    assert CLOSED in page(Client(), "/cam-trung/gui-tin-bao/")
    type_back(client, commune, groups_on(page(client, url("code", commune))))
    assert MESSAGE in page(client, thread_of(tells(commune)))
    page(client, INBOX)
    assert set(_rows(tip)) == {current_key(commune.unit).pk}  # type: ignore[union-attr]


def test_with_the_wrong_environment_for_a_while_nothing_is_lost(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    tip = tells(commune)
    right = settings.TIP_KEYRING
    settings.TIP_KEYRING = "new:" + "7b" * 32
    assert MESSAGE not in page(log_in(officer), thread_of(tip), 403)
    settings.TIP_KEYRING = right
    assert MESSAGE in page(log_in(officer), thread_of(tip))


def test_the_helper_of_other_tests_opens_boxes_as_a_birth_does(commune: CommunePage) -> None:
    assert ensure_unit_key(commune.unit) == ensure_unit_key(commune.unit) == current_key(commune.unit)
