"""A real browser against the real demo: granian, two workers, hashed static files, a database of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .upload_stage import big_photo, film, open_form, tus_server  # noqa: F401 - fixtures

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"
PHONE = {"width": 360, "height": 780}
PASSWORD = "ket-noi-an-ninh"
# portal.settings.test sets these in this process; the demo has its own.
SETTINGS_OF_OTHER_TESTS = {"SECRET_KEY", "TIP_KEYRING", "VAR_DIR", "DATABASE_URL", "REDIS_URL"}


def chromium_path() -> str | None:
    """$CHROMIUM, else a Chromium of the system."""
    names = ["chromium", "chromium-browser", "google-chrome"]
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a freshly set-up demo; of one that runs already if DEMO_URL names it."""
    yield from served_demo(tmp_path_factory)


def served_demo(tmp_path_factory: pytest.TempPathFactory, *command: str, **more: str) -> Iterator[str]:
    """Started by `command` if not by its own, with `more` in its environment."""
    if running := os.environ.get("DEMO_URL"):
        yield running
        return
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in SETTINGS_OF_OTHER_TESTS}
    environment |= {
        "VAR_DIR": str(folder / "var"),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        **more,
    }
    command = command or (str(ROOT / "manage.py"), "demo")
    log = (folder / "log").open("w+")
    process = subprocess.Popen([sys.executable, *command], env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Any) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/health/ready/", timeout=5)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    log.seek(0)
    pytest.fail(f"The demo did not start:\n{log.read()[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium: apt-get install chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def with_microphone(browser: Browser) -> Iterator[Browser]:
    """A browser that hears a beep each second, and whose owner lends the microphone."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    other = browser.browser_type.launch(executable_path=chromium_path(), args=flags)
    yield other
    other.close()


@pytest.fixture
def phone(browser: Browser, demo: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a page of a phone of its own; `phone(scripts=False)` has JavaScript off.

    A screenshot of every phone is kept under test-results/ when the test fails.
    """
    contexts: list[BrowserContext] = []

    def open_phone(*, scripts: bool = True, **options: Any) -> Page:
        usual = {"viewport": PHONE, "locale": "vi-VN"}
        context = browser.new_context(base_url=demo, java_script_enabled=scripts, **{**usual, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield open_phone
    report = getattr(request.node, "report_of_call", None)
    for number, context in enumerate(contexts):
        if report is not None and report.failed:
            for page in context.pages:
                RESULTS.mkdir(exist_ok=True)
                page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png", full_page=True)
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    if report.when == "call":
        item.report_of_call = report  # type: ignore[attr-defined]
    return report


@pytest.fixture
def log_in() -> Callable[[Page, str], None]:
    def log_in(page: Page, username: str) -> None:
        page.goto("/admin/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form button[type=submit]").first.click()
        page.wait_for_url("**/admin/")

    return log_in


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone's photo, made here: 1600 × 1200 pixels."""
    from PIL import Image

    path = tmp_path_factory.mktemp("photo") / "IMG_2026.jpg"
    # Another one each time: Wagtail asks back when it knows a picture.
    image = Image.frombytes("RGB", (40, 30), os.urandom(40 * 30 * 3)).resize((1600, 1200))
    image.save(path, quality=80)
    return path
