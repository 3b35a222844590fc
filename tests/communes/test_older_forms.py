"""A press about an older text stores and publishes nothing, on every page.

Who stored the newer one is told, with what was typed beside it.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.fields import StreamField
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import querydict_from_html

from communes.models import CommunePage, ContactPage, NewsPage, ProcedureIndexPage, ProcedurePage
from home.models import HomePage, InfoPage
from home.submission import SEEN, SEEN_AT
from home.tree import live_children
from home.workflows import UnitApprovalTask
from tests.communes.posts import logged_in, news_of, state_of, text_of

pytestmark = pytest.mark.django_db

# Each kind of page with the field in which a colleague corrects a phone number.
FIELDS = {
    "post": "summary",
    "commune": "duty_phone",
    "contact": "note",
    "home": "phone",
    "guide": "summary",
    "info": "intro",
}
OLD, RIGHT = "0239 000 0111", "0239 000 0222"
APPROVE = {"action-workflow-action": "1", "workflow-action-name": "approve"}


@pytest.fixture
def home(unit: Any) -> HomePage:
    return HomePage.objects.get(translation_key=unit.page_key)


@pytest.fixture(params=FIELDS)
def page(request: pytest.FixtureRequest, home: HomePage, commune: CommunePage) -> Page:
    kind = request.param
    guides = live_children(ProcedureIndexPage, home).get()
    made: Any = {
        "post": lambda: news_of(commune).add_child(instance=NewsPage(title="Bài", live=False)),
        "guide": lambda: guides.add_child(instance=ProcedurePage(title="Đăng ký tạm trú", summary="Ở đâu.")),
        "info": lambda: home.add_child(instance=InfoPage(title="Lời hứa")),
        "commune": lambda: commune,
        "contact": lambda: live_children(ContactPage, commune).get(),
        "home": lambda: home,
    }
    page: Any = made[kind]()
    setattr(page, FIELDS[kind], OLD)
    page.save()
    page.save_revision()
    page.phone_field = FIELDS[kind]
    return page


def editor_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def opened(client: Client, page: Page, url: str = "") -> dict[str, str]:
    """What the editor's form holds, as a browser without a script would send it."""
    form = querydict_from_html(text_of(client.get(url or editor_url(page))), form_id="page-edit-form")
    streams = [field for field in page.specific_class._meta.get_fields() if isinstance(field, StreamField)]
    return {**form.dict(), **{f"{field.name}-count": "0" for field in streams}}


def corrected(user: Any, page: Any, **extra: str) -> None:
    client = logged_in(user)
    data = {**opened(client, page), page.phone_field: RIGHT, **extra}
    assert client.post(editor_url(page), data).status_code == 302


def latest(page: Any) -> Any:
    return getattr(Page.objects.get(pk=page.pk).get_latest_revision_as_object(), page.phone_field)


def public(page: Any) -> Any:
    stored = type(page).objects.get(pk=page.pk)
    return getattr(stored, page.phone_field) if stored.live else None


def waits(page: Page, submitter: Any) -> None:
    page.get_workflow().start(page, submitter)


def form_on(response: Any) -> dict[str, str]:
    """The form of the screen that tells of the newer text, as its button sends it."""
    page = text_of(response)
    start = page.index('<form method="post" action="/admin/pages/')
    form = page[start : page.index("</form>", start)]
    # A browser leaves out the line break with which a <textarea> begins.
    return {name: value.removeprefix("\n") for name, value in querydict_from_html(f"{form}</form>").items()}


def assert_told(response: Any, name: str) -> None:
    assert response.status_code == 409
    assert f"{name} đã lưu bản mới hơn lúc {timezone.localtime():%H:}" in text_of(response)
    assert "bản vừa gửi chưa được lưu" in text_of(response)


def test_an_approver_with_an_older_text_open_publishes_nothing(
    page: Any, superuser: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    waits(page, superuser)
    before, client = public(page), logged_in(second_unit_editor)
    data = opened(client, page)
    corrected(unit_editor, page)
    response = client.post(editor_url(page), data | APPROVE)
    assert_told(response, "huyen")
    assert OLD in text_of(response)
    assert 'class="comparison"' in text_of(response)
    assert (latest(page), public(page)) == (RIGHT, before)
    assert state_of(page).status == "in_progress"
    # Pressed again at once, it is as old as before.
    assert client.post(editor_url(page), data | APPROVE).status_code == 409
    # With the text of now on the screen it is the right number that goes live.
    assert client.post(editor_url(page), opened(client, page) | APPROVE).status_code == 302
    assert public(page) == RIGHT


@pytest.mark.parametrize("action", ["", "action-submit"])
def test_what_a_colleague_stored_is_not_written_over_and_what_was_typed_comes_back(
    action: str, page: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    client = logged_in(second_unit_editor)
    data = {**opened(client, page), "title": "Tên mới vừa gõ", **({action: "1"} if action else {})}
    corrected(unit_editor, page)
    response = client.post(editor_url(page), data)
    assert_told(response, "huyen")
    assert latest(page) == RIGHT
    assert Page.objects.get(pk=page.pk).current_workflow_state is None
    # Stored only from the screen that shows both, as a draft.
    again = form_on(response)
    assert again["title"] == "Tên mới vừa gõ"
    assert client.post(editor_url(page), again).status_code == 302
    assert latest(page) == OLD
    assert Page.objects.get(pk=page.pk).draft_title == "Tên mới vừa gõ"
    assert Page.objects.get(pk=page.pk).current_workflow_state is None


def test_the_screen_that_shows_both_is_compared_as_well(
    page: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    client = logged_in(second_unit_editor)
    data = opened(client, page)
    corrected(unit_editor, page)
    again = form_on(client.post(editor_url(page), data))
    corrected(unit_editor, page, title="Sửa thêm lần nữa")
    assert_told(client.post(editor_url(page), again), "huyen")
    assert latest(page) == RIGHT


@pytest.fixture
def draft(editor: Any, commune: CommunePage) -> Any:
    post: Any = NewsPage(title="Bài nháp", summary=OLD, owner=editor, live=False)
    news_of(commune).add_child(instance=post)
    post.save_revision(user=editor)
    post.phone_field = "summary"
    return post


def test_a_form_without_a_mark_is_no_way_round(draft: Any, editor: Any) -> None:
    """As an editor that was open when the portal was updated sends it, or a script."""
    client = logged_in(editor)
    data = {name: value for name, value in opened(client, draft).items() if name not in (SEEN, SEEN_AT)}
    assert_told(client.post(editor_url(draft), data), "bientap")
    json = {"headers": {"accept": "application/json"}}
    response = client.post(editor_url(draft), data, **json)
    assert (response.status_code, response.json()["error_code"]) == (400, "invalid_revision")
    first = str(draft.latest_revision_id)
    corrected(editor, draft)
    for mark in ({SEEN: str(Revision.objects.latest("pk").pk)}, {"overwrite_revision_id": first}):
        assert client.post(editor_url(draft), data | mark).status_code == 409
    assert latest(draft) == RIGHT


def test_a_text_that_autosave_wrote_over_is_a_newer_one(draft: Any, editor: Any) -> None:
    client = logged_in(editor)
    data = opened(client, draft)
    same = draft.latest_revision
    draft.summary = RIGHT
    draft.save_revision(user=editor, overwrite_revision=same)
    assert Page.objects.get(pk=draft.pk).latest_revision_id == same.pk
    assert_told(client.post(editor_url(draft), data), "bientap")
    assert latest(draft) == RIGHT


def test_ones_own_autosave_is_not_a_newer_text(draft: Any, editor: Any) -> None:
    client = logged_in(editor)
    data = opened(client, draft)
    json = {"headers": {"accept": "application/json"}}
    saved = client.post(editor_url(draft), data | {"summary": "Gõ dở"}, **json).json()
    own = {"overwrite_revision_id": str(saved["revision_id"])}
    assert client.post(editor_url(draft), data | own | {"summary": RIGHT}).status_code == 302
    assert latest(draft) == RIGHT


def test_an_older_version_is_not_restored_over_what_came_meanwhile(draft: Any, editor: Any) -> None:
    client = logged_in(editor)
    url = reverse("wagtailadmin_pages:revisions_revert", args=[draft.pk, draft.latest_revision_id])
    data = opened(client, draft, url)
    corrected(editor, draft)
    response = client.post(url, data)
    assert_told(response, "bientap")
    assert latest(draft) == RIGHT
    assert client.post(url, opened(client, draft, url)).status_code == 302
    assert latest(draft) == OLD


def test_a_second_look_submits_the_text_that_it_showed(draft: Any, editor: Any, superuser: Any) -> None:
    client, url = logged_in(editor), reverse("page_warnings", args=[draft.pk])

    def marks() -> dict[str, str]:
        return dict(re.findall(r'name="(loaded_\w+)" value="([^"]*)"', text_of(client.get(url))))

    seen = marks()
    assert set(seen) == {SEEN, SEEN_AT}
    corrected(superuser, draft)
    for older in (seen, {}):
        response = client.post(url, older, follow=True)
        assert "đã lưu bản mới hơn lúc" in text_of(response)
        assert Page.objects.get(pk=draft.pk).current_workflow_state is None
    client.post(url, marks())
    assert Page.objects.get(pk=draft.pk).workflow_in_progress


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_address_that_decides_without_saying_about_which_text_is_shut(
    action: str, draft: Any, editor: Any, unit_editor: Any
) -> None:
    waits(draft, editor)
    url = reverse("wagtailadmin_pages:workflow_action", args=[draft.pk, action, state_of(draft).pk])
    assert logged_in(unit_editor).post(url, {"comment": ""}).status_code == 404
    assert state_of(draft).status == "in_progress"


def test_a_press_that_fails_half_way_stores_nothing(
    draft: Any, editor: Any, unit_editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    waits(draft, editor)
    client = logged_in(unit_editor)
    client.raise_request_exception = False
    data = opened(client, draft) | APPROVE | {"summary": RIGHT}
    monkeypatch.setattr(UnitApprovalTask, "on_action", fails)
    assert client.post(editor_url(draft), data).status_code >= 500
    assert latest(draft) == OLD


def test_telling_costs_the_same_however_many_pages_there_are(
    draft: Any, editor: Any, commune: CommunePage
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = logged_in(editor)
    data = opened(client, draft)
    corrected(editor, draft)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.post(editor_url(draft), data).status_code == 409
        return len(captured)

    queries()
    before = queries()
    for number in range(5):
        other = NewsPage(title=f"Bài {number}", summary="Câu.", owner=editor, live=False)
        news_of(commune).add_child(instance=other)
        other.save_revision(user=editor)
    assert queries() == before
