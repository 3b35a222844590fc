"""What the service tests do in processes of their own: python steps.py <function>."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Event
from typing import Any

import django
import psycopg

from tests.services.killed import receive_again, receive_and_be_killed

THREADS, CALLS, LIMIT = 8, 200, 500


def migrate_there_and_back() -> None:
    """All migrations, then our apps' back as far as they go, then forward again."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("migrate", "tipform", "zero", verbosity=0)
    # 0001 is the user, on which Wagtail's own migrations stand, and theirs do not all go back.
    call_command("migrate", "communes", "0001", verbosity=0)
    call_command("migrate", "home", "zero", verbosity=0)
    left = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("home_", "communes_", "tipform_")) and not name.startswith("communes_user")
    ]
    assert left == [], left
    call_command("migrate", verbosity=0)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def count() -> None:
    """Write how many of this process's calls a limit of LIMIT an hour let through."""
    from django.db import close_old_connections, connections
    from django.test import RequestFactory
    from django_ratelimit.core import is_ratelimited

    request = RequestFactory().get("/")

    def calls() -> int:
        allowed = 0
        for _call in range(CALLS):
            allowed += not is_ratelimited(
                request, group="g", key=lambda group, request: "x", rate=f"{LIMIT}/h", increment=True
            )
        close_old_connections()
        connections.close_all()
        return allowed

    with ThreadPoolExecutor(THREADS) as pool:
        sys.stdout.write(str(sum(pool.map(lambda _number: calls(), range(THREADS)))))


def day() -> None:
    """Spend a day at SERVER; write what was planted, and what of it opens for whom who took the rows."""
    from django.conf import settings

    from tests.conftest import _commune, _unit
    from tests.services.browser import Browser
    from tests.tipform.day import BROWSER, CHOSEN, VISITOR, Day
    from tests.tipform.thief import opens
    from tipform import vault

    def browser(*, resident: bool = False) -> Browser:
        return Browser(
            os.environ["SERVER"], VISITOR if resident else "127.0.0.1", BROWSER if resident else "-"
        )

    unit = _unit()
    spent = Day(browser, unit, *(_commune(unit, name).unit for name in ("Cẩm Trung", "Cẩm Duệ"))).spend()
    _errors_with_the_row()
    keyring, another = (vault.Keyring.parse(text) for text in (settings.TIP_KEYRING, "t1:" + "00" * 32))
    both = opens(spent.passwords, keyring)
    result = {
        "planted": spent.planted,
        "taken_back": spent.taken_back,
        "without the keyring": opens(spent.passwords, another, spent.codes),
        "without a password": opens(["", "123456", CHOSEN + "x"], keyring),
        "with both": [words for words in spent.told if any(words in content for content in both)],
        "told": list(spent.told),
        "still read": [content for content in both if "xin rút lại" in content or "Cảm ơn" in content],
    }
    sys.stdout.write(json.dumps(result, default=lambda raw: {"hex": raw.hex()}))


def click_while_taken_back() -> None:
    """Store a form once more while its tip is being taken back; write whether it waited, and what it got."""
    from types import SimpleNamespace

    from tests.conftest import _commune, _unit
    from tests.tipform.officers import ensure_unit_key
    from tipform import audit, vault
    from tipform.box import withdrawal
    from tipform.box.receiving import Submission, store, submit, withdrawn_mark
    from tipform.box.reporter import find
    from tipform.keys import keyring
    from tipform.models import Tip

    commune = _commune(_unit(), "Cẩm Trung").unit
    ensure_unit_key(commune)
    told = Submission(kind="question", category=None, answers={"message": "Cần giấy tờ gì?"})
    code = submit(commune, told, bytes(32))
    reporter = find(code)
    assert reporter
    receipt = vault.ReceiptKeys.derive(code, keyring())
    marks = [withdrawn_mark(receipt.lookup, receipt.key_id)]
    marked, go_on = Event(), Event()

    def record(*args: Any, **kwargs: Any) -> None:
        marked.set()
        go_on.wait(20)
        audit.record(*args, **kwargs)

    withdrawal.audit = SimpleNamespace(record=record)  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as pool:
        taking_back = pool.submit(withdrawal.withdraw, reporter)
        marked.wait(20)
        click = pool.submit(store, commune, told, receipt, marks)
        time.sleep(1)
        waited = not click.done()
        go_on.set()
        taking_back.result()
        got = type(click.exception()).__name__
    sys.stdout.write(json.dumps([waited, got, [tip.status for tip in Tip.objects.all()]]))


def confirm_twice() -> None:
    """Confirm one approver twice at one moment; write whether the second waited, and what it got."""
    from django.db import transaction
    from wagtail.models import ModelLogEntry

    from communes.models import User
    from communes.staff.approvers import confirm
    from communes.staff.memberships import start_membership
    from tests.conftest import _unit

    unit = _unit()
    first, second = (User.objects.create_superuser(name) for name in ("quantri1", "quantri2"))
    approver = User.objects.create_user("huyen")
    work = start_membership(approver, unit, "editor", User.objects.create_user("huyen2"))
    assert work
    confirmed, go_on = Event(), Event()

    def confirm_slowly() -> None:
        with transaction.atomic():
            confirm(work.pk, first)
            confirmed.set()
            go_on.wait(20)

    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(confirm_slowly)
        confirmed.wait(20)
        quick = pool.submit(confirm, work.pk, second)
        time.sleep(1)
        waited = not quick.done()
        go_on.set()
        slow.result()
        got = type(quick.exception()).__name__
    logged = ModelLogEntry.objects.filter(action="staff.confirmed").count()
    sys.stdout.write(json.dumps([waited, got, logged]))


def send_a_piece_twice() -> None:
    """Two pieces of one file at one moment, then one that arrives while the file is deleted."""
    from django.core.files.storage import storages
    from django.db import connections
    from django.test.utils import setup_test_environment

    from tests.tipform.uploading import FILM, Phone
    from tipform.attachments import waiting
    from tipform.models import WaitingPiece, WaitingUpload

    setup_test_environment()
    phone = Phone()
    phone.create(len(FILM))
    store, both_are_here = waiting.store, Barrier(2, timeout=20)
    names: list[str] = []

    def slowly(*args: Any) -> str:
        both_are_here.wait()
        names.append(store(*args))
        return names[-1]

    def patch() -> int:
        try:
            return int(phone.patch(0, FILM).status_code)
        finally:
            connections.close_all()

    def delete() -> int:
        both_are_here.wait()
        try:
            phone.ask("DELETE")
            return int(phone.ask("HEAD").status_code)
        finally:
            connections.close_all()

    waiting.store = slowly
    with ThreadPoolExecutor(2) as pool:
        pieces = sorted(pool.map(lambda _number: patch(), range(2)))
        phone.ask("DELETE")
        phone.create(len(FILM))
        gone, late = pool.submit(delete), pool.submit(patch)
        after = [gone.result(), late.result()]
    objects = sum(storages["tips"].exists(name) for name in names)
    rows = WaitingPiece.objects.count() + WaitingUpload.objects.count()
    sys.stdout.write(json.dumps({"pieces": pieces, "after deletion": after, "left": [objects, rows]}))


def lose_the_database() -> None:
    """Send a tip whose connection is ended by the server at several places, then one while it is away."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from communes.models import CommunePage
    from tests.conftest import _commune, _unit
    from tests.tipform.officers import ensure_unit_key
    from tests.tipform.residents import Resident, code_on
    from tipform import limits
    from tipform.box import receiving
    from tipform.models import Tip

    setup_test_environment()
    page = _commune(_unit(), "Cẩm Trung")
    ensure_unit_key(page.unit)

    def ends_connection_in(module: Any, name: str) -> None:
        """The server ends this process's connection once, as this function begins."""
        function = getattr(module, name)

        def broken(*args: Any, **kwargs: Any) -> Any:
            setattr(module, name, function)
            process = connection.connection.info.backend_pid
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
                server.execute("SELECT pg_terminate_backend(%s)", [process])
            return function(*args, **kwargs)

        setattr(module, name, broken)

    result: dict[str, Any] = {}
    resident = Resident(client=Client(enforce_csrf_checks=True, raise_request_exception=False))
    for place, module, name in (
        ("before it is stored", limits, "submission_level"),
        ("as it is looked for", receiving, "_is_stored"),
        ("as it is stored", receiving, "_contents"),
    ):
        hidden = resident.open()
        ends_connection_in(module, name)
        result[place] = bool(code_on(resident.send(hidden=hidden, message=f"Đò ngang {place}")))
    result["tips"] = Tip.objects.count()
    ends_connection_in(CommunePage, "get_context")
    result["a page"] = resident.client.get(page.url).status_code
    hidden = resident.open()
    connection.close()
    port, connection.settings_dict["PORT"] = connection.settings_dict["PORT"], "1"
    answer = resident.send(hidden=hidden, message="Hai tàu hút cát", place="Bến đò", contact="callback")
    result["away"] = [answer.status_code, answer.content.decode(), answer.headers.get("Cache-Control")]
    result["read away"] = resident.client.get("/").status_code
    connection.settings_dict["PORT"] = port
    result["tips afterwards"] = Tip.objects.count()
    sys.stdout.write(json.dumps(result))


def _errors_with_the_row() -> None:
    """The two kinds of errors of which a database server logs what it was given."""
    from django.db import DatabaseError, transaction

    from tipform.models import Part, Tip

    broken = (
        lambda: Tip.objects.exclude(status="closed").update(outcome="resolved"),
        lambda: Part.objects.update(label="x" * 200),
    )
    for statement in broken:
        with suppress(DatabaseError), transaction.atomic():
            statement()
            transaction.set_rollback(True)  # SQLite does not mind how long a value is


def ring_prepare() -> None:
    """People with BROWSERS, each second one with mail, and one event that is due for all of them."""
    from communes.models import Delivery, OutboxEvent, User
    from communes.notices import addresses, outbox, subscriptions

    User.objects.filter(username__startswith="nguoi").delete()
    OutboxEvent.objects.all().delete()
    _rings_for_everybody()
    for number, browser in enumerate(json.loads(os.environ["BROWSERS"])):
        user = User.objects.create(username=f"nguoi{number}")
        subscriptions.subscribe(user, browser, "Chrome, Android")
        if number % 2 == 0:
            addresses.confirm(user, addresses.enter(user, f"nguoi{number}@example.vn"))
    outbox.put("thing")
    assert not Delivery.objects.exists()


def ring() -> None:
    """Send until nothing is left, with small batches and short leases, so that there is much to break."""
    import datetime

    from communes.models import Delivery, OutboxEvent
    from communes.notices import delivery, outbox

    _rings_for_everybody()
    outbox.BATCH = 3
    delivery.EVENTS_A_TURN = 1
    delivery.LEASE = datetime.timedelta(seconds=1)
    worker = delivery.Worker()
    sys.stdout.write("started\n")
    sys.stdout.flush()
    while (
        OutboxEvent.objects.filter(due_at__isnull=False).exists()
        or Delivery.objects.filter(due_at__isnull=False).exists()
    ):
        worker.turn()
        time.sleep(0.01)
    worker.finish()


def ring_left() -> None:
    from communes.models import Delivery

    rows = Delivery.objects.all()
    left = {
        "due": rows.filter(due_at__isnull=False).count(),
        "sent": rows.filter(sent_at__isnull=False).count(),
        "given up": rows.exclude(failure="").count(),
    }
    sys.stdout.write(json.dumps(left))


def _rings_for_everybody() -> None:
    from communes.models import User
    from communes.notices.reasons import Reason, Step, register

    everybody = Step(lambda event: User.objects.filter(username__startswith="nguoi"))
    register(Reason("thing", "", (everybody,), urgent=True))


if __name__ == "__main__":
    django.setup()
    named = (
        migrate_there_and_back,
        count,
        day,
        click_while_taken_back,
        confirm_twice,
        lose_the_database,
        send_a_piece_twice,
        ring_prepare,
        ring,
        ring_left,
        receive_and_be_killed,
        receive_again,
    )
    steps = {step.__name__: step for step in named}
    steps[sys.argv[1]]()
