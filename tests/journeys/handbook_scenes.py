"""How to reach the screens that the handbook shows, part by part, with the demo's accounts.

A scene yields a `Shot` for each picture, in order, and one without a picture for a screen whose words the
part names. What is a secret in life is masked, though here it is the demo's: no picture teaches to take one.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from playwright.sync_api import Page

from portal.settings.base import BASE_DIR
from tests.journeys.handbook_people import colleague, first_log_in, forgotten_password, grant, open_a_commune
from tests.journeys.handbook_stage import DESK, PHONE, Scene, Shot, Stage, mask, press

PHOTO = BASE_DIR / "demo" / "images" / "helmet.webp"
TITLE = "Phát mũ bảo hiểm cho học sinh"
TEXT = "Sáng thứ Bảy, Công an xã và nhà trường phát mũ bảo hiểm cho học sinh lớp 1 tại sân trường."

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
    press(page.locator("#send-back button"))


def bell(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-truc1", PHONE)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    page.goto("/admin/bell/")
    page.get_by_role("button", name="Bật chuông trên máy này").wait_for()
    yield Shot(page, ".bell > section")
    page.goto("/admin/bell/choices/")
    yield Shot(page, ".bell__choices", tall=420)


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
    press(page.get_by_role("button", name="Rút lại để sửa"))
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
    press(author.get_by_role("link", name="Sửa và gửi duyệt lại").first)
    yield Shot(author, picture=False)


def review(stage: Stage) -> Iterator[Shot]:
    page = _waiting_post(stage)
    yield Shot(page, "#waiting-for-approval", tall=320)
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
    press(page.get_by_role("button", name="Xem bài"))
    yield Shot(page)
    page.goto("/admin/alerts/")
    yield Shot(page, picture=False)
    press(page.get_by_role("link", name=re.compile("^Cảnh báo mới")))
    yield Shot(page)
    page = stage.window("huyen", DESK)
    page.goto("/admin/alerts/")
    press(page.locator("a.work-panel__title").first)
    yield Shot(page, picture=False)


def templates(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    page.goto("/admin/alerts/")
    press(page.locator("a.work-panel__title").first)
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
    press(page.locator("td.title a").first)
    yield Shot(page, picture=False)


def days_off(stage: Stage) -> Iterator[Shot]:
    page = stage.window("huyen", DESK)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    press(page.get_by_role("link", name="Ngày nghỉ, ngày làm bù"))
    yield Shot(page, "main form")
    page.goto("/admin/status/")
    yield Shot(page, picture=False)


# --- tips and keys


def _tip(page: Page) -> None:
    """The demo's first tip: boats that pump sand."""
    page.goto("/admin/tips/")
    press(page.locator("tr", has_text="Khai thác cát trái phép").locator("a").first)


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
    press(page.get_by_role("button", name="Tìm", exact=True))
    page.get_by_label("Công an xã Cẩm Duệ").check()
    page.get_by_label(re.compile("Cùng xử lý:")).check()
    yield Shot(page, tall=760)
    page.get_by_label("Nội dung tin và thời gian xảy ra").check()
    page.get_by_label("Lý do", exact=False).first.fill("Thuyền chạy từ xã bên sang.")
    press(page.get_by_role("button", name="Tiếp tục"))
    yield Shot(page)


def keys(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-due-truc1", DESK)
    page.goto("/admin/keys/")
    yield Shot(page, picture=False)
    press(page.get_by_role("link", name="Thay mã khôi phục"))
    yield Shot(page, picture=False)
    page.get_by_role("button", name="Hiện mã khôi phục").click()
    mask(page)
    yield Shot(page)
    press(page.get_by_role("link", name="Đã ghi ra giấy, tiếp tục"))
    yield Shot(page)


def roster(stage: Stage) -> Iterator[Shot]:
    page = stage.window("cam-trung-truc1", PHONE)
    page.goto("/admin/")
    yield Shot(page, picture=False)
    press(page.get_by_role("link", name="Lịch trực"))
    yield Shot(page, ".roster section")
    unit = stage.window("huyen", DESK)
    unit.goto("/admin/")
    yield Shot(unit, picture=False)
    press(unit.get_by_role("link", name="Chuông của đơn vị"))
    yield Shot(unit, picture=False)
    # The unit's own officer is the only one who holds its key.
    page = stage.window("truc", PHONE)
    page.goto("/admin/duty/away/")
    day = date.today() + timedelta(days=20)
    page.get_by_label("Vắng từ ngày").fill(day.isoformat())
    page.get_by_label("Đến hết ngày").fill(day.isoformat())
    press(page.get_by_role("button", name="Lưu", exact=True))
    # In the demo he stands in for all communes; in life an officer works for one.
    page.locator(".staff-warning ~ .staff-warning").evaluate_all("all => all.forEach((one) => one.remove())")
    yield Shot(page, "main form")
    page.get_by_label("Đã báo cho đơn vị cấp trên").check()
    press(page.get_by_role("button", name="Lưu", exact=True))
    yield Shot(page, picture=False)
    press(page.get_by_role("button", name=f"Xóa {day:%d/%m/%Y}"))


def translating(stage: Stage) -> Iterator[Shot]:
    page = stage.window("quantri", DESK)
    page.goto("/admin/pages/search/?q=khả năng tiếp cận")
    yield Shot(page, picture=False)
    press(page.locator("td.title a").first)
    page.locator("header button[data-w-dropdown-target=toggle]").last.click()
    yield Shot(page, picture=False)
    page.get_by_role("link", name="Dịch trang này").click()
    page.get_by_label("Tiếng Anh").check()
    yield Shot(page, tall=320)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Dịch", exact=True).first.click()
    yield Shot(page, "main section section > ul > li", below=150)
    # The English draft goes again, so that the demo is as before.
    number = re.search(r"/pages/(\d+)/", page.url)
    assert number
    page.goto(f"/admin/pages/{number[1]}/delete/")
    press(page.locator("main form [type=submit]"))


SCENES: dict[str, Scene] = {
    "lan-dau-dang-nhap": first_log_in,
    "quen-mat-khau": forgotten_password,
    "chuong-bao": bell,
    "dang-bai-nhanh": quick_post,
    "bai-bi-tra-lai": sent_back,
    "soan-bai-may-tinh": desk_post,
    "sua-so-dien-thoai": phone_number,
    "bao-viec-khan": urgent,
    "tra-loi-tin-bao": tip,
    "chia-khoa": keys,
    "chuyen-tin": hand_on,
    "cap-lai-chia-khoa": grant,
    "lich-truc": roster,
    "duyet-bai": review,
    "mo-trang-cho-xa": open_a_commune,
    "dong-nghiep-quen-mat-khau": colleague,
    "mau-bai-khan": templates,
    "nam-tinh-hinh": overview,
    "ngay-nghi": days_off,
    "dich-trang": translating,
}
