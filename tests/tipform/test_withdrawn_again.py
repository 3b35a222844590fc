"""A tip that was taken back stays so, on whichever road its form comes again; its words are never lost."""

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from communes.models import Unit
from home.jobs import registered
from tests.tipform.residents import Resident, code_on, hidden_fields, named, photo, stored_objects
from tests.tipform.thief import cells
from tipform.box import receiving as submissions
from tipform.box import withdrawal
from tipform.keys.grants import sealing_key
from tipform.models import Part, Tip, WithdrawnMark

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát dưới chân cầu"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = 7 * 24 * 60 * 60
OLD, NEW = "t1:" + "5a" * 32, "t2:" + "6b" * 32
FORGET = next(job for job in registered() if job.name == "forget_forms")


def text(response: Any) -> str:
    return str(response.content.decode())


def take_back(resident: Resident, code: str) -> None:
    assert "Đã rút lại tin" in text(resident.look_up(code, act="erase", sure="on"))


def says_taken_back(response: Any) -> bool:
    return response.status_code == 409 and "KHÔNG gửi lại: bạn đã rút lại tin này" in text(response)


@contextmanager
def at(monkeypatch: pytest.MonkeyPatch, moment: datetime.datetime) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        patch.setattr(time, "time", moment.timestamp)
        yield


@pytest.fixture
def hidden(resident: Resident) -> dict[str, str]:
    """The hidden fields of a form that is open in the browser."""
    return resident.open()


@pytest.fixture
def withdrawn(resident: Resident, hidden: dict[str, str]) -> str:
    """The code of a tip that was sent from that form and taken back."""
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    take_back(resident, code)
    return code


def test_reloading_the_receipt_stores_nothing_and_says_that_it_was_taken_back(
    resident: Resident, hidden: dict[str, str], withdrawn: str
) -> None:
    for _reload in range(2):
        response = resident.send(hidden=hidden, message=WORDS)
        assert says_taken_back(response)
        assert WORDS in text(response)
        assert not code_on(response)
    assert [tip.status for tip in Tip.objects.all()] == ["withdrawn"]
    assert not Part.objects.exists()


def test_with_its_files_it_leaves_none_in_the_store(
    resident: Resident, hidden: dict[str, str], sealed_folder: Any
) -> None:
    def send() -> Any:
        return resident.send(hidden=hidden, message=WORDS, attachments=[named(photo(), "a.jpg")])

    take_back(resident, code_on(send()))
    response = send()
    assert says_taken_back(response) and "Xin chọn lại các tệp" in text(response)
    assert stored_objects(sealed_folder) == []
    assert Tip.objects.count() == 1


def test_whoever_wants_to_tell_it_anew_sends_the_form_that_comes_with_the_words(
    resident: Resident, hidden: dict[str, str], withdrawn: str
) -> None:
    anew = hidden_fields(text(resident.send(hidden=hidden, message=WORDS)))
    code = code_on(resident.send(hidden=anew, message=WORDS))
    assert code and code != withdrawn
    assert WORDS in text(resident.look_up(code))
    assert says_taken_back(resident.send(hidden=hidden, message=WORDS))
    assert sorted(tip.status for tip in Tip.objects.all()) == ["new", "withdrawn"]


def test_the_same_words_from_another_form_are_another_tip(resident: Resident, withdrawn: str) -> None:
    assert code_on(resident.send(message=WORDS))


def test_other_words_in_the_same_form_bring_nothing_back_either(
    resident: Resident, hidden: dict[str, str], withdrawn: str
) -> None:
    response = resident.send(hidden=hidden, message="hai")
    assert says_taken_back(response) and "hai" in text(response)
    assert [tip.status for tip in Tip.objects.all()] == ["withdrawn"]


def test_one_that_went_to_the_unit_above_stays_taken_back_too(
    resident: Resident, hidden: dict[str, str], unit: Unit, unit_officer: Any
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    Tip.objects.update(status="closed", outcome="no-basis")
    assert "Đã gửi lên" in text(resident.send_up(code, "Chưa đúng"))
    take_back(resident, code)
    assert says_taken_back(resident.send(hidden=hidden, message=WORDS))


def test_one_sent_straight_to_the_unit_above_stays_taken_back_too(
    resident: Resident, unit: Unit, unit_officer: Any
) -> None:
    hidden = resident.open()
    take_back(resident, code_on(resident.send(hidden=hidden, message=WORDS, reader="above")))
    assert says_taken_back(resident.send(hidden=hidden, message=WORDS, reader="above"))


def test_a_second_click_that_was_slower_than_sending_and_taking_back_brings_nothing_back(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had looked whether the tip is there before the first click had stored it."""
    meanwhile: list[str] = []

    def after_the_other(unit: Unit) -> Any:
        if not meanwhile:
            meanwhile.append("begun")
            meanwhile.append(code_on(resident.send(hidden=hidden, message=WORDS)))
            take_back(resident, meanwhile[-1])
        return sealing_key(unit)

    monkeypatch.setattr(submissions, "sealing_key", after_the_other)
    assert says_taken_back(resident.send(hidden=hidden, message=WORDS))
    assert meanwhile[-1]
    assert [tip.status for tip in Tip.objects.all()] == ["withdrawn"]


def test_when_taking_back_fails_the_form_gives_its_receipt_as_before(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise OSError("x")

    with monkeypatch.context() as patched:
        patched.setattr("tipform.box.withdrawal.audit.record", fails)
        assert resident.look_up(code, act="erase", sure="on").status_code == 503
    assert not WithdrawnMark.objects.exists()
    assert code_on(resident.send(hidden=hidden, message=WORDS)) == code


# --- A new key of the environment ------------------------------------------------------------------------


@pytest.mark.parametrize("rotated", ["before taking back", "after taking back"])
def test_it_outlives_a_new_key_of_the_environment(
    rotated: str, resident: Resident, hidden: dict[str, str], settings: Any, capsys: Any
) -> None:
    settings.TIP_KEYRING = OLD
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    steps = [lambda: setattr(settings, "TIP_KEYRING", f"{NEW},{OLD}"), lambda: take_back(resident, code)]
    for step in steps if rotated == "before taking back" else reversed(steps):
        step()
    call_command("rotate_keyring")
    assert "1 forms of tips taken back, for a week" in capsys.readouterr().out
    assert says_taken_back(resident.send(hidden=hidden, message=WORDS))


def test_a_second_click_after_a_new_key_of_the_environment_gets_the_same_receipt(
    resident: Resident, hidden: dict[str, str], settings: Any
) -> None:
    settings.TIP_KEYRING = OLD
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    settings.TIP_KEYRING = f"{NEW},{OLD}"
    assert code_on(resident.send(hidden=hidden, message=WORDS)) == code
    assert Tip.objects.count() == 1


# --- For how long ----------------------------------------------------------------------------------------


def test_an_old_form_makes_no_tip_but_gives_the_words_back_in_a_new_one(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = timezone.now()
    with at(monkeypatch, drawn + datetime.timedelta(seconds=WEEK + 2)):
        response = resident.send(hidden=hidden, message=WORDS)
        assert response.status_code == 409 and "trang để mở hơn một tuần" in text(response)
        assert WORDS in text(response) and not Tip.objects.exists()
        assert code_on(resident.send(hidden=hidden_fields(text(response)), message=WORDS))


def test_a_form_of_almost_a_week_is_taken(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(monkeypatch, timezone.now() + datetime.timedelta(seconds=WEEK - 60)):
        assert code_on(resident.send(hidden=hidden, message=WORDS))


@pytest.mark.parametrize(
    ("moment", "remembered"),
    [
        (datetime.datetime(2026, 12, 8, 23, 59, tzinfo=HERE), True),
        (datetime.datetime(2026, 12, 9, 0, 0, tzinfo=HERE), False),
    ],
)
def test_the_mark_is_forgotten_on_the_day_after_the_form_has_expired(
    moment: datetime.datetime, remembered: bool, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(monkeypatch, datetime.datetime(2026, 12, 1, 23, 58, tzinfo=HERE)):
        hidden = resident.open()
        take_back(resident, code_on(resident.send(hidden=hidden, message=WORDS)))
    with at(monkeypatch, moment):
        FORGET.run()
        assert WithdrawnMark.objects.exists() is remembered
        response = resident.send(hidden=hidden, message=WORDS)
        assert response.status_code == 409
        assert says_taken_back(response) is remembered
    assert Tip.objects.count() == 1


# --- What a thief of the database has of it --------------------------------------------------------------


def test_the_mark_holds_neither_nonce_nor_code_nor_what_the_tip_had(
    resident: Resident, hidden: dict[str, str], settings: Any
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    tip = Tip.objects.get()
    had = [bytes(tip.receipt_lookup or b""), bytes(tip.reporter_public_key), tip.uuid.bytes]
    take_back(resident, code)
    mark = WithdrawnMark.objects.get()
    nonce = hidden["nonce"].split(":")[0]
    for secret in (nonce, code, *(value.hex() for value in had)):
        assert secret not in f"{mark.mac} {mark.keyring_id}"
    assert {field.name for field in WithdrawnMark._meta.fields} == {"mac", "keyring_id", "day"}
    assert not any(nonce.encode() in cell or bytes.fromhex(nonce) in cell for cell in cells())
    settings.TIP_KEYRING = f"{mark.keyring_id}:" + "6b" * 32  # with another secret it cannot be made
    assert submissions.withdrawn_mark(had[0], mark.keyring_id) != mark.mac


def test_a_job_that_runs_while_the_form_lives_forgets_nothing(resident: Resident, withdrawn: str) -> None:
    withdrawal.forget_forms()
    assert WithdrawnMark.objects.count() == 1
