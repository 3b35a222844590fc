"""Mails, sent to a real server: what arrives, and what each of its answers means."""

import logging
import time
from typing import Any

import pytest

from communes.notices import message
from home.delivery import Answer, Outcome, mail
from tests.mail_server import CUT_AFTER, CUT_BEFORE, HANG, MailServer

LAN = "lan@portal.example"


def send(address: str = LAN) -> Answer:
    subject, text = message.mail()
    return mail.send(address, subject, text, message_id="<7.lan@portal.example>")


def test_a_mail_says_that_something_is_new_and_where_to_log_in_and_nothing_else(
    mail_server: MailServer, settings: Any
) -> None:
    settings.DEFAULT_FROM_EMAIL = "thongbao@portal.example"
    assert send() == Answer(Outcome.SENT)
    [arrived] = mail_server.arrived
    assert mail_server.recipients == [LAN]
    assert arrived["To"] == LAN
    assert arrived["From"] == "thongbao@portal.example"
    assert arrived["Subject"] == "Kết nối An ninh: có việc mới"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().splitlines() == [
        "Có việc mới. Xin đăng nhập để xem.",
        "",
        "http://testserver/admin/",
    ]


def test_it_has_the_name_it_is_given_and_says_that_no_person_wrote_it(mail_server: MailServer) -> None:
    send()
    [arrived] = mail_server.arrived
    assert arrived["Message-ID"] == "<7.lan@portal.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Date"]


@pytest.mark.parametrize("answers", [{"rcpt": "550 5.1.1 no such user"}, {"data": "554 5.7.1 not wanted"}])
def test_what_is_refused_for_good_is_refused(mail_server: MailServer, answers: dict[str, str]) -> None:
    mail_server.answers(**answers)
    assert send() == Answer(Outcome.REFUSED, word=next(iter(answers.values()))[:3])
    assert mail_server.arrived == []


@pytest.mark.parametrize(
    "answers",
    [
        {"rcpt": "451 4.7.1 greylisted"},
        {"data": "452 4.3.1 no room"},
        {"sender": "421 4.3.2 too many"},
        # Of the portal's own account, not of the address.
        {"sender": "530 5.7.0 log in first"},
    ],
)
def test_what_is_refused_for_now_is_tried_later(mail_server: MailServer, answers: dict[str, str]) -> None:
    mail_server.answers(**answers)
    assert send() == Answer(Outcome.LATER, word=next(iter(answers.values()))[:3])
    assert mail_server.arrived == []


def test_a_server_that_is_away_is_tried_later(mail_server: MailServer) -> None:
    mail_server.close()
    assert send() == Answer(Outcome.LATER, word="connection")


@pytest.mark.parametrize("answers", [{"rcpt": HANG}, {"data": HANG}])
def test_a_server_that_hangs_costs_no_more_than_its_time(
    mail_server: MailServer, answers: dict[str, str], settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    mail_server.answers(**answers)
    began = time.monotonic()
    assert send().outcome is Outcome.LATER
    assert time.monotonic() - began < 2


def test_a_line_cut_before_the_answer_is_tried_again_under_the_same_name(mail_server: MailServer) -> None:
    for cut in (CUT_BEFORE, CUT_AFTER):
        mail_server.answers(data=cut)
        assert send() == Answer(Outcome.LATER, word="connection")
    mail_server.answers()
    assert send().outcome is Outcome.SENT
    assert {arrived["Message-ID"] for arrived in mail_server.arrived} == {"<7.lan@portal.example>"}


@pytest.mark.parametrize("bye", ["421 4.3.2 going down", "221 " + "bye" * 4000, HANG])
def test_what_the_server_took_is_sent_whatever_it_says_good_bye_with(
    mail_server: MailServer, bye: str, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    mail_server.answers(bye=bye)
    assert send() == Answer(Outcome.SENT)
    assert len(mail_server.arrived) == 1


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b@c", "lan@portal.example\nBcc: all@portal.example"]
)
def test_an_address_that_is_none_is_refused(mail_server: MailServer, address: str) -> None:
    assert send(address).outcome is Outcome.REFUSED
    assert mail_server.arrived == []


def test_without_a_mail_server_mail_is_not_set_up(settings: Any) -> None:
    assert mail.is_set_up()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert not mail.is_set_up()


def test_nothing_of_an_address_or_a_text_reaches_a_log(
    mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    # The test's own server logs what it is asked.
    for logger in ("mail.log", "mail.debug", "asyncio"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    caplog.set_level(logging.DEBUG)
    for answers in ({}, {"rcpt": "550 no"}, {"data": "452 later"}, {"data": CUT_BEFORE}):
        mail_server.answers(**answers)
        send()
    mail_server.close()
    send()
    for secret in (LAN, "lan@", "Có việc", "Xin đăng nhập"):
        assert secret not in caplog.text
