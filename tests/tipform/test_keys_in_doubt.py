"""A key that the portal did not make, or that today's keyring does not know: everybody concerned is told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Unit
from home.jobs import registered
from home.models import JobRun
from portal import jobs
from tests.tipform.officers import ensure_unit_key, unlocked
from tests.tipform.residents import Resident
from tipform import vault
from tipform.keys import current_key
from tipform.keys.grants import KeysInDoubt, check_keys
from tipform.models import Category, RecoveryKey, RecoveryWrap, Tip, UnitKey

pytestmark = pytest.mark.django_db

STRANGE = "không do cổng này tạo ra"
HOME = reverse("wagtailadmin_home")


@pytest.fixture
def key(commune: CommunePage, officer: Any) -> UnitKey:
    return ensure_unit_key(commune.unit)


@pytest.fixture
def as_editor(unit_editor: Any) -> Client:
    client = Client()
    client.force_login(unit_editor)
    return client


def write_a_newer_one(key: UnitKey) -> None:
    """Somebody who can write to the database puts a key of his own after the genuine ones."""
    pair = vault.KeyPair.generate()
    values = {"unit": key.unit, "keyring_id": key.keyring_id, "mac": key.mac, "public_key": pair.public}
    false = UnitKey.objects.create(generation=key.generation + 1, **values)
    code = RecoveryKey.objects.create(generation=9, confirmed=timezone.now(), **values)
    RecoveryWrap.objects.create(unit_key=false, recovery_key=code, sealed_private_key=b"x" * 97)


def shown(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_nobody_is_alarmed_while_all_is_well(key: UnitKey, officer: Any, as_editor: Client) -> None:
    for client, address in (
        (unlocked(officer), HOME),
        (as_editor, HOME),
        (as_editor, reverse("keys:health")),
    ):
        assert STRANGE not in shown(client, address)
    check_keys()


def test_the_list_of_key_health_says_what_it_is(as_editor: Client) -> None:
    page = shown(as_editor, reverse("keys:health"))
    assert "Chìa khóa của các xã" in page[page.index("w-breadcrumbs") :].split("</nav>")[0]


@pytest.mark.parametrize("kind", [Unit.Kind.XA, Unit.Kind.PHUONG, Unit.Kind.THI_TRAN, Unit.Kind.DAC_KHU])
def test_of_one_key_holder_the_list_speaks_without_calling_the_commune_another_kind(
    key: UnitKey, commune: CommunePage, as_editor: Client, kind: str
) -> None:
    commune.unit.kind = kind
    commune.unit.save()
    health = shown(as_editor, reverse("keys:health"))
    row = health[health.index(commune.unit.full_name) :].split("</tr>")[0]
    assert "chỉ còn 1 người giữ chìa khóa" in row
    assert "xã" not in row.removeprefix(commune.unit.full_name)


def test_an_officer_reads_of_his_key_which_it_is(key: UnitKey, officer: Any) -> None:
    assert "Chìa khóa lần 1, tạo ngày" in shown(unlocked(officer), reverse("keys:index"))


def test_the_unit_above_is_told_of_categories_not_of_tips(key: UnitKey, as_editor: Client) -> None:
    Resident().send(message="Chuyện ở bến đò")
    count = Category.objects.filter(active=True).count()
    first_page = shown(as_editor, HOME)
    assert f"Loại tin báo (có {count} loại)" in first_page
    assert "tin báo (1)" not in first_page.lower()


def test_a_false_key_is_passed_over_and_officers_unit_and_operator_are_told(
    key: UnitKey, officer: Any, as_editor: Client
) -> None:
    client = unlocked(officer)
    write_a_newer_one(key)
    assert current_key(key.unit) == key
    assert Resident().send().status_code == 200 and Tip.objects.count() == 1
    for page in (HOME, reverse("tips:index"), reverse("keys:index")):
        assert STRANGE in shown(client, page), page
    assert f"Ở 1 đơn vị có chìa khóa {STRANGE}" in shown(as_editor, HOME)
    health = shown(as_editor, reverse("keys:health"))
    row = health[health.index(key.unit.full_name) :]
    assert STRANGE in row[: row.index("</tr>")]
    with pytest.raises(KeysInDoubt):
        check_keys()


def test_with_no_good_key_left_the_form_closes_and_all_of_them_are_told(
    key: UnitKey, officer: Any, as_editor: Client
) -> None:
    client = unlocked(officer)
    UnitKey.objects.update(mac=b"x" * 32)
    assert "0239 000 0113" in Client().get("/cam-trung/gui-tin-bao/").content.decode()
    for page in (HOME, reverse("tips:index")):
        assert "òn xác nhận được chìa khóa" in shown(client, page), page
    assert STRANGE in shown(as_editor, HOME)
    assert STRANGE in shown(as_editor, reverse("keys:health"))
    with pytest.raises(KeysInDoubt):
        check_keys()


def test_the_clock_tells_whoever_runs_the_server(key: UnitKey, superuser: Any) -> None:
    write_a_newer_one(key)
    assert jobs.Loop([job for job in registered() if job.name == "check_keys"]).run_due() == ["check_keys"]
    assert JobRun.objects.get(name="check_keys").failure == "KeysInDoubt"
    client = Client()
    client.force_login(superuser)
    assert "KeysInDoubt" in shown(client, reverse("portal_status"))


def test_a_unit_learns_nothing_of_communes_that_are_not_its_own(key: UnitKey, as_editor: Client) -> None:
    write_a_newer_one(key)
    Unit.objects.filter(pk=key.unit_id).update(parent=Unit.objects.create(kind="huyen", name="Kỳ Anh"))
    assert STRANGE not in shown(as_editor, HOME)
    assert STRANGE not in shown(as_editor, reverse("keys:health"))
