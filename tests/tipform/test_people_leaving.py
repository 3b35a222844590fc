"""An officer leaves: what is told from then on is under a key that he never had."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, Membership
from tests.conftest import PASSWORD
from tests.tipform.conftest import MESSAGE
from tests.tipform.officers import (
    INBOX,
    NONCE,
    OTHER_PASSWORD,
    WAITS,
    choose,
    give_birth,
    grant,
    key_page,
    log_in,
    own_digits,
    page,
    reset_by_an_administrator,
    sealed_to,
    strict,
    thread_of,
)
from tests.tipform.residents import tells
from tipform.keys import current_key
from tipform.keys.grants import end_all_departed
from tipform.models import KeyGrant, Tip, UnitKey

pytestmark = pytest.mark.django_db


def test_after_an_officer_left_new_and_open_tips_are_under_a_key_he_never_had(
    commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    open_tip, closed_tip = tells(commune.unit), tells(commune.unit)
    Tip.objects.filter(pk=closed_tip.pk).update(status="closed")
    old = current_key(commune.unit)
    Membership.objects.get(user=colleague).delete()
    new = current_key(commune.unit)
    assert new is not None
    assert new != old
    assert second_reader.get(thread_of(open_tip)).status_code in (302, 404)
    gone = KeyGrant.objects.filter(officer_key__user=colleague)
    assert gone.exists()
    assert all(one.ended and not bytes(one.sealed_private_key) for one in gone)
    page(reader, INBOX)
    assert sealed_to(open_tip) == {new}
    assert sealed_to(closed_tip) == {old}
    for tip in (open_tip, closed_tip, tells(commune.unit)):
        assert MESSAGE in page(reader, thread_of(tip))
    page(reader, INBOX)
    new.refresh_from_db()
    assert new.settled


@pytest.mark.parametrize("how", ["until", "inactive", "by the clock"])
def test_every_way_of_leaving_ends_the_grants(
    how: str, commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    give_birth(first, commune.unit)
    grant(first, commune.unit, colleague, own_digits(second))
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


def test_an_answer_half_written_on_a_page_from_before_the_key_was_taken_back_is_no_error(
    commune: CommunePage, colleague: Any, reader: Client, second_reader: Client
) -> None:
    """His token is stale besides, so the page is asked for by the check of tokens, not by the address."""
    tip = tells(commune.unit)
    assert MESSAGE in page(second_reader, thread_of(tip))
    KeyGrant.objects.filter(officer_key__user=colleague).update(ended=timezone.now())
    for browser in (second_reader, strict(second_reader)):
        response = browser.post(thread_of(tip), {"act": "reply", "text": "Viết dở", "nonce": NONCE})
        assert response.status_code == 403
        assert WAITS in response.content.decode()
        assert MESSAGE not in response.content.decode()
    assert not tip.parts.filter(label="entry").exists()


def test_a_commune_out_of_service_keeps_its_keys(commune: CommunePage, officer: Any) -> None:
    give_birth(log_in(officer), commune.unit)
    commune.unit.active = False
    commune.unit.save()
    end_all_departed()
    assert KeyGrant.objects.filter(ended=None).count() == 1


def test_the_recovery_code_opens_the_generation_made_after_somebody_left(
    commune: CommunePage, officer: Any, colleague: Any
) -> None:
    first, second = log_in(officer), log_in(colleague)
    groups = give_birth(first, commune.unit)
    grant(first, commune.unit, colleague, own_digits(second))
    Membership.objects.get(user=colleague).delete()
    tip = tells(commune.unit)
    reset_by_an_administrator(officer, OTHER_PASSWORD)
    new = log_in(officer, OTHER_PASSWORD)
    choose(new, OTHER_PASSWORD, PASSWORD + "!")
    new.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    assert MESSAGE in page(new, thread_of(tip))
