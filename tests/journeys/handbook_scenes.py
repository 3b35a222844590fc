"""How to reach the screens that the handbook shows, by part. Each leaves the page as it is photographed."""

from collections.abc import Callable

from playwright.sync_api import Page

Scene = Callable[[Page], None]

# Whose eyes a role's parts are seen with.
USERS = {
    "everyone": "cam-trung-bientap",
    "editor": "cam-trung-bientap",
    "officer": "cam-trung-truc1",
    "unit-editor": "huyen",
    "translator": "quantri",
}


def _first_tip(page: Page) -> None:
    page.goto("/admin/tips/")
    page.locator("table tbody tr a").first.click()
    page.wait_for_load_state()


SCENES: dict[str, list[Scene]] = {
    "tra-loi-tin-bao": [_first_tip],
}
