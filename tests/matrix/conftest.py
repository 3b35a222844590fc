from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from .world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; every request is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        for client in world.clients.values():
            client.raise_request_exception = False
        yield world
        transaction.set_rollback(True)
