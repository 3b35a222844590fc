"""Where a picture or document is used: live, drafts and waiting texts count, and what is used stays."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex

from communes.models import CommunePage, NewsPage
from home.media import is_public, uses_of

from .media import a_document, a_picture, collection_of, live_post, showing
from .posts import decide, drawn_now, logged_in, news_of, text_of
from .quickposts import edit, only_post, photo, typed

pytestmark = pytest.mark.django_db

MADE = pytest.mark.parametrize("made", [a_picture, a_document])


def with_file(post: NewsPage, file: Any, user: Any) -> NewsPage:
    """A newer text of the post, which shows the file."""
    newer = NewsPage.objects.get(pk=post.pk)
    for name, value in showing(file).items():
        setattr(newer, name, NewsPage._meta.get_field(name).to_python(value) if name == "body" else value)
    newer.save_revision(user=user)
    return NewsPage.objects.get(pk=post.pk)


def draft(commune: CommunePage, user: Any, title: str = "Bài nháp") -> NewsPage:
    post = NewsPage(title=title, summary="Một câu.", live=False, owner=user)
    news_of(commune).add_child(instance=post)
    post.save_revision(user=user)
    return post


def kind(file: Any) -> str:
    return "wagtailimages" if isinstance(file, get_image_model()) else "wagtaildocs"


def delete_url(file: Any) -> str:
    return reverse(f"{kind(file)}:delete", args=[file.pk])


def after_post(client: Any, url: str) -> str:
    with transaction.atomic():
        response = client.post(url)
    return text_of(client.get(response.url, follow=True))


def is_there(file: Any) -> bool:
    return bool(type(file).objects.filter(pk=file.pk).exists())


def count_shown(client: Any, file: Any) -> str:
    return text_of(client.get(reverse(f"{kind(file)}:edit", args=[file.pk])))


@MADE
def test_what_the_waiting_change_of_a_live_post_shows_is_in_use_and_stays(
    made: Any, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    file, post = made(commune), live_post(commune)
    post = with_file(post, file, editor)
    post.get_workflow().start(post, editor)
    client = logged_in(editor)
    assert re.search(r">\s*Được dùng 1 lần", count_shown(client, file))
    page = text_of(client.get(delete_url(file), follow=True))
    assert "chưa xóa được" in page
    assert reverse("wagtailadmin_pages:edit", args=[post.pk]) in page
    assert f"{post.title}</a> (đang chờ duyệt)" in page
    after_post(client, delete_url(file))
    assert is_there(file)
    decide(logged_in(unit_editor), post)
    assert is_public(type(file), file.pk)


@MADE
def test_a_file_of_a_draft_is_not_public_and_not_deleted(
    made: Any, commune: CommunePage, editor: Any
) -> None:
    """A draft beside a live text of the same page too: its file is no reader's before it is approved."""
    of_a_draft, of_a_change = made(commune), made(commune)
    with_file(draft(commune, editor), of_a_draft, editor)
    with_file(live_post(commune), of_a_change, editor)
    client = logged_in(editor)
    for file in (of_a_draft, of_a_change):
        assert not is_public(type(file), file.pk)
        assert "(bản nháp)" in after_post(client, delete_url(file))
        assert is_there(file)


@MADE
def test_a_file_that_was_taken_out_again_is_used_nowhere_and_may_go(
    made: Any, commune: CommunePage, editor: Any
) -> None:
    file, post = made(commune), draft(commune, editor)
    with_file(post, file, editor)
    without = post.get_latest_revision_as_object()
    without.image, without.body = None, ""
    without.save_revision(user=editor)
    assert uses_of(file) == []
    client = logged_in(editor)
    assert client.get(delete_url(file)).status_code == 200
    client.post(delete_url(file))
    assert not is_there(file)


def test_the_first_text_of_a_draft_does_not_count_when_a_newer_one_dropped_the_picture(
    commune: CommunePage, editor: Any
) -> None:
    picture = a_picture(commune)
    post = NewsPage(title="Nháp", summary="Một câu.", live=False, owner=editor, **showing(picture))
    news_of(commune).add_child(instance=post)
    post.save_revision(user=editor)
    assert len(uses_of(picture)) == 1
    post.image = None
    post.save_revision(user=editor)
    assert uses_of(picture) == []


@MADE
def test_a_post_that_is_taken_down_still_holds_its_file(made: Any, commune: CommunePage, editor: Any) -> None:
    file = made(commune)
    live_post(commune, file).unpublish()
    assert "(bản nháp)" in after_post(logged_in(editor), delete_url(file))
    assert is_there(file)


def test_another_communes_draft_has_no_name_in_the_list(
    commune: CommunePage, editor: Any, other_commune: CommunePage, other_editor: Any
) -> None:
    picture = a_picture(commune)
    with_file(draft(other_commune, other_editor, "Bí mật"), picture, other_editor)
    page = after_post(logged_in(editor), delete_url(picture))
    assert "trang của đơn vị khác (bản nháp)" in page
    assert "Bí mật" not in page


def test_bulk_deletion_and_the_list_of_uploads_refuse_as_well(commune: CommunePage, editor: Any) -> None:
    used, free = a_picture(commune), a_picture(commune)
    with_file(draft(commune, editor), used, editor)
    client = logged_in(editor)
    bulk = reverse("wagtail_bulk_action", args=["wagtailimages", "image", "delete"])
    for url in (
        f"{bulk}?id={used.pk}&id={free.pk}",
        reverse("wagtailimages:delete_multiple", args=[used.pk]),
    ):
        assert "Bài nháp</a> (bản nháp)" in after_post(client, url), url
    assert is_there(used)
    assert is_there(free)


def test_a_collection_with_files_is_not_deleted(commune: CommunePage, editor: Any, superuser: Any) -> None:
    picture = a_picture(commune)
    with_file(draft(commune, editor), picture, editor)
    url = reverse("wagtailadmin_collections:delete", args=[collection_of(commune).pk])
    logged_in(superuser).post(url)
    assert is_there(picture)


def test_a_photo_taken_out_of_a_quick_draft_stays_and_is_found_as_unused(
    commune: CommunePage, editor: Any
) -> None:
    client = logged_in(editor)
    client.post(reverse("quick_post:write"), typed(act="draft", photos=[photo()], alt=["Sông"]))
    picture = get_image_model().objects.get()
    post = only_post()
    client.post(edit(post), typed(act="draft", **{f"drop-{picture.pk}": "on"}) | drawn_now(post))
    assert NewsPage.objects.get(pk=post.pk).get_latest_revision_as_object().image is None
    assert is_there(picture)
    unused = text_of(client.get(reverse("wagtailimages:index"), {"usage_count_max": "0"}))
    assert reverse("wagtailimages:edit", args=[picture.pk]) in unused


def test_a_link_in_a_draft_counts_when_the_page_it_leads_to_is_deleted(
    commune: CommunePage, editor: Any
) -> None:
    goal, source = draft(commune, editor, "Đích"), draft(commune, editor)
    source.body = NewsPage._meta.get_field("body").to_python(
        [{"type": "paragraph", "value": f'<p><a linktype="page" id="{goal.pk}">Xem</a></p>'}]
    )
    source.save_revision(user=editor)
    page = text_of(logged_in(editor).get(reverse("wagtailadmin_pages:delete", args=[goal.pk])))
    assert reverse("wagtailadmin_pages:usage", args=[goal.pk]) in page
    usage = text_of(logged_in(editor).get(reverse("wagtailadmin_pages:usage", args=[goal.pk])))
    assert "Bài nháp" in usage


def test_the_index_that_is_built_anew_knows_drafts(commune: CommunePage, editor: Any) -> None:
    picture = a_picture(commune)
    with_file(draft(commune, editor), picture, editor)
    ReferenceIndex.objects.all().delete()
    call_command("rebuild_references_index", verbosity=0)
    assert [use.page.draft_title for use in uses_of(picture)] == ["Bài nháp"]


def test_asking_for_the_uses_costs_as_many_queries_for_any_number(commune: CommunePage, editor: Any) -> None:
    picture, document = a_picture(commune), a_document(commune)
    for number in range(9):
        with_file(draft(commune, editor, f"Nháp {number}"), picture, editor)
    with_file(draft(commune, editor), document, editor)
    uses_of(document)
    costs = []
    for file in (document, picture):
        with CaptureQueriesContext(connection) as queries:
            assert uses_of(file)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4
    assert Page.objects.filter(draft_title__startswith="Nháp").count() == 9
    assert not get_document_model().objects.exclude(pk=document.pk).exists()
