"""What residents and officers wait for: sealing, opening, logging in, 1,000 tips, a new key. `make bench`.

Every request goes through the whole of Django, at a real server's costs, on a database of its own: SQLite in
a file, or PostgreSQL where DATABASE_URL names a server.
"""

import io
import os
import secrets
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from communes.models import CommunePage, Membership, User
from tests.conftest import PASSWORD
from tests.tipform.officers import INBOX, give_birth, grant, log_in, new_officer, own_digits, thread_of
from tests.tipform.residents import Resident, named
from tipform.box.receiving import Submission, submit
from tipform.models import Category, PartKey, Tip, UnitKey

TIPS, RUNS = 1000, 7
ROW = "{:<44} {:>8} {:>8} {:>8} {:>9}"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(name: str, act: Callable[[], Any], prepare: Callable[[], Any] = lambda: None) -> None:
    """Median wall and processor time, and of runs of their own queries and the peak of Python's memory."""
    wall, cpu = [], []

    def once() -> None:
        for cache in caches.all():
            cache.clear()
        caches["counters"].clear()
        prepare()
        begun = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - begun[0])
        cpu.append(time.process_time() - begun[1])

    once()  # what only the first one pays
    del wall[:], cpu[:]
    for _run in range(RUNS):
        once()
    times = statistics.median(wall), statistics.median(cpu)
    prepare()
    with CaptureQueriesContext(connection) as captured:
        act()
    queries = len(captured)
    prepare()
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    say(ROW.format(name, *(f"{one * 1000:.0f} ms" for one in times), queries, f"{peak / 1e6:.1f} MB"))


def answers(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, (response.status_code, response.content[:2000])
    return response


def photo_of_3_mb() -> bytes:
    """Twelve megapixels, as a telephone takes them, with as much detail as gives about 3 MB."""
    image = Image.frombytes("RGB", (1000, 750), os.urandom(1000 * 750 * 3)).resize((4000, 3000))
    content = io.BytesIO()
    image.save(content, "JPEG", quality=75)
    return content.getvalue()


def log_ins(officer: Any, editor: Any) -> None:
    measure("log in: an officer, his key opened", lambda: log_in(officer))
    measure("log in: an editor, who has no key", lambda: log_in(editor))


def sealing(photo: bytes) -> None:
    resident = Resident()
    form: dict[str, str] = {}

    def send(**fields: Any) -> None:
        answers(resident.send(hidden=dict(form), place="Thôn 4", **fields))

    def open_form() -> None:
        form.update(resident.open())

    measure("a tip sent, words alone", send, open_form)
    say(f"  (the photo has {len(photo) / 1e6:.1f} MB)")
    measure("a tip sent with the photo", lambda: send(attachments=[named(photo, "a.jpg")]), open_form)


def reading(reader: Client) -> None:
    with_photo = Tip.objects.filter(parts__label="view").latest("pk")
    without = Tip.objects.exclude(parts__label="view").latest("pk")
    measure("a tip opened, words alone", lambda: answers(reader.get(thread_of(without))))
    measure("a tip opened that has the photo", lambda: answers(reader.get(thread_of(with_photo))))
    for label, name in (("view", "the picture on the page"), ("file", "the original, as a download")):
        address = reverse("tips:file", args=[with_photo.uuid, with_photo.parts.get(label=label).uuid])
        measure(name, lambda address=address: b"".join(answers(reader.get(address)).streaming_content))


def fill(commune: CommunePage) -> None:
    categories = list(Category.objects.filter(active=True))
    begun, number = time.perf_counter(), TIPS - Tip.objects.count()
    answers = {"message": "Hai tàu hút cát.", "place": "Thôn 4", "name": "Người Báo", "phone": "0900"}
    for place in range(number):
        category = categories[place % len(categories)]
        submit(commune.unit, Submission("tip", category, answers), secrets.token_bytes(16))
    each = (time.perf_counter() - begun) / number
    say(f"  ({number} tips more, {PartKey.objects.count()} sealed keys in all; {each * 1000:.0f} ms each)")


def listing(reader: Client) -> None:
    category = Category.objects.filter(active=True).first()
    for name, query in (
        ("the first page", ""),
        ("the last page", f"?p={TIPS // 50}"),
        ("by status", "?status=new"),
        ("by status and category", f"?status=new&category={category.pk}"),
    ):
        measure(f"{TIPS} tips, {name}", lambda query=query: answers(reader.get(INBOX + query)))


def rotating(reader: Client, leaving: Any, unit_editor: Client) -> None:
    """An officer leaves; then his colleague opens the inbox until every open tip is under the new key."""
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        answers(unit_editor.post(reverse("staff:deactivate", args=[leaving.pk])), 302)
    took = (time.perf_counter() - begun) * 1000
    say(f"  the account is closed and the new key there: {took:.0f} ms, {len(captured)} queries")
    key = UnitKey.objects.latest("generation")
    visits = []
    while not key.settled:
        begun = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as captured:
            answers(reader.get(INBOX))
        visits.append((time.perf_counter() - begun[0], time.process_time() - begun[1], len(captured)))
        key.refresh_from_db()
    moved = PartKey.objects.filter(unit_key=key).count()
    say(f"  {moved} sealed keys moved in {len(visits)} visits of the inbox:")
    for wall, cpu, queries in visits:
        say(ROW.format("    a visit", f"{wall * 1000:.0f} ms", f"{cpu * 1000:.0f} ms", queries, ""))
    assert not PartKey.objects.filter(unit_key__isnull=False).exclude(unit_key=key).exists()


@pytest.mark.django_db(transaction=True)
def test_how_long_they_wait(commune: CommunePage, unit: Any) -> None:
    officer, leaving = new_officer("truc", commune.unit), new_officer("truc-2", commune.unit)
    above = User.objects.create_user("huyen", password=PASSWORD)
    Membership.objects.create(user=above, unit=unit, role="editor")
    editor = User.objects.create_user("bientap", password=PASSWORD)
    Membership.objects.create(user=editor, unit=commune.unit, role="editor")
    reader = log_in(officer)
    give_birth(reader, commune.unit)
    grant(reader, commune.unit, leaving, own_digits(log_in(leaving)))
    say(f"\n{connection.vendor}; an officer's key costs {settings.OFFICER_KEY_COST}; median of {RUNS}")
    say(ROW.format("", "wall", "cpu", "queries", "peak"))
    log_ins(officer, editor)
    sealing(photo_of_3_mb())
    reading(reader)
    measure(f"{Tip.objects.count()} tips, the first page", lambda: answers(reader.get(INBOX)))
    fill(commune)
    listing(reader)
    rotating(reader, leaving, log_in(above))
