"""What a phone of 360×640 fetches before anybody scrolls, with nothing kept from before."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

LONGEST = 48 * 1024  # bytes, as they travel
MOST = 8  # requests
# It has all its steps, and is not compressed: what somebody typed may stand in it beside a token.
LONGEST_OF_THE_FORM = 60 * 1024
FORM = "/cam-trung/gui-tin-bao/"
POST = "a post with a photo"
TITLE = "Cảnh giác với người tự xưng là công an"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/cam-trung/",
        "/cam-trung/tin-tuc/",
        POST,
        "/cam-trung/thu-tuc/",
        "/cam-trung/thu-tuc/dang-ky-tam-tru/",
        "/cam-trung/lien-he/",
        FORM,
        "/tra-cuu/",
        "/tim-kiem/",
        "/tim-kiem/?q=tam+tru",
        "/quyen-rieng-tu/",
    ],
)
def test_a_first_view_is_small(phone: Callable[..., Page], address: str) -> None:
    small = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "is_mobile": True}
    if address == POST:
        page = phone(**small)
        page.goto("/tim-kiem/?q=người tự xưng là công an")
        address = str(page.get_by_role("link", name=TITLE).first.get_attribute("href"))
    # Without the service worker, whose own files come after the page.
    page = phone(service_workers="block", **small)
    fetched: dict[str, int] = {}
    names: dict[str, str] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on(
        "Network.requestWillBeSent", lambda sent: names.update({sent["requestId"]: sent["request"]["url"]})
    )
    network.on(
        "Network.loadingFinished",
        lambda done: fetched.update({names[done["requestId"]]: int(done["encodedDataLength"])}),
    )
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # What stands in the page itself is no request.
    fetched = {name: size for name, size in fetched.items() if not name.startswith("data:")}
    assert sum(fetched.values()) <= (LONGEST_OF_THE_FORM if address == FORM else LONGEST), fetched
    assert len(fetched) <= MOST, fetched
