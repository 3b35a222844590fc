"""A server's settings fail closed, and nothing of the demo can be switched on there."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.checks import form_tokens_are_checked, no_demo_accounts_in_production, no_demo_in_production

ROOT = Path(__file__).parents[2]
SECRETS = {"SECRET_KEY": "s" * 60, "TIP_KEYRING": "k1:" + "5a" * 32, "ALLOWED_HOSTS": "portal.example"}


def production(expression: str = "None", **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings in a process that has only these variables."""
    script = f"from portal.settings import production as settings; print(({expression}))"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    return subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": paths, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_a_missing_secret_stops_the_start_with_its_name(missing: str) -> None:
    environment = {name: value for name, value in SECRETS.items() if name != missing}
    for extra in ({}, {missing: "  "}):
        result = production(**environment, **extra)
        assert result.returncode != 0
        last = result.stderr.strip().splitlines()[-1]
        assert "ImproperlyConfigured" in last
        assert missing in last
        assert not any(value in result.stderr for value in environment.values())


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(value + "\n")
    result = production(
        "settings.SECRET_KEY, settings.TIP_KEYRING, settings.ALLOWED_HOSTS",
        **{f"{name}_FILE": str(tmp_path / name) for name in SECRETS},
    )
    assert result.stdout.strip() == str((SECRETS["SECRET_KEY"], SECRETS["TIP_KEYRING"], ["portal.example"]))


def test_no_variable_switches_debugging_or_the_demo_on() -> None:
    result = production(
        "settings.DEBUG, settings.DEMO, settings.SECOND_FACTOR_REQUIRED, settings.SECURE_SSL_REDIRECT",
        **SECRETS,
        DEBUG="1",
        DEMO="1",
        DEMO_PASSWORD="x",
        DJANGO_DEBUG="1",
    )
    assert result.stdout.strip() == "(False, False, True, True)"


def test_the_demo_under_other_settings_fails_the_check(settings: Any) -> None:
    assert no_demo_in_production() == []
    settings.DEMO = True
    assert [error.id for error in no_demo_in_production()] == ["portal.E001"]


@pytest.mark.django_db
def test_the_demos_accounts_in_another_database_fail_the_check() -> None:
    from communes.models import User

    User.objects.create_user("huyen", "huyen@somewhere.example", "mật khẩu thật")
    assert no_demo_accounts_in_production(databases=["default"]) == []
    User.objects.create_user("cam-trung-truc1", "cam-trung-truc1@demo.invalid", "ket-noi-an-ninh")
    assert [error.id for error in no_demo_accounts_in_production(databases=["default"])] == ["portal.E002"]


def test_without_the_check_of_form_tokens_the_portal_says_so(settings: Any) -> None:
    assert form_tokens_are_checked() == []
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
    assert [error.id for error in form_tokens_are_checked()] == ["portal.E006"]
