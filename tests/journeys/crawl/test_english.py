"""The crawl is not blind: English planted in any place where a screen or its voice can have it is found."""

import pytest
from playwright.sync_api import Browser

from .crawler import Crawl
from .english import ALLOWED, allowed, english_in

SCREEN = """<!doctype html><html lang="vi"><title>Công an xã Cẩm Trung</title><main>
<h1>Bài viết</h1><button aria-label="Đóng">×</button><span class="tip__text">What a resident wrote</span>
<div hidden><p>Ô này bắt buộc phải điền.</p></div></main>"""
PLANTED = {
    "in the text": "main.append('Save draft')",
    "in the title": "document.title = 'Edit page'",
    "in what is announced": "main.setAttribute('aria-label', 'Page listing')",
    "in a tooltip": "main.dataset.wTooltipContentValue = 'Toggle sidebar'",
    "in a picture's description": "main.insertAdjacentHTML('beforeend', '<img alt=\"Preview image\">')",
    "on a button": "main.insertAdjacentHTML('beforeend', '<input type=submit value=Search>')",
    "in a live region, for a moment": """main.insertAdjacentHTML('beforeend', '<p role=status></p>');
      main.lastChild.textContent = 'Page saved'; setTimeout(() => main.lastChild.textContent = '', 20)""",
    "where it was Vietnamese": "main.querySelector('h1').firstChild.data = 'New post'",
    "in a closed menu": "main.querySelector('[hidden] p').textContent = 'Move this page'",
    "in a dialog": "confirm('Are you sure?')",
}


@pytest.fixture
def crawl(browser: Browser) -> Crawl:
    page = browser.new_page()
    crawl = Crawl(page, "")
    page.route("**/*", lambda route: route.fulfill(body=SCREEN, content_type="text/html; charset=utf-8"))
    page.goto("http://portal.example/")
    crawl.read()
    return crawl


def test_a_vietnamese_screen_has_no_english(crawl: Crawl) -> None:
    assert crawl.texts >= {"Bài viết", "Đóng", "Công an xã Cẩm Trung", "Ô này bắt buộc phải điền."}
    assert crawl.english == {}


@pytest.mark.parametrize("place", PLANTED)
def test_english_is_found(place: str, crawl: Crawl) -> None:
    crawl.page.evaluate(f"() => {{ const main = document.querySelector('main'); {PLANTED[place]} }}")
    crawl.page.wait_for_timeout(100)
    crawl.read()
    assert len(crawl.english) == 1, crawl.english


def test_english_in_the_answer_to_a_form_is_found(crawl: Crawl) -> None:
    crawl.page.unroute_all()
    answer = '<!doctype html><html lang="vi"><body><p class="error">This field is required.</p>'
    crawl.page.route("**/*", lambda route: route.fulfill(body=answer, content_type="text/html"))
    crawl.page.evaluate(
        "() => document.querySelector('main').innerHTML = '<form method=post><input name=a></form>'"
    )
    crawl.answer_forms()
    assert list(crawl.english) == ["This field is required."]


@pytest.mark.parametrize(
    "text",
    [
        "Save",
        "2 minutes ago",
        "None",
        "False",
        "Image",
        "Go to",
        "In",
        "Change",
        "Đã lưu draft",
        "Top",
        "Do you",
    ],
)
def test_english_is_told_from_vietnamese(text: str) -> None:
    assert english_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lưu bản nháp",
        "8 trang",
        "Tin báo",
        "Xem",
        "Ctrl + s",
        "Menu chính",
        "16,9 KB",
        "dang-ky-tam-tru",
        "cam-trung-truc1 viết",
    ],
)
def test_vietnamese_is_told_from_english(text: str) -> None:
    assert not english_in(text)


def test_what_is_allowed_has_a_reason_and_is_short() -> None:
    assert all(reason.strip() for reason in allowed().values())
    assert len(allowed()) <= 70
    assert len(ALLOWED.read_text(encoding="utf-8").splitlines()) == len(allowed()) + 1
