"""The bell on a phone, from the first log-in on: switched on, rung for real, chosen, mailed, off.

Only what a browser cannot do on loopback is played: it subscribes at a push service of the tests, which
checks and decrypts each ring, and what arrives there is given to the browser as a push of its own.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.mail_server import MailServer
from tests.push_service import PushService

from .conftest import PHONE, ROOT, served_demo

SUBSCRIBES = """(address) => {
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0)).buffer;
  const made = () => ({
    endpoint: address.endpoint,
    getKey: (name) => bytes(address[name]),
    unsubscribe: async () => { sessionStorage.removeItem("subscribed"); return true; },
  });
  PushManager.prototype.subscribe = async () => { sessionStorage.setItem("subscribed", "1"); return made(); };
  PushManager.prototype.getSubscription = async () => sessionStorage.getItem("subscribed") ? made() : null;
}"""
BOXES = """() => [...document.querySelectorAll("main *")].map(
  (element) => JSON.stringify(element.getBoundingClientRect()))"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""


# A browser focuses or opens a window after a press by a person alone: here both are noted.
PRESSED = """async () => {
  const done = [];
  WindowClient.prototype.focus = async function () { done.push("focuses " + new URL(this.url).pathname); };
  Clients.prototype.openWindow = async (address) => { done.push("opens " + address); };
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  await new Promise((go) => setTimeout(go, 500));
  return [...done, (await self.registration.getNotifications()).length];
}"""


@pytest.fixture(scope="module")
def rings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    service = PushService(tmp_path_factory.mktemp("push"))
    yield service
    service.close()


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, rings: PushService, mails: MailServer) -> Iterator[str]:
    yield from served_demo(
        tmp_path_factory,
        str(ROOT / "tests" / "journeys" / "ring_demo.py"),
        PYTHONPATH=f"{ROOT}:{ROOT / 'site'}",
        REQUESTS_CA_BUNDLE=str(rings.certificate),
        NO_PROXY="localhost,127.0.0.1",
        MAIL_SERVER_OF_TESTS=str(mails.port),
    )


class Bell:
    """A phone that has subscribed at the push service of the tests."""

    def __init__(self, context: BrowserContext, rings: PushService) -> None:
        self.context, self.rings = context, rings
        self.page = context.new_page()
        self.address: dict[str, str] = {}
        self._workers: dict[str, str] = {}

    def subscribes(self) -> None:
        """From now on it can: under the key that the page names."""
        self.page.goto("/admin/bell/")
        key = self.page.locator("[data-bell]").get_attribute("data-key")
        self.address = self.rings.subscription(key or "")
        self.context.add_init_script(f"({SUBSCRIBES})({json.dumps(self.address)})")

    def devtools(self) -> CDPSession:
        session = self.context.new_cdp_session(self.page)
        session.on("ServiceWorker.workerRegistrationUpdated", self._note)
        session.send("ServiceWorker.enable")
        return session

    def _note(self, event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            self._workers[registration["scopeURL"]] = registration["registrationId"]

    def push(self, data: str) -> None:
        """As the browser gets it from its push service."""
        session = self.devtools()
        origin = re.match(r"https?://[^/]+", self.page.url)
        assert origin
        self.page.wait_for_function("navigator.serviceWorker.ready")
        for _try in range(50):
            if f"{origin[0]}/" in self._workers:
                break
            self.page.wait_for_timeout(100)
        number = self._workers[f"{origin[0]}/"]
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": f"{origin[0]}/", "registrationId": number, "data": data},
        )
        session.detach()

    def ring_arrives(self, before: int) -> dict[str, str]:
        """Wait for the next ring at the push service, and give it to the browser. What is to be shown."""
        for _try in range(150):
            if len(self.rings.arrived) > before:
                break
            self.page.wait_for_timeout(100)
        ring = self.rings.arrived[before]
        assert ring.endpoint == self.address["endpoint"]
        self.push(json.dumps(ring.message))
        return {name: ring.message["notification"][name] for name in ("title", "body", "tag")}

    def shown(self) -> list[dict[str, str]]:
        notices: list[dict[str, str]] = self.page.evaluate(SHOWN)
        return notices


@pytest.fixture
def bell(browser: Browser, portal: str, rings: PushService) -> Iterator[Bell]:
    context = browser.new_context(
        base_url=portal, viewport=PHONE, locale="vi-VN", permissions=["notifications"]
    )
    context.set_default_timeout(15_000)
    yield Bell(context, rings)
    context.close()


def test_first_steps_the_bell_is_switched_on_and_rings_within_seconds(
    bell: Bell, log_in: Callable[[Page, str], None]
) -> None:
    page, before = bell.page, len(bell.rings.arrived)
    log_in(page, "cam-trung-truc1")
    bell.subscribes()
    page.goto("/admin/")
    first = page.locator(".work-panel").first
    expect(first.get_by_role("heading")).to_have_text("Bật chuông báo")
    first.get_by_role("link", name="Bật chuông").click()
    page.get_by_role("button", name="Bật chuông trên máy này").click()
    expect(page.get_by_text("Đang gọi chuông")).to_be_visible()
    told = bell.ring_arrives(before)
    expect(page.get_by_text("Chuông đã tới máy này.")).to_be_visible()
    expect(page.get_by_text("Thông báo vừa tới:")).to_contain_text(f"{told['title']}: {told['body']}")
    assert bell.shown() == [told]
    # It has rung: nobody is asked again, and the browser stands in the list.
    page.reload()
    expect(page.get_by_text("Chuông đang bật trên máy này.")).to_be_visible()
    expect(page.locator(".staff-list")).to_contain_text("Reo lần cuối")
    page.goto("/admin/")
    expect(page.locator("#bell")).to_have_count(0)
    expect(page.locator("#bell-proof")).to_contain_text("Chuông của 1/")
    # Once more by the button, while the page is in front.
    page.goto("/admin/bell/")
    before = len(bell.rings.arrived)
    page.get_by_role("button", name="Thử chuông").click()
    told = bell.ring_arrives(before)
    expect(page.get_by_text("Chuông đã tới máy này.")).to_be_visible()
    assert told in bell.shown()
    assert bell.rings.complaints == []
    # Off, as on a shared machine, before one logs out.
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Tắt chuông trên máy này").click()
    expect(page.get_by_text("Chuông đã tắt trên máy này.")).to_be_visible()
    page.goto("/admin/bell/")
    expect(page.get_by_role("button", name="Bật chuông trên máy này")).to_be_visible()
    expect(page.locator(".staff-list")).to_have_count(0)


FORGOTTEN = """async () => {
  const here = await (await navigator.serviceWorker.ready).pushManager.getSubscription();
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
  const body = JSON.stringify({ endpoint: here.endpoint });
  await fetch("/admin/bell/unsubscribe/", { method: "POST", headers, body });
  sessionStorage.removeItem("bell-kept");
}"""


def test_the_next_log_in_keeps_the_bell_on_for_whoever_switched_it_on_and_for_nobody_else(
    bell: Bell, log_in: Callable[[Page, str], None]
) -> None:
    page = bell.page
    log_in(page, "cam-trung-truc2")
    bell.subscribes()
    page.goto("/admin/bell/")
    page.get_by_role("button", name="Bật chuông trên máy này").click()
    expect(page.get_by_text("Chuông đang bật trên máy này.")).to_be_visible()
    # The server forgets the browser, as when its push service says that the address is over.
    page.evaluate(FORGOTTEN)
    with page.expect_response("**/admin/bell/subscribe/"):
        page.goto("/admin/")
    page.goto("/admin/bell/")
    expect(page.get_by_text("Chuông đang bật trên máy này.")).to_be_visible()
    page.evaluate(FORGOTTEN)
    page.goto("/accounts/logout/")
    page.locator("form[action='/accounts/logout/'] button[type=submit]").click()
    expect(page.locator("[name=password]")).to_be_visible()
    log_in(page, "cam-due-truc1")
    expect(page.get_by_role("heading", name="Công việc")).to_be_visible()
    page.goto("/admin/bell/")
    expect(page.get_by_role("button", name="Bật chuông trên máy này")).to_be_visible()
    expect(page.locator(".staff-list")).to_have_count(0)


def test_a_push_of_whatever_kind_shows_a_notice_and_a_press_on_it_opens_the_admin(
    bell: Bell, log_in: Callable[[Page, str], None]
) -> None:
    page = bell.page
    log_in(page, "cam-trung-truc2")
    bell.subscribes()
    page.goto("/admin/bell/")
    page.get_by_role("button", name="Bật chuông trên máy này").click()
    for data in ("", "no JSON", "{}", '{"notification": null, "ack": "x"}'):
        bell.push(data)
        page.wait_for_timeout(300)
        (notice,) = bell.shown()
        assert notice["title"] == "Kết nối An ninh"
        assert notice["body"] == "Có việc mới. Xin đăng nhập để xem."
    worker = bell.context.service_workers[0]
    assert worker.evaluate(PRESSED) == ["focuses /admin/bell/", 0]
    page.goto("/tra-cuu/")
    bell.push("{}")
    page.wait_for_timeout(300)
    assert worker.evaluate(PRESSED) == ["opens /admin/", 0]


def test_where_notices_are_blocked_the_way_out_is_told(
    browser: Browser, portal: str, log_in: Callable[[Page, str], None]
) -> None:
    context = browser.new_context(base_url=portal, viewport=PHONE, locale="vi-VN")
    page = context.new_page()
    page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"
        "Notification.requestPermission = async () => 'denied';"
    )
    log_in(page, "cam-trung-truc1")
    page.goto("/admin/bell/")
    expect(page.get_by_text("Trình duyệt đang chặn thông báo")).to_be_visible()
    expect(page.get_by_role("button", name="Bật chuông")).to_have_count(0)
    context.close()


def test_an_iphone_that_has_the_page_not_on_its_home_screen_is_told_the_steps(
    browser: Browser, portal: str, log_in: Callable[[Page, str], None]
) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
    context = browser.new_context(base_url=portal, viewport=PHONE, locale="vi-VN", user_agent=agent)
    page = context.new_page()
    page.add_init_script("delete window.PushManager")
    log_in(page, "cam-trung-truc1")
    page.goto("/admin/bell/")
    expect(page.get_by_text("Thêm vào MH chính")).to_be_visible()
    context.close()


def test_an_address_is_entered_and_confirmed_by_the_mails_link(
    bell: Bell, mails: MailServer, log_in: Callable[[Page, str], None]
) -> None:
    page = bell.page
    log_in(page, "cam-trung-bientap")
    page.goto("/admin/bell/")
    page.get_by_label("Địa chỉ thư điện tử").fill("bien-tap@example.vn")
    page.get_by_role("button", name="Gửi thư xác nhận").click()
    expect(page.get_by_text("chưa xác nhận")).to_be_visible()
    assert mails.recipients == ["bien-tap@example.vn"]
    link = re.search(r"http://\S+", mails.arrived[-1].get_content())
    assert link
    page.goto(link[0])
    page.get_by_role("button", name="Xác nhận địa chỉ này").click()
    expect(page.get_by_text("· đã xác nhận")).to_be_visible()
    page.get_by_role("button", name="Xóa địa chỉ").click()
    expect(page.get_by_text("đã xác nhận")).to_have_count(0)


def test_what_rings_is_chosen_on_one_page(bell: Bell, log_in: Callable[[Page, str], None]) -> None:
    page = bell.page
    log_in(page, "huyen")
    page.goto("/admin/bell/")
    page.get_by_role("link", name="Tôi nghe chuông khi nào").click()
    first = page.locator(".bell__choice").first
    first.get_by_label("Reo chuông").uncheck()
    first.get_by_label("Thư điện tử").select_option(label="mỗi ngày một lần")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.reload()
    expect(first.get_by_label("Reo chuông")).not_to_be_checked()
    expect(first.get_by_label("Thư điện tử")).to_have_value("daily")


def test_an_open_page_says_how_much_is_new_and_nothing_on_it_moves(
    bell: Bell, log_in: Callable[[Page, str], None]
) -> None:
    page, number = bell.page, 0
    asked = []

    def answer(route: Any) -> None:
        asked.append(route.request.headers)
        route.fulfill(json={"new": number}) if number >= 0 else route.fulfill(status=403)

    page.route("**/chuong-bao/viec-moi/", answer)
    log_in(page, "huyen")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(500)
    assert "cookie" not in asked[0]
    plain = page.title()
    before = page.evaluate(BOXES)
    number = 3
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-news-said]")).to_have_text("Việc mới: 3")
    assert page.title() == f"(3) {plain}"
    assert "favicon-new" in str(page.locator("link[rel=icon]").get_attribute("href"))
    expect(page.locator("#wagtail-sidebar a[data-new='3']")).to_have_count(1)
    expect(page.locator("main .bell-link[data-new='3']")).to_be_visible()
    assert page.evaluate(BOXES) == before
    number = 1
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("main .bell-link[data-new='1']")).to_be_visible()
    # Said aloud only when it grows.
    expect(page.locator("[data-news-said]")).to_have_text("Việc mới: 3")
    number = 0
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-new]")).to_have_count(0)
    assert page.title() == plain
    # After the log-out the page asks no more.
    number = -1
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    asked.clear()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert asked == []
