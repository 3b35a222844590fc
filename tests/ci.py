"""A pytest plugin: how the suite is shared out, and that in CI a skipped test is a failure.

What CI skips nobody runs.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Folders whose tests share something that takes long to start: one worker runs all of a folder's. The crawl
# changes the demo it walks through, so it has one of its own.
TOGETHER = ("journeys/crawl", "journeys", "services")


class ByFolder(LoadScopeScheduling):
    """Those folders first and whole, every other test to whichever worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.removeprefix("tests/")
        return next((folder for folder in TOGETHER if path.startswith(f"{folder}/")), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    return ByFolder(config, log)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def _not_skipped(report: Any) -> Any:
    if in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nIn CI a skipped test is a failure."
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return _not_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    return _not_skipped((yield))
