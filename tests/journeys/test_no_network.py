"""A phone without network shows what it kept; of the tip box it keeps nothing."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys import tip_form

GUIDE = "/cam-trung/thu-tuc/dang-ky-tam-tru/"
SECRET = "Người lạ mặt ở bến sông"

KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            const text = await (await cache.match(request, { ignoreVary: true })).text();
            found.push([name, new URL(request.url).pathname + new URL(request.url).search, text]);
        }
    }
    return found;
}"""

IS_KEPT = """async (address) => {
    const isKept = async () => Boolean(await caches.match(address, { ignoreVary: true }));
    while (!navigator.serviceWorker.controller || !(await isKept())) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""


def kept_by(page: Page) -> dict[str, str]:
    """The text of each page that the browser's caches hold, by its address; not that of the kit."""
    return {address: text for name, address, text in page.evaluate(KEPT) if name != "kit"}


def see(page: Page, address: str, *, kept: bool = True) -> None:
    page.goto(address)
    if kept:
        page.evaluate(IS_KEPT, address)


def test_a_guide_that_was_seen_is_there_without_network(phone: Callable[..., Page]) -> None:
    page = phone()
    see(page, GUIDE)
    see(page, "/cam-trung/lien-he/")
    phone_link = page.locator("main a.call[href^='tel:0']").first.get_attribute("href")
    page.context.set_offline(True)
    page.goto(GUIDE)
    expect(page.locator("h1")).to_contain_text("tạm trú")
    # What was never seen: the phone says so, whom to call, and what it has.
    page.goto("/cam-due/")
    expect(page.locator("h1")).to_have_text("Điện thoại đang không có mạng")
    expect(page.locator("[data-duty-phone]")).to_contain_text("Công an xã Cẩm Trung")
    expect(page.locator("[data-duty-phone] a")).to_have_attribute("href", str(phone_link))
    expect(page.locator("main a[href='tel:113']").first).to_be_visible()
    page.locator("[data-kept-pages] li a", has_text="tạm trú").click()
    expect(page.locator("h1")).to_contain_text("tạm trú")
    page.context.set_offline(False)
    page.goto("/cam-due/")
    expect(page.locator("h1")).to_contain_text("Cẩm Duệ")


def test_without_network_a_reader_of_english_is_told_in_english(phone: Callable[..., Page]) -> None:
    page = phone()
    see(page, GUIDE)
    page.context.set_offline(True)
    for address in ("/en/", "/en/cam-due/"):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("The phone has no network")
        expect(page.locator("main a[href='tel:113']").first).to_be_visible()
        expect(page.locator("[data-kept-pages] li")).to_have_count(1)
    for address in ("/", "/cam-due/", "/en-cam/"):
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Điện thoại đang không có mạng")


def test_nothing_of_the_tip_box_is_in_the_browsers_caches(phone: Callable[..., Page]) -> None:
    page = phone()
    see(page, GUIDE)
    for address in ("/cam-trung/gui-tin-bao/", "/tra-cuu/", "/tim-kiem/?q=ma+tuy", "/cam-trung/tin-tuc/"):
        see(page, address, kept=False)
    page.goto("/cam-trung/gui-tin-bao/")
    # Refused at first, for want of a number; then the receipt.
    tip_form.fill_in(page, SECRET, phone="12")
    tip_form.send(page)
    page.locator("[name=phone]").fill("0900 000 555")
    tip_form.go_on(page)
    tip_form.send(page)
    expect(page.locator("h1")).to_have_text("Đã gửi")
    code = page.locator("[data-code]").input_value()
    page.goto("/tra-cuu/")
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="Mở").click()
    expect(page.locator(".thread")).to_contain_text(SECRET)
    # The service worker was at work all the while.
    see(page, "/cam-trung/lien-he/")
    found = kept_by(page)
    assert set(found) == {GUIDE, "/cam-trung/lien-he/"}
    assert not any(SECRET in text or code[:4] in text for text in found.values())


def test_quick_exit_erases_which_guides_were_read(phone: Callable[..., Page]) -> None:
    page = phone()
    see(page, GUIDE)
    page.goto("/cam-trung/gui-tin-bao/")
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(body="elsewhere") if route.request.is_navigation_request() else route.continue_()
        ),
    )
    page.locator("[data-exit]").first.click()
    page.wait_for_timeout(1000)
    page.unroute_all()
    page.goto("/quyen-rieng-tu/")
    assert kept_by(page) == {}


def test_a_phone_keeps_the_last_ten_guides_alone(phone: Callable[..., Page]) -> None:
    page = phone()
    see(page, GUIDE)
    page.goto("/quyen-rieng-tu/")
    page.evaluate(
        """async () => {
            const cache = await caches.open("guide");
            for (let n = 0; n < 15; n++) await cache.put("/cu-" + n + "/", await fetch("/health/live/"));
        }"""
    )
    see(page, "/cam-trung/thu-tuc/dang-ky-xe/")
    page.wait_for_timeout(500)
    addresses = list(kept_by(page))
    assert len(addresses) == 10 and "/cam-trung/thu-tuc/dang-ky-xe/" in addresses and GUIDE not in addresses


def test_without_a_service_worker_every_page_is_as_before(phone: Callable[..., Page]) -> None:
    page = phone(service_workers="block")
    page.goto(GUIDE)
    expect(page.locator("h1")).to_contain_text("tạm trú")
    assert page.evaluate("caches.keys()") == []
