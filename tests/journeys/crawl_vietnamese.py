"""The crawl: every screen a role reaches in the admin, with its dialogs, menus and tooltips, is Vietnamese.

Follows the links from the admin's first page, a few screens of each address, opens what can be opened, and
reads what is shown, hidden in a menu, or announced by a screen reader. `make crawl` runs it; it is no part
of the suite as long as something is left.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from tests.journeys.english import english_in

OpenPhone = Callable[..., Page]

ROLES = {
    "commune editor": "cam-trung-bientap",
    "tip officer": "cam-trung-truc1",
    "unit editor": "huyen",
}
# Screens of one address that are looked at; an editor differs by the type of page.
SCREENS = 1
SCREENS_OF = {
    "wagtailadmin_pages:edit": 8,
    "wagtailadmin_pages:add": 3,
    "wagtailadmin_explore": 4,
    "handbook_part": 0,  # prose of our own, held by its own tests
}
# Leaving ends the crawl, and what is no page of the admin is another test's.
NOT_FOLLOWED = ("/admin/logout/", "/accounts/logout/", "/admin/login/")
# Everything that opens something on the screen that is there.
OPENERS = ", ".join(
    [
        "[data-w-dropdown-target=toggle]",
        "[data-side-panel-toggle]",
        "[data-chooser-action-choose]",
        "[data-streamfield-stream-add]",
        "[data-a11y-dialog-show]",
        "[role=tab]",
        "details:not([open]) > summary",
        ".sidebar-sub-menu-trigger, .sidebar-sub-menu-item button, .sidebar-footer__account button",
        "button.Draftail-ToolbarButton, .Draftail-Toolbar button",
    ]
)
OPENED_AT_MOST = 24
# Text nodes and what is announced; texts that staff or residents wrote are marked by their place.
TEXTS = """() => {
  const skipped = "script, style, template, noscript, code, .user-text, [data-user-text], [contenteditable]";
  const names = ["aria-label", "aria-description", "placeholder", "title", "alt", "label",
    "data-w-tooltip-content-value", "data-w-dropdown-label"];
  const found = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent && !parent.closest(skipped)) found.add(walker.currentNode.data.trim());
  }
  for (const element of document.querySelectorAll("*")) {
    if (element.closest(skipped)) continue;
    for (const name of names) found.add((element.getAttribute(name) || "").trim());
    if (element.matches("input[type=submit], input[type=button]")) found.add(element.value.trim());
  }
  return [...found].filter((text) => text);
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"


@dataclass
class Crawl:
    page: Page
    base: str
    screens: int = 0
    opened: int = 0
    texts: set[str] = field(default_factory=set)
    english: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        seen: Counter[str] = Counter()
        queue, queued = deque(["/admin/"]), {"/admin/"}
        while queue:
            path = queue.popleft()
            name = view_of(path)
            if name is None or seen[name] >= SCREENS_OF.get(name, SCREENS):
                continue
            seen[name] += 1
            for link in self.look_at(path, name):
                if link not in queued:
                    queued.add(link)
                    queue.append(link)

    def look_at(self, path: str, name: str) -> Iterator[str]:
        """Read one screen and all it opens; the admin's addresses that it links to."""
        try:
            answer = self.page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" in error.message:
                return
            raise
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return
        self.screens += 1
        self.read(name)
        links = set(self.page.evaluate(LINKS))
        openers = self.page.locator(OPENERS)
        for number in range(min(openers.count(), OPENED_AT_MOST)):
            opener = openers.nth(number)
            try:
                if not opener.is_visible():
                    continue
                opener.click(timeout=1500)
                self.page.wait_for_timeout(250)
                self.opened += 1
                self.read(name)
                links |= set(self.page.evaluate(LINKS))
                self.page.keyboard.press("Escape")
            except Error:
                # Covered by what was opened before it, or gone with it.
                self.page.keyboard.press("Escape")
            if urlsplit(self.page.url).path != urlsplit(path).path:
                self.page.goto(path, wait_until="load")
        for link in sorted(links):
            parts = urlsplit(link)
            if link.startswith(self.base) and not parts.path.startswith(NOT_FOLLOWED):
                yield parts.path

    def read(self, name: str) -> None:
        for text in self.page.evaluate(TEXTS):
            if text in self.texts:
                continue
            self.texts.add(text)
            if english_in(text):
                self.english[text] = name


def view_of(path: str) -> str | None:
    """The name of the admin's or account's view at this address; None elsewhere."""
    if not re.match(r"/(admin|accounts)/", path):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.view_name or path


@pytest.mark.parametrize("role", ROLES)
def test_no_english_word_meets_a(
    role: str,
    phone: OpenPhone,
    log_in: Callable[[Page, str], None],
    demo: str,
    record_property: Callable[[str, object], None],
) -> None:
    page = phone()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, ROLES[role])
    crawl = Crawl(page, demo)
    crawl.run()
    for figure in ("screens", "opened"):
        record_property(figure, getattr(crawl, figure))
    record_property("texts", len(crawl.texts))
    assert crawl.screens >= 5
    assert not crawl.english, "\n".join(f"{name}: {text}" for text, name in crawl.english.items())
