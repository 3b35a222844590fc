"""The queue of what waits: its order, its filter, who has what open, several approved at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import Page, PageLogEntry, TaskState

from communes.approval.views import PAGES_ON_A_PAGE
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, Unit
from tests.communes.posts import (
    decide,
    is_live,
    logged_in,
    queries_of,
    review_url,
    seen_in,
    state_of,
    submitted,
    text_of,
)

pytestmark = pytest.mark.django_db

QUEUE = reverse("approval:queue")
NEXT = reverse("approval:next")
SEVERAL = reverse("approval:several")


def test_urgent_comes_first_then_the_longest_waiting_with_commune_kind_age_and_author(
    unit_editor: Any, editor: Any, other_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    old = submitted(editor, commune, "Lịch làm căn cước", kind="notice")
    TaskState.objects.filter(pk=state_of(old).pk).update(
        started_at=timezone.now() - timedelta(days=2, hours=5)
    )
    submitted(editor, commune, "Tin thường")
    submitted(other_editor, other_commune, "Cháu bé đi lạc", urgent=True)
    page = text_of(logged_in(unit_editor).get(QUEUE))
    assert page.index("Cháu bé đi lạc") < page.index("Lịch làm căn cước") < page.index("Tin thường")
    assert page.count(">Gấp<") == 1
    for told in ("xã Cẩm Trung", "xã Cẩm Duệ", "Thông báo", "2 ngày trước", "bientap-khac"):
        assert told in page.replace("\xa0", " ")


def test_the_queue_is_filtered_by_commune_and_stays_so_while_working_through_it(
    unit_editor: Any, editor: Any, other_editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    home = commune.get_parent()
    second = _colleague(commune.unit.parent)
    first = submitted(editor, commune, "Bài một của Trung")
    submitted(other_editor, other_commune, "Bài của Duệ")
    later = submitted(editor, commune, "Bài hai của Trung")
    submitted(second, home, "Bài của huyện")
    client = logged_in(unit_editor)
    query = f"?commune={commune.unit_id}"
    page = text_of(client.get(QUEUE + query))
    assert "Bài một của Trung" in page
    assert "xã Cẩm Duệ (1)" in page
    assert "Bài của Duệ" not in page
    response = decide(client, first, query=query)
    assert response.url == review_url(later, query)
    assert decide(client, later, query=query).url == QUEUE + query
    assert "Bài của huyện" in text_of(client.get(QUEUE + "?commune=0"))
    assert "Bài của Duệ" not in text_of(client.get(QUEUE + "?commune=0"))


def test_the_list_is_paged_and_costs_the_same_queries_for_any_number_of_posts_and_communes(
    unit: Unit, unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    submitted(editor, commune, "Bài số 0")
    client = logged_in(unit_editor)
    few = queries_of(client, QUEUE), queries_of(client, review_url(Page.objects.get(title="Bài số 0")))
    for number in range(3):
        report = open_commune(parent=unit, kind="xã", name=f"Thử {number}", phone="0239 000 0113")
        submitted(editor, CommunePage.objects.get(unit=report.unit), f"Bài của xã {number}")
    for number in range(1, PAGES_ON_A_PAGE):
        submitted(editor, commune, f"Bài số {number}")
    page = text_of(client.get(QUEUE))
    assert page.count("approval-list__row") == PAGES_ON_A_PAGE
    assert "Trang sau" in page
    assert text_of(client.get(QUEUE + "?p=2")).count("approval-list__row") == 3
    assert text_of(client.get(QUEUE + "?p=99&commune=abc&skip=x")).count("approval-list__row") == 3
    many = queries_of(client, QUEUE), queries_of(client, review_url(Page.objects.get(title="Bài số 0")))
    assert many == few


def test_a_colleague_is_seen_reading_and_the_next_post_is_another(
    unit_editor: Any, second_unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    first, second = submitted(editor, commune, "Bài một"), submitted(editor, commune, "Bài hai")
    reading, other = logged_in(unit_editor), logged_in(second_unit_editor)
    assert reading.get(NEXT).url == review_url(first)
    reading.get(review_url(first))
    assert "huyen đang duyệt" in text_of(other.get(QUEUE))
    assert "huyen đang duyệt" not in text_of(reading.get(QUEUE))
    assert other.get(NEXT).url == review_url(second)
    warned = other.get(review_url(first))
    assert "huyen đang mở bài này" in text_of(warned)
    decide(other, first, seen=seen_in(warned))
    assert is_live(first)
    again = reading.post(review_url(first), {"act": "approve", "seen": seen_in(warned)}, follow=True)
    assert "huyen2 đã duyệt “Bài một” rồi, lúc " in text_of(again)


def test_a_reader_who_went_away_holds_nothing_up(
    unit_editor: Any, second_unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    first, second = submitted(editor, commune, "Bài một"), submitted(editor, commune, "Bài hai")
    reading, other = logged_in(unit_editor), logged_in(second_unit_editor)
    reading.get(review_url(first))
    EditingSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=4))
    assert other.get(NEXT).url == review_url(first)
    reading.get(review_url(first))
    reading.get(review_url(second))
    assert other.get(NEXT).url == review_url(first), "going on to another post leaves the first"


def test_the_author_looking_at_his_own_post_does_not_count_as_a_reader(
    unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    post = submitted(editor, commune, "Bài một")
    logged_in(editor).get(reverse("wagtailadmin_pages:edit", args=[post.pk]))
    assert EditingSession.objects.filter(user=editor).exists()
    assert logged_in(unit_editor).get(NEXT).url == review_url(post)


def test_what_is_left_aside_does_not_come_again_in_this_round(
    unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    first, second = submitted(editor, commune, "Bài một"), submitted(editor, commune, "Bài hai")
    client = logged_in(unit_editor)
    skipping = f"?skip={first.pk}"
    assert f"{NEXT}{skipping}" in text_of(client.get(review_url(first)))
    assert client.get(NEXT + skipping).url == review_url(second, skipping)
    end = client.get(f"{NEXT}{skipping}&skip={second.pk}", follow=True)
    assert "xem hết" in text_of(end)
    assert "Bài một" in text_of(end)


def test_several_are_shown_once_more_and_approved_together_each_logged(
    unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    posts = [submitted(editor, commune, f"Bài {n}", summary=f"Tóm tắt {n}.") for n in range(3)]
    client = logged_in(unit_editor)
    confirm = client.get(SEVERAL, {"page": [posts[0].pk, posts[1].pk]})
    page = text_of(confirm)
    assert "Tóm tắt 0." in page
    assert "Bài 2" not in page
    response = client.post(SEVERAL, {"seen": _ticked(page)}, follow=True)
    assert "Đã duyệt 2 bài." in text_of(response)
    assert [is_live(post) for post in posts] == [True, True, False]
    for post in posts[:2]:
        assert PageLogEntry.objects.filter(
            page=post.pk, action="wagtail.workflow.approve", user=unit_editor
        ).exists()


def test_of_several_what_cannot_be_approved_is_named_with_the_reason(
    unit_editor: Any, second_unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    changed, taken, fine = (submitted(editor, commune, f"Bài {n}") for n in range(3))
    own = submitted(unit_editor, commune, "Bài tự gửi")
    client = logged_in(unit_editor)
    page = text_of(client.get(SEVERAL, {"page": [changed.pk, taken.pk, fine.pk, own.pk]}))
    assert "Bài tự gửi" not in page
    decide(logged_in(second_unit_editor), taken)
    changed.save_revision(user=second_unit_editor)
    values = [*_ticked(page), f"{state_of(own).pk}:1-2.0", "99999:1-2.0", "x", ""]
    told = text_of(client.post(SEVERAL, {"seen": values}, follow=True))
    assert "“Bài 0” vừa được sửa" in told
    assert "huyen2 đã duyệt “Bài 1” rồi, lúc " in told
    assert "“Bài tự gửi” do chính" in told
    assert "Đã duyệt 1 bài." in told
    assert is_live(fine)
    assert not is_live(changed)
    assert not is_live(own)


def test_nothing_ticked_is_said_so(unit_editor: Any, editor: Any, commune: CommunePage) -> None:
    submitted(editor, commune, "Bài một")
    client = logged_in(unit_editor)
    for query in ("", "?page=", "?page=abc", "?page=99999999999999999999"):
        assert "đánh dấu ít nhất một bài" in text_of(client.get(SEVERAL + query, follow=True))
    assert client.post(SEVERAL, {}).url == QUEUE


def test_the_editors_of_one_unit_see_nothing_of_anothers(
    unit: Unit, unit_editor: Any, editor: Any, commune: CommunePage
) -> None:
    stranger = _colleague(
        open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")[0]
    )
    post = submitted(editor, commune, "Bài của Cẩm Xuyên")
    client = logged_in(stranger)
    seen = seen_in(logged_in(unit_editor).get(review_url(post)))
    assert client.get(QUEUE).status_code == 200
    value = f"{state_of(post).pk}:{seen}"
    pages = [
        client.get(QUEUE),
        client.get(f"{QUEUE}?commune={commune.unit_id}"),
        client.get(SEVERAL, {"page": [post.pk]}, follow=True),
        client.post(SEVERAL, {"seen": [value]}, follow=True),
        client.get(review_url(post)),
        client.post(review_url(post), {"act": "approve", "seen": seen}),
        client.get(NEXT, follow=True),
    ]
    assert not any("Bài của Cẩm Xuyên" in text_of(page) for page in pages)
    assert not is_live(post)


def _ticked(page: str) -> list[str]:
    import re

    return re.findall(r'name="seen" value="([^"]+)" checked', page)


def _colleague(unit: Unit) -> Any:
    from communes.models import Membership, User

    user = User.objects.create_user(f"them-{unit.pk}")
    Membership.objects.create(user=user, unit=unit, role="editor")
    return user
