"""Walks through the admin as one member of staff, opens what can be opened, and reads everything.

Follows the links from the admin's first page, a few screens of each address, and tries every address that
takes no object. `watch.js` collects what is shown, hidden in a menu, or announced by a screen reader.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Dialog, Error, Locator, Page, Request, expect

from tests.matrix.addresses import routes

from .english import english_in

WATCH = Path(__file__).with_name("watch.js").read_text(encoding="utf-8")

# Screens of one address that are looked at; an editor differs by the type of page.
SCREENS = 1
SCREENS_OF = {
    "wagtailadmin_explore": 4,
    "tips:thread": 3,
    "handbook_part": 0,  # prose of our own, held by its own tests
}
# Leaving ends the crawl; the API is read by programs.
NOT_FOLLOWED = ("/admin/logout/", "/accounts/logout/", "/admin/login/", "/accounts/login/", "/admin/api/")
SIDEBAR = ".sidebar-sub-menu-trigger, .sidebar-sub-menu-item button, .sidebar-footer__account button"
# Everything that opens something on the screen that is there.
OPENERS = ", ".join(
    [
        "button[aria-expanded]:not([data-panel-toggle], .w-minimap__collapse-all)",
        "button[aria-haspopup]",
        "[data-side-panel-toggle]",
        "[data-chooser-action-choose]",
        "[data-a11y-dialog-show]",
        "[name=action-cancel-workflow]",
        "[role=tab]",
        "details:not([open]) > summary",
        SIDEBAR,
    ]
)
IN_A_CHOOSER = ".modal.in [role=tab], .modal.in .link-types a"
# Neither files nor refusals, nor what leads on to a page that is linked to anyway.
PAGES_AMONG = """async (addresses) => {
  const answers = await Promise.all(addresses.map((address) => fetch(address, { redirect: "manual" })));
  return addresses.filter((_, number) =>
    answers[number].ok && answers[number].headers.get("content-type").includes("html"));
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
# The same button on the next screen of its kind, or in the next row, opens the same.
SIGNATURE = """(element) => [element.tagName, element.textContent.trim().slice(0, 60),
  element.getAttribute("aria-label"), element.dataset.sidePanelToggle ? location.pathname : ""
].join("|").replace(/“.*?”|\\d+/g, "")"""


@dataclass
class Crawl:
    page: Page
    base: str
    username: str = ""
    screens: int = 0
    opened: int = 0
    texts: set[str] = field(default_factory=set)
    english: dict[str, str] = field(default_factory=dict)
    # What is being looked at, for the report.
    place: str = ""
    _waiting: set[Request] = field(default_factory=set)
    _clicked: set[tuple[str, str]] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("dialog", self._hear)
        self.page.on("request", lambda request: self._waiting.add(request))
        self.page.on("requestfinished", lambda request: self._waiting.discard(request))
        self.page.on("requestfailed", lambda request: self._waiting.discard(request))

    def run_everywhere(self) -> None:
        self.visit("/admin/")
        guessed = self.page.evaluate(PAGES_AMONG, addresses_without_object())
        self.run(["/admin/", "/admin/nothing-here/", "/admin/failwhale/", *guessed])

    def run(self, starts: list[str], part: str = "") -> None:
        """Look at `starts` and all that they lead to, of views whose name begins with `part`."""
        seen: Counter[str] = Counter()
        queue, queued = deque(starts), set(starts)
        while queue:
            path = queue.popleft()
            key = self.kind_of(path)
            if (
                key is None
                or (path not in starts and not key.startswith(part))
                or seen[key] >= SCREENS_OF.get(key, SCREENS)
            ):
                continue
            seen[key] += 1
            for link in self.look_at(path):
                if link not in queued:
                    queued.add(link)
                    queue.append(link)

    def kind_of(self, path: str) -> str | None:
        """The view at this address, of a page's editor also which type it is for; None outside the admin."""
        if not re.match(r"/(admin|accounts)/", path) or path.startswith(NOT_FOLLOWED):
            return None
        try:
            match = resolve(path)
        except Resolver404:
            return None
        name = match.view_name or path
        if name == "wagtailadmin_pages:add":
            return f"{name} {match.kwargs['content_type_model_name']}"
        if name == "wagtailadmin_pages:edit":
            html = self.page.request.get(path).text()
            fields = sorted(set(re.findall(r'id="panel-([\w-]+)-section"', html)))
            return f"{name} {'content-locked' in html} {fields}"
        return name

    def look_at(self, path: str) -> Iterator[str]:
        """Read one screen, all it opens and what its forms answer; the addresses that it links to."""
        if not self.visit(path):
            return
        links = set(self.page.evaluate(LINKS))
        self.open_all()
        links |= set(self.page.evaluate(LINKS))
        if self.place not in self._answered:
            self._answered.add(self.place)
            self.answer_forms()
        for link in sorted(links):
            if link.startswith(self.base):
                yield urlsplit(link).path

    def look_at_all(self, *paths: str) -> None:
        for path in paths:
            list(self.look_at(path))

    def open_all(self) -> None:
        """Everything on the screen at hand that opens something."""
        path = urlsplit(self.page.url).path
        openers = self.page.locator(OPENERS)
        for number in range(openers.count()):
            self._open(openers.nth(number), path)

    def visit(self, path: str) -> bool:
        """Go there and read; False when it is no page."""
        try:
            answer = self.page.goto(path, wait_until="load")
        except Error as error:
            if "Download is starting" in error.message:
                return False
            raise
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            return False
        self.place = resolve(urlsplit(path).path).view_name or path
        self.screens += 1
        self.read()
        return True

    def _open(self, opener: Locator, path: str) -> None:
        try:
            if not opener.is_visible():
                return
            where = "" if opener.evaluate(f"(element) => element.matches('{SIDEBAR}')") else self.place
            signature = (where, opener.evaluate(SIGNATURE))
            if signature in self._clicked:
                return
            self._clicked.add(signature)
            opener.click(timeout=1500)
            self.opened += 1
            self.settle()
            if opener.evaluate("(element) => 'chooserActionChoose' in element.dataset"):
                self.page.locator(".modal.in .modal-body").wait_for()
            self._open_in_chooser()
        except Error:
            pass  # covered by what was opened before it, or gone with it
        self.read()
        self.page.keyboard.press("Escape")
        self.close_chooser()
        if urlsplit(self.page.url).path != urlsplit(path).path:
            self.visit(path)

    def close_chooser(self) -> None:
        backdrop, close = self.page.locator(".modal-backdrop"), self.page.locator(".modal.in .close")
        # It may still be opening, or closing already: the ground behind it comes first and goes last.
        for _look in range(20):
            if close.is_visible():
                close.click()
            if not backdrop.count():
                return
            self.page.wait_for_timeout(250)
        expect(backdrop).to_have_count(0)

    def _open_in_chooser(self) -> None:
        for number in range(self.page.locator(IN_A_CHOOSER).count()):
            opener = self.page.locator(IN_A_CHOOSER).nth(number)
            if opener.is_visible():
                opener.click(timeout=1500)
                self.opened += 1
                self.settle()
                self.read()

    def settle(self) -> None:
        """Until what was asked of the server has arrived, ten seconds at most."""
        for _ in range(200):
            self.page.wait_for_timeout(50)
            if not self._waiting:
                return

    def answer_forms(self) -> None:
        """What a form says that comes back with mistakes; without scripts, as few pages bring their own."""
        self._take(self.page.evaluate("() => watch.answers()"))

    def read(self) -> None:
        self._take(self.page.evaluate("() => watch.texts()"))

    def _hear(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":  # that one is the browser's own
            self._take([dialog.message])
        dialog.accept()

    def _take(self, texts: list[str]) -> None:
        for text in texts:
            if text in self.texts:
                continue
            self.texts.add(text)
            if english_in(text):
                self.english[text] = self.place


def addresses_without_object() -> list[str]:
    """Every address of the admin and the accounts that names no object, such as a report or a form."""
    plain = [route.removeprefix("^").removesuffix("$") for route in routes()]
    found = [f"/{route}" for route in plain if re.fullmatch(r"(admin|accounts)/[\w/-]*/", route)]
    return [path for path in found if not path.startswith(NOT_FOLLOWED)]
