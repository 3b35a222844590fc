"""How to reach the screens that the handbook shows, part by part, with the demo's accounts.

A scene yields a `Shot` for each picture, in order, and one without a picture for a screen whose words the
part names. What is a secret in life is masked, though here it is the demo's: no picture teaches to take one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from playwright.sync_api import Page

from portal.settings.base import BASE_DIR

PHONE = {"width": 360, "height": 640}
DESK = {"width": 820, "height": 520}
PHOTO = BASE_DIR / "demo" / "images" / "helmet.webp"
NAME = "Nguyễn Văn Mẫu"
TITLE = "Phát mũ bảo hiểm cho học sinh"
TEXT = "Sáng thứ Bảy, Công an xã và nhà trường phát mũ bảo hiểm cho học sinh lớp 1 tại sân trường."
OWN_PASSWORD = "bon tu khong lien quan"
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


def mask(page: Page) -> None:
    page.locator(SECRET).first.wait_for()
    page.locator(f"{SECRET}, :is(.keys-qr, .slip__qr) svg").evaluate_all(MASK)


def _hide_address(page: Page, selector: str) -> None:
    """Where the demo runs is nobody's address."""
    page.locator(selector).first.evaluate(
        "element => { element.textContent = element.textContent.replace(location.host, 'cong.example') }"
    )


# --- people and slips


def _commune(page: Page, name: str) -> None:
    """From the unit's list of staff to one commune's."""
    page.goto(f"/admin/staff/?q={name}")
    page.locator(".staff-list__name a").first.click()


def _invite(stage: Stage) -> tuple[Page, str]:
    """The unit's editor prints a slip for an officer of Cẩm Duệ: her window and the code."""
    page = stage.window("huyen", DESK)
    _commune(page, "cẩm duệ")
    page.get_by_role("link", name="Mời người mới").click()
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("cán bộ tiếp nhận tin").check()
    page.get_by_role("button", name="Làm phiếu mời").click()
    # What an interrupted run left behind: a person of this name, or a slip.
    if page.get_by_label("Người khác trùng tên").count():
        page.get_by_label("Người khác trùng tên").check()
        page.get_by_role("button", name="Làm phiếu mời").click()
    if page.get_by_role("button", name="In phiếu mới").count():
        page.get_by_role("button", name="In phiếu mới").first.click()
    return page, page.locator(".slip__code").inner_text()


def _withdraw(page: Page) -> None:
    """The slip is taken back, so that the demo is as before."""
    _commune(page, "cẩm duệ")
    page.get_by_role("button", name="Hủy phiếu").last.click()


def _use_slip(page: Page, code: str) -> None:
    page.goto("/moi/")
    page.get_by_label("Mã trên phiếu").fill(code)
    page.get_by_role("button", name="Tiếp tục").click()


def _new_officer(stage: Stage) -> Page:
    """An officer of Cẩm Duệ who has a password of his own and waits for the key: his window."""
    _, code = _invite(stage)
    page = stage.window("", PHONE)
    _use_slip(page, code)
    username = page.get_by_label("Tên đăng nhập").input_value()
    for label in ("Mật khẩu mới", "Gõ lại mật khẩu lần nữa"):
        page.get_by_label(label, exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Lưu mật khẩu này").click()
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/admin/")
    return page


def _dismiss(stage: Stage) -> None:
    """The officer of `_new_officer` leaves again."""
    page = stage.window("huyen", DESK)
    _commune(page, "cẩm duệ")
    page.get_by_role("link", name=NAME).last.click()
    page.get_by_role("link", name="Khóa tài khoản").click()
    page.get_by_role("button", name="Khóa tài khoản").click()


def first_log_in(stage: Stage) -> Iterator[Shot]:
    editor, code = _invite(stage)
    page = stage.window("", PHONE)
    page.goto("/moi/")
    page.get_by_label("Mã trên phiếu").fill("0000 0000 0000 0000")
    yield Shot(page)
    page.get_by_role("button", name="Tiếp tục").click()
    yield Shot(page, picture=False)
    _use_slip(page, code)
    yield Shot(page)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    _withdraw(editor)
    yield Shot(stage.window("cam-due-bientap", PHONE), picture=False)


def forgotten_password(stage: Stage) -> Iterator[Shot]:
    page = stage.window("", PHONE)
    page.goto("/moi/")
    yield Shot(page, picture=False)
    page.goto("/admin/")
    yield Shot(page)
    officer = _new_officer(stage)
    yield Shot(officer, picture=False)
    officer.goto("/admin/tips/")
    yield Shot(officer, ".keys-inbox")
    officer.goto("/admin/account/")
    yield Shot(officer, picture=False)
    _dismiss(stage)


def grant(stage: Stage) -> Iterator[Shot]:
    yield Shot(_new_officer(stage), picture=False)
    page = stage.window("cam-due-truc1", DESK)
    page.goto("/admin/keys/")
    yield Shot(page, ".keys-unit")
    _dismiss(stage)


def colleague(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/staff/")
    yield Shot(page, picture=False)
    page.goto("/admin/keys/health/")
    yield Shot(page, picture=False)
    _commune(page, "cẩm duệ")
    yield Shot(page, picture=False)
    page.get_by_role("link", name="cam-due-truc1").click()
    page.get_by_role("heading", name="Tài khoản", exact=True).wait_for()
    yield Shot(page, "h2:text-is('Tài khoản')", below=170)
    page, _ = _invite(stage)
    mask(page)
    _hide_address(page, ".slip__steps li")
    yield Shot(page, ".slip")
    _commune(page, "cẩm duệ")
    yield Shot(page, picture=False)
    _withdraw(page)


def open_a_commune(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/staff/")
    yield Shot(page, picture=False)
    page.get_by_role("link", name="Mở trang cho xã mới").click()
    page.get_by_label("Tên", exact=True).fill("Cẩm Mẫu")
    page.get_by_label("Số điện thoại trực ban").fill("0239 000 0199")
    page.get_by_label("Địa chỉ", exact=True).fill("Cạnh Ủy ban nhân dân xã, thôn 4")
    yield Shot(page)
    page.get_by_role("button", name="Tiếp tục").click()
    _hide_address(page, ".staff strong")
    yield Shot(page, tall=420)
    _commune(page, "cẩm duệ")
    page.get_by_role("link", name="Đóng trang của xã").click()
    yield Shot(page, picture=False)
    _invite(stage)
    yield Shot(page, picture=False)
    _withdraw(page)


# --- posts


def _write(page: Page) -> None:
    page.goto("/admin/quick-post/")
    page.get_by_label("Tiêu đề").fill(TITLE)
    page.get_by_label("Nội dung").fill(TEXT)


def _waiting_post(stage: Stage) -> Page:
    """The unit's editor with a post of Cẩm Trung's editor under review."""
    author = stage.window("cam-trung-bientap", PHONE)
    _write(author)
    author.get_by_label("Gấp").check()
    author.get_by_role("button", name="Gửi duyệt", exact=True).click()
    author.wait_for_url("**/sent/")
    page = stage.window("huyen", DESK)
    page.goto("/admin/")
    return page


def _send_back(page: Page) -> None:
    page.locator("[data-opens]").click()
    page.locator("input[name=reason]").nth(1).check()
    page.locator("#send-back button").click()


def quick_post(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-bientap", PHONE)
    yield Shot(page, picture=False)
    _write(page)
    yield Shot(page, ".quickpost")
    page.locator("input[type=file]").set_input_files(PHOTO)
    page.locator("[data-photos] img").evaluate("image => image.decode()")
    yield Shot(page, ".quickpost__field:has([data-photos])")
    page.get_by_role("button", name="Gửi duyệt", exact=True).click()
    page.locator("[data-warnings] li").first.wait_for()
    yield Shot(page, "[data-review]")
    page.get_by_role("button", name="Vẫn gửi duyệt").click()
    page.wait_for_url("**/sent/")
    yield Shot(page, picture=False)
    page.get_by_role("button", name="Rút lại để sửa").click()
    page.goto("/admin/")
    yield Shot(page, picture=False)
    page.goto("/admin/approval/mine/")
    yield Shot(page, picture=False)
    page.goto("/admin/")
    page.get_by_role("link", name="Tất cả bài của đơn vị").click()
    address = page.locator("td.title a[href$='/edit/']").last.get_attribute("href") or ""
    page.goto(re.sub(r".*/(\d+)/edit/", r"/admin/quick-post/share/\1/", address))
    yield Shot(page, picture=False)


def sent_back(stage: Stage) -> Iterator[Shot]:
    page = _waiting_post(stage)
    author = stage.window("cam-trung-bientap", PHONE)
    yield Shot(author, picture=False)
    author.goto("/admin/approval/mine/")
    yield Shot(author, picture=False)
    page.get_by_role("link", name=TITLE).first.click()
    page.locator("#decide").wait_for(state="attached")
    author.reload()
    yield Shot(author, picture=False)
    _send_back(page)
    author.goto("/admin/")
    yield Shot(author, ".work-panel__row:has(.work-panel__reason)")
    author.get_by_role("link", name="Sửa và gửi duyệt lại").first.click()
    yield Shot(author, picture=False)


def review(stage: Stage) -> Iterator[Shot]:
    page = _waiting_post(stage)
    yield Shot(page, ".work-panel", tall=320)
    page.goto("/admin/approval/")
    yield Shot(page, picture=False)
    page.goto("/admin/")
    page.get_by_role("link", name=TITLE).first.click()
    page.frame_locator("iframe").locator("h1").wait_for()
    yield Shot(page, "body")
    _send_back(page)
    page.goto("/admin/")
    yield Shot(page, picture=False)


def desk_post(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-bientap", DESK)
    page.goto("/admin/")
    home = page.locator("[id^=commune-]").first
    page.get_by_role("link", name="Đăng bài", exact=True).first.click()
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill("Phụ huynh đưa con đến sân trường lúc 7 giờ 30 sáng thứ Bảy.")
    yield Shot(page, tall=430)
    page.goto("/admin/")
    home.wait_for()
    yield Shot(page, "[id^=commune-]")


def phone_number(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-bientap", PHONE)
    page.goto("/admin/")
    yield Shot(page, "[id^=commune-]")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.get_by_role("link", name=re.compile("^Trang đầu: trực ban")).click()
    yield Shot(page, ".w-panel:has(#id_duty_phone)")


def urgent(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-bientap", PHONE)
    page.goto("/admin/urgent/")
    yield Shot(page, tall=340)
    page.get_by_role("link", name="Nước lũ lên nhanh").click()
    page.locator(".sheet select").first.wait_for()
    for select in page.locator(".sheet select").all():
        select.select_option(index=1)
    page.locator(".sheet input[type=time]").fill("17:30")
    page.locator(".sheet input[type=date]").fill(date.today().isoformat())
    yield Shot(page, picture=False)
    page.get_by_role("button", name="Xem bài").click()
    yield Shot(page)
    page.goto("/admin/alerts/")
    yield Shot(page, picture=False)
    page.get_by_role("link", name=re.compile("^Cảnh báo mới")).click()
    yield Shot(page)
    page = stage.window("huyen", DESK)
    page.goto("/admin/alerts/")
    page.locator("a.work-panel__title").first.click()
    yield Shot(page, picture=False)


def templates(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    page.goto("/admin/alerts/")
    page.locator("a.work-panel__title").first.click()
    yield Shot(page)
    page.goto("/admin/urgent/")
    yield Shot(page, picture=False)
    page.get_by_role("link", name=re.compile("^Nước lũ")).click()
    yield Shot(page, ".sheet__slot")


def overview(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/")
    yield Shot(page, ".work-panel:has(#to-do), #to-do")
    page.goto("/admin/tip-categories/")
    yield Shot(page)
    page.locator("td.title a").first.click()
    yield Shot(page, picture=False)


# --- tips and keys


def _tip(page: Page) -> None:
    """The demo's first tip: boats that pump sand."""
    page.goto("/admin/tips/")
    page.locator("tr", has_text="Khai thác cát trái phép").locator("a").first.click()


def tip(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-truc1", PHONE)
    page.goto("/admin/tips/")
    yield Shot(page)
    _tip(page)
    page.locator(".tip__files img").first.evaluate("image => image.decode()")
    yield Shot(page)
    page.get_by_label("Trả lời người báo tin").fill("Cảm ơn, Công an xã đã nhận được và đang xem.")
    yield Shot(page, "#work", below=460, tall=900)


def hand_on(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-truc1", DESK)
    _tip(page)
    yield Shot(page, picture=False)
    page.get_by_role("button", name="Chuyển / cùng xử lý").click()
    page.get_by_label("Tìm đơn vị khác").fill("cam due")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.get_by_label("Công an xã Cẩm Duệ").check()
    page.get_by_label(re.compile("Cùng xử lý:")).check()
    yield Shot(page, tall=760)
    page.get_by_label("Nội dung tin và thời gian xảy ra").check()
    page.get_by_label("Lý do", exact=False).first.fill("Thuyền chạy từ xã bên sang.")
    page.get_by_role("button", name="Tiếp tục").click()
    yield Shot(page)


def keys(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-due-truc1", DESK)
    page.goto("/admin/keys/")
    yield Shot(page, picture=False)
    page.get_by_role("link", name="Thay mã khôi phục").click()
    yield Shot(page, picture=False)
    page.get_by_role("button", name="Hiện mã khôi phục").click()
    mask(page)
    yield Shot(page)
    page.get_by_role("link", name="Đã ghi ra giấy, tiếp tục").click()
    yield Shot(page)


def translating(stage: Stage) -> Iterator[Shot]:
    page = stage.window("quantri", DESK)
    page.goto("/admin/pages/search/?q=khả năng tiếp cận")
    yield Shot(page, picture=False)
    page.locator("td.title a").first.click()
    page.locator("header button[data-w-dropdown-target=toggle]").last.click()
    yield Shot(page, picture=False)
    page.get_by_role("link", name="Dịch trang này").click()
    page.get_by_label("Tiếng Anh").check()
    yield Shot(page, tall=320)
    page.get_by_role("button", name="Gửi duyệt").click()
    page.get_by_role("button", name="Dịch", exact=True).first.click()
    yield Shot(page, "main section section > ul > li", below=150)
    # The English draft goes again, so that the demo is as before.
    number = re.search(r"/pages/(\d+)/", page.url)
    assert number
    page.goto(f"/admin/pages/{number[1]}/delete/")
    page.locator("main form [type=submit]").click()


SCENES: dict[str, Scene] = {
    "lan-dau-dang-nhap": first_log_in,
    "quen-mat-khau": forgotten_password,
    "dang-bai-nhanh": quick_post,
    "bai-bi-tra-lai": sent_back,
    "soan-bai-may-tinh": desk_post,
    "sua-so-dien-thoai": phone_number,
    "bao-viec-khan": urgent,
    "tra-loi-tin-bao": tip,
    "chia-khoa": keys,
    "chuyen-tin": hand_on,
    "cap-lai-chia-khoa": grant,
    "duyet-bai": review,
    "mo-trang-cho-xa": open_a_commune,
    "dong-nghiep-quen-mat-khau": colleague,
    "mau-bai-khan": templates,
    "nam-tinh-hinh": overview,
    "dich-trang": translating,
}
