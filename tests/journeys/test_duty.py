"""The roster filled in by a thumb, days away, the last one who holds the key; at 360 px, without a script."""

import datetime
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Person
from tests.journeys.test_staff_accessibility import violations

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Of a thumb: what is ticked or pressed is at least so high.
LOWEST = 44


@pytest.fixture
def officer(phone: OpenPhone, log_in: LogIn) -> Page:
    """The first officer of xã Cẩm Duệ, whose roster is empty."""
    page = phone(scripts=False)
    log_in(page, "cam-due-truc1")
    return page


def ticked(page: Page, shift: str) -> list[str]:
    return page.get_by_role("group", name=shift).locator("label:has(:checked)").all_inner_texts()


def test_a_week_is_filled_in_with_a_thumb_in_less_than_a_minute(officer: Page) -> None:
    page = officer
    page.goto("/admin/")
    person = Person(page)
    person.tap(page.get_by_role("link", name="Lịch trực", exact=True))
    person.syllables += len(page.locator("main p").first.inner_text().split())
    for label in page.locator(".roster label").all():
        box = label.bounding_box()
        assert box is not None and box["height"] >= LOWEST
    monday, night = (page.get_by_role("group", name=f"Thứ Hai, {part}") for part in ("Ngày", "Đêm"))
    person.tap(monday.get_by_label("cam-due-truc1"))
    person.tap(monday.get_by_label("cam-due-truc2"))
    person.tap(night.get_by_label("cam-due-truc2"))
    person.tap(page.get_by_role("button", name="Chép thứ Hai cho cả tuần và lưu"))
    expect(page.get_by_text("Đã lưu. Chuông theo lịch này ngay.")).to_be_visible()
    for day in ("Thứ Hai", "Thứ Năm", "Chủ nhật"):
        assert ticked(page, f"{day}, Ngày") == ["cam-due-truc1", "cam-due-truc2"]
        assert ticked(page, f"{day}, Đêm") == ["cam-due-truc2"]
    assert person.taps == 5 and person.seconds < 60
    # One night is changed afterwards.
    other = Person(page)
    sunday = page.get_by_role("group", name="Chủ nhật, Đêm")
    other.tap(sunday.get_by_label("cam-due-truc2"))
    other.tap(sunday.get_by_label("cam-due-truc1"))
    other.tap(page.get_by_role("button", name="Lưu lịch trực"))
    expect(page.get_by_text("Đã lưu. Chuông theo lịch này ngay.")).to_be_visible()
    assert ticked(page, "Chủ nhật, Đêm") == ["cam-due-truc1"]
    assert ticked(page, "Thứ Bảy, Đêm") == ["cam-due-truc2"]
    assert other.taps == 3
    assert page.evaluate(SIDEWAYS) == 0


def enter(page: Page, first: datetime.date, last: datetime.date) -> None:
    page.get_by_role("link", name="Ngày vắng", exact=True).click()
    page.get_by_label("Vắng từ ngày").fill(first.isoformat())
    page.get_by_label("Đến hết ngày").fill(last.isoformat())
    page.get_by_role("button", name="Lưu", exact=True).click()


def test_days_away_are_entered_and_the_last_key_holder_says_it_first(
    phone: OpenPhone, log_in: LogIn, officer: Page
) -> None:
    first = datetime.date.today() + datetime.timedelta(days=random.randint(100, 3000))
    last = first + datetime.timedelta(days=2)
    days = f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
    colleague = phone(scripts=False)
    log_in(colleague, "cam-due-truc2")
    enter(colleague, first, last)
    expect(colleague.get_by_text("Đã lưu. Chuông không reo cho mình")).to_be_visible()
    expect(colleague.locator(".staff-list__name", has_text=days)).to_be_visible()

    enter(officer, last, last + datetime.timedelta(days=7))
    warning = f"Từ {last:%d/%m/%Y} có 1 ngày Công an xã Cẩm Duệ không còn ai giữ chìa khóa"
    expect(officer.get_by_text(warning)).to_be_visible()
    assert officer.evaluate(SIDEWAYS) == 0
    assert officer.get_by_label("Vắng từ ngày").input_value() == last.isoformat(), "what he typed is there"
    officer.get_by_label("Đã báo cho đơn vị cấp trên").check()
    officer.get_by_role("button", name="Lưu", exact=True).click()
    expect(officer.get_by_text("Đã lưu. Chuông không reo cho mình")).to_be_visible()

    # The colleague sees it in the roster, and takes his own days back.
    colleague.goto("/admin/")
    colleague.get_by_role("link", name="Lịch trực", exact=True).click()
    away = colleague.locator(".staff-list").inner_text()
    assert "cam-due-truc1" in away and "cam-due-truc2" in away
    colleague.goto("/admin/duty/away/")
    colleague.get_by_role("button", name=f"Xóa {days}").click()
    expect(colleague.get_by_text("Đã xóa. Chuông lại reo cho mình")).to_be_visible()
    expect(colleague.get_by_text(days, exact=True)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_warning_of_the_last_key_holder_breaks_no_rule(
    scheme: str, phone: OpenPhone, log_in: LogIn
) -> None:
    page = phone(color_scheme=scheme)
    log_in(page, "truc")
    day = datetime.date.today() + datetime.timedelta(days=60)
    enter(page, day, day)
    expect(page.get_by_label("Đã báo cho đơn vị cấp trên")).to_be_visible()
    assert not violations(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_unit_sets_its_bell_and_is_told_what_cannot_be(
    scheme: str, phone: OpenPhone, log_in: LogIn
) -> None:
    page = phone(color_scheme=scheme)
    log_in(page, "huyen")
    page.get_by_role("link", name="Chuông của đơn vị").click()
    page.get_by_label("Ban đêm bắt đầu lúc").fill("05:00")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Giờ bắt đầu ban đêm phải sau giờ bắt đầu ban ngày.")).to_be_visible()
    assert not violations(page)
    page.get_by_label("Ban đêm bắt đầu lúc").fill("21:00")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu. Chuông theo ngay.")).to_be_visible()
    assert page.evaluate(SIDEWAYS) == 0
