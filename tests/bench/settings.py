"""The tests' settings with what log-ins cost on a real server, and one proxy in front as there."""

# ruff: noqa: I001 (the tests' settings come first: they bring the secrets)
from portal.settings.test import *  # noqa: F403
from portal.settings.base import OFFICER_KEY_COST, PASSWORD_HASHERS  # noqa: F401

TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 1
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as an installation has it, and not SQLite's in memory.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "bench.sqlite3"}  # noqa: F405
