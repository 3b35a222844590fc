"""The unit above, the superuser and other officers walk through every address: not a word of a tip."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.models import Membership, Unit, User
from tests.conftest import PASSWORD, _commune, _unit, files_in
from tests.tipform.crawl import addresses, said_by
from tests.tipform.officers import (
    ensure_unit_key,
    file_of,
    hand,
    hand_on_page,
    new_officer,
    press,
    read,
    thread_of,
    unlocked,
)
from tests.tipform.residents import Resident, code_on, named, photo
from tipform.models import AuditEntry, Category, Counter, Tip, TipFormPage

pytestmark = pytest.mark.django_db

CANARIES = {
    "message": "Chim Hoàng Yến đậu ở bến đò số 9",
    "place": "Ngõ Hoàng Lan, cạnh giếng Mực",
    "occurred": "đêm trăng hạ huyền",
    "name": "Nguyễn Thị Hải Đường",
    "phone": "0987654321",
}
FILE_NAME = "nha-ong-Trum-Ca"
REPLY, REASON, LATER = "Chim Sáo trả lời", "Chim Cắt nêu lý do", "Chim Én viết thêm"
# When officers worked on the tip. No page of today has this year, so its hour is told from others.
AT = datetime.datetime(2001, 2, 3, 4, 13, 57, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
HOURS = ("4:13", "4.13", "4h13", "21:13")  # the last one in UTC
WHO = ["superuser", "unit editor", "officer of another commune", "former officer"]


@dataclass
class World:
    tip: Tip
    clients: dict[str, Client]

    def secrets(self) -> list[str]:
        tip = self.tip
        ids = [str(tip.uuid), tip.uuid.hex, tip.reference]
        ids += [str(part.uuid) for part in tip.parts.all()]
        ids += [part.object_name for part in tip.parts.exclude(object_name="")]
        return [*CANARIES.values(), FILE_NAME, REPLY, REASON, LATER, *ids]


@pytest.fixture(scope="module", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Those of `world`, for all tests here."""
    with files_in(tmp_path_factory.mktemp("files")) as folder:
        yield folder


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, own_files: Path) -> Iterator[World]:
    """A day's work on a tip: sent, answered, looked at, shared, written to again, all at AT."""
    caches["default"].clear()
    with django_db_blocker.unblock(), transaction.atomic():
        unit = _unit()
        own, other = (_commune(unit, name).unit for name in ("Cẩm Trung", "Cẩm Duệ"))
        for each in (unit, own, other):
            ensure_unit_key(each)
        yield World(_tip(unit, own), _who_looks(unit, own, other))
        transaction.set_rollback(True)


def _tip(unit: Unit, own: Unit) -> Tip:
    resident, officer, above = Resident(), unlocked(new_officer("truc", own)), new_officer("truc-huyen", unit)
    unlocked(above)  # only where somebody can read is a tip handed on to
    files = [named(photo(), f"{FILE_NAME}.jpg")]
    code = code_on(resident.send(**CANARIES, contact="callback", attachments=files))
    tip = Tip.objects.latest("pk")
    read(officer, tip)
    press(officer, tip, "identity")
    press(officer, tip, "reply", text=REPLY)
    press(officer, tip, "status", status="accepted")
    hand(officer, tip, unit, mode="joint", reason=REASON)
    read(unlocked(above), tip)
    resident.look_up(code, message=LATER)
    AuditEntry.objects.exclude(actor=None).update(at=AT)
    return tip


def _who_looks(unit: Unit, own: Unit, other: Unit) -> dict[str, Client]:
    superuser = User.objects.create_superuser("quantri", password=PASSWORD)
    editor = User.objects.create_user("huyen", password=PASSWORD)
    Membership.objects.create(user=editor, unit=unit, role="editor")
    former = new_officer("truc-cu", own)
    clients = {
        "superuser": Client(),
        "unit editor": Client(),
        "officer of another commune": unlocked(new_officer("truc-khac", other)),
        # He read it, and his browser is still open.
        "former officer": unlocked(former),
    }
    clients["superuser"].force_login(superuser)
    clients["unit editor"].force_login(editor)
    read(clients["former officer"], Tip.objects.latest("pk"))
    former.memberships.update(until="2020-01-01")
    AuditEntry.objects.exclude(actor=None).update(at=AT)
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def ask(client: Client, method: str, url: str, data: Any = None) -> tuple[int, str]:
    """Status, and all that the answer says; what was changed is undone, so nobody logs himself out."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        response = getattr(client, method)(url, data or {})
        said = said_by(response)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    # What was asked for may be said again in the answer: "/admin/…/<uuid>/ was not found".
    return response.status_code, said.replace(url, "")


def leaks(world: World, said: str, asked: str) -> list[str]:
    found = [secret for secret in world.secrets() if secret in said and secret not in asked]
    hours = [hour for hour in HOURS if hour in said] if "2001" in said else []
    return found + hours


@pytest.mark.parametrize("who", WHO)
def test_every_address_says_no_word_of_a_tip_and_no_time_finer_than_a_day(who: str, world: World) -> None:
    client, urls = world.clients[who], addresses(world.tip)
    assert len(urls) > 300
    answered, found = set(), []
    for url, route in urls.items():
        # All that Django's resolver knows is asked for; the other ways, where the first one was let in.
        status, said = ask(client, "get", url)
        found += [f"get {url}: {leak}" for leak in leaks(world, said, url)]
        of_tips = url.startswith(("/admin/tips/", "/admin/keys/"))
        if not of_tips and (status not in (200, 405) or route in answered):
            continue
        answered.add(route)
        for method in ("post", "head", "options"):
            _status, said = ask(client, method, url)
            found += [f"{method} {url}: {leak}" for leak in leaks(world, said, url)]
    assert found == []
    assert len(answered) > (100 if who == "superuser" else 15), len(answered)
    assert client.get(reverse("account_change_password")).status_code == 200  # still logged in at the end


@pytest.mark.parametrize("who", ["superuser", "unit editor"])
def test_lists_searches_reports_spreadsheets_and_the_api_find_no_tip(who: str, world: World) -> None:
    client, tip, spreadsheets, found = world.clients[who], world.tip, 0, []
    words = [*CANARIES.values(), REPLY, tip.reference, str(tip.uuid)]
    for url in addresses(tip):
        if not url.startswith("/admin/") or any(char.isdigit() for char in url):
            continue
        for form in ("xlsx", "csv"):
            _status, said = ask(client, "get", url, {"export": form, "ordering": "-pk"})
            found += [f"{url} {form}: {leak}" for leak in leaks(world, said, url)]
            if "spreadsheetml" not in said:
                break  # no list that can be taken along
            spreadsheets += 1
    for name in ("wagtailadmin_pages:search", "wagtailimages:index", "wagtaildocs:index", "staff:index"):
        for word in words:
            _status, said = ask(client, "get", reverse(name), {"q": word})
            found += [f"{name} {word}: {leak}" for leak in leaks(world, said, word)]
    for url in ("/api/v2/pages/", "/admin/api/main/pages/", "/admin/api/main/images/"):
        for query in (
            {"fields": "*", "type": "tipform.TipFormPage"},
            {"fields": "*,parent(*)", "order": "-id", "limit": "50"},
            {"fields": "*", "for_explorer": "1", "has_children": "1"},
            *({"search": word, "fields": "*"} for word in words[:3]),
            {"slug": str(tip.uuid)},
        ):
            _status, said = ask(client, "get", url, query)
            found += [f"{url} {query}: {leak}" for leak in leaks(world, said, str(query))]
    assert found == []
    assert spreadsheets


@pytest.mark.parametrize("who", WHO)
def test_what_an_officer_does_with_a_tip_nobody_else_does(who: str, world: World) -> None:
    """With everything known that the officer's own forms send."""
    client, tip = world.clients[who], world.tip
    before = [tip.parts.count(), AuditEntry.objects.filter(tip=tip.uuid).count()]
    work = {"text": "x", "nonce": "w" * 22, "seen": "accepted", "status": "closed", "outcome": "resolved"}
    handed = {
        "unit": str(tip.unit.uuid),
        "mode": "transfer",
        "parts": ["message"],
        "reason": "x",
        "nonce": "w" * 22,
    }
    asked = [
        *(("post", thread_of(tip), {**work, "act": act}) for act in ("reply", "status", "identity", "")),
        *(("post", hand_on_page(tip), {**handed, "act": act}) for act in ("find", "check", "hand")),
        *(
            (method, file_of(tip, label), {})
            for label in ("file", "view")
            for method in ("get", "head", "post")
        ),
    ]
    for method, url, data in asked:
        cookies = client.cookies.output(header="", sep=";")
        response = getattr(client, method)(url, data)
        client.cookies = SimpleCookie(cookies)
        assert response.status_code in (302, 404, 405), (method, url)
        assert leaks(world, said_by(response).replace(url, ""), url) == []
        for header in ("Last-Modified", "ETag", "Content-Disposition"):
            assert header not in response.headers
    assert [tip.parts.count(), AuditEntry.objects.filter(tip=tip.uuid).count()] == before


def test_the_crawl_would_see_a_leak(world: World) -> None:
    """The tests above would be worth nothing if they did not come by, or did not look everywhere."""
    client = world.clients["superuser"]
    with transaction.atomic():
        Category.objects.filter(slug="other").update(name=CANARIES["place"])
        seen = [url for url in addresses(world.tip) if "categor" in url]
        assert any(leaks(world, ask(client, "get", url)[1], url) for url in seen)
        Page.objects.filter(slug="gui-tin-bao").update(title=CANARIES["place"])
        report = reverse("wagtailadmin_reports:aging_pages")
        assert leaks(world, ask(client, "get", report, {"export": "xlsx"})[1], report)
        User.objects.filter(username="truc").update(last_login=AT)
        staff = reverse("wagtailusers_users:index")
        assert leaks(world, ask(client, "get", staff)[1], staff)
        transaction.set_rollback(True)


# --- The columns ------------------------------------------------------------------------------------------


def test_no_column_of_a_tip_holds_a_time_finer_than_a_day(world: World) -> None:
    """Of officers' acts the audit log has the moment, of a reporter's the day; of limits, a window's end.

    A form that was sent, and a file that waits for one, lead to no tip and are gone within a day.
    """
    finer = (models.DateTimeField, models.TimeField, models.DurationField, models.FloatField)
    columns = {
        f"{model.__name__}.{one.name}"
        for model in apps.get_app_config("tipform").get_models()
        if model is not TipFormPage
        for one in model._meta.get_fields()
        if isinstance(one, finer)
    }
    of_keys = {name for name in columns if "Key" in name or "Grant" in name}
    assert columns - of_keys == {
        "AuditEntry.at",
        "Counter.expires",
        "SentForm.until",
        "WaitingUpload.created",
    }
    for entry in AuditEntry.objects.filter(actor=None, tip=world.tip.uuid):
        at = timezone.localtime(entry.at)
        assert (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
    assert AuditEntry.objects.filter(action="reporter-wrote").count() == 2
    assert Counter.objects.exists()


def test_what_stands_plain_in_a_tips_row_is_what_the_unit_above_may_count(world: World) -> None:
    plain = {
        field.name
        for field in Tip._meta.get_fields()
        if field.concrete and not isinstance(field, models.BinaryField)
    }
    told = {"unit", "category", "status", "outcome", "day"}
    of_the_code = {"receipt_keyring_id", "receipt_params"}
    assert plain - told - of_the_code == {"id", "uuid", "received_by"}
