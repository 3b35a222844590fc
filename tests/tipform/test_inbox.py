"""The list of tips: whose it is, what it shows, and that nothing of a tip is anywhere else in the admin."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communes.models import CommunePage, Membership, Unit
from tipform.box.entries import add_entry
from tipform.models import AuditEntry, Part, Tip

pytestmark = pytest.mark.django_db

INBOX = reverse("tips:index")
Log = Callable[[Any], Client]
Send = Callable[..., Tip]


def body(client: Client, url: str = INBOX, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_officer_sees_the_tips_of_his_commune_and_his_colleague_of_the_next_sees_his(
    officer: Any, other_officer: Any, other_commune: CommunePage, tip: Tip, send_tip: Send, as_user: Log
) -> None:
    other = send_tip(other_commune.unit)
    assert tip.reference in body(as_user(officer))
    assert other.reference not in body(as_user(officer))
    assert other.reference in body(as_user(other_officer))
    assert tip.reference not in body(as_user(other_officer))


@pytest.mark.parametrize("who", ["editor", "other_editor", "unit_editor", "superuser"])
def test_the_list_is_refused_to_everybody_else(
    who: str, request: pytest.FixtureRequest, officer: Any, tip: Tip, as_user: Log
) -> None:
    assert as_user(officer).get(INBOX).status_code == 200
    client = as_user(request.getfixturevalue(who))
    for url in (INBOX, reverse("tips:index_results")):
        response = client.get(url)
        assert response.status_code == 403
        assert tip.reference not in response.content.decode()
    home = body(client, reverse("wagtailadmin_home"))
    assert INBOX not in home
    assert tip.reference not in home


def test_a_visitor_is_asked_to_log_in(client: Client, tip: Tip) -> None:
    for url in (INBOX, reverse("tips:thread", args=[tip.uuid])):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("ended", ["membership", "account", "unit"])
def test_who_is_no_longer_an_officer_sees_nothing_from_the_next_page_on(
    ended: str, officer: Any, tip: Tip, as_user: Log
) -> None:
    client = as_user(officer)
    assert client.get(INBOX).status_code == 200
    if ended == "membership":
        yesterday = timezone.localdate() - timedelta(days=1)
        Membership.objects.filter(user=officer).update(since=yesterday, until=yesterday)
    elif ended == "account":
        type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    else:
        Unit.objects.filter(pk=tip.unit_id).update(active=False)
    assert client.get(INBOX).status_code in (302, 403)
    assert client.get(reverse("tips:thread", args=[tip.uuid])).status_code in (302, 404)


def test_a_line_says_kind_category_time_status_and_pictures(
    officer: Any, commune: CommunePage, tip: Tip, send_tip: Send, as_user: Log
) -> None:
    send_tip(commune.unit, kind="question", message="Cần giấy tờ gì?")
    page = body(as_user(officer))
    assert "Khai thác cát trái phép" in page
    assert "1 ảnh" in page
    assert "Hỏi thủ tục" in page
    assert timezone.localtime().strftime("%d/%m/%Y") in page
    assert "chưa đọc" in page


def test_the_list_shows_neither_words_nor_names_nor_anything_that_opens_the_tip(
    officer: Any, tip: Tip, as_user: Log
) -> None:
    page = body(as_user(officer))
    for secret in ("hút cát dưới chân cầu", "Thôn 4", "Người Báo Tin", "0900000001", "tau.jpg"):
        assert secret not in page
    assert not AuditEntry.objects.filter(tip=tip.uuid, action=AuditEntry.Action.OPENED).exists()


def test_a_tip_is_unread_until_a_colleague_opens_it_and_again_when_the_reporter_writes(
    officer: Any, commune: CommunePage, tip: Tip, as_user: Log, second_officer: Any
) -> None:
    client, thread = as_user(officer), reverse("tips:thread", args=[tip.uuid])
    assert "chưa đọc" in body(client)
    as_user(second_officer).get(thread)
    assert "chưa đọc" not in body(client)
    add_entry(tip, "reporter", "Họ lại đến.", "n" * 20)
    assert "chưa đọc" in body(client)


def test_a_tip_that_does_not_open_is_one_plain_line_among_the_others(
    officer: Any, commune: CommunePage, tip: Tip, send_tip: Send, as_user: Log
) -> None:
    damaged = send_tip(commune.unit)
    header = damaged.parts.get(label=Part.Label.HEADER)
    header.sealed = bytes(header.sealed)[:-1] + b"?"
    header.save()
    page = body(as_user(officer))
    assert "không mở được" in page
    assert damaged.reference in page
    assert tip.reference in page
    assert body(as_user(officer), reverse("tips:thread", args=[damaged.uuid]))


def test_the_list_is_filtered_by_status(
    officer: Any, commune: CommunePage, tip: Tip, send_tip: Send, as_user: Log
) -> None:
    accepted = send_tip(commune.unit)
    Tip.objects.filter(pk=accepted.pk).update(status="accepted")
    page = body(as_user(officer), status="accepted")
    assert accepted.reference in page
    assert tip.reference not in page
    assert "Đã tiếp nhận (1)" in page


def test_fifty_tips_take_no_more_queries_than_two(
    officer: Any, commune: CommunePage, tip: Tip, send_tip: Send, as_user: Log
) -> None:
    client = as_user(officer)
    send_tip(commune.unit)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client)
        return len(captured)

    queries()  # caches of content types and of the site fill up
    few = queries()
    for _number in range(50):
        send_tip(commune.unit)
    assert queries() == few
    assert body(client).count("tips-table__unread") == 50
    assert body(client, p="2").count("tips-table__unread") == 2


def test_the_list_does_not_leave_as_a_spreadsheet(officer: Any, tip: Tip, as_user: Log) -> None:
    response = as_user(officer).get(INBOX, {"export": "csv"})
    assert response["Content-Type"].startswith("text/html")


def test_the_menu_and_the_first_page_count_new_tips_for_officers(
    officer: Any, tip: Tip, as_user: Log
) -> None:
    home = body(as_user(officer), reverse("wagtailadmin_home"))
    assert json.dumps("Tin báo (1)") in home  # the menu is drawn by script, from JSON
    assert "Tin mới (1)" in home
    assert f'href="{INBOX}?status=new"' in home
    as_user(officer).get(reverse("tips:thread", args=[tip.uuid]))
    assert "Mọi tin đều đã có người đọc." in body(as_user(officer), reverse("wagtailadmin_home"))


def test_wagtail_knows_no_tip() -> None:
    from wagtail.admin.viewsets import viewsets
    from wagtail.models import ReferenceIndex
    from wagtail.search.index import get_indexed_models
    from wagtail.snippets.models import get_snippet_models

    from portal.api import router

    private = {"tip", "part", "partkey", "unitkey", "auditentry"}
    registered = {
        *get_indexed_models(),
        *get_snippet_models(),
        *ReferenceIndex.tracked_models,
        *(viewset.model for viewset in viewsets.viewsets if getattr(viewset, "model", None)),
        *(endpoint.model for endpoint in router._endpoints.values()),
    }
    names = {model if isinstance(model, str) else model._meta.label_lower for model in registered}
    assert len(names) > 5
    assert not {name for name in names if name.lower().rpartition(".")[2] in private}


def test_working_on_a_tip_leaves_nothing_in_wagtails_own_history(
    officer: Any, tip: Tip, as_user: Log
) -> None:
    from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex

    def kept() -> list[int]:
        return [model.objects.count() for model in (ModelLogEntry, PageLogEntry, ReferenceIndex)]

    before = kept()
    client, thread = as_user(officer), reverse("tips:thread", args=[tip.uuid])
    client.get(thread)
    client.post(thread, {"act": "reply", "text": "Cảm ơn.", "nonce": "n" * 20})
    client.post(thread, {"act": "status", "status": "accepted", "seen": "new", "outcome": ""})
    assert kept() == before


@pytest.mark.parametrize("who", ["superuser", "unit_editor"])
def test_the_superuser_and_the_unit_find_no_word_of_a_tip_in_the_admin(
    who: str, request: pytest.FixtureRequest, tip: Tip, officer: Any, as_user: Log
) -> None:
    thread = reverse("tips:thread", args=[tip.uuid])
    as_user(officer).post(thread, {"act": "reply", "text": "Cảm ơn.", "nonce": "n" * 20})
    client = as_user(request.getfixturevalue(who))
    for name in (
        "wagtailadmin_home",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:page_types_usage",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailadmin_pages:search",
        "tip-categories:index",
    ):
        page = client.get(reverse(name), {"q": "hút cát"}).content.decode()
        for secret in (tip.reference, str(tip.uuid), "dưới chân cầu", "Người Báo Tin"):
            assert secret not in page, name
