"""What residents type finds what they came for: a table of queries over the demo's content."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext

from tests.conftest import files_in

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("search_table.txt")
FIRST, IN_THREE = 0.90, 0.97

_HEADING = re.compile(r'class="[^"]*result__title[^"]*">(.*?)</(?:h2|h3|p)>', re.DOTALL)
_TAGS = re.compile(r"<svg.*?</svg>|<[^>]+>", re.DOTALL)


def rows() -> list[tuple[str, str]]:
    """Each query and the beginning of what must stand first; a "?" before what is only asked for."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if "|" in line]
    return [
        tuple(part.strip() for part in line.split("|", 1))
        for line in lines
        if not line.startswith("#")  # type: ignore[misc]
    ]


@pytest.fixture(scope="module")
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of the whole module: the demo's pictures are stored once."""
    with files_in(tmp_path_factory.getbasetemp() / "search-table") as folder:
        yield folder


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, own_files: Path) -> Iterator[None]:
    """The demo's content instead of that of every test, for this module alone."""
    from django.core.cache import cache
    from django.db import transaction
    from wagtail.models import Page

    from communes.models import ReturnReason, Unit
    from portal.demo.content import load_content

    with django_db_blocker.unblock(), transaction.atomic():
        for page in Page.objects.filter(depth=2):
            page.delete()
        ReturnReason.objects.all().delete()
        Unit.objects.filter(parent__isnull=False).delete()
        Unit.objects.all().delete()
        cache.clear()
        load_content(settings.BASE_DIR / "demo" / "communes.csv", lambda line: None)
        yield
        transaction.set_rollback(True)
    cache.clear()


def headings(query: str) -> list[str]:
    """The headings of the page of results from above; of what is only asked for, with a "?" before it."""
    content = Client().get("/tim-kiem/", {"q": query}).content.decode()
    found = []
    for match in _HEADING.finditer(content):
        text = html.unescape(_TAGS.sub("", match[1])).strip()
        asked = re.fullmatch(rf"{re.escape(gettext('Did you mean'))}\s+“(.*)”\?", text)
        found.append(f"?{asked[1]}" if asked else text)
    return found


def test_the_table_is_long_enough() -> None:
    queries = [query for query, _first in rows()]
    assert len(queries) == len(set(queries)) >= 150


def test_what_residents_type_finds_what_they_came_for(demo: None) -> None:
    missed, table = [], rows()
    first = in_three = 0
    for query, wanted in table:
        found = headings(query)
        first += bool(found) and found[0].startswith(wanted)
        in_three += any(heading.startswith(wanted) for heading in found[:3])
        if not found or not found[0].startswith(wanted):
            missed.append(f"{query}: {wanted} – found {found[:3]}")
    assert first / len(table) >= FIRST, missed
    assert in_three / len(table) >= IN_THREE, missed
