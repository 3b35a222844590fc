"""The crawl: every screen of the admin that a role reaches, with dialogs, menus, tooltips, is Vietnamese."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.test_approval import submit

from .crawler import Crawl
from .scenes import SCENES, WAITING_POST, a_second_factor

OpenPhone = Callable[..., Page]

ROLES = {
    "commune editor": "cam-trung-bientap",
    "tip officer": "cam-trung-truc1",
    "unit editor": "huyen",
    # The administrator alone may translate; what is his besides is no translator's work.
    "translator": "quantri",
}


@pytest.mark.parametrize("role", ROLES)
def test_no_english_word_meets_a(
    role: str,
    phone: OpenPhone,
    log_in: Callable[[Page, str], None],
    demo: str,
    record_property: Callable[[str, object], None],
) -> None:
    # Vietnamese comes from the portal, also in an English browser.
    page = phone(locale="en-US", viewport={"width": 1280, "height": 900})
    if role == "unit editor":
        author = phone()
        log_in(author, "cam-due-bientap")
        submit(author, WAITING_POST)
    crawl = Crawl(page, demo, ROLES[role])
    crawl.look_at_all("/accounts/login/")
    log_in(page, ROLES[role])
    for scene in SCENES[role]:
        scene(crawl)
    if role != "translator":
        crawl.run_everywhere()
    if role == "tip officer":
        a_second_factor(crawl)
    for figure in ("screens", "opened"):
        record_property(figure, getattr(crawl, figure))
    record_property("texts", len(crawl.texts))
    assert not crawl.english, "\n".join(f"{name}: {text}" for text, name in crawl.english.items())
