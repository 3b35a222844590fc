"""The day under a title orders nothing: lists go by the moment at which a post went live."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from communes.models import CommunePage, NewsPage
from home.clock import at
from home.proofreading import warnings_of

from .posts import logged_in, news_of, review_url, submitted, text_of

pytestmark = pytest.mark.django_db

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = datetime.date(2026, 11, 27)
DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


def midnight(day: datetime.date) -> datetime.datetime:
    """At which `day` begins in Viet Nam."""
    return datetime.datetime.combine(day, datetime.time(), HANOI)


def noon(day: datetime.date) -> datetime.datetime:
    return midnight(day) + datetime.timedelta(hours=12)


def live_post(
    commune: CommunePage, title: str, moment: datetime.datetime, date: datetime.date | None = None
) -> NewsPage:
    """Went live at `moment`, dated `date` (default: that day)."""
    with at(moment):
        post = NewsPage(title=title, summary="Một câu.", date=date or moment.astimezone(HANOI).date())
        news_of(commune).add_child(instance=post)
        post.save_revision().publish()
    return NewsPage.objects.get(pk=post.pk)


def listed(commune: CommunePage) -> list[str]:
    response = Client().get(f"{commune.url}tin-tuc/")
    return [post.title for post in response.context["posts"]]


def test_a_post_dated_far_ahead_stands_where_it_went_live_and_is_new_for_three_days(
    commune: CommunePage,
) -> None:
    live_post(commune, "Ghi nhầm năm", noon(TODAY - 5 * DAY), TODAY + 300 * DAY)
    live_post(commune, "Bài hôm qua", noon(TODAY - DAY))
    live_post(commune, "Bài cũ mới đăng", noon(TODAY), TODAY - 30 * DAY)
    with at(noon(TODAY)):
        assert listed(commune) == ["Bài cũ mới đăng", "Bài hôm qua", "Ghi nhầm năm"]
        new = {post.title: post.is_new for post in NewsPage.objects.all()}
    assert new == {"Ghi nhầm năm": False, "Bài hôm qua": True, "Bài cũ mới đăng": False}


def test_a_correction_moves_no_post_up(commune: CommunePage) -> None:
    first = live_post(commune, "Bài một", noon(TODAY - 2 * DAY))
    live_post(commune, "Bài hai", noon(TODAY - DAY))
    with at(noon(TODAY)):
        first.title = "Bài một đã sửa"
        first.save_revision().publish()
        assert listed(commune) == ["Bài hai", "Bài một đã sửa"]


@pytest.mark.parametrize(
    "day", [TODAY, datetime.date(2027, 1, 1), datetime.date(2027, 2, 6)], ids=["a day", "new year", "Tết"]
)
def test_it_stops_being_new_at_midnight_in_viet_nam(day: datetime.date, commune: CommunePage) -> None:
    last, first = (
        live_post(commune, "Trước", midnight(day) - MINUTE),
        live_post(commune, "Sau", midnight(day)),
    )
    with at(midnight(day + 2 * DAY) - MINUTE):
        assert last.is_new and first.is_new
    with at(midnight(day + 2 * DAY)):
        assert not last.is_new and first.is_new
    with at(midnight(day + 3 * DAY)):
        assert not first.is_new
    assert listed(commune) == ["Sau", "Trước"]


@pytest.mark.parametrize(
    ("date", "asked"), [(TODAY - DAY, False), (TODAY, False), (TODAY + DAY, True), (TODAY + 365 * DAY, True)]
)
def test_a_day_to_come_is_asked_about(date: datetime.date, asked: bool) -> None:
    page = NewsPage(title="Họp thôn", summary="Tối nay.", date=date)
    for moment in (midnight(TODAY), midnight(TODAY + DAY) - MINUTE):
        with at(moment):
            assert ("future-date" in {warning.code for warning in warnings_of(page)}) == asked


def test_a_post_that_goes_live_on_its_day_is_not_asked_about() -> None:
    tet = datetime.date(2027, 2, 6)
    page = NewsPage(title="Chúc Tết", summary="Năm mới.", date=tet)
    with at(noon(TODAY)):
        page.go_live_at = midnight(tet)
        assert warnings_of(page) == []
        page.go_live_at = midnight(tet) - MINUTE
        assert [warning.code for warning in warnings_of(page)] == ["future-date"]


def test_the_approver_sees_that_the_day_is_still_to_come(
    editor: object, unit_editor: object, commune: CommunePage
) -> None:
    with at(noon(TODAY)):
        post = submitted(editor, commune, "Họp thôn", date=TODAY + 30 * DAY)
        page = text_of(logged_in(unit_editor).get(review_url(post)))
    assert "Ngày ghi dưới tiêu đề chưa tới." in page
    assert "27/12/2026" in page


def test_a_day_more_than_a_year_ahead_is_refused(commune: CommunePage) -> None:
    with at(noon(TODAY)):
        page = live_post(commune, "Họp thôn", noon(TODAY), TODAY + 365 * DAY)
        page.date = TODAY + 366 * DAY
        with pytest.raises(ValidationError, match="Xem lại năm"):
            page.full_clean()
    with at(midnight(TODAY + DAY)):
        page.full_clean()
