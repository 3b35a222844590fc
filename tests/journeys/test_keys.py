"""Officers' keys as officers meet them: from the printed slip to the first tip, and on the days after."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys import people
from tests.journeys.conftest import PASSWORD as DEMO_PASSWORD
from tests.journeys.conftest import PHONE

OpenPhone = Callable[..., Page]
CLOSED = "Hộp tin chưa mở"
WAITS = "Chưa đọc được tin: chờ đồng nghiệp cấp lại chìa khóa"
ASKS = "Mở chìa khóa"
WORDS = "Hai thuyền hút cát ở bến cũ."
QUARTER_OF_AN_HOUR = 15 * 60
# Where residents and officers get their links from: another site.
ELSEWHERE = "http://chat.example/"


@dataclass
class Commune:
    """A commune that was opened here, with two officers who read its first tip."""

    slug: str
    accounts: list[str]
    first: people.Person
    second: people.Person
    groups: list[str]
    # Until the box is open each is at his own slip; from then on one after the other.
    alone: list[float]
    machine_seconds: float
    before: dict[str, Any]
    seen: list[str]

    @property
    def seconds(self) -> float:
        """What a newcomer needs from the slip to the tip, the machine's own time added."""
        together = self.first.seconds + self.second.seconds - sum(self.alone)
        return max(self.alone) + people.GOING_TO_A_COLLEAGUE + together + self.machine_seconds


@pytest.fixture(scope="module")
def commune(browser: Browser, demo: str, photo: Path) -> Iterator[Commune]:
    """From the unit's editor to a tip with a photo that two officers have before them."""

    def somebody(**options: Any) -> Page:
        context = browser.new_context(base_url=demo, locale="vi-VN", viewport=PHONE, **options)
        context.set_default_timeout(15_000)
        return context.new_page()

    editor, resident = somebody(), somebody()
    editor.set_viewport_size({"width": 1280, "height": 800})
    editor.goto("/admin/")
    editor.fill("[name=login]", "huyen")
    editor.fill("[name=password]", DEMO_PASSWORD)
    editor.get_by_role("button", name="Đăng nhập").click()
    editor.wait_for_url("**/admin/")
    slug, slips = people.open_commune(editor, "Trần Văn Mở", "Lê Thị Đọc")
    form = f"/{slug}/gui-tin-bao/"
    resident.goto(form)
    before = {"page": resident.inner_text("main")}
    resident.goto("/tra-cuu/")  # the closed page has no form, and so no token
    token = resident.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent = resident.request.post(form, form={"csrfmiddlewaretoken": token, "message": WORDS})
    before |= {"status": sent.status, "answer": sent.text()}

    started = time.monotonic()
    first, second = people.Person(somebody()), people.Person(somebody())
    accounts = [people.accept_slip(first, slips[0], people.PASSWORDS[0])]
    groups = people.open_box(first)
    accounts.append(people.accept_slip(second, slips[1], people.PASSWORDS[1]))
    second.page.goto("/admin/tips/")
    seen = [second.read()]
    alone = [first.seconds, second.seconds]
    people.grant(first, second)
    resident.goto(form)
    resident.locator("[name=attachments]").set_input_files(photo)
    people.send_tip(resident, WORDS)
    for officer in (first, second):
        officer.page.goto("/admin/tips/")
        officer.taps += 1
        officer.tap(officer.page.locator("table a[href*='/admin/tips/']").first)
        officer.page.wait_for_url(re.compile("/admin/tips/.{36}/"))
        picture = officer.page.locator("main img").first
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        seen.append(officer.read())
    took = time.monotonic() - started
    yield Commune(slug, accounts, first, second, groups, alone, took, before, seen)
    for page in (editor, resident, first.page, second.page):
        page.context.close()


@pytest.fixture
def officer(phone: OpenPhone, commune: Commune) -> Callable[[], Page]:
    """The first officer at one more browser, logged in."""

    def come() -> Page:
        page = phone()
        _log_in(page, commune.accounts[0])
        page.wait_for_url("**/admin/")
        return page

    return come


def _log_in(page: Page, account: str, password: str = people.PASSWORDS[0]) -> None:
    page.goto("/admin/")
    page.fill("[name=login]", account)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Đăng nhập").click()


def _answering(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body, content_type="text/html")


def _tip(commune: Commune) -> str:
    return re.sub(r"^.*?(/admin/tips/.{36}/).*$", r"\1", commune.second.page.url)


def test_from_the_slip_to_a_tip_read_by_two_takes_a_newcomer_less_than_a_quarter_of_an_hour(
    commune: Commune, record_property: Callable[[str, Any], None]
) -> None:
    both = (commune.first, commune.second)
    record_property("keys: seconds of the machine", round(commune.machine_seconds, 1))
    for name in ("taps", "keys", "syllables", "scans", "copied"):
        record_property(f"keys: {name}", [getattr(person, name) for person in both])
    record_property("keys: seconds at his own slip", [round(each) for each in commune.alone])
    record_property("keys: seconds of newcomers, reckoned", round(commune.seconds))
    assert WAITS in commune.seen[0]
    assert WORDS not in commune.seen[0]
    assert WORDS in commune.seen[1]
    assert WORDS in commune.seen[2]
    assert commune.seconds < QUARTER_OF_AN_HOUR


def test_before_the_box_is_open_the_form_names_the_phone_and_takes_nothing(commune: Commune) -> None:
    assert CLOSED in commune.before["page"]
    assert "0239 000 0777" in commune.before["page"]
    assert commune.before["status"] == 503
    assert CLOSED in commune.before["answer"]
    assert WORDS in commune.before["answer"]  # to be read out on the telephone


def test_the_code_that_was_scanned_can_be_pasted_whole(commune: Commune) -> None:
    """As a telephone hands it over, and as it is copied by hand: all are the same code."""
    from tipform.vault import RecoveryCode

    scanned = "".join(commune.groups)
    code = RecoveryCode.parse(scanned)
    for typed in (
        " ".join(commune.groups).lower(),
        "\n".join(commune.groups) + "\n",
        "-".join(commune.groups).replace("O", "0").replace("I", "1").replace("B", "8"),
    ):
        assert RecoveryCode.parse(typed) == code


def test_the_code_is_shown_once(commune: Commune) -> None:
    page = commune.first.page.context.new_page()
    page.goto("/admin/keys/")
    begin = page.get_by_role("link", name="Thay mã khôi phục").get_attribute("href") or ""
    for step in ("code", "confirm"):
        page.goto(begin.replace("begin", step))
        assert page.url.endswith("/admin/keys/")
        assert commune.groups[0] not in page.content()
    page.close()


def test_the_slips_secret_is_sent_to_nobody_in_an_address(phone: OpenPhone, log_in: Any) -> None:
    editor, guest = phone(), phone()
    log_in(editor, "huyen")
    _slug, [slip] = people.open_commune(editor, "Ngô Thị Mới")
    code = slip.partition("#")[2]
    assert len(code) == 16
    asked: list[str] = []
    guest.on("request", lambda request: asked.extend([request.url, *request.headers.values()]))
    guest.goto(slip)
    expect(guest.locator("[name=code]")).to_have_value(re.compile(code[:4]))
    assert "#" not in guest.url
    guest.get_by_role("button", name=people.CONTINUE).click()
    guest.locator("[name=password1]").wait_for()
    assert asked
    assert not [text for text in asked if code in text]


def test_a_second_tab_and_a_second_device_read(commune: Commune, officer: Callable[[], Page]) -> None:
    device = officer()
    tab = commune.first.page.context.new_page()
    for page in (device, tab, commune.first.page):
        page.goto(_tip(commune))
        expect(page.locator("main")).to_contain_text(WORDS)
    tab.close()


def test_a_link_from_another_site_opens_the_tip_at_once(
    commune: Commune, officer: Callable[[], Page], demo: str
) -> None:
    page = officer()
    for target in ("", ' target="_blank" rel="noopener"'):
        link = f'<a href="{demo}{_tip(commune)}"{target}>tin</a>'
        page.unroute_all()
        page.route(ELSEWHERE, _answering(link))
        page.goto(ELSEWHERE)
        if target:
            with page.context.expect_page() as opened:
                page.get_by_role("link").click()
            expect(opened.value.locator("main")).to_contain_text(WORDS)
        else:
            page.get_by_role("link").click()
            expect(page.locator("main")).to_contain_text(WORDS)


def test_without_the_key_the_inbox_alone_asks_and_an_answer_half_written_survives(
    commune: Commune, officer: Callable[[], Page]
) -> None:
    page = officer()
    page.goto(_tip(commune))
    page.fill("textarea[name=text]", "Đã nhận, đang cử người.\nCảm ơn.")
    page.context.clear_cookies(name="tipkey")  # as when the browser was closed meanwhile
    other = page.context.new_page()
    other.goto("/admin/")
    expect(other.get_by_role("heading", name="Công việc")).to_be_visible()
    page.get_by_role("button", name="Gửi").first.click()
    expect(page.get_by_role("heading", name=ASKS)).to_be_visible()
    assert WORDS not in page.content()
    page.fill("[name=unlock-password]", "sai")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_text("không phải mật khẩu")).to_be_visible()
    page.fill("[name=unlock-password]", people.PASSWORDS[0])
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator(".thread, main")).to_contain_text("đang cử người")
    expect(page.locator("main")).to_contain_text("Đã gửi trả lời")


def test_logging_out_takes_the_key_with_it(commune: Commune, officer: Callable[[], Page]) -> None:
    page = officer()
    assert "tipkey" in {cookie["name"] for cookie in page.context.cookies()}
    page.get_by_role("link", name="Đăng xuất").first.click()
    page.wait_for_url("**/logout/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/accounts/login/**")
    assert "tipkey" not in {cookie["name"] for cookie in page.context.cookies()}
    page.goto(_tip(commune))
    assert "/accounts/login/" in page.url


def test_a_changed_password_ends_the_other_browser_and_loses_nothing(
    commune: Commune, officer: Callable[[], Page]
) -> None:
    here, there = officer(), officer()
    old, new = people.PASSWORDS[0], "gió mùa đông bắc 11"
    for before, after in ((old, new), (new, old)):
        here.goto("/accounts/password/change/")
        here.fill("[name=oldpassword]", before)
        here.fill("[name=password1]", after)
        here.fill("[name=password2]", after)
        here.locator("main form button[type=submit]").first.click()
        here.wait_for_load_state()
        here.goto(_tip(commune))
        expect(here.locator("main")).to_contain_text(WORDS)
        there.goto(_tip(commune))
        assert "/accounts/login/" in there.url
        _log_in(there, commune.accounts[0], after)
        there.goto(_tip(commune))
        expect(there.locator("main")).to_contain_text(WORDS)
    _log_in(commune.first.page, commune.accounts[0])  # for whoever comes after


def test_with_a_second_factor_the_key_is_there_after_the_second_step_and_the_quarter_of_an_hour_holds(
    commune: Commune, phone: OpenPhone, record_property: Callable[[str, Any], None]
) -> None:
    new = people.Person(phone())
    _log_in(new.page, commune.accounts[1], people.PASSWORDS[1])
    new.page.wait_for_url("**/admin/")
    new.page.goto("/accounts/2fa/totp/activate/")
    new.page.fill("[name=password]", people.PASSWORDS[1])  # whom a server sends here has just typed it
    new.page.locator("main form button").first.click()
    secret = new.page.locator("main code").inner_text()
    new.read()
    new.scans += 1
    new.type("[name=code]", _totp(secret))
    new.tap(new.page.get_by_role("button", name="Bật"))
    new.page.wait_for_url("**/recovery-codes/**")
    new.read()
    new.copied += 8
    record_property("keys: seconds of a newcomer for the second factor", round(new.seconds))
    again = phone()
    _log_in(again, commune.accounts[1], people.PASSWORDS[1])
    again.wait_for_url("**/2fa/authenticate/**")
    again.goto(_tip(commune))
    assert WORDS not in again.content()
    again.goto("/accounts/2fa/authenticate/")
    again.fill("[name=code]", _totp(secret, following=True))  # each code is good for once
    again.locator("main form button").first.click()
    again.wait_for_url("**/admin/**")
    again.goto(_tip(commune))
    expect(again.locator("main")).to_contain_text(WORDS)
    assert commune.seconds + people.INSTALLING_AN_APP + new.seconds < QUARTER_OF_AN_HOUR


def _totp(secret: str, *, following: bool = False) -> str:
    """What the app shows now, or in the half minute that follows, which is taken as well."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    _earlier, now, later = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, later if following else now))
