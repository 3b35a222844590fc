"""The unit above and the superuser walk through every address, every id known: not a word of a tip."""

import datetime
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern
from wagtail.models import Page

from tests.tipform.officers import ensure_unit_key, hand, press, read
from tests.tipform.residents import Resident, code_on, named, photo
from tipform.models import AuditEntry, Category, Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
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
# What leaves the crawl by being asked for: it would end the session under which the others are asked.
SKIPPED = ("logout", "log_out")


@pytest.fixture
def tip(commune: Any, unit_officer: Any, officer: Any, unit: Any, as_user: Log) -> Tip:
    """A day's work on a tip: sent, answered, looked at, shared, written to again, all at AT."""
    resident = Resident()
    ensure_unit_key(commune.unit)
    files = [named(photo(), f"{FILE_NAME}.jpg")]
    code = code_on(resident.send(**CANARIES, contact="callback", attachments=files))
    tip = Tip.objects.get()
    client = as_user(officer)
    read(client, tip)
    press(client, tip, "identity")
    press(client, tip, "reply", text=REPLY)
    press(client, tip, "status", status="accepted")
    hand(client, tip, unit, mode="joint", reason=REASON)
    read(as_user(unit_officer), tip)
    resident.look_up(code, message=LATER)
    AuditEntry.objects.exclude(actor=None).update(at=AT)
    return tip


def secrets_of(tip: Tip) -> list[str]:
    ids = [str(tip.uuid), tip.uuid.hex, tip.reference]
    ids += [str(part.uuid) for part in tip.parts.all()]
    return [*CANARIES.values(), FILE_NAME, REPLY, REASON, LATER, *ids]


def patterns(resolver: URLResolver, inside: tuple[Any, ...] = ()) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*inside, entry.pattern))
        elif isinstance(entry, URLPattern):
            yield (*inside, entry.pattern), entry


def addresses(tip: Tip) -> list[str]:
    """Every address that the resolver knows, its arguments filled with every id that could fit."""
    part = Part.objects.filter(tip=tip, label="file").get()
    page = Page.objects.filter(slug="gui-tin-bao").first()
    assert page
    numbers = [tip.pk, part.pk, page.pk, 1]
    uuids = [tip.uuid, part.uuid, tip.unit.uuid]
    texts = [str(tip.uuid), str(tip.pk), "tipform", "tip", "part", tip.reference]
    found: set[str] = set()
    for chain, entry in patterns(get_resolver()):
        converters = {
            name: c for p in chain if isinstance(p, RoutePattern) for name, c in p.converters.items()
        }
        route = "".join(str(p) for p in chain)
        if any(word in f"{entry.name} {route}" for word in SKIPPED):
            continue
        choices = []
        names = list(converters)
        for name in names:
            kind = type(converters[name]).__name__
            choices.append(uuids if "UUID" in kind else numbers if "Int" in kind else texts)
        for values in itertools.islice(itertools.product(*choices), 40):
            url = "/"
            for pattern in chain:
                if isinstance(pattern, RegexPattern):
                    url += filled(str(pattern._regex), numbers, texts)
                else:
                    text = str(pattern)
                    for name, value in zip(names, values, strict=True):
                        text = substitute(text, name, value)
                    url += text
            found.add(url.replace("//", "/"))
    return sorted(found)


def substitute(route: str, name: str, value: Any) -> str:
    return re.sub(rf"<(?:[^<>:]+:)?{re.escape(name)}>", str(value), route)


def filled(regex: str, numbers: list[Any], texts: list[str]) -> str:
    """An address that the expression takes: its groups become an id or a word."""
    text = regex.removeprefix("^").removesuffix("$").replace(r"\Z", "")
    text = re.sub(r"\(\?P<\w+>[^()]*\\d[^()]*\)|\([^()?]*\\d[^()]*\)", str(numbers[0]), text)
    text = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", texts[0], text)
    return re.sub(r"\((?:[^()]|\([^()]*\))*\)[?*+]?|[\\^$?*+]", "", text)


def content_of(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode("utf-8", "replace")
    return str(response.content.decode("utf-8", "replace"))


@pytest.mark.parametrize("who", ["superuser", "unit_editor"])
def test_every_address_says_no_word_of_a_tip_and_no_time_finer_than_a_day(
    who: str, request: pytest.FixtureRequest, tip: Tip, as_user: Log
) -> None:
    client = as_user(request.getfixturevalue(who))
    client.raise_request_exception = False
    secrets, urls = secrets_of(tip), addresses(tip)
    assert len(urls) > 300
    seen = 0
    for url in urls:
        response = client.get(url)
        seen += response.status_code == 200
        page = content_of(response)
        # What was asked for may be said again in the answer: "/admin/…/<uuid>/ was not found".
        page = page.replace(url, "")
        for secret in secrets:
            assert secret not in page or secret in url, f"{secret!r} stands on {url}"
        assert "2001" not in page or not any(hour in page for hour in HOURS), f"The hour stands on {url}"
    assert seen > 60
    assert client.get(reverse("wagtailadmin_home")).status_code == 200  # still logged in at the end


@pytest.mark.parametrize("who", ["superuser", "unit_editor"])
def test_searching_and_sorting_finds_no_tip(
    who: str, request: pytest.FixtureRequest, tip: Tip, as_user: Log
) -> None:
    client = as_user(request.getfixturevalue(who))
    names = (
        "wagtailadmin_pages:search",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailusers_users:index",
        "wagtailadmin_reports:site_history",
    )
    for name in names:
        for words in (*CANARIES.values(), tip.reference, str(tip.uuid)):
            page = content_of(client.get(reverse(name), {"q": words})).replace(words, "")
            for secret in secrets_of(tip):
                assert secret not in page, name
    for words in CANARIES.values():
        assert words not in content_of(Client().get("/api/v2/pages/", {"search": words, "fields": "*"}))
        assert words not in content_of(Client().get("/tim-kiem/", {"q": "chim"}))


def test_the_crawl_would_see_a_leak(tip: Tip, superuser: Any, as_user: Log) -> None:
    """The tests above would be worth nothing if they did not come by."""
    Category.objects.filter(slug="other").update(name=CANARIES["place"])
    client = as_user(superuser)
    client.raise_request_exception = False
    assert any(CANARIES["place"] in content_of(client.get(url)) for url in addresses(tip) if "categor" in url)
    assert Session.objects.count()
