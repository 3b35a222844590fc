"""The handbook's scenes of people: slips, first log-in, forgotten passwords, opening a commune."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.handbook_stage import DESK, PHONE, Shot, Stage, hide_address, mask, press

NAME = "Nguyễn Văn Mẫu"
OWN_PASSWORD = "bon tu khong lien quan"


def _commune(page: Page, name: str) -> None:
    """From the unit's list of staff to one commune's."""
    page.goto(f"/admin/staff/?q={name}")
    press(page.locator(".staff-list__name a").first)


def _invite(stage: Stage) -> tuple[Page, str]:
    """The unit's editor prints a slip for an officer of Cẩm Duệ: her window and the code."""
    page = stage.window("huyen", DESK)
    _commune(page, "cẩm duệ")
    page.get_by_role("link", name="Mời người mới").click()
    page.get_by_label("Họ và tên").fill(NAME)
    page.get_by_label("cán bộ tiếp nhận tin").check()
    press(page.get_by_role("button", name="Làm phiếu mời"))
    # What an interrupted run left behind: a person of this name, or a slip.
    if page.get_by_label("Người khác trùng tên").count():
        page.get_by_label("Người khác trùng tên").check()
        press(page.get_by_role("button", name="Làm phiếu mời"))
    if page.get_by_role("button", name="In phiếu mới").count():
        press(page.get_by_role("button", name="In phiếu mới").first)
    return page, page.locator(".slip__code").inner_text()


def _withdraw(page: Page) -> None:
    """The slip is taken back, so that the demo is as before."""
    _commune(page, "cẩm duệ")
    press(page.get_by_role("button", name="Hủy phiếu").last)


def _use_slip(page: Page, code: str) -> None:
    page.goto("/moi/")
    page.get_by_label("Mã trên phiếu").fill(code)
    press(page.get_by_role("button", name="Tiếp tục"))


def _new_officer(stage: Stage) -> Page:
    """An officer of Cẩm Duệ who has a password of his own and waits for the key: his window."""
    _, code = _invite(stage)
    page = stage.window("", PHONE)
    _use_slip(page, code)
    username = page.get_by_label("Tên đăng nhập").input_value()
    for label in ("Mật khẩu mới", "Gõ lại mật khẩu lần nữa"):
        page.get_by_label(label, exact=True).fill(OWN_PASSWORD)
    press(page.get_by_role("button", name="Lưu mật khẩu này"))
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_PASSWORD)
    press(page.get_by_role("button", name="Đăng nhập"))
    page.wait_for_url("**/admin/")
    return page


def _dismiss(stage: Stage) -> None:
    """The officer of `_new_officer` leaves again."""
    page = stage.window("huyen", DESK)
    _commune(page, "cẩm duệ")
    page.get_by_role("link", name=NAME).last.click()
    press(page.get_by_role("link", name="Khóa tài khoản"))
    press(page.get_by_role("button", name="Khóa tài khoản"))


def first_log_in(stage: Stage) -> Iterator[Shot]:
    editor, code = _invite(stage)
    page = stage.window("", PHONE)
    page.goto("/moi/")
    page.get_by_label("Mã trên phiếu").fill("0000 0000 0000 0000")
    yield Shot(page)
    press(page.get_by_role("button", name="Tiếp tục"))
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
    hide_address(page, ".slip__steps li")
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
    press(page.get_by_role("button", name="Tiếp tục"))
    hide_address(page, ".staff strong")
    yield Shot(page, tall=420)
    _commune(page, "cẩm duệ")
    press(page.get_by_role("link", name="Đóng trang của đơn vị"))
    yield Shot(page, picture=False)
    _invite(stage)
    yield Shot(page, picture=False)
    _withdraw(page)
