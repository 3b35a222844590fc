"""Each kind of message with everything it asks: drawn, kept, told on to whom it concerns, and to nobody else.

Nothing here names a kind or an answer of today: what is added to tipform/kinds.py is tested by being there.
"""

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from tests.tipform.officers import INBOX, page, press, read
from tests.tipform.residents import Resident, answers_to, code_on
from tests.tipform.test_submissions import as_officer
from tipform.box.answers import contents_of, told
from tipform.box.sent_forms import Said
from tipform.intake.forms import TipForm
from tipform.kinds import ANSWERS, KINDS, MESSAGE, Answer, Kind
from tipform.models import SentForm, Tip, UnitKey

pytestmark = pytest.mark.django_db

MARK = "Chim Hoàng Yến"
every_kind = pytest.mark.parametrize("kind", KINDS)


def text(response: Any) -> str:
    return unescape(response.content.decode())


def in_vietnamese(words: Any) -> str:
    with override("vi"):
        return str(words)


def as_shown(answer: Answer, given: str, day_format: str) -> str:
    """How somebody who reads the answer meets it on his page."""
    with override("vi"):
        words = answer.in_words(given)
        return date_format(words, day_format) if isinstance(words, date) else words


def test_every_answer_is_asked_by_a_kind_and_has_a_name_of_its_own() -> None:
    asked = {answer.name for kind in KINDS.values() for answer in kind.answers}
    assert asked == set(ANSWERS)
    assert all(kind.answers[0].name == MESSAGE for kind in KINDS.values())
    of_the_page = {*TipForm.base_fields, "nonce", "question", "answer", "csrfmiddlewaretoken"}
    assert not of_the_page & set(ANSWERS)


@every_kind
def test_the_form_draws_all_that_a_kind_asks(resident: Resident, kind: str) -> None:
    drawn = text(resident.client.get(f"{resident.url}?kind={kind}"))
    assert in_vietnamese(KINDS[kind].invitation) in drawn
    assert in_vietnamese(KINDS[kind].question) in drawn
    for answer in KINDS[kind].answers:
        assert drawn.count(f' name="{answer.name}"') == 1, answer.name
        assert in_vietnamese(answer.label) in drawn
        assert in_vietnamese(answer.help) in drawn


@every_kind
def test_the_officer_reads_every_answer_and_who_it_was_once_he_asks(
    resident: Resident, officer: Any, as_user: Any, kind: str
) -> None:
    given = answers_to(kind, MARK)
    assert code_on(resident.send(**given))
    tip, client = Tip.objects.get(), as_user(officer)
    assert in_vietnamese(KINDS[kind].name) in page(client, INBOX)
    before, after = unescape(read(client, tip)), text(press(client, tip, "identity"))
    for answer in KINDS[kind].answers:
        shown = as_shown(answer, given[answer.name], "d/m/Y")
        assert shown in after, answer.name
        assert (shown in before) == (answer.part != "identity"), answer.name
        assert in_vietnamese(answer.heading) in after


@every_kind
def test_the_code_shows_every_answer_but_who_it_was(resident: Resident, kind: str) -> None:
    given = answers_to(kind, MARK)
    shown_back = text(resident.look_up(code_on(resident.send(**given))))
    assert in_vietnamese(KINDS[kind].invitation) in shown_back
    for answer in KINDS[kind].answers:
        shown = as_shown(answer, given[answer.name], "DATE_FORMAT")
        assert (shown in shown_back) == (answer.part != "identity"), answer.name


@every_kind
def test_the_receipt_says_what_is_so_of_its_kind_alone(resident: Resident, kind: str) -> None:
    receipt = text(resident.send(**answers_to(kind, MARK)))
    for other in KINDS.values():
        if other.on_receipt:
            assert (in_vietnamese(other.on_receipt) in receipt) == (other.slug == kind)


@every_kind
def test_what_the_kind_does_not_ask_is_not_kept_even_if_it_was_typed(
    resident: Resident, officer: Any, kind: str
) -> None:
    typed = {name: text for other in KINDS for name, text in answers_to(other, MARK).items()}
    assert code_on(resident.send(**{**typed, "kind": kind}))
    parts = as_officer(Tip.objects.get(), officer)
    for answer in ANSWERS.values():
        [part] = parts[answer.part]
        assert bool(part.content[answer.name]) == (answer in KINDS[kind].answers), answer.name


@pytest.mark.parametrize("name", ANSWERS)
def test_another_answer_is_other_words(name: str) -> None:
    said = Said([(MESSAGE, MARK), (name, "2026-11-30")])
    row = SentForm(said=said.under(bytes(32)))
    assert said.not_in(row, bytes(32)) is None
    assert Said([(MESSAGE, MARK), (name, "2026-12-01")]).not_in(row, bytes(32)) == []


def test_a_question_that_a_release_adds_changes_no_form_that_leaves_it_empty() -> None:
    row = SentForm(said=Said([(MESSAGE, MARK)]).under(bytes(32)))
    same = Said([(MESSAGE, MARK), *((name, "") for name in ANSWERS if name != MESSAGE)])
    assert same.not_in(row, bytes(32)) is None


@every_kind
def test_a_tip_from_before_a_question_was_asked_can_be_read(kind: str) -> None:
    bare = {label: {"v": 1} for label in ("message", "place", "identity")}
    asked = {answer.name for answer in KINDS[kind].answers if answer.input == "choice"}
    assert {one.answer.name for one in told(kind, bare)} <= asked
    assert told("a kind that is gone", bare) == []


@every_kind
def test_of_a_part_that_was_not_handed_on_nothing_is_said(kind: str) -> None:
    assert told(kind, {}) == []


def test_an_answer_that_nobody_asks_is_refused_rather_than_lost() -> None:
    with pytest.raises(KeyError):
        contents_of({MESSAGE: MARK, "colour": "blue"})


@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if answer.wrong])
def test_what_cannot_be_an_answer_is_said_in_its_own_words(resident: Resident, name: str) -> None:
    kind = next(slug for slug, kind in KINDS.items() if ANSWERS[name] in kind.answers)
    response = resident.send(**{**answers_to(kind, MARK), name: "không phải"})
    assert in_vietnamese(ANSWERS[name].wrong) in text(response)
    assert not Tip.objects.exists()


def test_whatever_can_be_wrong_has_words_for_it() -> None:
    # What is wrong with a number is told by home.phones.
    of_a_form = {answer.name for answer in ANSWERS.values() if answer.input in ("day", "choice")}
    assert of_a_form == {answer.name for answer in ANSWERS.values() if answer.wrong}


@every_kind
def test_what_must_be_answered_is_asked_for_and_the_rest_may_stay_empty(
    resident: Resident, kind: str
) -> None:
    given = answers_to(kind, MARK)
    for answer in KINDS[kind].answers:
        response = resident.send(**{**given, answer.name: ""})
        assert in_vietnamese(answer.missing) in text(response)
        assert bool(code_on(response)) != bool(answer.missing), answer.name


@every_kind
def test_a_box_that_closed_meanwhile_gives_back_all_that_was_typed(resident: Resident, kind: str) -> None:
    hidden, given = resident.open(), answers_to(kind, MARK)
    UnitKey.objects.all().delete()
    given_back = text(resident.send(hidden=hidden, **given))
    for answer in KINDS[kind].answers:
        assert answer.input == "choice" or given[answer.name] in given_back, answer.name


def test_a_new_kind_with_an_answer_of_its_own_needs_its_rows_and_nothing_else(
    resident: Resident, officer: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_on = Answer(
        name="found_on", part="message", input="lines", label="On which bus?", heading="Bus", longest=9
    )
    lost = Kind(
        slug="lost-thing",
        name="Lost thing",
        invitation="Ask for a lost thing",
        question="What did you lose?",
        picture="question",
        answers=(*KINDS["question"].answers, found_on),
        on_receipt="Bring your ticket.",
    )
    monkeypatch.setitem(ANSWERS, found_on.name, found_on)
    monkeypatch.setitem(KINDS, lost.slug, lost)
    drawn = text(resident.client.get(f"{resident.url}?kind=lost-thing"))
    assert "Ask for a lost thing" in drawn and "What did you lose?" in drawn
    assert 'data-kinds="lost-thing"' in drawn and "On which bus?" in drawn
    too_long = resident.send(kind="lost-thing", found_on="9 and 10 and 11")
    assert "chỉ gửi được nhiều nhất 9 ký tự" in text(too_long)
    receipt = resident.send(kind="lost-thing", found_on="1 <b> 2")
    assert "Bring your ticket." in text(receipt)
    client = as_user(officer)
    assert "Lost thing" in page(client, INBOX)
    seen = unescape(read(client, Tip.objects.get()))
    assert "Bus" in seen and "1 <b> 2" in seen
    shown_back = text(resident.look_up(code_on(receipt)))
    assert "Ask for a lost thing" in shown_back and "1 <b> 2" in shown_back
