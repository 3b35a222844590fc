"""A document leaves while a page that everybody may read refers to it, and not a moment longer."""

import datetime
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from communes.closing import close_commune
from communes.models import CommunePage, NewsPage

from .media import a_document, live_post, waiting_post
from .posts import decide, logged_in

pytestmark = pytest.mark.django_db

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MIDNIGHT = datetime.datetime(2026, 11, 28, 0, 0, tzinfo=HANOI)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def document(commune: CommunePage) -> Any:
    return a_document(commune)


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def is_open(document: Any) -> bool:
    response = Client().get(document.url)
    assert response.status_code in (200, 404)
    if response.status_code == 404:
        assert "public" not in response.headers.get("Cache-Control", "")
        return False
    assert content_of(response) == b"%PDF-1.4 don"
    return True


def test_at_upload_nobody_outside_can_open_it(document: Any, other_editor: Any, officer: Any) -> None:
    assert not is_open(document)
    for stranger in (other_editor, officer):
        assert logged_in(stranger).get(document.url).status_code == 404
        assert logged_in(stranger).get(f"/admin/documents/{document.pk}/open/").status_code != 200


def test_it_is_open_from_the_approval_until_the_post_comes_down(
    document: Any, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = waiting_post(editor, commune, document)
    assert not is_open(document), "waiting is not approved"
    decide(logged_in(unit_editor), post)
    assert is_open(document)
    Page.objects.get(pk=post.pk).specific.unpublish()
    assert not is_open(document)


def test_a_link_within_the_text_counts_as_the_block_does(document: Any, commune: CommunePage) -> None:
    link = f'<p><a linktype="document" id="{document.pk}">Mẫu đơn</a></p>'
    post = live_post(commune, body=NewsPage._meta.get_field("body").to_python([]))
    post.body.append(("paragraph", link))
    post.save_revision().publish()
    assert is_open(document)


def test_a_newer_version_without_it_closes_it_and_a_draft_does_not(
    document: Any, commune: CommunePage
) -> None:
    post = live_post(commune, document)
    post.body = ""
    revision = post.save_revision()
    assert is_open(document), "the public still reads the version with it"
    revision.publish()
    assert not is_open(document)


def test_another_live_page_keeps_it_open(document: Any, commune: CommunePage) -> None:
    first, second = live_post(commune, document), live_post(commune, document)
    first.delete()
    assert is_open(document)
    second.unpublish()
    assert not is_open(document)


def test_a_page_behind_a_log_in_or_below_one_opens_nothing(document: Any, commune: CommunePage) -> None:
    post = live_post(commune, document)
    for page in (post, commune):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert not is_open(document)
        restriction.delete()
        assert is_open(document)


def test_closing_the_commune_closes_its_documents(document: Any, commune: CommunePage) -> None:
    live_post(commune, document)
    close_commune(commune.unit)
    assert not is_open(document)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Sets the clock."""

    def set_to(moment: datetime.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(datetime.UTC))

    yield set_to


def test_a_post_that_expires_at_midnight_takes_its_document_with_it_at_midnight(
    document: Any, commune: CommunePage, at: Any
) -> None:
    live_post(commune, document, expire_at=MIDNIGHT)
    at(MIDNIGHT - SECOND)
    assert is_open(document)
    at(MIDNIGHT)
    assert not is_open(document), "though the job that takes it down has not run"
    at(MIDNIGHT + SECOND)
    call_command("publish_scheduled")
    assert not is_open(document)


def test_a_post_that_goes_live_at_midnight_brings_its_document_then(
    document: Any, commune: CommunePage, editor: Any, unit_editor: Any, at: Any
) -> None:
    at(MIDNIGHT - 60 * SECOND)
    post = waiting_post(editor, commune, document)
    Page.objects.get(pk=post.pk)
    post.latest_revision.content["go_live_at"] = MIDNIGHT.isoformat()
    post.latest_revision.save()
    decide(logged_in(unit_editor), post)
    for moment, expected in ((MIDNIGHT - SECOND, False), (MIDNIGHT, False), (MIDNIGHT + SECOND, True)):
        at(moment)
        call_command("publish_scheduled")
        assert is_open(document) is expected, moment


def test_staff_open_any_of_their_own_inside_the_admin_and_nobody_keeps_it(
    document: Any, editor: Any, unit_editor: Any, superuser: Any, settings: Any
) -> None:
    for person in (editor, unit_editor, superuser):
        client = logged_in(person)
        response = client.get(document.url, follow=True)
        assert response.redirect_chain == [(f"/admin/documents/{document.pk}/open/", 302)]
        assert content_of(response) == b"%PDF-1.4 don"
        assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    settings.SECOND_FACTOR_REQUIRED = True
    response = logged_in(editor).get(document.url, follow=True)
    assert "2fa" in response.redirect_chain[-1][0], "the admin's door asks for all that the admin asks for"


def test_what_is_public_may_be_kept_for_five_minutes_at_most(document: Any, commune: CommunePage) -> None:
    live_post(commune, document)
    rules = Client().get(document.url).headers["Cache-Control"].split(", ")
    assert sorted(rules) == ["max-age=300", "public", "s-maxage=1"]


def test_a_document_that_asks_for_a_log_in_is_never_kept_by_a_proxy(
    document: Any, commune: CommunePage, editor: Any
) -> None:
    live_post(commune, document)
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    asked = Client().get(document.url)
    assert asked.status_code == 302
    assert "login" in asked.headers["Location"]
    response = logged_in(editor).get(document.url)
    assert content_of(response) == b"%PDF-1.4 don"
    for answer in (asked, response):
        assert "public" not in answer.headers.get("Cache-Control", "")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("number", ["0", "999999", "9" * 40])
def test_numbers_of_nothing_are_not_found(number: str, superuser: Any) -> None:
    for client in (Client(), logged_in(superuser)):
        assert client.get(f"/documents/{number}/mau-don.pdf").status_code == 404


def test_serving_costs_the_same_however_many_pages_refer_to_it(
    document: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    def queries() -> int:
        Client().get(document.url)
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(document.url).status_code == 200
        return len(captured)

    live_post(commune, document)
    one = queries()
    for _ in range(5):
        live_post(commune, document)
        live_post(other_commune, a_document(other_commune))
        waiting = live_post(commune, document)
        waiting.unpublish()
    assert queries() == one
    assert one <= 8
