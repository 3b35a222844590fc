"""A post's way to the public, over HTTP, as the real roles: written, submitted, approved by somebody else."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from communes.approval.queue import mark
from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.models import HomePage
from home.tree import live_children
from tests.communes.posts import review_url, send_editor

pytestmark = pytest.mark.django_db

TITLE = "Cảnh giác kẻ giả danh chủ máy gặt"


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def news_of(page: Page) -> NewsIndexPage:
    return live_children(NewsIndexPage, page).get()


def post_data(action: str = "", **values: Any) -> dict[str, Any]:
    """What the editor's form sends."""
    data = nested_form_data(
        {
            "title": TITLE,
            "kind": "warning",
            "summary": "Không chuyển tiền đặt cọc cho người lạ.",
            "image": "",
            "image_alt": "",
            "body": streamfield([("paragraph", rich_text("<p>Bà con gọi trực ban.</p>"))]),
            "date": "23/11/2026",
            "author": "",
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            **values,
        }
    )
    return {**data, f"action-{action}": "1"} if action else data


def write(client: Client, index: NewsIndexPage, action: str, **values: Any) -> NewsPage:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", index.pk])
    response = client.post(url, post_data(action, **values))
    assert response.status_code == 302, response.context["form"].errors
    return NewsPage.objects.filter(path__startswith=index.path).latest("pk")


def waiting_state(page: Page) -> TaskState:
    return Page.objects.get(pk=page.pk).current_workflow_task_state


def decide(client: Client, page: Page, action: str = "approve") -> Any:
    """Press a button of the review, about the text as it stands now."""
    seen = mark(Page.objects.get(pk=page.pk).latest_revision)
    words = {"words": "Bà con cần biết số máy."} if action == "reject" else {}
    return client.post(review_url(page), {"act": action, "seen": seen, "asked": "1", **words})


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


@pytest.fixture
def picture(commune: CommunePage) -> Any:
    collection = Collection.objects.get(name=commune.unit.qualified_name)
    return get_image_model().objects.create(
        title="Máy gặt", file=get_test_image_file(filename="may-gat.png"), collection=collection
    )


@pytest.fixture
def home(unit: Any) -> HomePage:
    return HomePage.objects.get(translation_key=unit.page_key)


def test_a_post_with_a_picture_goes_from_the_editor_through_the_unit_to_the_public(
    client: Client,
    commune: CommunePage,
    editor: Any,
    unit_editor: Any,
    other_editor: Any,
    picture: Any,
) -> None:
    post = write(
        logged_in(editor), news_of(commune), "submit", image=picture.pk, image_alt="Máy gặt trên đồng"
    )
    assert post.image == picture
    assert not is_live(post)
    assert client.get(post.get_url()).status_code == 404

    decide(logged_in(other_editor), post)
    assert not is_live(post)

    board = logged_in(unit_editor).get(reverse("wagtailadmin_home")).content.decode()
    assert TITLE in board
    assert "xã Cẩm Trung" in board
    decide(logged_in(unit_editor), post)
    assert is_live(post)
    assert TITLE in client.get(post.get_url()).content.decode()


def test_the_large_button_is_what_the_page_waits_for(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    def first_button(client: Client, url: str) -> str:
        page = client.get(url).content.decode()
        menu = page[page.index("Actions (footer)") if "Actions (footer)" in page else page.index("<footer") :]
        return menu[menu.index("<button") : menu.index("</button>")]

    index = news_of(commune)
    add = reverse("wagtailadmin_pages:add", args=["communes", "newspage", index.pk])
    assert "action-submit" in first_button(logged_in(editor), add)
    post = write(logged_in(editor), index, "submit")
    edit = reverse("wagtailadmin_pages:edit", args=[post.pk])
    assert 'data-workflow-action-name="approve"' in first_button(logged_in(unit_editor), edit)


def test_publishing_by_the_editor_leaves_a_draft(commune: CommunePage, editor: Any) -> None:
    client, index = logged_in(editor), news_of(commune)
    post = write(client, index, "publish")
    assert not is_live(post)
    send_editor(client, post, post_data("publish"))
    assert not is_live(post)
    assert waiting_state(post) is None


@pytest.mark.parametrize("who", ["unit_editor", "superuser"])
def test_nobody_publishes_past_approval(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, editor: Any
) -> None:
    post = write(logged_in(editor), news_of(commune), "submit")
    client = logged_in(request.getfixturevalue(who))
    send_editor(client, post, post_data("publish"))
    assert not is_live(post)
    own = write(client, news_of(commune), "publish", title="Bài khác")
    assert not is_live(own)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={post.pk}&id={own.pk}")
    assert not is_live(post)
    assert not is_live(own)


def test_a_unit_editor_does_not_approve_his_own_post_but_his_colleague_does(
    home: HomePage, unit_editor: Any, second_unit_editor: Any, editor: Any
) -> None:
    author = logged_in(unit_editor)
    post = write(author, news_of(home), "submit")
    assert TITLE not in _waiting(author)
    decide(author, post)
    assert not is_live(post)
    via_editor = {
        **post_data("workflow-action", title="Sửa lúc duyệt"),
        "workflow-action-name": "approve",
    }
    send_editor(author, post, via_editor)
    assert not is_live(post)
    decide(logged_in(editor), post)
    assert not is_live(post)

    colleague = logged_in(second_unit_editor)
    assert TITLE in _waiting(colleague)
    decide(colleague, post)
    assert is_live(post)


def test_the_submitter_cannot_change_what_his_colleague_is_reading(
    home: HomePage, unit_editor: Any, second_unit_editor: Any
) -> None:
    author = logged_in(unit_editor)
    post = write(author, news_of(home), "submit")
    send_editor(author, post, post_data(title="Đổi sau khi gửi"))
    decide(logged_in(second_unit_editor), post)
    assert Page.objects.get(pk=post.pk).title == TITLE


def test_what_the_unit_corrected_is_what_becomes_public(
    client: Client, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = write(logged_in(editor), news_of(commune), "submit")
    corrected = {
        **post_data("workflow-action", title="Cảnh giác: giả danh chủ máy gặt"),
        "workflow-action-name": "approve",
        "workflow-action-extra-data": json.dumps({"comment": ""}),
    }
    send_editor(logged_in(unit_editor), post, corrected)
    assert "Cảnh giác: giả danh chủ máy gặt" in client.get(post.get_url()).content.decode()


def test_a_post_goes_back_with_a_comment_and_comes_again(
    commune: CommunePage, editor: Any, unit_editor: Any, other_editor: Any
) -> None:
    author = logged_in(editor)
    post = write(author, news_of(commune), "submit")
    decide(logged_in(other_editor), post, "reject")
    assert waiting_state(post).status == "in_progress"
    decide(logged_in(unit_editor), post, "reject")
    board = author.get(reverse("wagtailadmin_home")).content.decode()
    assert "Bà con cần biết số máy." in board
    assert TITLE not in _waiting(logged_in(unit_editor))

    send_editor(author, post, post_data("submit", title="Lần hai"))
    assert "Lần hai" in _waiting(logged_in(unit_editor))
    decide(logged_in(unit_editor), post)
    assert Page.objects.get(pk=post.pk).title == "Lần hai"


def test_a_waiting_post_is_locked_for_its_author(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    author = logged_in(editor)
    post = write(author, news_of(commune), "submit")
    send_editor(author, post, post_data(title="Đổi sau khi gửi"))
    decide(logged_in(unit_editor), post)
    assert Page.objects.get(pk=post.pk).title == TITLE


def test_a_change_of_a_live_post_waits_for_approval_too(
    client: Client, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    post = write(author, news_of(commune), "submit")
    decide(logged_in(unit_editor), post)
    send_editor(author, post, post_data("publish", title="Tự đổi"))
    assert "Tự đổi" not in client.get(post.get_url()).content.decode()


def test_the_action_on_one_page_never_decides_another(
    home: HomePage, commune: CommunePage, unit_editor: Any, editor: Any
) -> None:
    own = write(logged_in(unit_editor), news_of(home), "submit")
    other = write(logged_in(editor), news_of(commune), "submit")
    url = reverse("wagtailadmin_pages:workflow_action", args=[other.pk, "approve", waiting_state(own).pk])
    assert logged_in(unit_editor).post(url).status_code == 404
    assert not is_live(own)
    assert not is_live(other)


def test_an_editor_of_another_commune_neither_sees_nor_edits_the_draft(
    commune: CommunePage, editor: Any, other_editor: Any
) -> None:
    post = write(logged_in(editor), news_of(commune), "draft")
    stranger = logged_in(other_editor)
    for name in ("edit", "history", "view_draft", "copy", "usage"):
        url = reverse(f"wagtailadmin_pages:{name}", args=[post.pk])
        for response in (stranger.get(url), stranger.post(url, post_data(title="Chiếm bài"))):
            # 409: what he wrote himself comes back, and nothing else.
            assert response.status_code in (302, 403, 404, 405, 409), name
            assert TITLE not in response.content.decode()
    post.refresh_from_db()
    assert post.latest_revision.as_object().title == TITLE
    add = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    stranger.post(add, post_data(title="Của xã khác"))
    assert not NewsPage.objects.filter(title="Của xã khác").exists()


@pytest.mark.parametrize("name", ["wagtailadmin_choose_page_child", "wagtailadmin_choose_page_search"])
def test_the_page_chooser_shows_live_pages_and_own_drafts_only(
    name: str, commune: CommunePage, editor: Any, other_editor: Any, unit_editor: Any
) -> None:
    index = news_of(commune)
    live = write(logged_in(editor), index, "submit", title="Giả danh đã đăng")
    decide(logged_in(unit_editor), live)
    write(logged_in(editor), index, "draft", title="Giả danh còn nháp")
    browsing = name.endswith("child")
    url = reverse(name, args=[index.pk] if browsing else [])
    query = {} if browsing else {"q": "giả danh"}

    def chooser(user: Any) -> str:
        response = logged_in(user).get(url, query)
        return response.json()["html"] if browsing else response.content.decode()

    assert "Giả danh đã đăng" in chooser(other_editor)
    assert "Giả danh còn nháp" not in chooser(other_editor)
    assert "Giả danh còn nháp" in chooser(editor)
    assert "Giả danh còn nháp" in chooser(unit_editor)


def _waiting(client: Client) -> str:
    board = client.get(reverse("wagtailadmin_home")).content.decode()
    start = board.index('id="waiting-for-approval"')
    return board[start : board.index("</section>", start)]


def test_a_title_may_come_twice(commune: CommunePage, editor: Any) -> None:
    client, index = logged_in(editor), news_of(commune)
    first = write(client, index, "submit", title="Thông báo cắt điện")
    second = write(client, index, "submit", title="Thông báo cắt điện")
    assert (first.slug, second.slug) == ("thong-bao-cat-dien", "thong-bao-cat-dien-2")
