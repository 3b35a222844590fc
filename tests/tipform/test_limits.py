"""Limits: a price first, a refusal only where no village comes, and open when nothing can be counted."""

import re
import time
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from django.core import signing
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from communes.models import CommunePage
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import Resident, code_on, hidden_fields
from tipform import limits, questions
from tipform.models import Counter, Tip

pytestmark = pytest.mark.django_db

NUMBERS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"]


def text(response: Any) -> str:
    return str(response.content.decode())


def answer_to(page: str) -> str:
    if "Khi khẩn cấp, gọi Công an số mấy?" in page:
        return "113"
    found = re.search(r"(\w+) cộng (\w+) bằng mấy", page)
    assert found
    return str(NUMBERS.index(found[1]) + NUMBERS.index(found[2]))


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SUBMISSIONS_SOFT", "2/10m")
    monkeypatch.setattr(limits, "SUBMISSIONS_HARD", "4/h")
    monkeypatch.setattr(limits, "WRONG_CODES", "2/h")


# --- What happens at each level --------------------------------------------------------------------------


def test_a_busy_network_is_asked_a_question_and_goes_on(resident: Resident, tight: None) -> None:
    for number in range(2):
        assert code_on(resident.send(message=f"tin {number}"))
    response = resident.send(message="tin thứ ba", place="Chợ")
    page = text(response)
    assert response.status_code == 429
    assert "xin trả lời một câu hỏi" in page.lower()
    assert "tin thứ ba" in page and 'value="Chợ"' in page
    assert Tip.objects.count() == 2
    hidden = hidden_fields(page)
    assert code_on(resident.send(hidden=hidden, message="tin thứ ba", answer=answer_to(page)))
    assert Tip.objects.count() == 3


def test_a_wrong_answer_is_asked_again_and_the_words_stay(resident: Resident, tight: None) -> None:
    for number in range(2):
        resident.send(message=f"tin {number}")
    hidden = hidden_fields(text(resident.send(message="tin thứ ba")))
    page = text(resident.send(hidden=hidden, message="tin thứ ba", answer="77"))
    assert "câu trả lời chưa đúng" in page
    assert "tin thứ ba" in page
    assert Tip.objects.count() == 2


def test_another_commune_of_the_same_network_is_not_asked(
    resident: Resident, other_commune: CommunePage, tight: None
) -> None:
    ensure_unit_key(other_commune.unit)
    for number in range(2):
        resident.send(message=f"tin {number}")
    assert code_on(Resident("/cam-due/gui-tin-bao/").send())


def test_at_the_hard_level_it_says_not_sent_with_words_and_phones(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUBMISSIONS_HARD", "1/h")
    assert code_on(resident.send(message="một"))
    response = resident.send(message="tin thứ hai")
    page = text(response)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    assert "CHƯA gửi được" in page and "tin thứ hai" in page
    assert "tel:113" in page and "tel:02390000113" in page
    assert response.headers["Cache-Control"] == "no-store"
    assert Tip.objects.count() == 1


def test_forms_with_mistakes_are_not_counted(resident: Resident, tight: None) -> None:
    for _time in range(6):
        resident.send(message="")
    assert not Counter.objects.exists()
    assert code_on(resident.send())


@pytest.mark.parametrize("error", [DatabaseError("x"), ConnectionError("x"), ValueError("x")])
def test_when_nothing_can_be_counted_the_form_stays_open(
    resident: Resident, tight: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise error

    for name in ("add", "incr", "get", "delete"):
        monkeypatch.setattr(caches["counters"], name, fails)
    for number in range(6):
        code = code_on(resident.send(message=f"tin {number}"))
        assert code
        assert f"tin {number}" in text(resident.look_up(code))
        assert "Không có tin nào" in text(resident.look_up("1" * 16))


def test_no_address_is_stored(resident: Resident) -> None:
    resident.send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tipform_counter")
        rows = cursor.fetchall()
    assert rows and "127.0.0" not in str(rows)


def test_a_network_has_another_name_every_day_and_for_every_purpose(
    unit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []

    def note(request: Any, *, key: Any, **kwargs: Any) -> bool:
        names.append(key("", request))
        return False

    monkeypatch.setattr(limits, "is_ratelimited", note)
    request = RequestFactory().get("/")
    limits.lookup_asks(request)
    limits.lookup_asks(request)
    assert len(set(names)) == 1
    limits.submission_level(request, unit)
    assert len(set(names)) == 3
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    limits.lookup_asks(request)
    assert len(set(names)) == 4


# --- Whose network ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "203.0.113.77", None, "203.0.113.0"),
        (0, "203.0.113.77", "198.51.100.1", "203.0.113.0"),
        (1, "10.0.0.1", "198.51.100.9", "198.51.100.0"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.9", "198.51.100.0"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.9, 10.0.0.2", "198.51.100.0"),
        (2, "10.0.0.1", "10.0.0.2", None),
        (1, "10.0.0.1", "not an address", None),
        (1, "10.0.0.1", None, None),
        (0, "", None, None),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.77", None, "203.0.113.0"),
    ],
)
def test_the_network_is_what_the_last_trusted_proxy_saw(
    settings: Any, proxies: int, remote: str, forwarded: str | None, expected: str | None
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    found = limits.network(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    assert found == (ip_address(expected).packed if expected else None)


def test_whoever_has_no_address_is_not_limited(resident: Resident, tight: None, settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(6):
        assert code_on(resident.send(message=f"tin {number}"))


# --- The question ----------------------------------------------------------------------------------------

NONCE = "ab" * 32


@pytest.mark.parametrize("_round", range(12))
def test_the_right_answer_in_digits_or_in_words_is_right(_round: int) -> None:
    question = questions.ask(NONCE)
    right = answer_to(question.text)
    assert questions.answered(NONCE, question.token, right)
    assert questions.answered(NONCE, question.token, f" {right}. ")
    if int(right) < len(NUMBERS):
        assert questions.answered(NONCE, question.token, NUMBERS[int(right)].upper())
    assert not questions.answered(NONCE, question.token, str(int(right) + 1))
    assert not questions.answered(NONCE, question.token, "")
    assert not questions.answered(NONCE, question.token, "không biết")


def test_an_answer_counts_for_its_own_form_and_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    question = questions.ask(NONCE)
    right = answer_to(question.text)
    assert not questions.answered("cd" * 32, question.token, right)
    assert not questions.answered(NONCE, "forged:token", right)
    assert not questions.answered(NONCE, "", right)
    later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: later)
    assert not questions.answered(NONCE, question.token, right)


def test_the_token_does_not_tell_the_answer() -> None:
    question = questions.ask(NONCE)
    content = signing.loads(question.token, salt="tipform.questions")
    assert re.fullmatch("[0-9a-f]{64}", content)
