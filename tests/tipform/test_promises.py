"""Each promise of the page has its tests in SECURITY.md; they exist, and its numbers are the settings'."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communes.lifecycle.opening import STARTER_PAGES, open_unit

ROOT = Path(__file__).parents[2]
PROMISES = (STARTER_PAGES / "loi-hua-va-gioi-han.md").read_text()


def test_every_promise_is_held_by_tests_that_exist() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    held = dict(re.findall(r"^\| (.+?) \| ((?:`test_\w+` ?)+)\|$", (ROOT / "SECURITY.md").read_text(), re.M))
    promised = PROMISES.split("\n## Khi gửi tin")[1].split("\n## Giới hạn")[0]
    promises = [line.removeprefix("- ") for line in promised.splitlines() if line.startswith("- ")]
    assert len(promises) > 15
    assert set(promises) == set(held)
    for name in re.findall(r"`(\w+)`", " ".join(held.values())):
        assert f"def {name}(" in source, name


def test_the_first_part_of_the_page_is_short_and_names_no_test() -> None:
    """What is kept, who reads it, for how long, what is not promised: what somebody in fear reads."""
    first = PROMISES.split("+++\n")[2].split("\n## Khi gửi tin")[0]
    assert re.findall("^## (.+)$", first, re.M) == [
        "Giữ lại những gì",
        "Ai đọc được",
        "Giữ bao lâu",
        "Không hứa được",
    ]
    assert len(first) < 1000
    assert "test_" not in PROMISES


def test_every_test_that_the_security_page_names_exists() -> None:
    file, named = "", 0
    for path, name in re.findall(r"`([\w/]+\.py|…)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text()):
        file = file if path == "…" else path
        source = (ROOT / "tests" / file.removeprefix("tests/")).read_text()
        assert not name or f"def {name}(" in source, (file, name)
        named += 1
    assert named > 40


@pytest.mark.django_db
@pytest.mark.usefixtures("nothing_open")
def test_every_unit_starts_with_them_and_their_days_are_those_of_the_settings(settings: Any) -> None:
    settings.BACKUP_DAYS, settings.TIP_UP_WITHOUT_ANSWER_DAYS, settings.TIP_UP_WITHOUT_RESULT_DAYS = 41, 8, 23
    open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")

    def page(slug: str) -> str:
        response = Client().get(f"/{slug}/")
        assert response.status_code == 200, slug
        text = response.content.decode()
        assert not re.search(r"\{\w+\}", re.sub("<script.*?</script>|<style.*?</style>", "", text)), slug
        return text

    promises, privacy = page("loi-hua-va-gioi-han"), page("quyen-rieng-tu")
    assert "tối đa 41 ngày" in promises and "tối đa 41 ngày" in privacy
    assert "8 ngày chưa ai trả lời" in promises and "23 ngày chưa có kết quả" in promises
    assert "Công an huyện Cẩm Xuyên chịu trách nhiệm" in privacy and "0239 000 0100" in privacy
    assert "Tố cáo" in page("to-cao") and "WCAG" in page("kha-nang-tiep-can")
    search = Client().get("/tim-kiem/", {"q": "tố cáo"}).content.decode()
    assert 'href="/to-cao/"' in search
