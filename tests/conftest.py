"""The people and places of every test: one unit, two communes, their staff, and those who must be refused."""

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

# Playwright runs an event loop in this thread; Django's guard would take database calls for async ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ["tests.ci", "tests.mail_server", "tests.push_service"]

PASSWORD = "mật khẩu thử 2026"
_numbers = count(1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the unit and two communes open: that is a second saved for each.

    `unit`, `commune` and `other_commune` open what is there already, which changes nothing.
    """
    with django_db_blocker.unblock():
        unit = _unit()
        for name in ("Cẩm Trung", "Cẩm Duệ"):
            _commune(unit, name)


@pytest.fixture(autouse=True)
def _no_log_in_before() -> None:
    """People log in through the page, whose limits would count those of all tests together."""
    from django.core.cache import caches

    caches["default"].clear()


@contextmanager
def files_in(folder: Path) -> Iterator[Path]:
    """Pictures, documents and sealed files are kept below `folder`, which is made with the first of them."""
    from django.conf import settings
    from django.test import override_settings

    own = {
        alias: {
            **settings.STORAGES[alias],
            "OPTIONS": {**settings.STORAGES[alias]["OPTIONS"], "location": place},
        }
        for alias, place in (("default", str(folder / "media")), ("tips", folder / "tips"))
    }
    with override_settings(STORAGES={**settings.STORAGES, **own}):
        yield folder


@pytest.fixture(autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Every test begins without files, and meets none of a test that runs beside it.

    Where a fixture of a whole module stores files, that module has an `own_files` of the same scope.
    """
    with files_in(tmp_path_factory.getbasetemp() / f"files-{next(_numbers)}") as folder:
        yield folder


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime.datetime]:
    """Sets the clock to a moment of TIME_ZONE ("2026-12-01 23:00"), which it returns."""
    from django.utils import timezone

    def set_clock(text: str) -> datetime.datetime:
        moment = timezone.make_aware(datetime.datetime.fromisoformat(text))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_clock


@pytest.fixture
def nothing_open(db: None) -> Iterator[None]:
    """A database as `migrate` leaves it, but for Wagtail's welcome page and groups."""
    from django.contrib.auth.models import Group
    from django.core.cache import cache
    from wagtail.models import Collection, Page, Task, Workflow

    from communes.models import Unit
    from tipform.models import Category

    for page in Page.objects.filter(depth=2):
        page.delete()
    for model in (Workflow, Task, Group, Category):
        model.objects.all().delete()
    for collection in Collection.objects.filter(depth=2):
        collection.delete()
    Unit.objects.filter(parent__isnull=False).delete()
    Unit.objects.all().delete()
    # Wagtail keeps there which sites there are.
    cache.clear()
    yield
    cache.clear()


def _unit() -> Any:
    from communes.lifecycle.opening import open_unit

    return open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")[0]


@pytest.fixture
def unit(db: None) -> Any:
    """Công an huyện Cẩm Xuyên, with home page, news, guides and approval."""
    return _unit()


def _commune(unit: Any, name: str) -> Any:
    from communes.lifecycle.opening import open_commune
    from communes.models import CommunePage

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
