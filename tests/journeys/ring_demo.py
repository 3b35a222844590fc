"""Starts the demo with ring_settings in place of its own settings."""

import sys
from typing import Any

from portal.launcher import __main__ as launcher

usual = launcher.child_environment


def with_ring_settings(*about: Any) -> dict[str, str]:
    return {**usual(*about), "DJANGO_SETTINGS_MODULE": "tests.journeys.ring_settings"}


launcher.child_environment = with_ring_settings
sys.exit(launcher.main([]))
