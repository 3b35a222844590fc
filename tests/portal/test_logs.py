"""Nothing that somebody wrote, typed or asked for reaches a log."""

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.views.debug import ExceptionReporter

import portal.urls
from portal.logs import WithoutContent

CANARY = "cát lậu ở bãi 0912345678"
CODE = "4821 0937 5566 1204"


def broken(request: HttpRequest) -> HttpResponse:
    words = request.POST.get("message", CANARY)
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"cannot store {words}") from error


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(CANARY)


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(CANARY)


urlpatterns = [
    path("broken/", broken),
    path("refused/", refused),
    path("suspicious/", suspicious),
    *portal.urls.urlpatterns,
]


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the installation's own logging configuration prints."""
    stream = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stream)
        logging.config.dictConfig(settings.LOGGING)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.urls(__name__)
def test_an_exception_is_logged_by_type_and_place_only(visitor: Client, console: io.StringIO) -> None:
    response = visitor.post(f"/broken/?code={CODE}", {"message": CANARY})
    assert response.status_code == 500
    line = console.getvalue()
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert len(line.splitlines()) == 1
    for secret in (CANARY, "cát lậu", "0912345678", CODE, "4821", "/broken/"):
        assert secret not in line


@pytest.mark.django_db  # the pages that say "refused" and "not found" name the unit
@pytest.mark.urls(__name__)
def test_refusals_are_logged_without_the_address_asked_for(visitor: Client, console: io.StringIO) -> None:
    assert visitor.get(f"/refused/?{CANARY}").status_code == 403
    assert visitor.get(f"/suspicious/?{CANARY}").status_code == 400
    assert visitor.get("/4821093755661204/").status_code == 404
    lines = console.getvalue()
    assert "PermissionDenied" in lines
    assert "WARNING 404" in lines
    for secret in (CANARY, "cát lậu", "4821093755661204", "suspicious/"):
        assert secret not in lines


@pytest.mark.django_db
def test_a_host_name_that_is_not_ours_is_not_repeated(visitor: Client, console: io.StringIO) -> None:
    visitor.get("/", headers={"host": "canary.example"})
    assert "canary" not in console.getvalue()


def test_what_other_libraries_log_with_an_exception_is_reduced_too(console: io.StringIO) -> None:
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logging.getLogger("botocore.endpoint").exception("sending %s", CANARY)
    assert "RuntimeError" in console.getvalue()
    assert CANARY not in console.getvalue()


def test_no_record_keeps_the_request_that_came_with_it() -> None:
    """Handlers that mail an error look for it there."""
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "x", (), None)
    record.request = HttpRequest()
    assert WithoutContent().filter(record)
    assert not hasattr(record, "request")


def test_every_way_to_the_console_passes_the_filter() -> None:
    configured = settings.LOGGING["handlers"]
    assert all("without_content" in handler["filters"] for handler in configured.values())
    for logger in settings.LOGGING["loggers"].values():
        assert logger.get("propagate", True)
        assert not logger.get("handlers")


def test_an_error_report_holds_nothing_of_the_request(rf: Any) -> None:
    request = rf.post(f"/tra-cuu/?code={CODE}", {"message": CANARY, "code": CODE})
    request.COOKIES["sessionid"] = "canary-cookie"
    local = f"{CANARY} {CODE}"
    try:
        raise ValueError("plain")
    except ValueError as error:
        report = ExceptionReporter(request, type(error), error, error.__traceback__).get_traceback_text()
    assert local not in report
    for secret in (CANARY, "canary-cookie", settings.SECRET_KEY, settings.TIP_KEYRING):
        assert secret not in report
