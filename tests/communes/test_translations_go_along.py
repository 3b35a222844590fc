"""Taken down or deleted, a page takes its translations along, and the screen says so before."""

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page, PageLogEntry

from communes.approval.queue import waiting_for
from communes.lifecycle.closing import close_commune
from communes.lifecycle.opening import open_commune
from communes.models import CommunePage, ProcedureIndexPage, ProcedurePage, Unit
from home.models import HomePage
from home.submission import submit_for_approval
from home.tree import live_children

from .posts import logged_in, text_of

pytestmark = pytest.mark.django_db

VIETNAMESE, ENGLISH = "/thu-tuc/tam-tru/", "/en/thu-tuc/tam-tru/"
BULK = "wagtail_bulk_action"


def in_english(page: Page, **values: Any) -> Page:
    """The page, and what stands above it, in English and live."""
    english, _made = Locale.objects.get_or_create(language_code="en")
    copy = page.copy_for_translation(english, copy_parents=True)
    for name, value in values.items():
        setattr(copy, name, value)
    for each in [*copy.get_ancestors().filter(locale=english, live=False).specific(), copy]:
        each.save_revision().publish()
    return copy


@pytest.fixture
def guide(unit: Unit) -> ProcedurePage:
    home = HomePage.objects.get(translation_key=unit.page_key)
    guide = ProcedurePage(title="Đăng ký tạm trú", slug="tam-tru", summary="Ở đâu, mang gì")
    live_children(ProcedureIndexPage, home).get().add_child(instance=guide)
    guide.save_revision().publish()
    in_english(guide, title="Register your stay")
    return ProcedurePage.objects.get(pk=guide.pk)


def answers(client: Client, *addresses: str) -> list[int]:
    return [client.get(address).status_code for address in addresses]


def unpublish_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:unpublish", args=[page.pk])


def bulk_url(action: str, page: Page) -> str:
    return f"{reverse(BULK, args=['wagtailcore', 'page', action])}?id={page.pk}"


@pytest.mark.parametrize("url_of", [unpublish_url, lambda page: bulk_url("unpublish", page)])
def test_both_languages_go_down_and_the_screen_says_which(
    url_of: Any, client: Client, guide: ProcedurePage, unit_editor: Any
) -> None:
    assert answers(client, VIETNAMESE, ENGLISH) == [200, 200]
    staff, url = logged_in(unit_editor), url_of(guide)
    asked = text_of(staff.get(url))
    assert "Bản dịch cũng theo cùng" in asked
    assert "Tiếng Anh: Register your stay" in asked
    assert staff.post(url).status_code == 302
    assert answers(client, VIETNAMESE, ENGLISH) == [404, 404]
    english = guide.get_translation(Locale.objects.get(language_code="en"))
    entries = PageLogEntry.objects.filter(action="wagtail.unpublish", page__in=[guide.pk, english.pk])
    assert {(entry.page_id, entry.user) for entry in entries} == {
        (guide.pk, unit_editor),
        (english.pk, unit_editor),
    }
    assert len(entries) == 2


def test_a_translation_goes_down_alone(client: Client, guide: ProcedurePage, superuser: Any) -> None:
    english, staff = guide.get_translation(Locale.objects.get(language_code="en")), logged_in(superuser)
    assert "Bản dịch cũng theo cùng" not in text_of(staff.get(unpublish_url(english)))
    staff.post(unpublish_url(english))
    assert answers(client, VIETNAMESE, ENGLISH) == [200, 404]


def test_a_translation_that_is_not_live_is_not_named(guide: ProcedurePage, unit_editor: Any) -> None:
    guide.get_translation(Locale.objects.get(language_code="en")).specific.unpublish()
    assert "Register your stay" not in text_of(logged_in(unit_editor).get(unpublish_url(guide)))


@pytest.mark.parametrize(("minutes", "gone"), [(-1, True), (1, False)])
def test_the_clock_takes_down_both_languages(
    minutes: int, gone: bool, client: Client, guide: ProcedurePage
) -> None:
    expires = timezone.now() + datetime.timedelta(minutes=minutes)
    Page.objects.filter(pk=guide.pk).update(expire_at=expires)
    call_command("publish_scheduled", verbosity=0)
    assert answers(client, VIETNAMESE, ENGLISH) == ([404, 404] if gone else [200, 200])


@pytest.mark.parametrize(
    "url_of",
    [
        lambda page: reverse("wagtailadmin_pages:delete", args=[page.pk]),
        lambda page: bulk_url("delete", page),
    ],
)
def test_both_languages_are_deleted_and_the_screen_says_which(
    url_of: Any, client: Client, guide: ProcedurePage, unit_editor: Any
) -> None:
    staff, url = logged_in(unit_editor), url_of(guide)
    asked = text_of(staff.get(url))
    assert "Tiếng Anh: Register your stay" in asked
    assert staff.post(url).status_code == 302
    assert answers(client, VIETNAMESE, ENGLISH) == [404, 404]
    assert not Page.objects.filter(translation_key=guide.translation_key).exists()
    deleted = PageLogEntry.objects.filter(action="wagtail.delete", user=unit_editor)
    assert {entry.label for entry in deleted} == {"Đăng ký tạm trú", "Register your stay"}


def test_a_draft_that_is_deleted_leaves_its_live_translation(
    client: Client, commune: CommunePage, editor: Any
) -> None:
    index = live_children(ProcedureIndexPage, commune).get()
    own = ProcedurePage(title="Riêng của xã", slug="rieng", summary="Một câu.", live=False, owner=editor)
    index.add_child(instance=own)
    own.save_revision()
    in_english(own, title="Our own")
    staff, url = logged_in(editor), reverse("wagtailadmin_pages:delete", args=[own.pk])
    assert "Our own" not in text_of(staff.get(url))
    assert staff.post(url).status_code == 302
    left = Page.objects.get(translation_key=own.translation_key)
    assert (left.title, left.live) == ("Our own", True)


def test_code_that_deletes_a_page_leaves_no_translation_to_be_read(
    client: Client, guide: ProcedurePage
) -> None:
    guide.delete()
    assert answers(client, VIETNAMESE, ENGLISH) == [404, 404]


def test_closing_and_reopening_a_commune_means_both_languages(
    client: Client, unit: Unit, commune: CommunePage
) -> None:
    index = live_children(ProcedureIndexPage, commune).get()
    own = ProcedurePage(title="Riêng của xã", slug="rieng", summary="Một câu.")
    index.add_child(instance=own)
    own.save_revision().publish()
    in_english(own, title="Our own")
    addresses = "/cam-trung/thu-tuc/rieng/", "/en/cam-trung/thu-tuc/rieng/"
    assert answers(client, *addresses) == [200, 200]
    close_commune(commune.unit)
    assert answers(client, *addresses) == [302, 302]
    for address in addresses:
        assert "Our own" not in text_of(client.get(address, follow=True))
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone=commune.duty_phone)
    assert answers(client, *addresses) == [200, 200]
    assert "Our own" in text_of(client.get(addresses[1]))


def test_the_same_people_approve_a_translation(
    guide: ProcedurePage, unit_editor: Any, superuser: Any
) -> None:
    """Of a unit opened without English, whose English pages are made from the first translation on."""
    (translated,) = guide.get_translations()
    assert translated.get_workflow() == guide.get_workflow()
    submit_for_approval(translated, superuser)
    assert waiting_for(unit_editor).filter(page_id=translated.pk).exists()
