"""From the outbox to real push and mail servers: in time, once as a person sees it, whatever breaks."""

import json
import logging
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import Delivery, MailAddress, OutboxEvent, PushSubscription, User
from communes.notices import addresses, delivery, reasons, subscriptions
from communes.notices.delivery import Worker
from communes.notices.outbox import fan_out, put
from communes.notices.reasons import Reason, Step
from tests.mail_server import MailServer
from tests.push_service import CUT_AFTER, HANG, PushService
from tests.tipform.canaries import found_in
from tests.tipform.officers import key_holder
from tests.tipform.residents import Resident
from tipform.models import Tip

from .conftest import finished, step

pytestmark = pytest.mark.django_db


def people(event: OutboxEvent) -> Any:
    return User.objects.filter(username__startswith="nguoi")


@pytest.fixture(autouse=True)
def thing() -> Any:
    reasons.register(Reason("thing", "", (Step(people),), urgent=True))
    yield
    reasons._reasons.pop("thing")


@pytest.fixture
def person(push_service: PushService) -> Callable[..., dict[str, str]]:
    """Somebody with a browser, and mail if wished; the browser's address."""

    def make(name: str, mail: str = "") -> dict[str, str]:
        user = User.objects.create(username=name)
        address = push_service.subscription()
        subscriptions.subscribe(user, address, "Chrome, Android")
        if mail:
            addresses.confirm(user, addresses.enter(user, mail))
        return address

    return make


def work(worker: Worker, seconds: float = 20, until: Callable[[], bool] | None = None) -> None:
    """Turns until nothing is due or on its way."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        worker.turn()
        open_rows = Delivery.objects.filter(due_at__lte=timezone.now()).exists()
        if until() if until else not open_rows and not worker._on_their_way:
            return
        time.sleep(0.02)
    pytest.fail("it did not come to an end")


def due_now() -> None:
    Delivery.objects.filter(due_at__isnull=False).update(due_at=timezone.now(), leased_until=None)


def test_a_ring_and_a_mail_arrive_once_and_say_the_same_to_everybody(
    push_service: PushService, mail_server: MailServer, person: Any
) -> None:
    person("nguoi1", "mot@example.vn")
    person("nguoi2")
    put("thing")
    worker = Worker()
    work(worker)
    work(worker)
    assert push_service.complaints == []
    assert Counter(ring.message["notification"]["body"] for ring in push_service.arrived) == {
        "Có việc mới. Xin đăng nhập để xem.": 2
    }
    assert len({ring.size for ring in push_service.arrived}) == 1
    assert len({ring.headers["Urgency"] for ring in push_service.arrived}) == 1
    assert [mail["Subject"] for mail in mail_server.arrived] == ["Kết nối An ninh: có việc mới"]
    assert mail_server.recipients == ["mot@example.vn"]
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_the_browser_tells_that_it_rang(push_service: PushService, person: Any, client: Any) -> None:
    person("nguoi1")
    put("thing")
    work(Worker())
    assert PushSubscription.objects.get().heard_at is None
    client.post(reverse("bell_heard"), {"token": push_service.arrived[0].message["ack"]})
    assert PushSubscription.objects.get().heard_at


def test_what_comes_together_is_told_in_one_message(push_service: PushService, person: Any) -> None:
    person("nguoi1")
    for _event in range(5):
        put("thing")
    work(Worker())
    assert len(push_service.arrived) == 1
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 5


def test_a_browser_that_is_gone_is_forgotten(push_service: PushService, person: Any) -> None:
    person("nguoi1")
    push_service.answers(410)
    put("thing")
    work(Worker())
    assert not PushSubscription.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("answer", [429, 500, 503])
def test_it_tries_again_after_a_pause_that_the_service_may_ask_for(
    answer: int, push_service: PushService, person: Any
) -> None:
    person("nguoi1")
    push_service.answers(answer, 201, retry_after="120")
    put("thing")
    worker = Worker()
    work(worker)
    row = Delivery.objects.get()
    assert row.due_at
    assert 118 < (row.due_at - timezone.now()).total_seconds() <= 145
    due_now()
    work(worker)
    assert len(push_service.arrived) == 1


def test_pauses_grow_and_after_the_last_try_it_is_given_up(push_service: PushService, person: Any) -> None:
    person("nguoi1")
    push_service.answers(500)
    put("thing")
    worker, pauses = Worker(), []
    for _try in range(delivery.TRIES):
        work(worker)
        row = Delivery.objects.get()
        if row.due_at:
            pauses.append((row.due_at - timezone.now()).total_seconds())
        due_now()
    assert pauses == sorted(pauses) or pauses[-1] > 3600
    assert len(pauses) == delivery.TRIES - 1
    assert (row.due_at, row.failure, row.sent_at) == (None, "500", None)


@pytest.mark.parametrize("answer", [400, 403])
def test_what_is_refused_is_not_asked_again(answer: int, push_service: PushService, person: Any) -> None:
    person("nguoi1")
    push_service.answers(answer)
    put("thing")
    worker = Worker()
    work(worker)
    work(worker)
    assert push_service.asked == 1
    assert Delivery.objects.get().failure == str(answer)
    # It may be the server's own key that is wrong: the browser stays.
    assert PushSubscription.objects.exists()


def test_an_answer_that_is_cut_rings_again_and_collapses(push_service: PushService, person: Any) -> None:
    address = person("nguoi1")
    push_service.answers(CUT_AFTER, 201)
    put("thing")
    worker = Worker()
    work(worker)
    due_now()
    work(worker)
    assert len(push_service.arrived) == 2
    assert len({ring.headers["Topic"] for ring in push_service.arrived}) == 1
    assert len({ring.message["notification"]["tag"] for ring in push_service.arrived}) == 1
    assert len(push_service.shown(address["endpoint"])) == 1


def test_a_mail_that_may_have_arrived_goes_again_under_the_same_name(
    push_service: PushService, mail_server: MailServer, person: Any
) -> None:
    person("nguoi1", "mot@example.vn")
    mail_server.answers(data="cut after")
    put("thing")
    worker = Worker()
    work(worker)
    mail_server.answers()
    due_now()
    work(worker)
    assert len(mail_server.arrived) == 2
    assert len({mail["Message-ID"] for mail in mail_server.arrived}) == 1


def test_a_service_that_hangs_holds_up_nobody_else(
    push_service: PushService, mail_server: MailServer, person: Any
) -> None:
    person("nguoi1", "mot@example.vn")
    push_service.answers(HANG)
    put("thing")
    began = time.monotonic()
    work(Worker(), until=lambda: bool(mail_server.arrived))
    assert time.monotonic() - began < 3


def test_a_test_does_not_take_the_place_of_a_ring(push_service: PushService, person: Any) -> None:
    address = person("nguoi1")
    put("thing")
    worker = Worker()
    work(worker)
    put("test", subject=str(User.objects.get(username="nguoi1").pk))
    work(worker)
    bodies = [ring.message["notification"]["body"] for ring in push_service.shown(address["endpoint"])]
    assert len(bodies) == len(set(bodies)) == 2
    assert len({ring.size for ring in push_service.arrived}) == 1


def test_what_is_settled_while_a_service_is_down_rings_nobody_later(
    push_service: PushService, person: Any
) -> None:
    stands = True
    reasons.register(Reason("thing", "", (Step(people),), stands=lambda event: stands, urgent=True))
    person("nguoi1")
    push_service.answers(503)
    put("thing")
    worker = Worker()
    work(worker)
    stands = False
    push_service.answers(201)
    due_now()
    work(worker)
    assert push_service.arrived == []
    assert not Delivery.objects.exists()


def test_an_address_that_nobody_can_read_any_more_is_forgotten(person: Any) -> None:
    person("nguoi1")
    PushSubscription.objects.update(sealed="gAAAAA")
    put("thing")
    work(Worker())
    assert not PushSubscription.objects.exists()


def test_a_mail_address_that_was_taken_back_gets_nothing_more(
    mail_server: MailServer, push_service: PushService, person: Any
) -> None:
    person("nguoi1", "mot@example.vn")
    put("thing")
    while fan_out():
        pass
    MailAddress.objects.all().delete()
    work(Worker())
    assert mail_server.arrived == []
    assert not Delivery.objects.filter(channel="mail").exists()


def test_no_channel_no_log_and_no_row_says_a_word_of_a_tip(
    push_service: PushService,
    mail_server: MailServer,
    commune: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Through the form as a resident sends it, to the officer's phone and mailbox, at the loudest."""
    officer = key_holder(commune.unit)
    subscriptions.subscribe(officer, push_service.subscription(), "Chrome, Android")
    addresses.confirm(officer, addresses.enter(officer, "truc@example.vn"))
    OutboxEvent.objects.all().delete()
    caplog.set_level(logging.DEBUG)
    words, name, phone = "Hoàng Yến giấu cát dưới cầu", "Hoàng Yến Báo Tin", "0912345679"
    resident = Resident(client=Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.77"))
    assert resident.send(message=words, contact="callback", name=name, phone=phone).status_code in (200, 302)
    tip = Tip.objects.get()
    OutboxEvent.objects.update(due_at=timezone.now())
    work(Worker())
    [ring], [letter] = push_service.arrived, mail_server.arrived
    rows = serializers.serialize("json", [*OutboxEvent.objects.all(), *Delivery.objects.all()])
    told = [json.dumps(ring.message, ensure_ascii=False), json.dumps(ring.headers), letter.as_string()]
    # The test's own mail server says all that it is told.
    logged = "\n".join(str(record.__dict__) for record in caplog.records if record.name != "mail.log")
    all_of_it = "\n".join([*told, str(letter.get_content()), rows, logged]).encode()
    secrets_of_it = [words, name, phone, "203.0.113.77", str(tip.uuid), tip.uuid.hex, tip.category.name]
    assert found_in(all_of_it, secrets_of_it) == []
    # Nor, in what leaves, where it happened.
    assert found_in("\n".join(told).encode(), ["Cẩm Trung", commune.unit.uuid.hex]) == []
    # Nor in a log whose phone it was.
    assert ring.endpoint not in logged
    assert "truc@example.vn" not in logged + rows


@pytest.mark.parametrize("a_minute", [1, 60])
def test_from_the_due_time_to_the_phone_in_time(
    a_minute: int, push_service: PushService, person: Any
) -> None:
    """With three officers a commune. Twelve seconds of a flow of so many tips a minute."""
    endpoints = {person(f"nguoi{number}")["endpoint"]: number for number in range(3)}
    due: list[float] = []
    worker, began, next_at = Worker(), time.monotonic(), 0.0
    events = max(1, a_minute * 12 // 60)
    while len(due) < events or worker._on_their_way:
        if len(due) < events and time.monotonic() - began >= next_at:
            put("thing")
            due.append(time.time())
            next_at += 60 / a_minute
        worker.turn()
        time.sleep(0.5)  # as the loop of the jobs' process does
    work(worker)
    waits = []
    for moment in due:
        for endpoint in endpoints:
            later = [
                ring.at for ring in push_service.arrived if ring.endpoint == endpoint and ring.at >= moment
            ]
            waits.append(min(later) - moment)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)] if len(waits) > 1 else waits[0]
    print(f"{a_minute} a minute: half {statistics.median(waits):.2f} s, p95 {p95:.2f} s")  # noqa: T201
    assert p95 <= 10


# Killed


@pytest.fixture
def prepared(
    database: dict[str, str], push_service: PushService, mail_server: MailServer, request: Any
) -> dict[str, str]:
    """The environment of a database with 40 people, of whom each has a browser, and each second one mail."""
    browsers = [push_service.subscription() for _number in range(40)]
    environment = {
        **database,
        "REQUESTS_CA_BUNDLE": str(push_service.certificate),
        "NO_PROXY": "localhost,127.0.0.1",
        "EMAIL_URL": mail_server.url,
        "BROWSERS": json.dumps(browsers),
    }
    finished(step("ring_prepare", environment))
    return environment


def test_a_worker_that_is_killed_again_and_again_loses_and_doubles_nothing(
    prepared: dict[str, str], push_service: PushService, mail_server: MailServer
) -> None:
    """Twenty times on SQLite, ten on PostgreSQL, each at another point."""
    kills = 10 if "DATABASE_URL" in prepared else 20
    drawn = random.Random(18)
    killed = 0
    for _kill in range(kills):
        process = step("ring", prepared)
        assert process.stdout
        assert process.stdout.readline() == "started\n"
        time.sleep(drawn.uniform(0, 0.4))
        process.kill()
        process.communicate()
        killed += process.returncode == -9
    finished(step("ring", prepared))
    print(f"killed {killed} times; {len(push_service.arrived)} messages for 40 browsers")  # noqa: T201
    endpoints = [browser["endpoint"] for browser in json.loads(prepared["BROWSERS"])]
    # As each person sees it: one notice, however often its message went out.
    assert [len(push_service.shown(endpoint)) for endpoint in endpoints] == [1] * 40
    assert push_service.complaints == []
    names = {(str(mail["To"]), str(mail["Message-ID"])) for mail in mail_server.arrived}
    assert len(names) == len({to for to, _name in names}) == 20
    assert json.loads(finished(step("ring_left", prepared))) == {"due": 0, "sent": 60, "given up": 0}
