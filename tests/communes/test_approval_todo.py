"""What a role finds to do, what an author sees of his posts, what a unit sets; and that nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from communes.approval import due
from communes.models import (
    CommunePage,
    ContactConfirmation,
    ContactPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    Unit,
)
from home.models import HomePage
from home.tree import live_children
from tests.communes.posts import (
    decide,
    logged_in,
    news_of,
    queries_of,
    review_url,
    submitted,
    text_of,
)
from tests.communes.test_dashboard import panel

pytestmark = pytest.mark.django_db

HOME, MINE = reverse("wagtailadmin_home"), reverse("approval:mine")


def board(user: Any, name: str) -> str:
    return panel(text_of(logged_in(user).get(HOME)), name)


def guide_under(page: Page, title: str, days: int) -> None:
    guide = ProcedurePage(
        title=title, summary="Tóm tắt", review_due=timezone.localdate() + timedelta(days=days)
    )
    live_children(ProcedureIndexPage, page).get().add_child(instance=guide)


def live_post(commune: CommunePage, days_ago: int, user: Any = None) -> NewsPage:
    date = timezone.localdate() - timedelta(days=days_ago)
    post = NewsPage(title=f"Bài {days_ago} ngày trước", summary="x", date=date, owner=user)
    news_of(commune).add_child(instance=post)
    post.save_revision().publish()
    return post


def test_the_author_sees_his_place_the_reader_and_the_way_to_the_live_page(
    editor: Any, other_editor: Any, unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    submitted(other_editor, other_commune, "Bài của xã khác")
    post = submitted(editor, commune, "Bài của tôi đây")
    assert "Thứ 2 trong hàng chờ" in board(editor, "my-posts")
    assert "Bài của xã khác" not in board(editor, "my-posts")
    approver = logged_in(unit_editor)
    approver.get(review_url(post))
    assert "Đang có người duyệt" in board(editor, "my-posts")
    decide(approver, post)
    own = board(editor, "my-posts")
    assert "Đã đăng" in own
    assert f'href="{Page.objects.get(pk=post.pk).url}"' in own


def test_what_was_sent_back_is_to_do_for_every_editor_of_the_commune_and_nobody_elses(
    editor: Any, other_editor: Any, unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    from communes.models import Membership, User

    colleague = User.objects.create_user("bientap2")
    Membership.objects.create(user=colleague, unit=commune.unit, role="editor")
    post = submitted(editor, commune, "Bài bị trả")
    decide(logged_in(unit_editor), post, "return", words="Thiếu ngày giờ.")
    for user in (editor, colleague):
        to_do = board(user, "to-do")
        assert "Thiếu ngày giờ." in to_do
        assert "huyen, lúc" in to_do
        assert reverse("wagtailadmin_pages:edit", args=[post.pk]) in to_do
    assert "bientap gửi duyệt" in board(colleague, "to-do")
    assert "Bài bị trả" not in board(other_editor, "to-do")


def test_after_a_change_of_commune_nothing_is_offered_that_would_be_refused(
    editor: Any, unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    from communes.models import Membership, User

    colleague = User.objects.create_user("bientap2")
    Membership.objects.create(user=colleague, unit=commune.unit, role="editor")
    returned, live = submitted(editor, commune, "Bài bị trả"), submitted(editor, commune, "Bài đã lên")
    decide(logged_in(unit_editor), returned, "return", words="Thiếu ngày giờ.")
    decide(logged_in(unit_editor), live)
    for membership in Membership.objects.filter(user=editor):
        membership.until = timezone.localdate() - timedelta(days=1)
        membership.save()
    Membership.objects.create(user=editor, unit=other_commune.unit, role="editor")
    mover = User.objects.get(pk=editor.pk)
    edit = reverse("wagtailadmin_pages:edit", args=[returned.pk])
    assert logged_in(mover).get(edit).status_code == 302
    for page in (board(mover, "my-posts"), text_of(logged_in(mover).get(MINE))):
        assert "Bài bị trả" in page and "đồng nghiệp ở đó làm tiếp" in page
        assert "Sửa và gửi duyệt lại" not in page
        assert edit not in page
        assert f'href="{Page.objects.get(pk=live.pk).url}"' in page
    assert edit in board(colleague, "to-do")


def leave(user: Any, how: str) -> None:
    from communes.models import Membership
    from communes.staff.memberships import deactivate

    work = Membership.objects.get(user=user, role="editor")
    if how == "deactivated":
        deactivate(user, by=None)
    elif how == "works to the end of today":
        work.until = timezone.localdate() + timedelta(days=1)
        work.save()
    else:
        work.until = timezone.localdate()
        work.save()


@pytest.mark.parametrize(
    ("how", "handed_over"),
    [("ended", True), ("deactivated", True), ("works to the end of today", False)],
)
def test_what_somebody_who_left_did_not_finish_is_shown_to_his_colleagues(
    how: str,
    handed_over: bool,
    editor: Any,
    other_editor: Any,
    unit_editor: Any,
    commune: CommunePage,
) -> None:
    from communes.models import Membership, User

    colleague = User.objects.create_user("bientap2")
    Membership.objects.create(user=colleague, unit=commune.unit, role="editor")
    draft = NewsPage(title="Bài viết dở", summary="x", owner=editor, live=False)
    news_of(commune).add_child(instance=draft)
    draft.save_revision(user=editor)
    waiting, done = submitted(editor, commune, "Bài đang chờ"), submitted(editor, commune, "Bài đã xong")
    submitted(colleague, commune, "Bài của người ở lại")
    decide(logged_in(unit_editor), done)
    leave(editor, how)
    home = text_of(logged_in(colleague).get(HOME))
    assert ("Bài của đồng nghiệp đã chuyển công tác" in home) is handed_over
    if handed_over:
        board = panel(home, "left-behind")
        assert "bientap gửi duyệt" in board
        for page in (draft, waiting):
            edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
            assert edit in board
            assert logged_in(colleague).get(edit).status_code == 200
        for absent in ("Bài đã xong", "Bài của người ở lại"):
            assert absent not in board
    for stranger in (other_editor, unit_editor):
        assert "left-behind" not in text_of(logged_in(stranger).get(HOME))


def test_a_colleague_takes_a_post_over_and_takes_it_back_from_approval(
    editor: Any, other_editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    from communes.models import Membership, User

    colleague, third = (
        User.objects.create_user("bientap2"),
        User.objects.create_user("bientap3", first_name="Lan"),
    )
    for user in (colleague, third):
        Membership.objects.create(user=user, unit=commune.unit, role="editor")
    waiting = submitted(editor, commune, "Bài đang chờ")
    take_over = reverse("approval:take_over", args=[waiting.pk])
    logged_in(third).post(take_over)
    assert Page.objects.get(pk=waiting.pk).owner == editor, "its author still works here"
    leave(editor, "ended")
    assert take_over in board(colleague, "left-behind")
    for stranger in (other_editor, unit_editor):
        logged_in(stranger).post(take_over)
        assert Page.objects.get(pk=waiting.pk).owner == editor
    assert logged_in(colleague).get(take_over).status_code == 405
    client = logged_in(third)
    opened = client.post(take_over, follow=True)
    assert "Bài đang chờ" in text_of(opened)
    late = logged_in(colleague).post(take_over, follow=True)
    assert "Lan" in text_of(late)
    assert Page.objects.get(pk=waiting.pk).owner == third
    client.post(reverse("quick_post:withdraw", args=[waiting.pk]))
    assert not Page.objects.get(pk=waiting.pk).workflow_in_progress
    assert "Bài đang chờ" in board(third, "my-posts")
    assert "left-behind" not in text_of(logged_in(colleague).get(HOME))


def test_my_posts_are_paged_and_cost_the_same_queries_for_any_number(
    editor: Any, commune: CommunePage
) -> None:
    client = logged_in(editor)
    submitted(editor, commune, "Bài số 0")
    few = queries_of(client, MINE)
    for number in range(1, 27):
        submitted(editor, commune, f"Bài số {number}")
    assert queries_of(client, MINE) == few
    assert text_of(client.get(MINE)).count('"work-panel__row"') == 25
    assert text_of(client.get(MINE + "?p=2")).count('"work-panel__row"') == 2


def test_a_contact_page_is_to_do_until_somebody_says_it_is_right(
    editor: Any, commune: CommunePage, other_editor: Any
) -> None:
    url = reverse("approval:confirm_contact", args=[commune.unit_id])
    assert url in board(editor, "to-do")
    revisions = live_children(ContactPage, commune).get().revisions.count()
    assert logged_in(other_editor).post(url).status_code == 404
    client = logged_in(editor)
    assert client.get(url).status_code == 405
    assert client.post(url).url == HOME
    said = ContactConfirmation.objects.get(unit=commune.unit)
    assert (said.confirmed_on, said.confirmed_by) == (timezone.localdate(), editor)
    assert live_children(ContactPage, commune).get().revisions.count() == revisions
    assert url not in board(editor, "to-do")
    ContactConfirmation.objects.update(confirmed_on=timezone.localdate() - timedelta(days=200))
    assert "xác nhận lần cuối ngày" in board(editor, "to-do")


def test_a_contact_page_that_was_edited_and_approved_is_confirmed(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    page = live_children(ContactPage, commune).get()
    page.note = "Ngoài giờ vẫn có trực ban."
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    assert not ContactConfirmation.objects.exists()
    decide(logged_in(unit_editor), page)
    assert ContactConfirmation.objects.get().confirmed_by == editor


def test_guides_are_to_do_thirty_days_before_their_review_for_those_who_keep_them(
    unit: Unit, unit_editor: Any, editor: Any, other_editor: Any, commune: CommunePage
) -> None:
    home = HomePage.objects.get(translation_key=unit.page_key)
    guide_under(home, "Hướng dẫn chung", 20)
    guide_under(home, "Hướng dẫn chung còn lâu", 40)
    guide_under(commune, "Hướng dẫn của xã", -5)
    assert "Hướng dẫn chung<" in board(unit_editor, "to-do")
    for absent in ("còn lâu", "Hướng dẫn của xã"):
        assert absent not in board(unit_editor, "to-do")
    assert "Hướng dẫn của xã" in board(editor, "to-do")
    assert "Hướng dẫn chung" not in board(editor, "to-do")
    assert "Hướng dẫn của xã" not in board(other_editor, "to-do")


@pytest.mark.parametrize(("days", "to_do"), [(31, False), (30, True), (0, True), (-1, True)])
def test_a_guide_is_to_do_from_the_thirtieth_day_before_its_review(
    days: int, to_do: bool, editor: Any, commune: CommunePage
) -> None:
    guide_under(commune, "Đăng ký tạm trú", days)
    assert ("Đăng ký tạm trú" in board(editor, "to-do")) is to_do


@pytest.mark.parametrize(("days", "to_do"), [(182, False), (183, True)])
def test_a_contact_page_is_good_for_half_a_year(
    days: int, to_do: bool, editor: Any, commune: CommunePage
) -> None:
    due.confirm(commune.unit, editor)
    ContactConfirmation.objects.update(confirmed_on=timezone.localdate() - timedelta(days=days))
    url = reverse("approval:confirm_contact", args=[commune.unit_id])
    assert (url in board(editor, "to-do")) is to_do


@pytest.mark.parametrize(("days", "silent"), [(0, False), (28, False), (29, True)])
def test_a_commune_is_silent_on_the_day_after_the_last_week(
    days: int, silent: bool, unit: Unit, commune: CommunePage
) -> None:
    live_post(commune, days)
    assert (commune in due.silent(unit)) is silent


def test_silent_communes_are_counted_and_listed_by_the_weeks_that_the_unit_sets(
    unit: Unit, unit_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    live_post(commune, 10)
    live_post(other_commune, 40)
    live_post(other_commune, -300)  # a date of next year, mistyped
    assert "1 đơn vị 4 tuần chưa có bài mới" in board(unit_editor, "to-do")
    client = logged_in(unit_editor)
    silent = reverse("approval:silent", args=[unit.pk])
    page = text_of(client.get(silent))
    assert "Công an xã Cẩm Duệ" in page
    assert "Công an xã Cẩm Trung" not in page
    unit.silent_weeks = 8
    unit.save()
    assert "chưa có bài mới" not in board(unit_editor, "to-do")
    assert "Không có đơn vị nào" in text_of(client.get(silent))


def test_lists_and_first_page_cost_the_same_queries_for_hundreds_of_communes(
    unit: Unit, unit_editor: Any, commune: CommunePage
) -> None:
    client = logged_in(unit_editor)
    urls = [HOME, *(reverse(f"approval:{name}", args=[unit.pk]) for name in ("silent", "contact_pages"))]
    few = [queries_of(client, url) for url in urls]
    _many_communes(commune, 200)
    assert [queries_of(client, url) for url in urls] == few
    assert text_of(client.get(urls[1])).count('"work-panel__row"') == 25
    assert "202 đơn vị" in board(unit_editor, "to-do")
    assert due.silent(unit).count() == 202


def test_the_reasons_are_the_units_own_list(unit: Unit, unit_editor: Any) -> None:
    client = logged_in(unit_editor)
    url = reverse("approval:unit", args=[unit.pk])
    first, second = unit.return_reasons.all()[:2]
    data = _formset(client, url, unit)
    data["return_reasons-0-text"] = "Sửa lời lý do này"
    data["return_reasons-1-DELETE"] = "on"
    data[f"return_reasons-{unit.return_reasons.count()}-text"] = "Lý do mới"
    data["silent_weeks"] = "6"
    assert client.post(url, data).status_code == 302
    first.refresh_from_db()
    texts = set(unit.return_reasons.values_list("text", flat=True))
    assert first.text == "Sửa lời lý do này"
    assert "Lý do mới" in texts
    assert second.text not in texts
    unit.refresh_from_db()
    assert unit.silent_weeks == 6


def test_wrong_settings_are_shown_again_as_they_were_typed(unit: Unit, unit_editor: Any) -> None:
    client = logged_in(unit_editor)
    url = reverse("approval:unit", args=[unit.pk])
    for weeks in ("0", "53", "abc", ""):
        data = {
            **_formset(client, url, unit),
            "silent_weeks": weeks,
            "return_reasons-0-text": "Giữ lại chữ này",
        }
        response = client.post(url, data)
        assert response.status_code == 422
        assert "Giữ lại chữ này" in text_of(response)
    foreign = Unit.objects.create(kind="huyen", name="Khác").return_reasons.create(
        text="Lý do của đơn vị khác"
    )
    data = {
        **_formset(client, url, unit),
        "return_reasons-0-id": foreign.pk,
        "return_reasons-0-text": "Chiếm",
    }
    client.post(url, data)
    foreign.refresh_from_db()
    assert foreign.text == "Lý do của đơn vị khác"


@pytest.mark.parametrize(
    ("who", "own_posts", "unit_pages"),
    [
        ("editor", 200, 404),
        ("other_editor", 200, 404),
        ("officer", 404, 404),
        ("unit_editor", 200, 200),
        ("editor_of_another_unit", 200, 404),
        ("superuser", 200, 404),
        (None, 302, 302),
    ],
)
def test_who_opens_these_pages(
    who: str | None,
    own_posts: int,
    unit_pages: int,
    request: pytest.FixtureRequest,
    unit: Unit,
    commune: CommunePage,
) -> None:
    client = logged_in(request.getfixturevalue(who)) if who else Client()
    assert client.get(MINE).status_code == own_posts
    for name in ("unit", "silent", "contact_pages"):
        response = client.get(reverse(f"approval:{name}", args=[unit.pk]))
        assert response.status_code == unit_pages
        assert ("Cẩm Trung" in text_of(response)) is (unit_pages == 200 and name != "unit")
    for name in ("unit", "silent", "contact_pages"):
        for nothing in (commune.unit_id, 999999, 10**30):
            status = client.get(reverse(f"approval:{name}", args=[nothing])).status_code
            assert status == (404 if who else 302)


@pytest.fixture
def editor_of_another_unit(unit: Unit) -> Any:
    from communes.lifecycle.opening import open_unit
    from communes.models import Membership, User

    other, _home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")
    user = User.objects.create_user("ky-anh")
    Membership.objects.create(user=user, unit=other, role="editor")
    return user


def _formset(client: Client, url: str, unit: Unit) -> dict[str, Any]:
    """What the form sends when nothing is changed."""
    context = client.get(url).context
    data = {"silent_weeks": unit.silent_weeks}
    for form in [context["reasons"].management_form, *context["reasons"].forms]:
        for field in form:
            value = field.value()
            data[field.html_name] = value.pk if isinstance(value, Model) else "" if value is None else value
    return {name: value for name, value in data.items() if not name.endswith("DELETE")}


def _many_communes(like: CommunePage, count: int) -> None:
    """Communes as the tree holds them, without the rest of what opening one makes."""
    home = like.get_parent()
    units = Unit.objects.bulk_create(
        Unit(kind="xa", name=f"Số {number}", name_folded=f"xa so {number}", parent=like.unit.parent)
        for number in range(count)
    )
    for unit in units:
        home.add_child(
            instance=CommunePage(
                title=unit.full_name,
                slug=f"so-{unit.pk}",
                unit=unit,
                duty_phone="0239 000 0113",
                locale=home.locale,
            )
        )
