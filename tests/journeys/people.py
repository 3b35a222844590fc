"""New officers of a new commune: by the wizard, its printed slips, and a password of their own."""

import random
import re
from collections.abc import Callable
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.journeys import tip_form

OpenPhone = Callable[..., Page]
LogIn = Callable[[Page, str], None]

CONTINUE = "Tiếp tục"
# What people choose: words, with the marks of their language.
PASSWORDS = ["con đò sang sông 7", "lúa chín vàng đồng 9"]

# Seconds that somebody needs who sees the pages for the first time, on a telephone, and slow at it: a look, a
# decision and a movement for each tap; 17 words typed a minute, where 36 are usual on a telephone; every
# page read in whole, each time it comes, at 200 syllables a minute, where grown-ups read more than 250.
A_TAP, A_KEY, A_SYLLABLE, A_SCAN = 3.0, 0.7, 60 / 200, 15.0
COPYING_A_CHARACTER = 2.0  # by hand on paper, and looking at it again
GOING_TO_A_COLLEAGUE, INSTALLING_AN_APP = 60.0, 90.0


class Person:
    """Somebody at a browser, and what he does: taps, keys, and words that he reads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.keys = self.syllables = self.scans = self.copied = 0

    def tap(self, place: Locator) -> None:
        place.click()
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)
        self.taps += 1
        self.keys += len(text)

    def read(self) -> str:
        """All of the page but its frame, as a newcomer does."""
        text = self.page.locator("main").first.inner_text()
        self.syllables += len(text.split())
        return text

    def scan(self, address: str) -> None:
        self.page.goto(address)
        self.scans += 1

    @property
    def seconds(self) -> float:
        return (
            self.taps * A_TAP
            + self.keys * A_KEY
            + self.syllables * A_SYLLABLE
            + self.scans * A_SCAN
            + self.copied * COPYING_A_CHARACTER
        )


def qr_codes(picture: bytes) -> list[str]:
    """What a telephone's camera makes of the picture, from top to bottom."""
    found = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return [code.text for code in sorted(found, key=lambda code: code.position.top_left.y)]


def open_commune(editor: Page, *names: str) -> tuple[str, list[str]]:
    """The unit's editor opens a commune with tip officers; its slug, and what the slips' QR codes say."""
    number = random.randint(10_000, 99_999)
    editor.goto("/admin/staff/open/")
    editor.select_option("[name=kind]", "xã")
    editor.fill("[name=name]", f"Đồng Mới {number}")
    editor.fill("[name=phone]", "0239 000 0777")
    for place, name in enumerate(names):
        editor.fill(f"[name=people-{place}-full_name]", name)
        editor.check(f"[name=people-{place}-roles][value=officer]")
    editor.get_by_role("button", name=CONTINUE).click()
    editor.get_by_role("button", name="Mở trang").click()
    editor.locator(".slip").first.wait_for()
    return f"dong-moi-{number}", qr_codes(editor.screenshot(full_page=True))


def accept_slip(person: Person, address: str, password: str) -> str:
    """From the slip in his hand to the first page of his work; his account's name."""
    page = person.page
    person.scan(address)
    person.read()
    person.tap(page.get_by_role("button", name=CONTINUE))
    page.wait_for_selector("[name=password1]")
    person.read()
    account = page.input_value("[name=username]")
    person.type("[name=password1]", password)
    person.type("[name=password2]", password)
    person.tap(page.get_by_role("button", name="Lưu mật khẩu này"))
    page.wait_for_url("**/accounts/login/")
    person.read()
    assert page.input_value("[name=login]") == account
    person.type("[name=password]", password)
    person.tap(page.get_by_role("button", name="Đăng nhập"))
    page.wait_for_url("**/admin/")
    return account


def open_box(person: Person) -> list[str]:
    """From the first page to the open box, through one slip of the pen; the groups of the recovery code."""
    page = person.page
    person.read()
    person.tap(page.get_by_role("link", name="Mở hộp tin"))
    person.read()
    person.tap(page.locator(".keys-unit").get_by_role("link", name="Mở hộp tin"))
    person.read()
    person.tap(page.get_by_role("button", name="Hiện mã khôi phục"))
    page.wait_for_url("**/code/")
    person.read()
    groups = page.locator(".keys-code__group").all_inner_texts()
    assert all(re.fullmatch("[A-Z2-7]{4}", group) for group in groups)
    assert qr_codes(page.locator(".keys-qr").screenshot()) == ["".join(groups)]
    person.copied += len("".join(groups))
    person.tap(page.get_by_role("link", name="Đã ghi ra giấy"))
    page.wait_for_url("**/confirm/")
    person.read()
    type_back(person, ["AAAA"] * len(groups))
    page.get_by_text("Chưa đúng nhóm này").first.wait_for()
    person.read()
    type_back(person, groups)
    page.wait_for_url("**/admin/keys/")
    return groups


def type_back(person: Person, groups: list[str]) -> None:
    asked = person.page.locator("input[name^='group-']").all()
    for field in asked:
        name = field.get_attribute("name") or ""
        person.type(f"[name={name}]", groups[int(name.removeprefix("group-")) - 1].lower())
    person.tap(person.page.get_by_role("button", name="Xác nhận"))


def grant(holder: Person, waiting: Person) -> None:
    """Face to face: the one who waits reads five digits out, the other types them."""
    waiting.page.goto("/admin/keys/")
    digits = waiting.page.locator(".keys-fingerprint").last.inner_text().split()[-1]
    holder.page.goto("/admin/keys/")
    holder.taps += 1
    holder.read()
    holder.type("[name=digits]", digits)
    holder.tap(holder.page.get_by_role("button", name="Cấp chìa khóa"))
    holder.page.get_by_text("đã đọc được tin").first.wait_for()


def send_tip(page: Page, words: str) -> None:
    tip_form.fill_in(page, words, category="illegal-sand-mining")
    tip_form.send(page)
    page.locator(".receipt__code").wait_for()
