"""What no link leads to: a post with everything that belongs to it, mistakes in it, locks, a translation.

Each scene goes by the interface and reads at each step. A step that is not possible any more fails.
"""

import base64
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from allauth.mfa.totp.internal import auth
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.journeys.conftest import PASSWORD

from .crawler import Crawl

EDITOR_ADDRESS = re.compile(r"/admin/pages/(\d+)/edit/")
WAITING_POST = "Bài chờ duyệt"
NOTHING_FOUND = "không hề có"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def _press(crawl: Crawl, selector: str) -> None:
    """A button of the editor's footer, if need be from its menu."""
    button = crawl.page.locator(selector).first
    if not button.is_visible():
        _open_menu(crawl.page, button)
        crawl.read()
    button.click()


def _open_menu(page: Page, button: Locator) -> None:
    """The footer's menu, in which the button stands. A press before its script is ready opens nothing."""
    toggle = page.locator("footer [data-w-dropdown-target=toggle]").first
    for _press_again in range(5):
        toggle.click()
        try:
            button.wait_for(state="visible", timeout=2000)
        except NotInTime:
            continue
        return


def _add_every_block(crawl: Crawl) -> None:
    page = crawl.page
    adds = page.locator(".c-sf-add-button")
    adds.last.click()
    options = page.locator("[role=option]")
    kinds = options.count()
    crawl.read()
    page.keyboard.press("Escape")
    for number in range(kinds):
        adds.last.click()
        options.nth(number).click()
        crawl.settle()
        crawl.read()


def _write_a_link(crawl: Crawl) -> None:
    """Each button of the toolbar under the mouse, and the dialog of links with its five kinds."""
    page = crawl.page
    text = page.locator(".Draftail-Editor [contenteditable=true]").first
    text.click()
    page.keyboard.type("Bà con chú ý")
    page.keyboard.press("Control+a")
    toolbar = page.locator(".Draftail-ToolbarButton")
    expect(toolbar.first).to_be_visible()
    for number in range(toolbar.count()):
        if toolbar.nth(number).is_visible():
            toolbar.nth(number).hover()
    crawl.read()
    kinds = page.locator(".modal.in .link-types a")
    for number in range(4):
        text.click()
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+k")
        kinds.nth(number).click()
        page.locator(".modal.in form[action*=link] [type=submit]").first.click()
        crawl.settle()
        crawl.read()
        page.locator(".modal.in .close").click()
        expect(page.locator(".modal-backdrop")).to_have_count(0)


def _comment(crawl: Crawl) -> None:
    page = crawl.page
    page.locator("[data-side-panel-toggle=comments]").click()
    field = page.locator("#panel-child-noi_dung-title-content")
    field.hover()
    field.locator("[data-comment-add]").click()
    page.locator(".comment__input").fill("Xem lại câu này")
    page.locator(".comment__button--primary").click()
    page.locator("#comments summary").click()
    crawl.read()
    page.get_by_role("menuitem", name="Sửa").click()
    crawl.read()
    page.keyboard.press("Escape")


def a_post(crawl: Crawl) -> None:
    """A post with every block, a link and a comment; refused, saved, submitted, looked at, called back."""
    page = crawl.page
    crawl.visit("/admin/")
    crawl.visit(page.locator("a[href*='/add/communes/newspage/']").first.get_attribute("href") or "")
    _add_every_block(crawl)
    _write_a_link(crawl)
    _comment(crawl)
    _press(crawl, "footer .action-save")
    expect(page.locator(".error-message").first).to_be_visible()
    crawl.read()
    crawl.open_all()
    for delete in page.locator("[data-streamfield-action=DELETE]").all()[::-1]:
        delete.evaluate("(button) => button.click()")
    page.fill("#id_title", "Bài thử")
    page.fill("#id_summary", "Một câu tóm tắt")
    _press(crawl, "footer .action-save")
    page.wait_for_url(EDITOR_ADDRESS)
    crawl.read()
    _after_the_first_draft(crawl)


def _after_the_first_draft(crawl: Crawl) -> None:
    page = crawl.page
    match = EDITOR_ADDRESS.search(page.url)
    assert match
    address = f"/admin/pages/{match[1]}"
    page.fill("#id_title", "Bài thử khác")
    page.locator("#id_urgent").check()
    _press(crawl, "[name=action-submit]")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/(?!edit)"))
    crawl.read()
    crawl.look_at_all(f"{address}/edit/", f"{address}/history/", f"{address}/workflow_history/")
    # Each with its own way to be compared: a text, and a tick box.
    crawl.look_at_all(f"{address}/revisions/compare/earliest...latest/")
    expect(page.locator("main")).to_contain_text("Bài thử khác")
    expect(page.locator("main")).to_contain_text("có")


def nothing_found(crawl: Crawl) -> None:
    for address in ("pages/search", "images", "documents", "staff", "tips", "approval"):
        crawl.visit(f"/admin/{address}/?q={NOTHING_FOUND}")


def several_at_once(crawl: Crawl) -> None:
    """The bar of what is done with several pages or pictures, and the question behind each of its buttons."""
    page = crawl.page
    for address in ("/admin/pages/search/?q=b", "/admin/images/", "/admin/documents/"):
        crawl.visit(address)
        every = page.locator("[data-bulk-action-select-all-checkbox]").first
        if not page.locator("[data-bulk-action-checkbox]").count():
            continue
        first = page.locator("[data-bulk-action-checkbox]").first.get_attribute("data-object-id")
        every.evaluate("(box) => box.click()")
        crawl.read()
        for link in page.locator("[data-bulk-action-button]").evaluate_all(
            "all => all.map((each) => each.href)"
        ):
            crawl.visit(f"{link}?id={first}")


def uploads(crawl: Crawl) -> None:
    """A file that is taken and one that is not, with what is asked about the first."""
    files = [
        {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL},
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"},
    ]
    for kind in ("images", "documents"):
        crawl.visit(f"/admin/{kind}/multiple/add/")
        crawl.page.locator("input[type=file]").first.set_input_files(files)
        expect(crawl.page.locator("#upload-list li")).to_have_count(2)
        crawl.settle()
        crawl.read()


def a_locked_page(crawl: Crawl) -> None:
    """Locked, listed among the locked, and unlocked again."""
    page = crawl.page
    crawl.visit("/admin/pages/search/?q=l")
    address = page.locator("main a[href$='/edit/']").first.get_attribute("href") or ""
    for _way in ("lock", "unlock"):
        crawl.visit(address)
        toggle = page.locator("[data-side-panel-toggle=status]")
        if toggle.get_attribute("aria-expanded") == "false":  # the browser remembers it open
            toggle.click()
        with page.expect_navigation():
            page.locator(".form-side .switch").first.click()
        crawl.read()
        crawl.visit("/admin/reports/locked/")


def a_decision(crawl: Crawl) -> None:
    """The questions that approving and sending back ask in Wagtail's editor."""
    page = crawl.page
    crawl.visit("/admin/approval/")
    page.get_by_role("link", name=WAITING_POST).first.click()
    page.wait_for_url(re.compile(r"/approval/\d+/"))
    crawl.read()
    crawl.visit(f"/admin/pages/{page.url.rstrip('/').split('/')[-1]}/edit/")
    questions = page.locator("[data-workflow-action-modal-url]")
    assert questions.count()
    for number in range(questions.count()):
        if not questions.nth(number).is_visible():
            _open_menu(page, questions.nth(number))
        questions.nth(number).click()
        page.locator(".modal.in .modal-body").wait_for()
        crawl.read()
        crawl.close_chooser()


def a_closed_key(crawl: Crawl) -> None:
    """A tip after the officer's key has ended: his password is asked for again, and a wrong one refused."""
    page = crawl.page
    crawl.visit("/admin/tips/")
    page.context.clear_cookies(name="tipkey")
    page.locator("main tbody a").first.click()
    expect(page.locator("input[type=password]")).to_be_visible()
    crawl.read()
    crawl.answer_forms()
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("input[type=password]")).to_have_count(0)
    crawl.read()


def a_second_factor(crawl: Crawl) -> None:
    """Set up, looked at, and asked for at the next log-in. Comes last: that is the end of the session."""
    page = crawl.page
    crawl.visit("/accounts/2fa/totp/activate/")
    if page.locator("input[type=password]").count():  # asked for again, some time after log-in
        page.fill("input[type=password]", PASSWORD)
        page.keyboard.press("Enter")
    secret = page.locator("form code").inner_text()
    code = auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))
    page.fill("input[name=code]", auth.format_hotp_value(code))
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("input[name=code]")).to_have_count(0)
    crawl.read()
    codes = "/accounts/2fa/recovery-codes"
    crawl.look_at_all("/accounts/2fa/", f"{codes}/", f"{codes}/generate/", "/accounts/2fa/totp/deactivate/")
    page.context.clear_cookies()
    crawl.visit("/accounts/login/")
    page.fill("input[name=login]", crawl.username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.locator("input[name=code]").wait_for()
    crawl.read()
    crawl.answer_forms()


def a_translation(crawl: Crawl) -> None:
    """A guide is sent to be translated, one sentence of it is, and everything of the editor is opened."""
    page = crawl.page
    crawl.visit("/admin/pages/search/?q=tạm+trú")
    match = EDITOR_ADDRESS.search(page.locator("main a[href$='/edit/']").first.get_attribute("href") or "")
    assert match
    crawl.visit(f"/admin/localize/submit/page/{match[1]}/")
    page.locator("input[name=locales]").first.check()
    page.locator("main form [type=submit]").click()
    page.wait_for_url(EDITOR_ADDRESS)
    crawl.read()
    page.get_by_role("button", name="Dịch", exact=True).first.click()
    page.locator("main textarea").first.fill("Bản dịch thử")
    crawl.read()
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    crawl.settle()
    crawl.read()
    crawl.open_all()
    crawl.run(
        [urlsplit(page.url).path, f"/admin/pages/{match[1]}/edit/", "/admin/localize/reports/translations/"],
        "wagtail_localize:",
    )


SCENES: dict[str, list[Callable[[Crawl], None]]] = {
    "commune editor": [nothing_found, several_at_once, uploads, a_post],
    "tip officer": [nothing_found, a_closed_key],
    "unit editor": [nothing_found, several_at_once, a_locked_page, a_decision],
    "translator": [a_translation],
}
