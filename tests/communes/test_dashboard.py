"""The admin's first page: each role finds its work as plain links, in the same few queries for any size."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Workflow

from communes.approval.panels import ROWS
from communes.models import CommunePage, ContactPage, NewsIndexPage, NewsPage, Unit
from home.models import HomePage
from home.tree import live_children

pytestmark = pytest.mark.django_db

HOME = reverse("wagtailadmin_home")


def board(user: Any) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(HOME)
    assert response.status_code == 200
    return response.content.decode()


def panel(page: str, name: str) -> str:
    """The part of the page that is this panel; empty when it is not there."""
    start = page.find(f'id="{name}"')
    return page[start : page.index("</section>", start)] if start >= 0 else ""


def queries_for(user: Any) -> int:
    board(user)  # caches of content types and of the site fill up
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        client.get(HOME)
    return len(captured)


def news_of(page: Page) -> NewsIndexPage:
    return live_children(NewsIndexPage, page).get()


def link(name: str, *args: Any) -> str:
    return f'href="{reverse(name, args=args)}"'


@pytest.fixture
def submit(unit: Any) -> Callable[..., NewsPage]:
    """Write a draft as this user and submit it."""

    def submitted(user: Any, index: NewsIndexPage, title: str) -> NewsPage:
        post = NewsPage(title=title, summary="Tóm tắt", owner=user, live=False)
        index.add_child(instance=post)
        post.save_revision(user=user)
        Workflow.objects.get(workflow_pages__page__translation_key=unit.page_key).start(post, user)
        return post

    return submitted


def test_an_editor_finds_the_new_post_and_the_contact_page_of_his_commune_alone(
    editor: Any, other_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    add = link("wagtailadmin_pages:add", "communes", "newspage", news_of(commune).pk)
    contact = link("wagtailadmin_pages:edit", live_children(ContactPage, commune).get().pk)
    own = board(editor)
    assert add in own
    assert contact in own
    assert "Công an xã Cẩm Trung" in own
    assert "Cẩm Duệ" not in own
    other = board(other_editor)
    assert add not in other
    assert contact not in other


def test_an_editor_sees_how_his_own_posts_stand(
    editor: Any, unit_editor: Any, commune: CommunePage, submit: Callable[..., NewsPage]
) -> None:
    index = news_of(commune)
    draft = NewsPage(title="Bài còn nháp", summary="Tóm tắt", owner=editor, live=False)
    index.add_child(instance=draft)
    draft.save_revision(user=editor)
    submit(editor, index, "Bài đang chờ")
    sent_back = submit(editor, index, "Bài trả lại")
    sent_back.current_workflow_task_state.reject(user=unit_editor, comment="Thiếu số điện thoại.")
    submit(unit_editor, index, "Bài của người khác")
    page = board(editor)
    for told in ("Bài còn nháp", "Bản nháp, chưa gửi duyệt", "Bài đang chờ", "Chờ duyệt", "Bị trả lại"):
        assert told in page
    assert "Thiếu số điện thoại." in page
    assert "Bài của người khác" not in page


def test_a_unit_editor_finds_what_waits_oldest_first_with_its_commune_but_not_his_own(
    unit_editor: Any,
    second_unit_editor: Any,
    editor: Any,
    other_editor: Any,
    commune: CommunePage,
    other_commune: CommunePage,
    unit: Unit,
    submit: Callable[..., NewsPage],
) -> None:
    older = submit(editor, news_of(commune), "Bài gửi trước")
    submit(other_editor, news_of(other_commune), "Bài gửi sau")
    home = HomePage.objects.get(translation_key=unit.page_key)
    submit(unit_editor, news_of(home), "Bài của huyện")
    page = board(unit_editor)
    assert "Bài chờ duyệt (2)" in page
    assert page.index("Bài gửi trước") < page.index("Bài gửi sau")
    assert "xã Cẩm Trung" in page
    assert "xã Cẩm Duệ" in page
    assert link("approval:review", older.pk) in page
    assert "Bài của huyện" not in panel(page, "waiting-for-approval")
    assert "Bài của huyện" in panel(board(second_unit_editor), "waiting-for-approval")
    assert "Bài chờ duyệt" not in board(editor)


def test_the_unit_editors_page_counts_communes_and_lists_none(
    unit: Unit, unit_editor: Any, commune: CommunePage
) -> None:
    few = queries_for(unit_editor)
    Unit.objects.bulk_create(
        Unit(kind="xa", name=f"Xã thử {number}", name_folded=f"xa thu {number}", parent=unit)
        for number in range(500)
    )
    page = board(unit_editor)
    assert "502 đơn vị" in page
    assert "Xã thử" not in page
    assert queries_for(unit_editor) == few


def test_many_waiting_posts_take_no_more_queries_than_one_and_a_screenful_is_listed(
    unit_editor: Any, editor: Any, commune: CommunePage, submit: Callable[..., NewsPage]
) -> None:
    index = news_of(commune)
    submit(editor, index, "Bài số 0")
    few = queries_for(unit_editor), queries_for(editor)
    for number in range(1, ROWS + 5):
        submit(editor, index, f"Bài số {number}")
    page = board(unit_editor)
    assert f"Bài chờ duyệt ({ROWS + 5})" in page
    waiting = panel(page, "waiting-for-approval")
    assert waiting.count('"work-panel__row"') == ROWS
    assert link("approval:queue") in waiting
    assert (queries_for(unit_editor), queries_for(editor)) == few


def test_the_superuser_finds_plain_links(superuser: Any, commune: CommunePage) -> None:
    page = board(superuser)
    for name in ("wagtailusers_users:index", "wagtailadmin_explore_root", "tip-categories:index"):
        assert link(name) in page


def test_somebody_without_work_is_told_so(db: None, commune: CommunePage) -> None:
    from django.contrib.auth.models import Permission

    from communes.models import User

    user = User.objects.create_user("khach")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert "chưa được giao việc" in board(user)


@pytest.mark.parametrize(
    ("who", "hidden", "shown"),
    [
        ("editor", {"reports", "settings", "help", "tips"}, {"explorer", "images"}),
        ("officer", {"reports", "settings", "help", "explorer", "images"}, {"tips"}),
        ("unit_editor", {"settings", "help", "tips"}, {"explorer", "reports"}),
        ("superuser", {"tips"}, {"explorer", "reports", "settings"}),
    ],
)
def test_the_menu_holds_what_the_role_needs(
    who: str, hidden: set[str], shown: set[str], request: pytest.FixtureRequest, rf: Any, commune: CommunePage
) -> None:
    from wagtail.admin.menu import admin_menu

    web_request = rf.get(HOME)
    web_request.user = request.getfixturevalue(who)
    names = {item.name for item in admin_menu.menu_items_for_request(web_request)}
    assert shown <= names
    assert not hidden & names
