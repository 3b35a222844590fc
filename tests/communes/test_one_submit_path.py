"""A quick post and the full editor go by one set of rules: a newer text, locks and hours that are past."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from communes.models import CommunePage, NewsPage
from communes.quickpost import views
from home.submission import SEEN, SEEN_AT
from tests.communes.posts import decide, drawn_now, is_live, logged_in, send_editor, submitted, text_of
from tests.communes.quickposts import BY_SCRIPT, TITLE, WRITE, edit, only_post, sent, typed
from tests.communes.test_approval import post_data

pytestmark = pytest.mark.django_db

NEWER = "đã lưu bản mới hơn lúc"


@pytest.fixture
def draft(editor: Any) -> NewsPage:
    logged_in(editor).post(WRITE, typed(act="draft"))
    return only_post()


def corrected(post: NewsPage, by: Any) -> None:
    """A colleague changes the draft in the full editor."""
    page = post.get_latest_revision_as_object()
    page.title = "Đồng nghiệp đã sửa"
    page.save_revision(user=by)


def latest_title() -> str:
    return str(only_post().get_latest_revision_as_object().title)


def marks_on(response: Any) -> dict[str, str]:
    return dict(re.findall(r'name="(loaded_\w+)" value="([^"]*)"', text_of(response)))


def locked(post: NewsPage, by: Any) -> None:
    Page.objects.filter(pk=post.pk).update(locked=True, locked_by=by, locked_at=timezone.now())


@pytest.mark.parametrize("act", ["draft", "submit"])
def test_a_quick_post_is_not_stored_over_what_a_colleague_stored(
    act: str, draft: NewsPage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    seen = marks_on(author.get(edit(draft)))
    assert set(seen) == {SEEN, SEEN_AT}
    corrected(draft, unit_editor)
    for older in (seen, {}, {SEEN: "9" * 30}):
        response = author.post(edit(draft), typed(act=act, title="Bản của tác giả", **older))
        assert response.status_code == 409
        told = text_of(response)
        assert f"huyen {NEWER}" in told and "Phần vừa sửa chưa được lưu" in told
        assert "Bản của tác giả" in told
        assert latest_title() == "Đồng nghiệp đã sửa"
        assert not only_post().workflow_in_progress
        if older == seen:
            compare = re.search(r'href="([^"]+/compare/[^"]+)"', told)
            assert compare and "Đồng nghiệp" in text_of(author.get(compare[1]))
    # What is sent from the form that told it is sent in view of the newer text.
    data = typed(act=act, title="Bản của tác giả", confirmed="1") | marks_on(response)
    assert author.post(edit(draft), data).status_code == 302
    assert latest_title() == "Bản của tác giả"


def test_the_script_of_a_quick_post_is_told_the_same(draft: NewsPage, editor: Any, unit_editor: Any) -> None:
    author = logged_in(editor)
    older = drawn_now(draft)
    corrected(draft, unit_editor)
    answer = author.post(edit(draft), typed(title="Bản của tác giả") | older, **BY_SCRIPT)
    assert answer.status_code == 409
    assert f"huyen {NEWER}" in answer.json()["message"]
    assert "/compare/" in answer.json()["link"]
    assert answer.json()["seen"] == drawn_now(draft)
    assert latest_title() == "Đồng nghiệp đã sửa"


@pytest.mark.parametrize("broken", [{"title": ""}, {"kind": "?"}])
def test_a_form_that_comes_back_with_mistakes_is_as_old_as_before(
    broken: dict[str, str], draft: NewsPage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    older = drawn_now(draft)
    corrected(draft, unit_editor)
    response = author.post(edit(draft), typed(**broken) | older)
    assert response.status_code == 422
    assert marks_on(response) == older


def test_the_second_click_of_a_quick_post_ends_where_the_first_did(draft: NewsPage, editor: Any) -> None:
    author = logged_in(editor)
    data = typed(act="draft", title="Bấm hai lần") | drawn_now(draft)
    assert [author.post(edit(draft), data).url for _click in range(2)] == [sent(draft)] * 2
    assert Revision.objects.for_instance(draft).count() == 2


@pytest.mark.parametrize("what", ["locked", "submitted", "newer"])
def test_what_happens_between_look_and_lock_is_seen(
    what: str, draft: NewsPage, editor: Any, unit_editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The colleague is quicker by a moment: after the first look, before the row is this request's."""
    store = views.change_post

    def after_the_colleague(*args: Any, **kwargs: Any) -> NewsPage:
        if what == "locked":
            locked(draft, unit_editor)
        elif what == "submitted":
            draft.get_workflow().start(draft, unit_editor)
        else:
            corrected(draft, unit_editor)
        return store(*args, **kwargs)

    monkeypatch.setattr(views, "change_post", after_the_colleague)
    response = logged_in(editor).post(edit(draft), typed(title="Chậm một bước") | drawn_now(draft))
    assert response.status_code == 409
    told = {"locked": "huyen đã khóa bài này.", "submitted": "Bài đang chờ duyệt.", "newer": f"huyen {NEWER}"}
    assert told[what] in text_of(response)
    assert "Chậm một bước" in text_of(response)
    assert latest_title() != "Chậm một bước"


@pytest.fixture
def closings(editor: Any, unit_editor: Any, second_unit_editor: Any) -> Any:
    when = timezone.localtime(timezone.now() + timedelta(days=2))

    def schedule(post: NewsPage) -> str:
        post.get_workflow().start(post, editor)
        page = post.get_latest_revision_as_object()
        page.go_live_at = when
        page.save_revision(user=second_unit_editor)
        decide(logged_in(unit_editor), page)
        return f"Bài đã duyệt, sẽ hiện ra lúc {when:%H:%M %d/%m/%Y}."

    def lock(post: NewsPage) -> str:
        locked(post, unit_editor)
        return "huyen đã khóa bài này."

    def submit(post: NewsPage) -> str:
        post.get_workflow().start(post, editor)
        return "Bài đang chờ duyệt."

    return {"schedule": schedule, "lock": lock, "submit": submit}


@pytest.mark.parametrize("closing", ["schedule", "lock", "submit"])
@pytest.mark.parametrize("action", ["", "submit"])
def test_both_editors_say_in_the_same_words_why_a_post_is_closed(
    closing: str, action: str, closings: Any, draft: NewsPage, editor: Any
) -> None:
    author = logged_in(editor)
    words = closings[closing](draft)
    before = Revision.objects.count()
    full = send_editor(author, draft, post_data(action, title="Sửa muộn"))
    quick = author.post(edit(draft), typed(title="Sửa muộn") | drawn_now(draft))
    for response in (full, quick):
        assert response.status_code == 409
        assert words in text_of(response)
        assert "Sửa muộn" in text_of(response)
    assert Revision.objects.count() == before
    if closing != "submit":
        assert "đang chờ duyệt" not in text_of(full)


def test_a_second_look_at_a_locked_post_says_who_locked_it(
    draft: NewsPage, editor: Any, unit_editor: Any
) -> None:
    locked(draft, unit_editor)
    url = reverse("page_warnings", args=[draft.pk])
    response = logged_in(editor).post(url, drawn_now(draft), follow=True)
    assert "huyen đã khóa bài này." in text_of(response)
    assert not only_post().workflow_in_progress


def test_taking_a_post_back_in_the_full_editor_still_works(draft: NewsPage, editor: Any) -> None:
    draft.get_workflow().start(draft, editor)
    assert send_editor(logged_in(editor), draft, post_data("cancel-workflow")).status_code == 200
    assert not only_post().workflow_in_progress
    assert latest_title() == TITLE


def several(client: Any, *posts: Any) -> Any:
    pages = "&".join(f"page={post.pk}" for post in posts)
    return client.get(f"{reverse('approval:several')}?{pages}")


def approve(client: Any, response: Any, *, asked: bool, ticked: str = "") -> Any:
    page = text_of(response)
    seen = re.findall(rf'name="seen" value="([^"]+)"{ticked}', page)
    return client.post(
        reverse("approval:several"),
        {"seen": seen, "asked": re.findall(r'name="asked" value="(\d+)"', page) if asked else []},
        follow=True,
    )


@pytest.mark.parametrize("name", ["expire_at", "go_live_at"])
def test_approving_several_asks_about_an_hour_that_is_past(
    name: str, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    past: datetime = timezone.now() - timedelta(seconds=1)
    late = submitted(editor, commune, "Bài quá hạn", **{name: past})
    other = submitted(editor, commune, "Bài thường")
    client = logged_in(unit_editor)
    shown = several(client, late, other)
    # Not ticked beforehand; ticked by hand it is approved, for the question stood beside it.
    assert text_of(shown).count(" checked") == 1
    response = approve(client, shown, asked=False)
    assert is_live(other) and not is_live(late)
    assert "Chưa duyệt “Bài quá hạn”." in text_of(response)
    assert "giờ đó đã qua" in text_of(response)
    approve(client, several(client, late), asked=True)
    assert is_live(late)


def test_an_hour_to_come_is_not_asked_about(editor: Any, unit_editor: Any, commune: CommunePage) -> None:
    post = submitted(editor, commune, "Bài có hạn", expire_at=timezone.now() + timedelta(minutes=5))
    client = logged_in(unit_editor)
    approve(client, several(client, post), asked=True, ticked=" checked")
    assert is_live(post)


def test_asking_costs_the_same_for_one_post_and_for_five(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    past = timezone.now() - timedelta(days=1)
    posts = [submitted(editor, commune, f"Bài {number}", expire_at=past) for number in range(5)]
    client = logged_in(unit_editor)

    def queries(*chosen: Any) -> int:
        shown = several(client, *chosen)
        seen = re.findall(r'name="seen" value="([^"]+)"', text_of(shown))
        with CaptureQueriesContext(connection) as captured:
            client.post(reverse("approval:several"), {"seen": seen})
        client.get(reverse("approval:queue"))
        return len(captured)

    queries(posts[0])
    assert queries(*posts) == queries(posts[0])


def test_a_quick_post_that_got_a_table_meanwhile_is_not_written_over_and_no_word_is_lost(
    draft: NewsPage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    seen = marks_on(author.get(edit(draft)))
    page = draft.get_latest_revision_as_object()
    page.body.append(("quote", {"text": "Không đọc mã OTP cho bất kỳ ai."}))
    page.save_revision(user=unit_editor)
    for _press in range(2):
        response = author.post(edit(draft), typed(title="Bản của tác giả", confirmed="1", **seen))
        assert response.status_code == 409
        told = text_of(response)
        assert "Bản của tác giả" in told and "chưa được lưu" in told
        assert f'href="{reverse("wagtailadmin_pages:edit", args=[draft.pk])}"' in told
        seen = marks_on(response)
    assert "OTP" in str(only_post().get_latest_revision_as_object().body)
    # Who opens it afresh is led to the editor that can show it.
    assert author.get(edit(draft)).url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
