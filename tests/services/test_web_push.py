"""Rings and mails, sent for real: what arrives, and what each answer of a service means."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils.http import http_date

from communes.notices import message
from home.delivery import Answer, Outcome, web_push
from tests.push_service import CUT_AFTER, CUT_BEFORE, HANG, PushService

RING = b'{"web_push": 8030}'


def ring(address: dict[str, str], content: bytes = RING, *, topic: str = "news", ttl: int = 3600) -> Answer:
    return web_push.send(address, content, topic=topic, ttl=ttl)


def test_a_ring_arrives_encrypted_signed_and_with_all_that_a_service_asks_for(
    push_service: PushService,
) -> None:
    address = push_service.subscription()
    assert ring(address, message.ring("ack-1")) == Answer(Outcome.SENT, word="201")
    [arrived] = push_service.arrived
    assert arrived.message["notification"]["title"] == "Kết nối An ninh"
    assert arrived.message["notification"]["body"] == "Có việc mới. Xin đăng nhập để xem."
    assert arrived.message["notification"]["navigate"] == "http://testserver/admin/"
    assert arrived.message["ack"] == "ack-1"
    assert arrived.headers["TTL"] == "3600"
    assert arrived.headers["Urgency"] == "high"
    assert arrived.headers["Topic"] == "news"
    assert push_service.complaints == []


def test_the_signature_names_the_service_and_whom_to_ask_and_ends_within_half_a_day(
    push_service: PushService,
) -> None:
    ring(push_service.subscription())
    claims = push_service.arrived[0].claims
    assert claims["aud"] == push_service.origin
    assert claims["sub"] == "mailto:it@portal.example"
    assert 0 < claims["exp"] - time.time() <= 12 * 60 * 60


@pytest.mark.parametrize("status", [200, 201, 202])
def test_what_a_service_took_is_sent(push_service: PushService, status: int) -> None:
    push_service.answers(status)
    assert ring(push_service.subscription()) == Answer(Outcome.SENT, word=str(status))


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_no_more_is_gone(push_service: PushService, status: int) -> None:
    push_service.answers(status)
    assert ring(push_service.subscription()) == Answer(Outcome.GONE, word=str(status))


@pytest.mark.parametrize("status", [406, 408, 429, 500, 502, 503])
def test_a_service_that_is_busy_is_asked_later(push_service: PushService, status: int) -> None:
    push_service.answers(status)
    assert ring(push_service.subscription()) == Answer(Outcome.LATER, word=str(status))


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 413])
def test_what_a_service_refuses_is_refused_and_no_redirect_is_followed(
    push_service: PushService, status: int
) -> None:
    push_service.answers(status)
    assert ring(push_service.subscription()) == Answer(Outcome.REFUSED, word=str(status))
    assert push_service.asked == 1


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("0", timedelta(0)),
        ("120", timedelta(seconds=120)),
        ("3600", timedelta(hours=1)),
        ("3601", timedelta(hours=1)),
        ("999999999", timedelta(hours=1)),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_service_says_how_long_to_leave_it_alone_an_hour_at_most(
    push_service: PushService, said: str, waits: timedelta | None
) -> None:
    push_service.answers(429, retry_after=said)
    assert ring(push_service.subscription()).retry_after == waits


def test_it_may_say_so_by_a_date(push_service: PushService) -> None:
    def waits(seconds: int) -> float:
        push_service.answers(503, retry_after=http_date(time.time() + seconds))
        wait = ring(push_service.subscription()).retry_after
        assert wait is not None
        return wait.total_seconds()

    assert 85 <= waits(90) <= 90
    assert waits(7200) == 3600
    assert waits(-90) == 0


def test_a_service_that_hangs_costs_no_more_than_its_time(push_service: PushService, settings: Any) -> None:
    settings.TIMEOUTS = {**settings.TIMEOUTS, "push service": 1}
    push_service.answers(HANG)
    began = time.monotonic()
    assert ring(push_service.subscription()) == Answer(Outcome.LATER, word="timeout")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("cut", [CUT_BEFORE, CUT_AFTER])
def test_a_line_that_breaks_is_tried_again_and_a_browser_gets_it_once(
    push_service: PushService, cut: str
) -> None:
    address = push_service.subscription()
    push_service.answers(cut, 201)
    assert ring(address) == Answer(Outcome.LATER, word="connection")
    assert ring(address).outcome is Outcome.SENT
    assert len(push_service.shown(address["endpoint"])) == 1


def test_a_service_that_is_away_is_tried_again(push_service: PushService) -> None:
    address = push_service.subscription()
    push_service.close()
    assert ring(address) == Answer(Outcome.LATER, word="connection")


def test_rings_of_two_topics_both_stay_and_of_one_the_later(push_service: PushService) -> None:
    address = push_service.subscription()
    for number, topic in enumerate(("news", "test", "news")):
        ring(address, json.dumps({"number": number}).encode(), topic=topic)
    assert [shown.message["number"] for shown in push_service.shown(address["endpoint"])] == [2, 1]
