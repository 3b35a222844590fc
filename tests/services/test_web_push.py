"""Rings, sent for real: what arrives, and what each answer of a push service means."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils.http import http_date

from communes.notices import message
from home.delivery import Answer, Outcome, vapid, web_push
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


def test_a_subscription_of_another_key_is_refused(push_service: PushService, settings: Any) -> None:
    """After a change of the key, until the browser subscribes anew."""
    address = push_service.subscription()
    settings.VAPID_PRIVATE_KEY = vapid.new_key()
    assert ring(address) == Answer(Outcome.REFUSED, word="403")
    assert ring(push_service.subscription()).outcome is Outcome.SENT


def test_without_a_key_nothing_is_sent_and_nobody_subscribes(
    push_service: PushService, settings: Any
) -> None:
    address = push_service.subscription()
    assert web_push.is_set_up()
    assert len(web_push.public_key()) == 87
    for name, value in (("VAPID_PRIVATE_KEY", ""), ("VAPID_PRIVATE_KEY", "x"), ("VAPID_CONTACT", "")):
        with override_settings(**{name: value}):
            assert not web_push.is_set_up()
            assert web_push.public_key() == ""
            assert ring(address) == Answer(Outcome.LATER, word="not-set-up")
    assert push_service.asked == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"p256dh": ""},
        {"p256dh": "B" * 87},  # no point of the curve
        {"p256dh": "B" * 86},
        {"p256dh": "=" * 87},
        {"auth": ""},
        {"auth": "A" * 21},
        {"auth": "A" * 23},
        {"auth": "ạ" * 22},
    ],
)
def test_keys_that_are_none_are_refused(push_service: PushService, wrong: dict[str, str]) -> None:
    address = push_service.subscription() | wrong
    assert not web_push.accepts(address)
    assert ring(address) == Answer(Outcome.REFUSED, word="keys")
    assert push_service.asked == 0


def test_only_a_whole_address_on_the_list_is_accepted_from_a_browser(push_service: PushService) -> None:
    address = push_service.subscription()
    assert web_push.accepts(address)
    assert web_push.accepts(address | {"endpoint": "https://fcm.googleapis.com/fcm/send/a"})
    assert not web_push.accepts(address | {"endpoint": "https://evil.example/a"})
    for name in address:
        assert not web_push.accepts({other: address[other] for other in address if other != name})
        assert not web_push.accepts(address | {name: None})  # type: ignore[dict-item]


def test_an_endpoint_that_left_the_list_is_refused_unasked(push_service: PushService, settings: Any) -> None:
    address = push_service.subscription()
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]
    assert ring(address) == Answer(Outcome.REFUSED, word="not-allowed")
    assert push_service.asked == 0


@pytest.mark.parametrize("topic", ["", "x" * 33, "a b", "tin-báo", "a/b", "a="])
def test_a_topic_that_no_service_takes_is_a_fault_of_ours(push_service: PushService, topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        ring(push_service.subscription(), topic=topic)
    assert ring(push_service.subscription(), topic="x" * 32).outcome is Outcome.SENT


def test_a_message_is_as_long_as_services_take_and_no_longer(push_service: PushService) -> None:
    longest = b'{"a": 1}'.ljust(web_push.LONGEST_MESSAGE)
    assert ring(push_service.subscription(), longest).outcome is Outcome.SENT
    assert push_service.arrived[0].size == 4096
    with pytest.raises(ValueError, match="bytes"):
        ring(push_service.subscription(), longest + b" ")


def test_all_messages_have_one_size_on_the_wire(push_service: PushService) -> None:
    address = push_service.subscription()
    for content in (message.ring(""), message.ring("ack" * 20), message.test_ring("a")):
        ring(address, content)
    assert len({arrived.size for arrived in push_service.arrived}) == 1
