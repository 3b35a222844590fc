"""The admin fits a phone of 360 px: no label cut off, no button out of reach, whichever role looks at it.

Walks the screens that each role reaches by links, one of each kind, with all that opens on them.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

ROLES = {
    "commune editor": "cam-trung-bientap",
    "tip officer": "cam-trung-truc1",
    "unit editor": "huyen",
}
# Leaving ends the walk; what a visitor sees has tests of its own, and so has the preview of it.
NOT_FOLLOWED = re.compile(r"logout|/preview/|/view_draft/|/download/|/slip/")
# Alike: addresses that differ in these.
VARIABLE = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/help/)[a-z0-9-]+")
OPENERS = ", ".join(
    [
        ".sidebar-nav-toggle",
        "[data-w-dropdown-target=toggle]",
        "[data-side-panel-toggle]",
        "[data-chooser-action-choose]",
        "[data-streamfield-stream-add]",
        "[data-a11y-dialog-show]",
        "[role=tab]",
        "details:not([open]) > summary",
        ".sidebar-sub-menu-item button, .sidebar-footer__account button",
    ]
)
# Cut off or off the screen on purpose, each with its reason.
MEANT = {
    ".skiplink": "stands above the screen until it has the focus",
    ".sidebar--hidden": "the menu waits beside the screen until it is opened",
    ".sidebar-footer__account-label": "the name of one's own account may end in an ellipsis",
    ".w-breadcrumbs": "the path scrolls sideways; of a page's title two lines, and the page repeats it",
    ".public-DraftEditor-content": "what somebody wrote, in a field of its own",
    ".c-sf-block__title": "the beginning of a block's text, which follows below it",
    ".jcrop-keymgr": "takes the arrow keys of the picture's focal area",
}
FAULTS = """(meant) => {
  const width = document.documentElement.clientWidth, height = innerHeight, found = new Set();
  if (document.documentElement.scrollWidth > width) found.add("the page scrolls sideways");
  const styles = new Map();
  const style = (e) => styles.get(e) || styles.set(e, getComputedStyle(e)).get(e);
  const seen = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !e.closest(meant) && !e.closest("[aria-hidden=true], svg, script, style, noscript, template");
  const withParents = (e) => e && e !== document.body ? [e, ...withParents(e.parentElement)] : [];
  // Cut off by what it stands in, or by the screen, before there is anything to scroll sideways.
  const cut = (e, box) => {
    const line = withParents(e);
    // For screen readers alone.
    if (line.some((a) => style(a).clip !== "auto" || style(a).clipPath !== "none")) return false;
    for (const a of line) {
      const { overflowX } = style(a), edges = a.getBoundingClientRect();
      if (/auto|scroll/.test(overflowX) && a.scrollWidth > a.clientWidth) return false;
      if (overflowX !== "visible" && (box.right > edges.right + 2 || box.left < edges.left - 2)) return true;
    }
    return box.right > width + 1 || box.left < -1;
  };
  const words = (e) => (e.innerText || e.value || e.ariaLabel || "").trim().slice(0, 60);
  const name = (e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${words(e)}`;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const text = texts.currentNode, e = text.parentElement;
    if (!text.data.trim() || !e || !seen(e)) continue;
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()];
    if (boxes.some((box) => box.width > 2 && cut(e, box))) found.add(`cut off: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("a, button, input, select, textarea, summary, [role=tab]")) {
    const box = e.getBoundingClientRect();
    if (box.width > 2 && box.height > 2 && seen(e) && cut(e, box)) found.add(`out of reach: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("[role=dialog], dialog[open], .sidebar")) {
    if (!seen(e)) continue;
    for (const part of [e, ...e.children]) {
      const box = part.getBoundingClientRect();
      const beyond = box.top < -1 || box.bottom > height + 1;
      const scrolls = [...withParents(part), ...part.querySelectorAll("*")]
        .some((a) => /auto|scroll/.test(style(a).overflowY) && a.scrollHeight > a.clientHeight);
      if (box.width && beyond && !scrolls) found.add(`higher than the screen: ${name(e)}`);
    }
  }
  return [...found];
}"""
# What it is called, without a title in it, and whether it stands in the main menu.
OPENER = """(e) => [
  `${(e.ariaLabel || e.innerText).replace(/“.*”/, "").trim()} (${e.className})`,
  Boolean(e.closest("[data-wagtail-sidebar]")),
]"""
LETTERS = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '%s'; })"
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"


class Walk:
    """One role's way through the admin. `faults` has what is wrong, by the screen where it was met first."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.screens: list[str] = []
        self.opened: set[str] = set()
        self.faults: dict[str, str] = {}

    def run(self) -> None:
        queue, queued = ["/admin/", "/accounts/2fa/", "/accounts/password/change/"], {"/admin/"}
        while queue:
            path = queue.pop(0)
            if self._shows(path):
                for link in self._links():
                    kind = VARIABLE.sub("#", link)
                    if kind not in queued and not NOT_FOLLOWED.search(link):
                        queued.add(kind)
                        queue.append(link)

    def _shows(self, path: str) -> bool:
        try:
            answer = self.page.goto(path)
        except Error:  # a download
            return False
        if answer is None or not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return False
        self.screens.append(path)
        self._look(path)
        self._open_all(path)
        return True

    def _links(self) -> Iterator[str]:
        for link in self.page.evaluate(LINKS):
            parts = urlsplit(link)
            if parts.netloc == urlsplit(self.page.url).netloc and parts.path.startswith("/admin/"):
                yield parts.path

    def _open_all(self, path: str) -> None:
        covered = False
        for opener in self.page.locator(OPENERS).all():
            name, in_menu = opener.evaluate(OPENER)
            if name in self.opened:
                continue
            if covered and not in_menu:  # by what was opened before
                self.page.goto(path)
                covered = False
            if not opener.is_visible():
                continue
            try:
                opener.click(timeout=2000)
            except Error:  # lies under the header here: met on another screen
                continue
            self.opened.add(name)
            self.page.wait_for_timeout(250)
            self._look(f"{path}, {name}")
            covered = True

    def _look(self, where: str) -> None:
        for fault in self.page.evaluate(FAULTS, ", ".join(MEANT)):
            self.faults.setdefault(fault, where)


@pytest.mark.parametrize(
    ("role", "letters"), [*((role, "100%") for role in ROLES), ("tip officer", "200%")], ids=str
)
def test_nothing_is_cut_off_on_a_phone_of_the(
    role: str,
    letters: str,
    phone: OpenPhone,
    log_in: LogIn,
    record_property: Callable[[str, object], None],
) -> None:
    page = phone()
    page.add_init_script(LETTERS % letters)
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, ROLES[role])
    walk = Walk(page)
    walk.run()
    record_property(f"{role}: screens", len(walk.screens))
    record_property(f"{role}: opened", len(walk.opened))
    assert len(walk.screens) >= 10, walk.screens
    assert len(walk.opened) >= 3, walk.opened
    assert not walk.faults, "\n".join(f"{where}: {fault}" for fault, where in walk.faults.items())
