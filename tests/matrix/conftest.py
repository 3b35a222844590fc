from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.conftest import files_in

from .world import World, build


@pytest.fixture(scope="module", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Those of `world`, for all tests of a module."""
    with files_in(tmp_path_factory.mktemp("files")) as folder:
        yield folder


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, own_files: Path) -> Iterator[World]:
    """Made once; every request is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        for client in world.clients.values():
            client.raise_request_exception = False
        yield world
        transaction.set_rollback(True)
