"""Invited, or given a new password, under a slip: one that is good, used, stale, or copied by somebody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Invitation, User
from communes.staff.invitations import Slip, invite, reset_slip
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import INBOX, WAITS, grant, log_in, own_digits, page, press, thread_of
from tests.tipform.residents import tells
from tipform.keys.grants import key_holders
from tipform.keys.officers import newest
from tipform.models import KeyGrant, OfficerKey

pytestmark = pytest.mark.django_db

SLIP_PAGE = reverse("invitation")
OWN, THIEFS = "lúa chín đồng sâu", "kẻ gian chép lại phiếu"
UNUSABLE = "Mã này không dùng được"


@pytest.fixture
def slip(commune: CommunePage, reader: Client) -> Slip:
    """For a second officer; the box has been opened by the first one."""
    return invite(unit=commune.unit, full_name="Nguyễn Văn An", roles=("officer",), by=None)


def take(slip: Slip, password: str) -> str:
    """Choose a password under the slip, as from a telephone of one's own."""
    fields = {"code": slip.code, "password1": password, "password2": password}
    response = Client().post(SLIP_PAGE, fields)
    return "" if response.status_code == 302 else response.content.decode()


def invited() -> User:
    return User.objects.get(username="an.camtrung")


def test_from_a_good_slip_to_the_first_tip_a_colleague_grants_the_key(
    slip: Slip, commune: CommunePage, reader: Client
) -> None:
    tip = tells(commune.unit)
    assert take(slip, OWN) == ""
    client = log_in(invited(), OWN)
    assert newest(invited())
    assert WAITS in page(client, INBOX)
    assert MESSAGE not in page(client, thread_of(tip), 403)
    assert grant(reader, commune.unit, invited(), own_digits(client)).status_code == 302
    assert MESSAGE in page(client, thread_of(tip))


def test_a_slip_that_was_used_gives_whoever_finds_it_nothing(
    slip: Slip, commune: CommunePage, reader: Client
) -> None:
    tip = tells(commune.unit)
    take(slip, OWN)
    client = log_in(invited(), OWN)
    grant(reader, commune.unit, invited(), own_digits(client))
    before = OfficerKey.objects.get(user=invited())
    assert UNUSABLE in take(slip, THIEFS)
    wrong = Client().post(reverse("account_login"), {"login": "an.camtrung", "password": THIEFS})
    assert wrong.status_code == 200
    assert OfficerKey.objects.get(user=invited()) == before
    assert MESSAGE in page(log_in(invited(), OWN), thread_of(tip))


def test_a_stale_slip_makes_neither_account_nor_key(slip: Slip, commune: CommunePage) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    assert UNUSABLE in take(slip, OWN)
    assert not User.objects.filter(username="an.camtrung").exists()
    assert OfficerKey.objects.count() == 1


def test_whoever_copied_a_slip_and_was_first_has_an_account_and_not_one_tip(
    slip: Slip, commune: CommunePage, reader: Client
) -> None:
    """The true officer finds his slip used and says so; the digits that he reads out are nobody's."""
    tip = tells(commune.unit)
    assert take(slip, THIEFS) == ""
    assert UNUSABLE in take(slip, OWN)
    thief = log_in(invited(), THIEFS)
    assert WAITS in page(thief, INBOX)
    assert MESSAGE not in page(thief, thread_of(tip), 403)
    assert press(thief, tip, "identity").status_code == 403
    # The thief does not read his digits to anybody, and others than his grant nothing.
    other = f"{(int(own_digits(thief)) + 1) % 100000:05}"
    grant(reader, commune.unit, invited(), other)
    assert MESSAGE not in page(thief, thread_of(tip), 403)
    user = invited()
    user.is_active = False
    user.save()
    assert thief.get(INBOX).status_code == 302
    assert len(key_holders(commune.unit)) == 1


def test_a_new_password_under_a_slip_brings_the_account_back_and_the_key_only_from_a_colleague(
    commune: CommunePage, reader: Client, officer: Any, colleague: Any
) -> None:
    tip, second = tells(commune.unit), log_in(colleague)
    grant(reader, commune.unit, colleague, own_digits(second))
    slip = reset_slip(colleague, commune.unit, None)
    assert MESSAGE in page(second, thread_of(tip))  # until he has chosen, all goes on
    assert take(slip, OWN) == ""
    assert second.get(thread_of(tip)).status_code == 302
    colleague.refresh_from_db()
    client = log_in(colleague, OWN)
    assert WAITS in page(client, INBOX)
    assert MESSAGE not in page(client, thread_of(tip), 403)
    assert len(key_holders(commune.unit)) == 1
    grant(reader, commune.unit, colleague, own_digits(client))
    assert MESSAGE in page(client, thread_of(tip))


@pytest.mark.parametrize("how", ["used", "stale"])
def test_a_slip_for_a_new_password_that_is_used_or_stale_changes_no_key(
    how: str, commune: CommunePage, reader: Client, officer: Any
) -> None:
    tip, slip = tells(commune.unit), reset_slip(officer, commune.unit, None)
    Invitation.objects.update(**{"used_at" if how == "used" else "expires_at": timezone.now()})
    assert UNUSABLE in take(slip, THIEFS)
    assert MESSAGE in page(reader, thread_of(tip))
    assert MESSAGE in page(log_in(officer, PASSWORD), thread_of(tip))


def test_whoever_copied_a_slip_for_a_new_password_takes_the_account_and_not_the_key(
    commune: CommunePage, reader: Client, officer: Any
) -> None:
    tip, slip = tells(commune.unit), reset_slip(officer, commune.unit, None)
    assert take(slip, THIEFS) == ""
    officer.refresh_from_db()
    thief = log_in(officer, THIEFS)
    assert MESSAGE not in page(thief, thread_of(tip), 403)
    assert reader.get(thread_of(tip)).status_code == 302  # the officer notices: he is logged out
    assert not KeyGrant.objects.in_force().filter(officer_key=newest(officer)).exists()
