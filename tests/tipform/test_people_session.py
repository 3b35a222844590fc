"""Tabs, devices, time and passwords: how long an officer's opened key serves, and whom."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    INBOX,
    NONCE,
    OTHER_PASSWORD,
    choose,
    key_page,
    log_in,
    page,
    strict,
    thread_of,
)
from tests.tipform.residents import tells
from tipform.models import OfficerKey

pytestmark = pytest.mark.django_db

ASKS = "Mở chìa khóa"


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    from tipform.keys import session

    now = session.time.time()
    monkeypatch.setattr(session.time, "time", lambda: now + seconds)


def test_a_second_tab_reads_with_the_same_key(commune: CommunePage, reader: Client) -> None:
    tip = tells(commune.unit)
    tab = Client()
    tab.cookies = reader.cookies
    assert MESSAGE in page(tab, thread_of(tip))
    assert MESSAGE in page(reader, thread_of(tip))


def test_the_password_given_in_one_tab_serves_the_other_too(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
    tab = Client()
    tab.cookies = reader.cookies
    later(monkeypatch, 31 * 60)
    for one in (reader, tab):
        assert ASKS in page(one, thread_of(tip), 403)
    reader.post(thread_of(tip), {"unlock-first": "get", "unlock-password": PASSWORD})
    for one in (reader, tab):
        assert MESSAGE in page(one, thread_of(tip))


def test_after_logging_out_in_one_tab_the_other_reads_and_sends_nothing(
    commune: CommunePage, reader: Client
) -> None:
    tip = tells(commune.unit)
    tab = Client()
    tab.cookies = SimpleCookie(reader.cookies.output(header="", sep=";"))
    assert MESSAGE in page(tab, thread_of(tip))
    reader.post(reverse("account_logout"))
    assert tab.get(thread_of(tip)).status_code == 302
    answer = tab.post(thread_of(tip), {"act": "reply", "text": "Viết dở", "nonce": NONCE})
    assert (answer.status_code, MESSAGE in answer.content.decode()) == (401, False)
    assert not tip.parts.filter(label="entry").exists()


def test_two_devices_read_each_with_its_own(commune: CommunePage, officer: Any, reader: Client) -> None:
    tip = tells(commune.unit)
    phone = log_in(officer)
    assert MESSAGE in page(phone, thread_of(tip))
    assert MESSAGE in page(reader, thread_of(tip))
    assert phone.cookies["tipkey"].value != reader.cookies["tipkey"].value


@pytest.mark.parametrize("name", ["begin", "code", "confirm", "recover"])
def test_each_page_of_a_units_key_asks_for_the_password_first(
    name: str, commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(monkeypatch, 31 * 60)
    assert ASKS in page(reader, key_page(name, commune.unit), 403)


def test_after_half_an_hour_the_inbox_and_only_the_inbox_asks_for_the_password(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
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
    tip = tells(commune.unit)
    for _half_hour in range(20):
        later(monkeypatch, 29 * 60)
        assert MESSAGE in page(reader, thread_of(tip))
    later(monkeypatch, 29 * 60)
    assert MESSAGE not in page(reader, thread_of(tip), 403)


@pytest.mark.parametrize("seconds", [-3600, 11 * 3600])
def test_a_clock_that_was_set_and_a_session_that_is_over_end_the_key(
    seconds: int, commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
    later(monkeypatch, seconds)
    assert MESSAGE not in page(reader, thread_of(tip), 403)
    assert reader.cookies["tipkey"].value == ""


def test_a_clock_that_was_set_back_while_he_worked_ends_the_key(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
    later(monkeypatch, 20 * 60)
    assert MESSAGE in page(reader, thread_of(tip))
    later(monkeypatch, -10 * 60)  # still after he opened it
    assert MESSAGE not in page(reader, thread_of(tip), 403)


def test_when_the_session_itself_is_over_there_is_the_log_in_page_and_nothing_of_the_tip(
    commune: CommunePage, reader: Client
) -> None:
    tip = tells(commune.unit)
    Session.objects.update(expire_date=timezone.now())
    assert reader.get(thread_of(tip)).headers["Location"].startswith(reverse("account_login"))


def test_an_answer_half_written_is_kept_and_sent_once_the_password_is_given(
    commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
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
    tip = tells(commune.unit)
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
    tip = tells(commune.unit)
    other = log_in(officer)
    choose(reader, PASSWORD, OTHER_PASSWORD)
    assert MESSAGE in page(reader, thread_of(tip))
    assert other.get(thread_of(tip)).status_code == 302
    assert MESSAGE in page(log_in(officer, OTHER_PASSWORD), thread_of(tip))
    assert OfficerKey.objects.count() == 1


def test_a_password_changed_while_the_key_is_put_away_loses_nothing(
    commune: CommunePage, officer: Any, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
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
    tip = tells(commune.unit)
    client = log_in(officer)
    assert client.cookies["tipkey"].value
    assert client.get(thread_of(tip)).status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert MESSAGE in page(client, thread_of(tip))


def test_the_keys_cost_is_raised_at_the_next_log_in(
    commune: CommunePage, officer: Any, reader: Client, settings: Any
) -> None:
    before = OfficerKey.objects.get()
    settings.OFFICER_KEY_COST = (2, 16 * 1024)
    tip = tells(commune.unit)
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


@pytest.mark.parametrize("address", ["inbox", "thread"])
def test_the_password_asked_for_on_a_page_open_for_too_long_is_asked_for_once_more(
    address: str, commune: CommunePage, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = tells(commune.unit)
    later(monkeypatch, 31 * 60)
    url = INBOX if address == "inbox" else thread_of(tip)
    typed = {"act": "reply", "text": "Viết dở", "nonce": NONCE, "unlock-first": "post"}
    answer = strict(reader).post(url, {**typed, "unlock-password": PASSWORD})
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert ASKS in shown and "Trang đã mở quá lâu" in shown
    assert "Viết dở" in shown and PASSWORD not in shown
    # A token that somebody else could have made opens no key.
    assert ASKS in page(reader, thread_of(tip), 403)
    assert not tip.parts.filter(label="entry").exists()
