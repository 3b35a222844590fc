"""No post of a commune reaches the public without somebody else's approval, whatever is sent to the admin.

Beside test_approval.py, which holds the ordinary way, and tests/matrix, which holds who may use an address.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Page, TaskState, Workflow, WorkflowPage, WorkflowTask

from communes.checks import every_unit_approves
from communes.models import CommunePage, ContactPage, NewsPage
from home.models import HomePage
from home.publishing import publish_approved
from home.tree import live_children
from tests.communes.posts import drawn_now, send_editor
from tests.communes.test_approval import TITLE, decide, is_live, logged_in, news_of, post_data, write

pytestmark = pytest.mark.django_db

EVERYBODY = ["editor", "unit_editor", "superuser"]
PAST = {"go_live_at": "2020-01-01 08:00", "expire_at": ""}


@pytest.fixture
def home(unit: Any) -> HomePage:
    return HomePage.objects.get(translation_key=unit.page_key)


@pytest.fixture
def client_of(request: pytest.FixtureRequest) -> Any:
    return lambda who: logged_in(request.getfixturevalue(who))


def edit(client: Client, page: Page, action: str = "", **values: Any) -> Any:
    return send_editor(client, page, post_data(action, **values))


def approved(author: Client, unit_editor: Any, page: CommunePage, **values: Any) -> NewsPage:
    post = write(author, news_of(page), "submit", **values)
    decide(logged_in(unit_editor), post)
    assert is_live(post)
    return post


def public_titles() -> set[str]:
    return set(NewsPage.objects.live().values_list("title", flat=True))


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_schedule_publishes_nothing_by_itself(who: str, client_of: Any, commune: CommunePage) -> None:
    client = client_of(who)
    soon = timezone.localtime(timezone.now() + timedelta(minutes=2)).strftime("%Y-%m-%d %H:%M")
    for number, schedule in enumerate([PAST, {"go_live_at": soon, "expire_at": ""}]):
        post = write(client, news_of(commune), "", title=f"Hẹn giờ {number}")
        edit(client, post, "publish", title=post.title, **schedule)
        edit(client, post, "submit", title=post.title, **schedule)
    revisions = Page.objects.get(pk=post.pk).revisions
    assert not revisions.filter(approved_go_live_at__isnull=False).exists()
    call_command("publish_scheduled")
    assert public_titles() == set()


def test_an_approved_schedule_holds_and_the_author_cannot_bring_another_text_forward(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    later = timezone.localtime(timezone.now() + timedelta(days=1))
    post = write(
        author, news_of(commune), "submit", go_live_at=later.strftime("%Y-%m-%d %H:%M"), expire_at=""
    )
    decide(logged_in(unit_editor), post)
    assert not is_live(post)
    edit(author, post, title="Đổi sau khi duyệt", **PAST)
    call_command("publish_scheduled")
    assert public_titles() == set()
    scheduled = Page.objects.get(pk=post.pk).scheduled_revision
    assert scheduled is not None and scheduled.as_object().title == TITLE


def test_an_earlier_revision_comes_back_as_a_draft_only(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    post = approved(author, unit_editor, commune)
    edit(author, post, title="Bản hai")
    first = post.revisions.order_by("pk").first()
    assert first
    for action in ("", "publish"):
        for url in (
            reverse("wagtailadmin_pages:revisions_revert", args=[post.pk, first.pk]),
            reverse("wagtailadmin_pages:edit", args=[post.pk]),
        ):
            author.post(
                url, {**post_data(action, title="Khôi phục"), "revision": first.pk, **drawn_now(post)}
            )
    post.refresh_from_db()
    assert post.title == TITLE


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_copy_is_a_draft_and_an_alias_cannot_be_made(
    who: str, client_of: Any, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = approved(logged_in(editor), unit_editor, commune)
    client = client_of(who)
    url = reverse("wagtailadmin_pages:copy", args=[post.pk])
    assert 'name="alias"' not in client.get(url).content.decode()
    for number, extra in enumerate([{}, {"publish_copies": "on"}, {"alias": "on"}]):
        data = {"new_title": f"Bản sao {number}", "new_slug": f"sao-{number}"}
        client.post(url, {**data, "new_parent_page": news_of(commune).pk, **extra})
    copies = NewsPage.objects.filter(slug__startswith="sao-")
    assert copies.count() == 3
    assert not copies.filter(live=True).exists()
    assert not copies.exclude(alias_of=None).exists()


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_admins_api_writes_nothing(
    who: str, client_of: Any, commune: CommunePage, other_commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    live = approved(logged_in(editor), unit_editor, commune, title="Đã đăng")
    draft = write(logged_in(editor), news_of(commune), "")
    english = Locale.objects.get_or_create(language_code="en")[0]
    client, before = client_of(who), list(Page.objects.order_by("pk").values())
    there = {"destination_page_id": news_of(other_commune).pk, "position": "last-child"}
    data = {**there, "revision_id": draft.latest_revision_id, "locale": english.language_code}
    data["alias"] = True
    for page in (live, draft):
        for action in [
            "publish",
            "unpublish",
            "copy",
            "move",
            "delete",
            "create_alias",
            "convert_alias",
            "copy_for_translation",
            "revert_to_page_revision",
        ]:
            url = reverse("wagtailadmin_api:pages:action", args=[page.pk, action])
            assert client.post(url, data, content_type="application/json").status_code in (403, 404), action
    assert list(Page.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_public_api_is_read_only(method: str, client_of: Any, commune: CommunePage) -> None:
    for url in ("/api/v2/pages/", f"/api/v2/pages/{commune.pk}/"):
        assert getattr(client_of("superuser"), method)(url).status_code == 405


def test_what_is_public_does_not_move_to_another_place(
    commune: CommunePage, other_commune: CommunePage, editor: Any, unit_editor: Any, superuser: Any
) -> None:
    live = approved(logged_in(editor), unit_editor, commune, title="Đã đăng")
    draft = write(logged_in(editor), news_of(commune), "", title="Nháp")
    there = news_of(other_commune)
    for user in (unit_editor, superuser):
        client = logged_in(user)
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[live.pk, there.pk]))
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        client.post(f"{bulk}?id={live.pk}", {"chooser": there.pk, "move_applicable": "on"})
        assert Page.objects.get(pk=live.pk).get_parent().pk == news_of(commune).pk
    logged_in(editor).post(reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, there.pk]))
    assert Page.objects.get(pk=draft.pk).get_parent().pk == news_of(commune).pk
    logged_in(unit_editor).post(reverse("wagtailadmin_pages:move_confirm", args=[draft.pk, there.pk]))
    assert Page.objects.get(pk=draft.pk).get_parent().pk == there.pk


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_translation_is_a_draft(
    who: str, client_of: Any, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    from wagtail_localize.models import TranslationSource

    english = Locale.objects.get_or_create(language_code="en")[0]
    post = approved(logged_in(editor), unit_editor, commune)
    client = client_of(who)
    url = reverse("wagtail_localize:submit_page_translation", args=[post.pk])
    client.post(url, {"locales": english.pk, "include_subtree": "on"})
    source = TranslationSource.objects.filter(object__translation_key=post.translation_key).first()
    assert (source is not None) == (who == "superuser")
    if source:
        client.post(
            reverse("wagtail_localize:update_translations", args=[source.pk]), {"publish_translations": "on"}
        )
        copy = NewsPage.objects.get(translation_key=post.translation_key, locale=english)
        edit(client, copy, "publish", title="Post in English")
        client.post(reverse("wagtailadmin_pages:edit", args=[copy.pk]), {"action": "publish"})
    assert not NewsPage.objects.filter(locale=english, live=True).exists()


def test_the_author_takes_no_decision_on_his_own_post(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    post = write(author, news_of(commune), "submit")
    for action in ("approve", "reject", "publish", "cancel"):
        decide(author, post, action)
        in_editor = {**post_data("workflow-action"), "workflow-action-name": action, **drawn_now(post)}
        author.post(reverse("wagtailadmin_pages:edit", args=[post.pk]), in_editor)
    author.post(reverse("wagtailadmin_pages:unlock", args=[post.pk]))
    author.post(reverse("wagtailadmin_pages:lock", args=[post.pk]))
    assert not is_live(post)
    edit(author, post, "cancel-workflow")
    page = Page.objects.get(pk=post.pk)
    assert not page.live
    assert page.current_workflow_state is None
    decide_nothing = reverse("wagtailadmin_pages:workflow_action", args=[post.pk, "approve", 1])
    logged_in(unit_editor).post(decide_nothing)
    assert not is_live(post)


def test_who_submits_again_what_came_back_does_not_approve_it_but_a_colleague_does(
    commune: CommunePage, editor: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    post = write(logged_in(editor), news_of(commune), "submit")
    decide(logged_in(unit_editor), post, "reject")
    edit(logged_in(unit_editor), post, "submit", title="Viết lại cả bài")
    decide(logged_in(unit_editor), post)
    in_editor = {**post_data("workflow-action"), "workflow-action-name": "approve", **drawn_now(post)}
    logged_in(unit_editor).post(reverse("wagtailadmin_pages:edit", args=[post.pk]), in_editor)
    assert not is_live(post)
    decide(logged_in(second_unit_editor), post)
    assert is_live(post)


def test_the_superuser_approves_others_posts_and_never_his_own(
    commune: CommunePage, editor: Any, superuser: Any
) -> None:
    administrator = logged_in(superuser)
    own = write(administrator, news_of(commune), "submit", title="Của quản trị")
    decide(administrator, own)
    in_editor = {**post_data("workflow-action"), "workflow-action-name": "approve", **drawn_now(own)}
    administrator.post(reverse("wagtailadmin_pages:edit", args=[own.pk]), in_editor)
    assert not is_live(own)
    post = write(logged_in(editor), news_of(commune), "submit")
    decide(administrator, post)
    assert is_live(post)


def test_an_approval_by_the_submitter_himself_publishes_nothing_whoever_recorded_it(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = write(logged_in(editor), news_of(commune), "submit")
    state = Page.objects.get(pk=post.pk).current_workflow_state
    own = state.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
    own.update(status=TaskState.STATUS_APPROVED, finished_by=editor)
    with pytest.raises(PermissionDenied):
        publish_approved(state)
    assert not is_live(post)
    state.task_states.update(finished_by=unit_editor)
    publish_approved(state)
    assert is_live(post)


@pytest.mark.parametrize("tasks", [[], [GroupApprovalTask]])
def test_a_workflow_of_other_tasks_publishes_nothing(
    tasks: list[Any], home: HomePage, commune: CommunePage, unit_editor: Any, superuser: Any
) -> None:
    """A superuser can make one under Settings; what runs through it stays a draft."""
    workflow = Workflow.objects.create(name="Tự duyệt")
    for model in tasks:
        task = model.objects.create(name="Ai cũng duyệt")
        task.groups.add(*Group.objects.all())
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.filter(page=home).update(workflow=workflow)
    for user in (unit_editor, superuser):
        client = logged_in(user)
        client.raise_request_exception = False
        url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
        client.post(url, post_data("submit"))
        for post in NewsPage.objects.all():
            if Page.objects.get(pk=post.pk).current_workflow_task_state:
                decide(client, post)
    assert NewsPage.objects.count() == 2
    assert public_titles() == set()
    assert [message.id for message in every_unit_approves(databases=["default"])] == ["communes.W002"]


def test_without_a_workflow_nothing_can_be_submitted_and_a_check_says_so(
    home: HomePage, commune: CommunePage, editor: Any, unit_editor: Any, superuser: Any
) -> None:
    assert every_unit_approves(databases=["default"]) == []
    post = write(logged_in(editor), news_of(commune), "submit")
    administrator = logged_in(superuser)
    workflow = WorkflowPage.objects.get(page=home).workflow
    administrator.post(reverse("wagtailadmin_workflows:disable", args=[workflow.pk]))
    for user in (editor, unit_editor, superuser):
        for action in ("submit", "publish"):
            edit(logged_in(user), post, action)
    assert not is_live(post)
    assert [message.id for message in every_unit_approves(databases=["default"])] == ["communes.W002"]


def test_a_unit_editor_takes_a_post_down_but_no_part_of_a_commune(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    post = approved(logged_in(editor), unit_editor, commune)
    contact = live_children(ContactPage, commune).get()
    client = logged_in(unit_editor)
    for part in (commune, news_of(commune), contact):
        for name in ("delete", "unpublish"):
            client.post(reverse(f"wagtailadmin_pages:{name}", args=[part.pk]))
            bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", name])
            client.post(f"{bulk}?id={part.pk}", {"include_descendants": "on"})
        assert Page.objects.get(pk=part.pk).live
    logged_in(editor).post(reverse("wagtailadmin_pages:unpublish", args=[post.pk]))
    assert is_live(post)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[post.pk]))
    assert not is_live(post)


@pytest.mark.parametrize("who", EVERYBODY)
def test_nobody_hides_a_page_behind_a_password(who: str, client_of: Any, commune: CommunePage) -> None:
    url = reverse("wagtailadmin_pages:set_privacy", args=[commune.pk])
    client_of(who).post(url, {"restriction_type": "password", "password": "x"})
    assert not Page.objects.get(pk=commune.pk).view_restrictions.exists()


def test_an_autosaved_change_of_a_live_post_stays_a_draft(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    author = logged_in(editor)
    post = approved(author, unit_editor, commune)
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])
    for action in ("", "publish", "submit"):
        author.post(
            url, post_data(action, title="Tự lưu") | drawn_now(post), headers={"accept": "application/json"}
        )
    post.refresh_from_db()
    assert post.title == TITLE


def test_tags_are_made_by_nobody(commune: CommunePage, editor: Any) -> None:
    from taggit.models import Tag
    from wagtail.images import get_image_model

    from tests.communes.test_references import a_picture, collection_of

    image = a_picture(collection_of(commune))
    data = {"title": "Ảnh", "collection": image.collection_id, "tags": "mật, hiện trường"}
    client = logged_in(editor)
    assert client.post(reverse("wagtailimages:edit", args=[image.pk]), data).status_code == 302
    assert get_image_model().objects.get(pk=image.pk).title == "Ảnh"
    assert not Tag.objects.exists()


@pytest.mark.parametrize("library", ["wagtailimages_chooser", "wagtaildocs_chooser"])
def test_an_id_that_is_no_number_is_not_found(library: str, commune: CommunePage, editor: Any) -> None:
    client = logged_in(editor)
    for pk in ("abc", "9" * 30, "-1"):
        assert client.get(reverse(f"{library}:chosen", args=[pk])).status_code == 404
        assert client.get(reverse(f"{library}:chosen_multiple"), {"id": pk}).status_code == 404
