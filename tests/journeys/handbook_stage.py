"""What the handbook's scenes play on: the demo's people, each with a window, and what of it is pictured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

PHONE = {"width": 360, "height": 640}
DESK = {"width": 820, "height": 520}
# Codes as they are shown, and the QR pictures of them.
SECRET = ".keys-code__group, .slip__code span"
SECRET_PICTURE = ":is(.keys-qr, .slip__qr) svg > *"
MASK = """(elements) => elements.forEach((element) => {
  if (element instanceof SVGElement) {
    element.replaceChildren();
    element.style.outline = "2px dashed";
  } else element.textContent = element.textContent.replace(/[0-9A-Za-z]/g, "•");
})"""


@dataclass(frozen=True)
class Shot:
    """The first `cut` on the page, and `below` it so many pixels more; all in all not over `tall`."""

    page: Page
    cut: str = "main"
    tall: int = 640
    below: int = 0
    picture: bool = True


@dataclass
class Stage:
    """The people of the demo, each with one window."""

    open: Callable[..., Page]
    log_in: Callable[[Page, str], None]
    pages: dict[str, Page] = field(default_factory=dict)

    def window(self, user: str, size: dict[str, int]) -> Page:
        """A user's window, logged in; of nobody if the name is empty. Each call may change its size."""
        if user not in self.pages:
            self.pages[user] = self.open(bypass_csp=True)
            if user:
                self.log_in(self.pages[user], user)
        self.pages[user].set_viewport_size(size)  # type: ignore[arg-type]
        return self.pages[user]


Scene = Callable[[Stage], Iterator[Shot]]


def press(element: Locator) -> None:
    """Click what leads to another page, and wait until it is there."""
    with element.page.expect_navigation():
        element.click()


def mask(page: Page) -> None:
    page.locator(SECRET).first.wait_for()
    page.locator(f"{SECRET}, :is(.keys-qr, .slip__qr) svg").evaluate_all(MASK)


def hide_address(page: Page, selector: str) -> None:
    """Where the demo runs is nobody's address."""
    page.locator(selector).first.evaluate(
        "element => { element.textContent = element.textContent.replace(location.host, 'cong.example') }"
    )
