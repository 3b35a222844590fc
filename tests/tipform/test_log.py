"""With everything logged that can be logged, and an error in every view, no output holds what was told."""

import io
import logging
import logging.config
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.views.debug import get_exception_reporter_class

from communes.models import CommunePage
from tests.tipform.breaking import breaking, noting
from tests.tipform.canaries import found_in
from tests.tipform.day import FILE_NAME, MARK, PHONE, Day
from tests.tipform.every_view import Asked, every_view
from tests.tipform.officers import groups_on, key_page, log_in
from tests.tipform.residents import named
from tests.tipform.test_thief import browser
from tipform.desk.inbox.viewset import TipsViewSet
from tipform.desk.keys.viewset import KeysViewSet

pytestmark = pytest.mark.django_db

SECRETS = [MARK, PHONE, FILE_NAME]
VIEWS = {
    *("tip_form", "lookup", "uploads", "upload", "stored_file", "CsrfMiddleware._reject", "pass_on"),
    *("_TipFormView.response", "_LookupView.response", "_LookupView._send_up", "_LookupView._withdraw"),
    *("InboxView.get", "TipView.get", "TipView.post", "HandOnView.get", "HandOnView.post"),
    *("IndexView.get", "IndexView.post", "HealthView.get", "GrantView.post", "CodeView.get"),
    *("BeginView.get", "BeginView.post", "ConfirmView.get", "ConfirmView.post", "RecoverView.get"),
    *("RecoverView.post", "unlocked", "asked_again", "KeyAdapter.authenticate", "KeyAdapter.set_password"),
}
# As somebody might have errors sent to himself, around the filter of the console.
MAIL_ADMINS = {"class": "django.utils.log.AdminEmailHandler", "include_html": True, "level": "DEBUG"}


@pytest.fixture
def output(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the installation's own handlers print, at DEBUG everywhere and with every database statement."""
    settings.ADMINS = [("It", "it@example.invalid")]
    stream, loud = io.StringIO(), {**settings.LOGGING}
    loud["root"] = {**loud["root"], "level": "DEBUG"}
    loud["handlers"] = {**loud["handlers"], "mail": MAIL_ADMINS}
    # A picture library's debug lines are silenced by name; that stays, as nobody turns it on by a level.
    names = ("django", "django.server", "django.db.backends", "tipform", "allauth", "wagtail")
    loud["loggers"] = {
        **loud["loggers"],
        **{name: {"handlers": [], "level": "DEBUG", "propagate": True} for name in names},
        "django.request": {"handlers": ["mail"], "level": "DEBUG", "propagate": True},
    }
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stream)
        logging.config.dictConfig(loud)
    connection.force_debug_cursor = True
    yield stream
    connection.force_debug_cursor = False
    logging.config.dictConfig(settings.LOGGING)


def said(output: io.StringIO, capfd: Any) -> bytes:
    """All output until now: of the handlers, of the process itself, and in mails to whoever runs it."""
    mails = [message.message().as_string() for message in mail.outbox]
    mails += [f"{one.subject} {one.body} {getattr(one, 'alternatives', '')}" for one in mail.outbox]
    return "\n".join([output.getvalue(), *capfd.readouterr(), *mails]).encode()


def test_a_day_at_the_loudest_level_says_nothing(
    unit: Any,
    commune: CommunePage,
    other_commune: CommunePage,
    output: io.StringIO,
    capfd: Any,
    settings: Any,
) -> None:
    settings.DEBUG = True
    day = Day(browser, unit, commune.unit, other_commune.unit).spend()
    printed = said(output, capfd)
    assert b"SELECT" in printed and b"tipform_partkey" in printed
    assert found_in(printed, day.planted) == []


# --- An error in every view -------------------------------------------------------------------------------


def test_an_error_anywhere_in_any_view_says_nothing(
    unit: Any, commune: CommunePage, sealed_folder: Path, output: io.StringIO, capfd: Any
) -> None:
    """In each function that a request passes, with its result in hand: so also after content was opened."""
    reached: dict[CodeType, Asked] = {}
    for asked in every_view(unit, commune.unit):
        with noting() as called:
            assert asked.send().status_code < 500, asked
        for code in called:
            reached.setdefault(code, asked)
    names = {code.co_qualname for code in reached}
    assert names >= VIEWS, VIEWS - names
    assert len(reached) > 250
    broken: set[str] = set()
    for code, asked in reached.items():
        name = code.co_qualname
        for event in ("return", "call"):
            if event == "call" and name in broken - VIEWS:
                continue  # once is enough for what is no view
            caches["default"].clear()  # where failed log-ins are counted
            with breaking(code, event, _error) as broke:
                response = asked.send()
            broken.update(broke)
            if response.status_code == 500:
                assert found_in(response.content, SECRETS) == [], name
    # A server's start asks for nothing, and an upload is closed whenever Python comes by.
    left = {name for name in names - broken if not name.endswith("Middleware.__init__")}
    assert left <= {"_Sealed.close", "_Waiting.close"}
    printed = said(output, capfd)
    assert b"ValueError" in printed and len(mail.outbox) > 50
    assert found_in(printed, SECRETS) == []


def _error() -> Exception:
    """An error that tells everything, and came of another one that does, too."""
    try:
        raise KeyError(*SECRETS)
    except KeyError as cause:
        error = ValueError(" ".join(SECRETS))
        error.add_note(MARK)
        error.__cause__ = cause
        return error


def test_every_address_of_this_floor_is_among_the_views() -> None:
    """A new address fails here, until its view is named above and asked for in every_view.py."""
    found = {
        f"{pattern.callback.view_class.__name__}.{method}"
        if hasattr(pattern.callback, "view_class")
        else pattern.callback.__name__
        for viewset in (TipsViewSet(), KeysViewSet())
        for pattern in viewset.get_urlpatterns()
        for method in ("get", "post")
        if hasattr(getattr(pattern.callback, "view_class", pattern.callback), method)
        or not hasattr(pattern.callback, "view_class")
    }
    assert found <= VIEWS


def test_a_report_of_an_error_holds_neither_its_message_nor_anything_of_the_request(rf: Any) -> None:
    """Django's page for developers and its mail, which no setting of a server turns on."""
    request = rf.post(
        f"/tra-cuu/?code={MARK}", {"message": MARK, "attachments": named(b"x", f"{FILE_NAME}.jpg")}
    )
    request.COOKIES["tipkey"] = MARK
    assert request.FILES
    error = _error()
    try:
        raise error
    except ValueError:
        kind, value, trace = sys.exc_info()
        report = get_exception_reporter_class(request)(request, kind, value, trace)
    for text in (report.get_traceback_text(), report.get_traceback_html()):
        assert "ValueError at" in text
        assert found_in(text.encode(), SECRETS) == []


# --- The pages of the recovery code -----------------------------------------------------------------------


def test_the_pages_of_the_code_are_kept_nowhere(commune: CommunePage, officer: Any) -> None:
    client = log_in(officer)
    client.post(key_page("begin", commune.unit))
    response = client.get(key_page("code", commune.unit))
    assert len(groups_on(response.content.decode())) == 14
    assert "no-store" in response.headers["Cache-Control"]
    # The QR picture is part of the page: no file with an address, and no request to anywhere.
    assert re.search(r"<svg[^>]*>", response.content.decode())


def test_an_anonymous_visitor_gets_no_page_of_keys(commune: CommunePage) -> None:
    for name in ("begin", "code", "confirm", "recover"):
        assert Client().get(key_page(name, commune.unit)).status_code == 302
