"""The handbook: readable in the admin, the part for the page at hand first, true to the views it names."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import polib  # type: ignore[import-untyped]
import pytest
from django.apps import apps
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from PIL import Image
from wagtail.admin.menu import admin_menu
from wagtail.models import Page

from communes.models import CommunePage, ContactPage
from portal.handbook import FOLDER, ROLES, Part, part_at_hand, parts

ROOT = Path(__file__).parents[2]
PICTURE = re.compile(
    r'<img class="handbook__(?:phone|desk)" alt="([^"]+)" src="[^"]*?([\w-]+)(?:\.[0-9a-f]{12})?\.png"'
    r' width="(\d+)" height="(\d+)" loading="lazy">'
)


def view_names() -> set[str]:
    """Every named address of the site."""
    names: set[str] = set()

    def walk(resolver: Any, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif pattern.name:
                names.add(prefix + pattern.name)

    walk(get_resolver(), "")
    return names


def test_every_part_has_a_title_and_a_known_role() -> None:
    assert parts()
    for part in parts():
        assert part.title
        assert part.role in ROLES


def test_every_view_a_part_explains_exists() -> None:
    known = view_names()
    named = {tuple(view.split(" ")) for part in parts() for view in part.views}
    assert {view for view, *_ in named} - known == set()
    for _, *kind in named:
        assert all(issubclass(apps.get_model(name), Page) for name in kind)


def test_no_two_parts_of_a_role_explain_the_same_view() -> None:
    claims = Counter((part.role, view) for part in parts() for view in part.views)
    assert [claim for claim, times in claims.items() if times > 1] == []


def test_the_tasks_that_staff_ask_for_are_found_by_their_titles() -> None:
    titles = {role: [part.title for part in parts() if part.role == role] for role in ROLES}
    for role, task in [
        ("editor", "Đăng một bài"),
        ("editor", "Sửa số điện thoại"),
        ("unit-editor", "Duyệt bài"),
        ("officer", "Trả lời tin báo"),
        ("officer", "Đồng nghiệp quên mật khẩu"),
        ("unit-editor", "Đồng nghiệp quên mật khẩu"),
        ("translator", "Dịch một trang"),
    ]:
        assert any(title.startswith(task) for title in titles[role]), task


def test_every_picture_of_a_part_exists_and_no_other() -> None:
    shown = {name for part in parts() for name in re.findall(r"!\[[^\]]+\]\(([\w.-]+)\)", part.text)}
    assert shown == {path.name for path in (FOLDER / "images").glob("*.png")}


def test_what_a_part_calls_a_button_is_a_word_of_the_interface() -> None:
    """A label in bold is a translation or the beginning of one, so that a renamed button is found here."""
    words = {
        " ".join(text.split())
        for path in (ROOT / "site" / "locale" / "vi").rglob("*.po")
        for entry in polib.pofile(str(path))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
        if text
    }
    for part in parts():
        for label in re.findall(r"\*\*(.+?)\*\*", part.text, re.DOTALL):
            plain = " ".join(label.split())
            assert any(word.lower().startswith(plain.lower()) for word in words), f"{part.slug}: {plain}"


@pytest.mark.django_db
def test_staff_read_it_and_strangers_log_in(officer: Any) -> None:
    client = Client()
    assert client.get(reverse("handbook")).status_code == 302
    client.force_login(officer)
    page = client.get(reverse("handbook")).content.decode()
    for part in parts():
        assert part.title in page
        assert part.title in client.get(reverse("handbook_part", args=[part.slug])).content.decode()
    assert client.get(reverse("handbook_part", args=["khong-co"])).status_code in (302, 404)


@pytest.mark.django_db
def test_ones_own_role_stands_first(editor: Any, officer: Any) -> None:
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("handbook")).content.decode()
    assert page.index("Cán bộ tiếp nhận tin") < page.index("Người duyệt bài") < page.index("Người dịch")
    client.force_login(editor)
    page = client.get(reverse("handbook")).content.decode()
    assert page.index("Cán bộ tuyên truyền") < page.index("Cán bộ tiếp nhận tin")


@pytest.mark.django_db
def test_help_in_the_menu_leads_to_the_part_for_the_page_at_hand(officer: Any) -> None:
    client = Client()
    client.force_login(officer)
    inbox = client.get(reverse("tips:index")).content.decode()
    assert "/admin/help/?view=tips%3Aindex" in inbox
    answer = client.get("/admin/help/?view=tips%3Aindex")
    assert answer.headers["Location"] == reverse("handbook_part", args=["tra-loi-tin-bao"])
    # What is unknown shows the list.
    for query in ("view=", "view=nothing&page=x", "view=tips%3Aindex%00&page=" + "9" * 40):
        assert client.get(f"/admin/help/?{query}").status_code in (200, 302)


def main_screens(client: Client, user: Any) -> set[str]:
    """What the user's menu and his first page lead to."""
    request = RequestFactory().get("/admin/")
    request.user = user
    menu = admin_menu.menu_items_for_request(request)
    for item in list(menu):
        menu += item.menu.menu_items_for_request(request) if hasattr(item, "menu") else []
    home = client.get("/admin/").content.decode()
    return {item.url for item in menu if item.url.startswith("/admin/")} | set(
        re.findall(r'href="(/admin/[^"?#]*)', home[home.index("staff-home") :])
    )


# These show the contents, one's own role first: the first page, the contents themselves, and the way out.
CONTENTS = {"/admin/", "/admin/help/", "/accounts/logout/"}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["editor", "officer", "unit_editor"])
def test_help_on_each_main_screen_opens_a_part(role: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    client = Client()
    client.force_login(user)
    screens = main_screens(client, user) - CONTENTS
    assert len(screens) >= 3
    without = []
    for screen in sorted(screens):
        page = client.get(screen, follow=True).content.decode()
        link = re.search(r'/admin/help/\?view=[^"]+', page)
        assert link, screen
        query = link[0].replace("\\u0026", "&").replace("&amp;", "&")
        answer = client.get(query)
        if answer.status_code != 302:
            without.append(query)
    assert without == []


@pytest.mark.django_db
def test_pictures_have_their_size_and_load_when_seen(officer: Any) -> None:
    client = Client()
    client.force_login(officer)
    for part in parts():
        page = client.get(reverse("handbook_part", args=[part.slug])).content.decode()
        shown = PICTURE.findall(page)
        assert 1 <= len(shown) <= 3 and len(shown) == part.text.count("![")
        for alt, name, width, height in shown:
            assert len(alt) > 10
            with Image.open(FOLDER / "images" / f"{name}.png") as picture:
                assert picture.size == (int(width), int(height))


@pytest.mark.django_db
def test_the_part_for_the_type_of_page_goes_first(
    commune: CommunePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    general = Part("chung", "Chung", "editor", ("wagtailadmin_pages:edit",), "")
    contact = Part("lien-he", "Liên hệ", "editor", ("wagtailadmin_pages:edit communes.contactpage",), "")
    monkeypatch.setattr("portal.handbook.parts", lambda: [general, contact])
    page = ContactPage.objects.descendant_of(commune).get()
    assert part_at_hand("wagtailadmin_pages:edit", str(page.pk), ["editor"]) == contact
    assert part_at_hand("wagtailadmin_pages:edit", str(commune.pk), ["editor"]) == general
    assert part_at_hand("wagtailadmin_pages:edit", "x", ["editor"]) == general
    assert part_at_hand("tips:index", "", ["editor"]) is None


def test_a_part_added_while_the_portal_runs_is_read_without_its_picture(
    officer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = Client()
    client.force_login(officer)
    before = client.get(reverse("handbook")).content.decode()
    for path in FOLDER.glob("*.md"):
        (tmp_path / path.name).write_text(path.read_text())
    monkeypatch.setattr("portal.handbook.FOLDER", tmp_path)
    added = '+++\ntitle = "Việc chưa có"\nrole = "officer"\n+++\nĐọc kỹ.\n\n![Màn hình mới](anh-moi.png)\n'
    (tmp_path / "99-viec-moi.md").write_text(added)
    assert "Việc chưa có" not in before
    assert "Việc chưa có" in client.get(reverse("handbook")).content.decode()
    page = client.get(reverse("handbook_part", args=["viec-moi"])).content.decode()
    assert "Đọc kỹ." in page
    assert "<em>Màn hình mới</em>" in page
