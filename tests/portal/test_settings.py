"""A server's settings fail closed, and nothing of the demo can be switched on there."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from home.delivery.vapid import is_set_up, new_key, public_key
from portal.checks import (
    form_tokens_are_checked,
    no_demo_accounts_in_production,
    no_demo_in_production,
    rings_can_be_signed,
    staff_can_be_reached,
)
from portal.settings import base

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


def test_a_key_that_rings_is_made_and_read(settings: Any) -> None:
    written = StringIO()
    call_command("make_vapid_key", stdout=written)
    settings.VAPID_PRIVATE_KEY = written.getvalue().strip()
    assert rings_can_be_signed() == []
    assert len(public_key()) == 87
    assert new_key() != new_key()


@pytest.mark.parametrize(
    "key", ["x", "t" * 42, "t" * 44, "t" * 42 + "=", "A" * 43, "-----BEGIN PRIVATE KEY-----"]
)
def test_a_key_that_is_none_fails_the_check_with_its_name_and_is_not_repeated(
    settings: Any, key: str
) -> None:
    settings.VAPID_PRIVATE_KEY = key
    [error] = rings_can_be_signed()
    assert error.id == "portal.E007"
    assert "VAPID_PRIVATE_KEY" in error.msg
    assert key not in error.msg.split()


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "it@portal.example",
        "mailto:",
        "mailto:it",
        "mailto:it@localhost",
        "mailto:it@server.local",
        "mailto:it@server.LOCAL",
        "mailto:it@portal.invalid",
        "mailto:it@127.0.0.1",
        "mailto: it@portal.example",
        "mailto:<it@portal.example>",
        "mailto:it@portal.example,boss@portal.example",
        "http://portal.example",
        "https://localhost",
        "https://portal.local/a",
        "https://10.0.0.1/",
        "https://it@portal.example",
        "https://portal.example/a b",
    ],
)
def test_a_contact_that_a_push_service_refuses_fails_the_check_with_its_name(
    settings: Any, contact: str
) -> None:
    settings.VAPID_CONTACT = contact
    [error] = rings_can_be_signed()
    assert error.id == "portal.E008"
    assert "VAPID_CONTACT" in error.msg
    assert not is_set_up()


@pytest.mark.parametrize(
    "contact",
    ["mailto:it@portal.example", "mailto:it+ring@congan.hatinh.gov.vn", "https://portal.example/lien-he/"],
)
def test_a_contact_that_exists_passes(settings: Any, contact: str) -> None:
    settings.VAPID_CONTACT = contact
    assert rings_can_be_signed() == []
    assert is_set_up()


def test_without_a_key_no_contact_is_asked_for_and_the_deploy_check_says_that_nothing_rings(
    settings: Any,
) -> None:
    settings.DEFAULT_FROM_EMAIL = "tin@portal.example"
    assert staff_can_be_reached() == []
    settings.VAPID_PRIVATE_KEY = settings.VAPID_CONTACT = ""
    assert rings_can_be_signed() == []
    [said] = staff_can_be_reached()
    assert said.id == "portal.I001"
    assert not said.is_serious()


def test_mail_without_a_sender_that_exists_fails_the_deploy_check() -> None:
    def sender(**environment: str) -> str:
        return production("settings.DEFAULT_FROM_EMAIL", **SECRETS, **environment).stdout.strip()

    assert sender(EMAIL_URL="smtp://it%40portal.example:word@mail.example:587") == "it@portal.example"
    assert sender(EMAIL_URL="smtp://mail.example", EMAIL_FROM="tin@portal.example") == "tin@portal.example"
    with override_settings(DEFAULT_FROM_EMAIL=sender(EMAIL_URL="smtp://mail.example")):
        assert [error.id for error in staff_can_be_reached()] == ["portal.E009"]


def test_the_key_may_come_from_a_file_and_services_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("t" * 43 + "\n")
    result = production(
        "settings.VAPID_PRIVATE_KEY, settings.PUSH_SERVICES, settings.PUSH_TO_LOOPBACK",
        **SECRETS,
        VAPID_PRIVATE_KEY_FILE=str(tmp_path / "key"),
        PUSH_SERVICES="fcm.googleapis.com, *.push.apple.com",
        PUSH_TO_LOOPBACK="1",
    )
    assert result.stdout.strip() == str(("t" * 43, ["fcm.googleapis.com", "*.push.apple.com"], False))


def test_operators_read_which_hosts_a_server_must_reach() -> None:
    guide = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    _before, _title, section = guide.partition("### Hosts a server must reach")
    for host in base.PUSH_SERVICES:
        assert f"| `{host}` |" in section
