"""Whatever order of death, refusal and doubt: each message arrives once, as who gets it sees it."""

import datetime
from collections import Counter, defaultdict
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from communes.models import Delivery, MailAddress, OutboxEvent, PushSubscription, User
from communes.notices import delivery, outbox, reasons
from communes.notices.delivery import Letter, note, prepare, standing, take
from communes.notices.reasons import Reason, Step
from home.at_rest import encrypt
from home.delivery import Answer, Outcome

PEOPLE = 5


class Killed(BaseException):
    """The process ends here; what its transaction had not committed never was."""


class World:
    """A clock, a process that may die, and a side that takes messages, also those whose answer is lost."""

    def __init__(self) -> None:
        self.moment = timezone.now()
        # What each target was sent, under the names by which a second one takes the place of the first.
        self.arrived: dict[str, Counter[str]] = defaultdict(Counter)
        self.refuse_rest = False

    def pass_time(self, seconds: float) -> None:
        self.moment += datetime.timedelta(seconds=seconds)

    def fan_out(self, *, dies: bool) -> None:
        try:
            with transaction.atomic():
                outbox.fan_out()
                if dies:
                    raise Killed
        except Killed:
            pass

    def send(self, fate: str) -> None:
        """One parcel: killed before or after it is sent, refused, in doubt, or delivered."""
        for parcel in take(1):
            if fate == "dies before":
                return
            kept = standing(parcel)
            letter = prepare(kept) if kept else None
            if kept is None or letter is None:
                return
            if fate == "refused for now":
                note(kept, Answer(Outcome.LATER, None, "503"))
                return
            self._arrive(kept.first, letter)
            if fate == "dies after":
                return
            lost = fate == "answer lost"
            note(kept, Answer(Outcome.LATER, None, "timeout") if lost else Answer(Outcome.SENT))

    def _arrive(self, row: Delivery, letter: Letter) -> None:
        self.arrived[f"{row.user_id}.{row.channel}.{row.subscription_id}"][letter.name] += 1


acts = st.one_of(
    st.tuples(st.just("fan out"), st.booleans()),
    st.tuples(
        st.just("send"),
        st.sampled_from(["dies before", "dies after", "refused for now", "answer lost", "delivered"]),
    ),
    st.tuples(st.just("wait"), st.floats(0, 200)),
)


class InAnyOrder(TestCase):
    def setUp(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.addCleanup(self.patch.undo)
        self.addCleanup(reasons._reasons.pop, "thing", None)
        step = Step(lambda event: User.objects.filter(username__startswith="nguoi"))
        reasons.register(Reason("thing", "", (step,), urgent=True))
        self.patch.setattr(outbox, "BATCH", 2)
        # Giving up is another test's.
        self.patch.setattr(delivery, "TRIES", 1000)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(acts, max_size=30))
    def test_each_message_arrives_once(self, drawn: list[tuple[str, Any]]) -> None:
        world = World()
        self.patch.setattr(timezone, "now", lambda: world.moment)
        for number in range(PEOPLE):
            user = User.objects.create(username=f"nguoi{number}")
            sealed = encrypt('{"endpoint": "x", "p256dh": "x", "auth": "x"}')
            PushSubscription.objects.create(user=user, digest=f"{number:064}", sealed=sealed)
            MailAddress.objects.create(user=user, sealed=encrypt("a@example.vn"), confirmed_at=world.moment)
        outbox.put("thing")
        for act, how in drawn:
            if act == "fan out":
                world.fan_out(dies=how)
            elif act == "send":
                world.send(how)
            else:
                world.pass_time(how)
        # And then it goes on undisturbed.
        for _turn in range(200):
            world.fan_out(dies=False)
            world.pass_time(delivery.LEASE.total_seconds() + 1)
            world.send("delivered")
            Delivery.objects.filter(due_at__isnull=False).update(due_at=world.moment)
            if not (
                OutboxEvent.objects.filter(due_at__isnull=False).exists()
                or Delivery.objects.filter(due_at__isnull=False).exists()
            ):
                break
        assert len(world.arrived) == 2 * PEOPLE
        # A second message of one name takes the place of the first: each sees one.
        assert all(len(names) == 1 for names in world.arrived.values())
        assert not Delivery.objects.filter(due_at__isnull=False).exists()
        assert not Delivery.objects.exclude(failure="").exists()
