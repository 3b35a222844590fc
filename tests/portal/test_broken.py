"""Whatever breaks, the page that says so has every word that was sent, and nothing that is none."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from communes.models import CommunePage
from home.phones import signed, unsigned
from portal.broken import server_error
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import Resident
from tipform.intake import views

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát <b>dưới</b> chân cầu"


def answer(**posted: Any) -> Any:
    return server_error(RequestFactory().post("/cam-trung/gui-tin-bao/", posted))


def test_a_form_whose_view_breaks_gives_back_what_was_typed(
    commune: CommunePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_unit_key(commune.unit)
    resident = Resident(client=Client(enforce_csrf_checks=True, raise_request_exception=False))
    hidden = resident.open()

    def broken(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(views, "can_read", broken)
    response = resident.send(hidden=hidden, message=WORDS, contact="callback", name="Đào", phone="0912345678")
    page = response.content.decode()
    assert response.status_code == 503
    assert response.headers["Cache-Control"] == "no-store"
    assert "Hai tàu hút cát &lt;b&gt;dưới&lt;/b&gt; chân cầu" in page
    assert "Đào" in page
    assert "0912345678" in page
    assert f'href="tel:{commune.duty_phone.replace(" ", "")}"' in page
    assert hidden["nonce"] not in page
    assert hidden["csrfmiddlewaretoken"] not in page


@pytest.mark.parametrize(
    "name", ["password", "old_password", "code", "csrfmiddlewaretoken", "nonce", "upload", "group_1"]
)
def test_secrets_are_not_shown(name: str) -> None:
    page = answer(**{name: "bốn từ không liên", "text": WORDS}).content.decode()
    assert "bốn từ" not in page
    assert "Hai tàu" in page


def test_choices_and_marks_are_not_words() -> None:
    response = answer(kind="tip", contact="anonymous", seen="12:ab34", body='{"blocks": ["a b"]}')
    assert response.status_code == 500
    assert b"textarea" not in response.content


@pytest.mark.parametrize("value", ["Cháy", "a b", "0912345678"])
def test_a_single_word_and_a_number_are(value: str) -> None:
    assert value in answer(message=value).content.decode()


def test_a_number_that_somebody_else_put_there_is_not_called() -> None:
    assert "0900000666" not in answer(message=WORDS, duty_phone="0900000666:x").content.decode()
    assert unsigned(signed("0239 000 0101")) == "0239 000 0101"


def test_a_page_that_was_only_read_says_so_plainly() -> None:
    assert server_error(RequestFactory().get("/")).status_code == 500
