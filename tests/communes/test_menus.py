"""What the menus and panels around a page offer: what the role can use, in words that help."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage, ContactPage
from home.tree import live_children

from .posts import logged_in, news_of, submitted, text_of

pytestmark = pytest.mark.django_db


def offered(client: Client, address: str) -> set[str]:
    """Acts on pages that a screen has links to."""
    return set(re.findall(r"/admin/pages/\d+/(\w+)/", text_of(client.get(address))))


def edit(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_communes_editor_has_nowhere_to_move_a_post_to_but_may_copy_it(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = submitted(editor, commune, "Mưa lũ về nhanh")
    own, above = logged_in(editor), logged_in(unit_editor)
    for address in (edit(post), reverse("wagtailadmin_explore", args=[news_of(commune).pk])):
        assert {"copy", "history"} <= offered(own, address)
        assert "move" not in offered(own, address)
    move = reverse("wagtailadmin_pages:move", args=[post.pk])
    assert own.get(move).status_code == 302
    assert above.get(move).status_code == 200


def test_nobody_makes_a_second_contact_page_by_copying(
    commune: CommunePage, editor: Any, unit_editor: Any, superuser: Any
) -> None:
    contact = live_children(ContactPage, commune).get()
    for user in (editor, unit_editor, superuser):
        client = logged_in(user)
        for page in (contact, commune):
            assert "history" in offered(client, edit(page))
            assert "copy" not in offered(client, edit(page))
            assert client.get(reverse("wagtailadmin_pages:copy", args=[page.pk])).status_code == 302


def test_the_list_of_posts_offers_no_moving_of_several_at_once(
    commune: CommunePage, unit_editor: Any
) -> None:
    listing = text_of(logged_in(unit_editor).get(reverse("wagtailadmin_explore", args=[news_of(commune).pk])))
    assert "/bulk/wagtailcore/page/delete/" in listing
    assert "/bulk/wagtailcore/page/move/" not in listing


def test_beside_the_editor_there_are_checks_preview_and_comments_but_no_english_measure(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = submitted(editor, commune, "Mưa lũ về nhanh")
    for user in (editor, unit_editor):
        page = text_of(logged_in(user).get(edit(post)))
        panels = set(re.findall(r'data-side-panel="(\w+)"', page))
        assert panels == {"status", "preview", "checks", "comments"}
        assert "data-checks-panel" in page
        assert "data-content-readability-score" not in page
        assert "guide.wagtail.org" not in page


def test_every_item_of_the_main_menu_leads_somewhere(
    commune: CommunePage, editor: Any, unit_editor: Any, superuser: Any
) -> None:
    for user, at_least in ((editor, 8), (unit_editor, 14), (superuser, 20)):
        client = logged_in(user)
        props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', text_of(client.get("/admin/")))
        assert props
        addresses = set(re.findall(r'"url": "(/admin/[^"#?]*)', props[1]))
        assert len(addresses) >= at_least, addresses
        for address in addresses - {"/admin/login/", "/admin/logout/"}:
            assert client.get(address, follow=True).status_code == 200, (user, address)
