"""A monitor learns whether the process answers and whether its stores do, and nothing else."""

from typing import Any

import pytest
from django.db import OperationalError, connection


def test_live_asks_nobody(client: Any) -> None:
    # Without the database mark this test would fail on the first query.
    response = client.get("/health/live/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_database_and_tip_store_answer(client: Any) -> None:
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "failing": []})
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
def test_not_ready_without_the_database(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("could not connect to server: password of db.internal refused")

    monkeypatch.setattr(connection, "cursor", refused)
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "failing": ["database"]})
    assert client.get("/health/live/").status_code == 200


@pytest.mark.django_db
def test_not_ready_without_the_store_of_tip_files(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.storage import storages

    def refused(name: str) -> bool:
        raise ConnectionError("bucket tips at s3.internal")

    monkeypatch.setattr(storages["tips"], "exists", refused)
    response = client.get("/health/ready/")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "failing": ["tips"]})


def test_plain_http_is_answered_where_everything_else_is_redirected(client: Any, settings: Any) -> None:
    """A load balancer asks without TLS."""
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/live/").status_code == 200
    assert client.get("/tra-cuu/").status_code == 301
