"""An officer's answer whose session ended: it comes back to him alone, and lies nowhere in the clear."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from tests.kept_forms import kept
from tests.tipform.officers import NONCE, log_in, press, read, thread_of, unlocked
from tipform.models import Tip

pytestmark = pytest.mark.django_db

ANSWER = "Tối nay chúng tôi ra khúc sông đó."


def test_the_answer_is_sent_after_logging_in_again(officer: Any, tip: Tip) -> None:
    client = unlocked(officer)
    Session.objects.all().delete()
    answer = press(client, tip, "reply", text=ANSWER, nonce=NONCE)
    assert answer.status_code == 401
    form = kept(answer.content.decode())
    assert ANSWER not in read(unlocked(officer), tip)
    log_in(officer, client=client)
    assert client.post(thread_of(tip), form).status_code == 302
    assert ANSWER in read(client, tip)


def test_a_colleague_who_logs_in_at_the_same_computer_does_not_see_it(
    officer: Any, second_officer: Any, tip: Tip
) -> None:
    client = unlocked(officer)
    unlocked(second_officer)
    Session.objects.all().delete()
    form = kept(press(client, tip, "reply", text=ANSWER, nonce=NONCE).content.decode())
    log_in(second_officer, client=client)
    answer = client.post(thread_of(tip), form)
    assert answer.status_code == 403
    assert ANSWER not in answer.content.decode()
    assert ANSWER not in read(client, tip)


def test_a_password_that_was_to_open_the_key_is_not_given_back(officer: Any, tip: Tip) -> None:
    client = unlocked(officer)
    Session.objects.all().delete()
    answer = client.post(
        thread_of(tip), {"unlock-first": "post", "unlock-password": "mật khẩu của tôi", "text": ANSWER}
    )
    assert ANSWER in answer.content.decode()
    assert "mật khẩu của tôi" not in answer.content.decode()
