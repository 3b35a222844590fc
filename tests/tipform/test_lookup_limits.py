"""The look-up's limits: only wrong codes count, a right one always opens, no network waits for another."""

import datetime
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from django_ratelimit.core import _get_window

from tests.tipform.officers import log_in
from tests.tipform.residents import Resident, code_on, hidden_fields
from tests.tipform.test_limits import answer_to
from tipform import limits, reporting, vault
from tipform.models import Counter, Part, Tip

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
ELSEWHERE = "198.51.100.7"
WRONG = [f"{number:016d}" for number in range(1, 40)]


@pytest.fixture(autouse=True)
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES", "2/h")


@pytest.fixture
def code(resident: Resident) -> str:
    return code_on(resident.send(message=WORDS))


def text(response: Any) -> str:
    return str(response.content.decode())


def asks(response: Any) -> bool:
    return response.status_code == 429 and 'name="answer" id="id_answer"' in text(response)


def opens(response: Any) -> bool:
    return response.status_code == 200 and WORDS in text(response)


def noise(resident: Resident) -> None:
    """Somebody of the network types wrong codes until all of it is asked."""
    for wrong in WRONG[:3]:
        assert "Không có tin nào mang mã này" in text(resident.look_up(wrong))


def answer(resident: Resident, asked: Any, **changed: Any) -> Any:
    """Answer the question of this page, with everything else that its form holds."""
    page = text(asked)
    fields = {**hidden_fields(page), **resident.open("/tra-cuu/"), **changed}
    fields |= {"nonce": hidden_fields(page).get("nonce", ""), "answer": answer_to(page)}
    return resident.client.post("/tra-cuu/", fields)


@pytest.fixture
def no_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    def derive(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("this code should not have been tried")

    monkeypatch.setattr(vault.ReceiptKeys, "derive", derive)


# --- What counts -----------------------------------------------------------------------------------------


def test_right_codes_never_count(resident: Resident, code: str) -> None:
    for _time in range(8):
        assert opens(resident.look_up(code))


@pytest.mark.parametrize("typed", ["", "123", "1234 5678 9012 345", "x" * 500, "mã của tôi", "\0"])
def test_what_is_no_code_costs_nothing(typed: str, resident: Resident, no_argon2: None) -> None:
    before = Counter.objects.count()
    for _time in range(6):
        response = resident.look_up(typed, message="viết dở")
        assert "Mã tra cứu có 16 chữ số" in text(response) and "viết dở" in text(response)
    assert Counter.objects.count() == before


def test_a_question_goes_before_the_next_code_and_a_right_one_then_opens(
    resident: Resident, code: str
) -> None:
    noise(resident)
    asked = resident.look_up(code)
    assert asks(asked) and not opens(asked)
    assert f'value="{code}"' in text(asked)
    assert "nhiều lần nhập sai mã" in text(asked)
    assert asked.headers["Cache-Control"] == "no-store"
    assert opens(answer(resident, asked, code=code))


def test_while_asked_no_code_is_tried(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    noise(resident)
    monkeypatch.setattr(reporting, "find", lambda code: pytest.fail("tried"))
    assert asks(resident.look_up(WRONG[5]))
    assert asks(resident.look_up(WRONG[5], question="x", answer="113"))


def test_one_answer_is_good_for_one_code(resident: Resident, code: str) -> None:
    noise(resident)
    asked = resident.look_up(WRONG[5])
    fields = {"question": hidden_fields(text(asked))["question"], "answer": answer_to(text(asked))}
    assert "Không có tin nào mang mã này" in text(resident.look_up(WRONG[5], **fields))
    for other in (WRONG[6], code):
        again = resident.look_up(other, **fields)
        assert asks(again) and "chưa đúng, hoặc đã quá lâu" in text(again)


def test_a_wrong_answer_is_asked_again_and_nothing_is_lost(resident: Resident, code: str) -> None:
    noise(resident)
    first = resident.look_up(code, act="withdraw", message="viết dở")
    again = resident.client.post(
        "/tra-cuu/",
        {**hidden_fields(text(first)), **resident.open("/tra-cuu/")}
        | {"code": code, "act": "withdraw", "message": "viết dở", "answer": "77"},
    )
    for page in (first, again):
        assert asks(page)
        assert 'name="act" value="withdraw"' in text(page) and "viết dở" in text(page)
    done = answer(resident, again, code=code, message="viết dở")
    assert "Khi rút lại tin" in text(done) and "viết dở" in text(done)


def test_another_network_is_not_asked(resident: Resident, code: str) -> None:
    noise(resident)
    neighbour = Resident(client=Client(enforce_csrf_checks=True, REMOTE_ADDR=ELSEWHERE))
    assert opens(neighbour.look_up(code))
    assert asks(resident.look_up(code))


def test_a_village_behind_one_address_is_asked_and_never_locked_out(resident: Resident, code: str) -> None:
    noise(resident)
    for wrong in WRONG[5:20]:
        assert "Không có tin nào" in text(answer(resident, resident.look_up(wrong), code=wrong))
    assert opens(answer(resident, resident.look_up(code), code=code))


# --- The thread's own forms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"message": "viết thêm"}, "viết thêm"),
        ({}, WORDS),
        ({"act": "back", "message": "viết dở"}, "viết dở"),
        ({"act": "withdraw", "message": "viết dở"}, "Khi rút lại tin"),
    ],
)
def test_on_the_thread_he_is_not_asked_again(
    fields: dict[str, str], words: str, resident: Resident, code: str
) -> None:
    noise(resident)
    thread = answer(resident, resident.look_up(code), code=code)
    held = {**hidden_fields(text(thread)), **resident.open("/tra-cuu/")}
    response = resident.client.post("/tra-cuu/", {**held, **fields})
    assert response.status_code == 200 and words in text(response)


def test_sending_up_and_taking_back_ask_no_second_question(
    resident: Resident, code: str, unit: Any, unit_officer: Any
) -> None:
    Tip.objects.update(status="closed", outcome="no-basis")
    noise(resident)
    token = resident.open("/tra-cuu/")

    def go_on(page: Any, **fields: str) -> Any:
        hidden = hidden_fields(text(page))
        return resident.client.post("/tra-cuu/", {**hidden, **token, **fields})

    thread = answer(resident, resident.look_up(code), code=code)
    nonce = hidden_fields(text(page := go_on(thread, act="up")))["nonce"]
    above = go_on(page, act="send-up", message="Chưa đúng", nonce=nonce)
    assert "Đã gửi lên" in text(above)
    taken = go_on(go_on(above, act="withdraw"), act="erase", sure="on")
    assert "Đã rút lại tin" in text(taken)


def test_after_an_hour_he_is_asked_again_and_keeps_his_words(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise(resident)
    thread = answer(resident, resident.look_up(code), code=code)
    held = {**hidden_fields(text(thread)), **resident.open("/tra-cuu/"), "message": "viết thêm"}
    later = time.time() + 3700
    monkeypatch.setattr(time, "time", lambda: later)
    noise(resident)  # in the new hour too
    response = resident.client.post("/tra-cuu/", held)
    assert asks(response) and "viết thêm" in text(response)
    assert hidden_fields(text(response))["nonce"] == held["nonce"]
    assert not Part.objects.filter(label="entry").exists()
    assert "viết thêm" in text(answer(resident, response, code=code, message="viết thêm"))
    assert Part.objects.filter(label="entry").count() == 1


def test_an_answered_question_does_not_pass_over_who_reads(resident: Resident, code: str) -> None:
    """What was written for readers that the page named waits when others have the tip in the meantime."""
    noise(resident)
    asked = resident.look_up(code, message="cho xã thôi", readers="0")
    response = answer(resident, asked, code=code, message="cho xã thôi")
    assert response.status_code == 409 and "cho xã thôi" in text(response)
    assert not Part.objects.filter(label="entry").exists()


# --- The end of the window -------------------------------------------------------------------------------


@contextmanager
def at(monkeypatch: pytest.MonkeyPatch, moment: datetime.datetime) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: moment)
        patch.setattr(time, "time", moment.timestamp)
        yield


def test_the_question_goes_with_the_last_second_of_the_hour(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime.datetime(2026, 11, 27, 12, 0, tzinfo=HERE)
    with at(monkeypatch, noon):
        name = limits._name(RequestFactory().get("/"), "wrong codes")
        last = datetime.datetime.fromtimestamp(_get_window(name, 3600), HERE)
        noise(resident)
    with at(monkeypatch, last):
        assert asks(resident.look_up(code))
    with at(monkeypatch, last + datetime.timedelta(seconds=1)):
        assert opens(resident.look_up(code))


def test_the_question_goes_at_midnight_with_the_networks_name(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime.datetime(2026, 11, 28, 0, 0, tzinfo=HERE)
    second = datetime.timedelta(seconds=1)
    with at(monkeypatch, midnight - second):
        noise(resident)
        assert asks(resident.look_up(code))
    with at(monkeypatch, midnight):
        assert opens(resident.look_up(code))


def test_exactly_the_allowed_number_of_wrong_codes_asks_nothing(resident: Resident, code: str) -> None:
    for wrong in WRONG[:2]:
        resident.look_up(wrong)
    assert opens(resident.look_up(code))
    resident.look_up(WRONG[2])
    assert asks(resident.look_up(code))


# --- Places of a network ---------------------------------------------------------------------------------


@contextmanager
def all_places_taken(address: str = "127.0.0.1") -> Iterator[None]:
    """As many look-ups of this network are being tried, in whatever process, as it may have at once."""
    request = RequestFactory().post("/tra-cuu/", REMOTE_ADDR=address)
    with ExitStack() as held:
        for _place in range(limits.LOOKUPS_AT_ONCE):
            assert held.enter_context(limits.place_at_lookup(request))
        yield


def waits(response: Any) -> bool:
    return response.status_code == 429 and "đợi vài giây rồi bấm lại" in text(response)


def test_one_more_at_once_is_told_to_wait_and_loses_nothing(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with all_places_taken():
        with monkeypatch.context() as patch:
            patch.setattr(reporting, "find", lambda code: pytest.fail("tried"))
            response = resident.look_up(code, message="viết dở", nonce="ab" * 32)
        assert waits(response) and response.headers["Retry-After"] == "5"
        assert (
            f'value="{code}"' in text(response)
            and "viết dở" in text(response)
            and "ab" * 32 in text(response)
        )
    assert opens(resident.look_up(code))


def test_other_networks_and_log_ins_do_not_wait(resident: Resident, code: str, officer: Any) -> None:
    neighbour = Resident(client=Client(enforce_csrf_checks=True, REMOTE_ADDR=ELSEWHERE))
    with all_places_taken():
        assert opens(neighbour.look_up(code))
        assert log_in(officer).get("/admin/").status_code == 200
        assert code_on(resident.send(message="tin khác"))
        assert waits(resident.look_up(code))


def test_a_place_is_held_while_the_code_is_tried_and_no_longer(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOOKUPS_AT_ONCE", 1)
    meanwhile = []
    find = reporting.find

    def while_another_is_tried(typed: str) -> Any:
        if not meanwhile:
            meanwhile.append(waits(resident.look_up(code)))
        return find(typed)

    monkeypatch.setattr(reporting, "find", while_another_is_tried)
    assert opens(resident.look_up(code))
    assert meanwhile == [True]
    assert opens(resident.look_up(code))


def test_a_look_up_that_breaks_gives_its_place_back(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(typed: str) -> Any:
        raise OSError("x")

    with monkeypatch.context() as patch:
        patch.setattr(reporting, "find", breaks)
        for _time in range(limits.LOOKUPS_AT_ONCE + 1):
            assert resident.look_up(code).status_code == 503
    assert opens(resident.look_up(code))


@pytest.mark.parametrize(("seconds", "free"), [(29, False), (31, True)])
def test_the_place_of_a_process_that_was_killed_is_free_after_its_lease(
    seconds: int, free: bool, resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = RequestFactory().post("/tra-cuu/")
    for _killed in range(limits.LOOKUPS_AT_ONCE):
        limits._take_place(request)
    later = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: later)
    assert opens(resident.look_up(code)) is free


def test_a_store_that_fails_while_a_place_is_given_back_costs_nobody_his_thread(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("x")

    monkeypatch.setattr(caches["counters"], "delete", fails)
    assert opens(resident.look_up(code))


def test_no_address_and_no_code_is_stored(resident: Resident, code: str) -> None:
    noise(resident)
    with all_places_taken(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tipform_counter")
        rows = str(cursor.fetchall())
    assert rows
    for found in ("127.0.0", code, *WRONG[:3]):
        assert found not in rows
    assert re.search("[0-9a-f]{64}", rows)
