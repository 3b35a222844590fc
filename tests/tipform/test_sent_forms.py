"""One form is one tip and one receipt: sent again it shows it, with other words it offers an addition."""

import datetime
import html
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError

from home.jobs import registered
from tests.tipform.residents import (
    Resident,
    code_on,
    hidden_fields,
    named,
    photo,
    state_of,
    stored_objects,
    working_day,
)
from tests.tipform.test_withdrawn_again import at, says_taken_back, take_back
from tests.tipform.thief import cells
from tipform.box import receiving
from tipform.models import Category, Part, SentForm, Tip

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát dưới chân cầu"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OLD, NEW = "t1:" + "5a" * 32, "t2:" + "6b" * 32
FORGET = next(job for job in registered() if job.name == "forget_sent_forms")


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def says_it_was_sent(response: Any) -> bool:
    return response.status_code == 409 and "KHÔNG gửi lại: tin này đã gửi trước đó" in text(response)


@pytest.fixture
def hidden(resident: Resident) -> dict[str, str]:
    """The hidden fields of a form that is open in the browser."""
    return resident.open()


def entries(code: str, resident: Resident) -> str:
    return text(resident.look_up(code))


# --- The same form again -----------------------------------------------------------------------------------


def test_the_same_form_shows_the_same_receipt_as_often_as_it_is_sent(
    resident: Resident, hidden: dict[str, str], sealed_folder: Any
) -> None:
    def send() -> Any:
        files = [named(photo(), "a.jpg"), named(b"", "rong.jpg")]
        return resident.send(hidden=hidden, message=WORDS, attachments=files)

    first = send()
    kept = len(stored_objects(sealed_folder))
    again = [send() for _time in range(20)]
    assert {code_on(page) for page in again} == {code_on(first)}
    assert (state_of(first), {state_of(page) for page in again}) == ("stored", {"again"})
    # What the first answer said of the files is said again: it may never have arrived.
    assert all("Tệp “rong.jpg” rỗng" in text(page) for page in [first, *again])
    assert Tip.objects.count() == 1 and len(stored_objects(sealed_folder)) == kept


def test_it_is_shown_without_its_files_and_whatever_changed_on_the_portal_meanwhile(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS, attachments=[named(photo(), "a.jpg")]))
    Category.objects.update(active=False)
    monkeypatch.setattr("tipform.intake.views.can_read", lambda unit: False)
    monkeypatch.setattr("tipform.limits._over", lambda *args, **kwargs: True)
    again = resident.send(hidden=hidden, message=WORDS)
    assert (code_on(again), state_of(again)) == (code, "again")


def test_the_one_time_value_alone_shows_it_and_stores_nothing(
    resident: Resident, hidden: dict[str, str]
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    asked = resident.client.post(resident.url, {**hidden, "act": "receipt"})
    assert (code_on(asked), state_of(asked)) == (code, "again")
    never_sent = resident.client.post(resident.url, {**resident.open(), "act": "receipt"})
    assert says_it_was_sent(never_sent) and not code_on(never_sent)
    assert Tip.objects.count() == 1


@pytest.mark.parametrize("rotated", [False, True])
def test_it_outlives_a_new_key_of_the_environment(
    rotated: bool, resident: Resident, hidden: dict[str, str], settings: Any
) -> None:
    settings.TIP_KEYRING = OLD
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    settings.TIP_KEYRING = f"{NEW},{OLD}" if rotated else OLD
    assert code_on(resident.send(hidden=hidden, message=WORDS)) == code
    assert Tip.objects.count() == 1


# --- With other words --------------------------------------------------------------------------------------


def test_other_words_are_offered_as_an_addition_and_sent_as_one(
    resident: Resident, hidden: dict[str, str]
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS, contact="callback", phone="0912345678"))
    changed = resident.send(
        hidden=hidden,
        message=f"{WORDS}, cả đêm nay",
        place="Chân cầu",
        contact="callback",
        phone="0912345678",
    )
    assert (code_on(changed), state_of(changed)) == (code, "changed")
    assert f">{WORDS}, cả đêm nay\nỞ đâu? Chân cầu</textarea>" in text(changed)
    assert "0912345678" not in text(changed).split("<textarea")[1].split("</textarea")[0]
    assert Tip.objects.count() == 1 and not Part.objects.filter(label="entry").exists()
    addition = changed.content.decode().split('action="/tra-cuu/"')[1].split("</form>")[0]
    fields = {**hidden_fields(addition), "message": f"{WORDS}, cả đêm nay"}
    assert fields.pop("code").replace(" ", "") == code
    for _press in range(2):
        assert "Đã gửi phần viết thêm" in text(resident.look_up(code, **fields))
    assert Part.objects.filter(label="entry").count() == 1


@pytest.mark.parametrize(
    "other", [{"place": "Bến đò"}, {"category": "theft"}, {"kind": "question"}, {"occurred": "đêm qua"}]
)
def test_any_other_answer_counts_as_other_words(
    other: dict[str, str], resident: Resident, hidden: dict[str, str]
) -> None:
    resident.send(hidden=hidden, message=WORDS)
    assert state_of(resident.send(hidden=hidden, message=WORDS, **other)) == "changed"


def test_a_new_file_counts_too_and_one_that_is_missing_does_not(
    resident: Resident, hidden: dict[str, str]
) -> None:
    resident.send(hidden=hidden, message=WORDS, attachments=[named(photo(), "a.jpg")])
    both = [named(photo(), "a.jpg"), named(photo("red"), "b.jpg")]
    assert state_of(resident.send(hidden=hidden, message=WORDS, attachments=both)) == "changed"
    assert state_of(resident.send(hidden=hidden, message=WORDS)) == "again"


def test_two_presses_at_once_with_different_words_are_one_tip(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second had looked whether the tip is there before the first was stored."""
    first = resident.send(hidden=hidden, message=WORDS)
    rows, looks, really = iter([None]), iter([False]), receiving._is_stored
    monkeypatch.setattr("tipform.intake.views.sent_before", lambda nonce: next(rows, SentForm.objects.get()))
    monkeypatch.setattr(receiving, "_is_stored", lambda receipt: next(looks, really(receipt)))
    second = resident.send(hidden=hidden, message="Khác hẳn")
    assert (code_on(second), state_of(second)) == (code_on(first), "changed")
    assert Tip.objects.count() == SentForm.objects.count() == 1


# --- For how long ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent_at", ["2026-12-01 10:00", "2026-12-01 23:45", "2027-02-05 23:45"])
def test_the_form_shows_its_receipt_for_half_an_hour_also_over_midnight_and_over_tet(
    sent_at: str, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = datetime.datetime.fromisoformat(sent_at).replace(tzinfo=HERE)
    with at(monkeypatch, sent):
        hidden = resident.open()
        code = code_on(resident.send(hidden=hidden, message=WORDS))
    with at(monkeypatch, sent + datetime.timedelta(minutes=29, seconds=59)):
        FORGET.run()
        assert code_on(resident.send(hidden=hidden, message=WORDS)) == code
    with at(monkeypatch, sent + datetime.timedelta(minutes=30)):
        for _job in (lambda: None, FORGET.run):
            _job()
            response = resident.send(hidden=hidden, message=WORDS)
            assert says_it_was_sent(response) and WORDS in text(response) and not code_on(response)
        assert not SentForm.objects.exists()
        anew = resident.send(hidden=hidden_fields(response.content.decode()), message=WORDS)
        assert code_on(anew) not in ("", code)


def test_whoever_has_the_code_ends_it(resident: Resident, hidden: dict[str, str]) -> None:
    resident.send(hidden=hidden, message=WORDS)
    seen = resident.client.post(resident.url, {**hidden, "act": "seen"})
    assert "Bạn đã có mã" in text(seen) and not code_on(seen)
    assert says_it_was_sent(resident.send(hidden=hidden, message=WORDS))
    assert says_it_was_sent(resident.client.post(resident.url, {**hidden, "act": "receipt"}))


@pytest.mark.parametrize("as_typed", ["{}", " {} ", "Ａ"])
def test_the_code_typed_again_is_compared_and_a_wrong_one_shows_the_receipt_again(
    as_typed: str, resident: Resident, hidden: dict[str, str]
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    wrong = resident.client.post(resident.url, {**hidden, "act": "seen", "typed": f"{int(code) ^ 1:016d}"})
    assert code_on(wrong) == code and "Chưa khớp với mã này" in text(wrong)
    fullwidth = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    typed = fullwidth if as_typed == "Ａ" else as_typed.format(f"{code[:4]} {code[4:8]}.{code[8:]}")
    right = resident.client.post(resident.url, {**hidden, "act": "seen", "typed": typed})
    assert "Bạn đã có mã" in text(right)
    assert not SentForm.objects.exists()


def test_after_taking_back_it_says_so(resident: Resident, hidden: dict[str, str]) -> None:
    take_back(resident, code_on(resident.send(hidden=hidden, message=WORDS)))
    for fields in ({"message": WORDS}, {"message": "Khác"}, {"act": "receipt"}):
        assert says_taken_back(resident.send(hidden=hidden, **fields))


# --- What breaks -------------------------------------------------------------------------------------------


class Shown(HTMLParser):
    """What a browser draws of an answer: it drops a tag that never ended."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.codes: list[str] = []
        self.words = ""
        self._in_main = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._in_main = self._in_main or tag == "main"
        if dict(attrs).get("class") == "receipt__code":
            self.codes.append(dict(attrs)["value"])

    def handle_data(self, data: str) -> None:
        if self._in_main:
            self.words += data


def test_an_answer_cut_at_any_byte_shows_the_whole_code_or_none_and_never_an_empty_box(
    resident: Resident,
) -> None:
    response = resident.send(message=WORDS)
    whole, page = " ".join(f"{code_on(response)[n : n + 4]}" for n in range(0, 16, 4)), response.content
    start = page.index(b"<main")
    for end in range(start, len(page)):
        shown = Shown(page[:end].decode(errors="ignore"))
        assert shown.codes in ([], [whole]), end
        if not shown.codes:
            assert "Đã gửi" not in shown.words and "Mã tra cứu của bạn" not in shown.words, end


def test_a_receipt_that_cannot_be_read_says_that_the_tip_is_stored_and_comes_at_the_next_press(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(code: str) -> Any:
        raise DatabaseError(WORDS)

    with monkeypatch.context() as patched:
        patched.setattr("tipform.intake.views.read_receipt", fails)
        response = resident.send(hidden=hidden, message=WORDS)
    assert response.status_code == 503 and "Tin của bạn đã được lưu" in text(response)
    assert WORDS in text(response)
    assert state_of(resident.send(hidden=hidden, message=WORDS)) == "again"


def test_when_nothing_could_be_stored_nothing_says_that_it_was(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "remember", lambda *args: (_ for _ in ()).throw(DatabaseError("x")))
        assert resident.send(hidden=hidden, message=WORDS).status_code == 503
    assert not Tip.objects.exists() and not SentForm.objects.exists()
    assert state_of(resident.send(hidden=hidden, message=WORDS)) == "stored"


def test_a_thief_of_the_database_finds_neither_the_form_nor_its_words(
    resident: Resident, hidden: dict[str, str]
) -> None:
    code = code_on(resident.send(hidden=hidden, message=WORDS))
    row = SentForm.objects.get()
    nonce = hidden["nonce"].split(":")[0]
    stored = b"\n".join(cells())
    assert nonce.encode() not in stored and bytes.fromhex(nonce) not in stored and code.encode() not in stored
    assert {field.name for field in SentForm._meta.fields} == {"mac", "keyring_id", "said", "until"}
    # The same words of another form leave other hashes: no list of likely words can be tried.
    resident.send(message=WORDS)
    assert len({bytes(each.said) for each in SentForm.objects.all()}) == 2
    assert row.mac not in {each.mac for each in SentForm.objects.exclude(pk=row.pk)}


def test_an_appointment_too_is_recognised_after_its_day_has_passed(
    resident: Resident, hidden: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = working_day()
    form = {"kind": "appointment", "preferred_day": day.isoformat(), "message": "Thẻ căn cước"}
    before_midnight = datetime.datetime.combine(day, datetime.time(23, 50), HERE)
    monkeypatch.setattr("tipform.intake.forms.why_not_on", lambda *args: "")
    with at(monkeypatch, before_midnight):
        hidden = resident.open()
        code = code_on(resident.send(hidden=hidden, **form))
    with at(monkeypatch, before_midnight + datetime.timedelta(minutes=20)):
        again = resident.send(hidden=hidden, **form)
        assert (code_on(again), state_of(again)) == (code, "again")
