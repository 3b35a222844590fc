"""Each person chooses on one page how he hears of what; who chooses nothing hears as the reason says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communes.models import NoticeChoice
from communes.notices import reasons
from communes.notices.reasons import Reason
from tests.communes.posts import logged_in, text_of

pytestmark = pytest.mark.django_db

PAGE = "/admin/bell/choices/"
Mail = NoticeChoice.Mail


@pytest.fixture(autouse=True)
def known(officer: Any) -> Iterator[None]:
    """Two reasons that concern everybody, and one that concerns the officer of Cẩm Trung."""
    before = dict(reasons._reasons)
    reasons._reasons.clear()
    reasons.register(
        Reason("flood", "Nước lên", ()),
        Reason("guide", "Thủ tục cần rà soát", (), push=False, mail=Mail.DAILY),
        Reason("tip", "Có tin mới", (), concerns=lambda user: user.pk == officer.pk),
    )
    yield
    reasons._reasons.clear()
    reasons._reasons.update(before)


def choose(client: Client, **values: str) -> Any:
    return client.post(PAGE, values)


def stored(user: Any) -> dict[str, tuple[bool, str]]:
    return {row.reason: (row.push, row.mail) for row in NoticeChoice.objects.filter(user=user)}


ALL_SILENT = {"flood-mail": "none", "guide-mail": "none", "tip-mail": "none"}


def test_the_page_shows_what_holds_and_keeps_what_is_chosen(officer: Any) -> None:
    client = logged_in(officer)
    page = text_of(client.get(PAGE))
    assert 'name="flood-push" id="id_flood-push" checked' in page
    assert 'name="guide-push" id="id_guide-push">' in page
    assert '<option value="daily" selected>' in page
    choose(client, **{**ALL_SILENT, "guide-push": "on", "tip-push": "on", "tip-mail": "now"})
    assert stored(officer) == {"flood": (False, "none"), "guide": (True, "none"), "tip": (True, "now")}
    choose(client, **ALL_SILENT)
    assert stored(officer) == dict.fromkeys(("flood", "guide", "tip"), (False, "none"))
    assert "checked" not in text_of(client.get(PAGE)).split("bell__choices")[1].split("</form>")[0]


def test_one_persons_silence_silences_nobody_else(officer: Any, other_officer: Any) -> None:
    choose(logged_in(officer), **ALL_SILENT)
    assert stored(other_officer) == {}
    assert 'id="id_flood-push" checked' in text_of(logged_in(other_officer).get(PAGE))


def test_what_never_concerns_a_person_is_not_offered_to_him(officer: Any, editor: Any) -> None:
    assert "Có tin mới" in text_of(logged_in(officer).get(PAGE))
    client = logged_in(editor)
    assert "Có tin mới" not in text_of(client.get(PAGE))
    choose(client, **ALL_SILENT)
    assert set(stored(editor)) == {"flood", "guide"}


def test_an_answer_that_is_not_offered_keeps_everything_as_it_was(officer: Any) -> None:
    answer = choose(logged_in(officer), **{**ALL_SILENT, "flood-mail": "immer"})
    assert answer.status_code == 200
    assert stored(officer) == {}


def test_the_page_takes_the_same_queries_for_any_number_of_reasons(officer: Any) -> None:
    client = logged_in(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    queries()
    few = queries()
    reasons.register(*(Reason(f"more-{number}", f"Việc {number}", ()) for number in range(30)))
    assert queries() == few


def test_a_test_of_the_bell_is_nobodys_choice(officer: Any) -> None:
    from communes.notices import trial

    reasons.register(trial.REASON)
    assert "test-mail" not in text_of(logged_in(officer).get(PAGE))
    assert reverse("bell:choices") == PAGE
