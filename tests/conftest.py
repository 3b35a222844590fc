"""The people and places of every test: one unit, two communes, their staff, and those who must be refused."""

import os
from typing import Any

import pytest

# Playwright runs an event loop in this thread; Django's guard would take database calls for async ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ["tests.ci"]

PASSWORD = "mật khẩu thử 2026"


@pytest.fixture
def unit(db: None) -> Any:
    """Công an huyện Cẩm Xuyên, with home page, news, guides and approval."""
    from communes.opening import open_unit

    unit, _home = open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")
    return unit


def _commune(unit: Any, name: str) -> Any:
    from communes.models import CommunePage
    from communes.opening import open_commune

    report = open_commune(parent=unit, kind="xã", name=name, phone="0239 000 0113")
    return CommunePage.objects.get(unit=report.unit)


@pytest.fixture
def commune(unit: Any) -> Any:
    """The page of xã Cẩm Trung."""
    return _commune(unit, "Cẩm Trung")


@pytest.fixture
def other_commune(unit: Any) -> Any:
    """The page of xã Cẩm Duệ."""
    return _commune(unit, "Cẩm Duệ")


def _member(username: str, unit: Any, role: str) -> Any:
    from communes.models import Membership, User

    user = User.objects.create_user(username, password=PASSWORD)
    Membership.objects.create(user=user, unit=unit, role=role)
    return user


@pytest.fixture
def editor(commune: Any) -> Any:
    return _member("bientap", commune.unit, "editor")


@pytest.fixture
def officer(commune: Any) -> Any:
    return _member("truc", commune.unit, "officer")


@pytest.fixture
def other_editor(other_commune: Any) -> Any:
    return _member("bientap-khac", other_commune.unit, "editor")


@pytest.fixture
def other_officer(other_commune: Any) -> Any:
    return _member("truc-khac", other_commune.unit, "officer")


@pytest.fixture
def unit_editor(unit: Any) -> Any:
    return _member("huyen", unit, "editor")


@pytest.fixture
def second_unit_editor(unit: Any) -> Any:
    return _member("huyen2", unit, "editor")


@pytest.fixture
def superuser(db: None) -> Any:
    from communes.models import User

    return User.objects.create_superuser("quantri", password=PASSWORD)
