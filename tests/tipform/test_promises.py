"""The page of promises names a test for each; what it names exists, and its numbers are the settings'."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[2]
PROMISES = (ROOT / "demo" / "pages" / "loi-hua-va-gioi-han.md").read_text()
PRIVACY = (ROOT / "demo" / "pages" / "quyen-rieng-tu.md").read_text()


def test_every_promise_names_tests_that_exist() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    promised, limits = PROMISES.split("\n## Giới hạn")
    named = re.findall(r"`(\w+)`", PROMISES)
    assert len(named) > 20
    for name in named:
        assert f"def {name}(" in source, name
    promises = [line for line in promised.splitlines() if line.startswith("- ")]
    assert all("`test_" in line for line in promises)
    assert len(promises) > 15 and limits


def test_the_days_on_the_pages_are_those_of_the_settings() -> None:
    assert f"tối đa {settings.BACKUP_DAYS} ngày" in PROMISES
    assert f"tối đa {settings.BACKUP_DAYS} ngày" in PRIVACY
    assert f"{settings.TIP_UP_WITHOUT_ANSWER_DAYS} ngày chưa ai trả lời" in PROMISES
    assert f"{settings.TIP_UP_WITHOUT_RESULT_DAYS} ngày chưa có kết quả" in PROMISES
