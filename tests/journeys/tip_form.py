"""The tip form as a resident goes through it: a step each with scripts, one page without."""

from pathlib import Path

from playwright.sync_api import Page


def go_on(page: Page) -> int:
    """To the next step, if there are any. The number of taps."""
    button = page.locator("[data-next]")
    if not button.is_visible():
        return 0
    button.click()
    return 1


def fill_in(
    page: Page,
    words: str,
    *,
    kind: str = "",
    category: str = "",
    answers: dict[str, str] | None = None,
    files: Path | list[Path] | None = None,
    phone: str = "",
) -> int:
    """All steps up to the button that sends. `answers` by name. The number of taps."""
    page.wait_for_load_state()  # on a slow line the script that makes the steps comes after the form
    page.locator("[name=message]").fill(words)
    taps = 1 + go_on(page)
    for name, value in (("kind", kind), ("category", category)):
        if value:
            page.locator(f"[name={name}][value={value}]").check()
            taps += 1
    taps += go_on(page)
    for name, value in (answers or {}).items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        taps += 1
    taps += go_on(page)
    if files:
        page.locator("[name=attachments]").set_input_files(files)
        taps += 2  # the button, and the picture in the phone's own list
    taps += go_on(page)
    if phone:
        page.locator("[name=contact][value=callback]").check()
        page.locator("[name=phone]").fill(phone)
        taps += 2
    return taps + go_on(page)


def send(page: Page) -> None:
    page.locator("form[data-tip-form] [type=submit]").click()
