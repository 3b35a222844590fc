"""What keeps a resident's words, codes and addresses out of logs and error reports."""

import logging
import traceback
from collections.abc import ItemsView
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


def type_and_place(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What may be said of an exception. Its message and its values can hold what somebody wrote."""
    frames = traceback.extract_tb(trace)[-4:]
    places = " ← ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    return f"{kind.__name__} at {places}"


class WithoutContent(logging.Filter):
    """Reduces a logged exception to its type and place, and drops the request that came with the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            record.msg, record.args = f"{record.name}: {type_and_place(kind, trace)}", ()
            record.exc_info = record.exc_text = None
        elif record.name.startswith("django.request") or record.name.startswith("django.security"):
            # Their messages carry the address that was asked for.
            status = getattr(record, "status_code", "")
            record.msg, record.args = f"{record.levelname} {status}".strip(), ()
        record.__dict__.pop("request", None)
        return True


class NothingOfTheRequest(SafeExceptionReporterFilter):
    """Error reports without settings, form fields, cookies or local variables."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        return dict[str, Any]().items()


class NothingOfTheError(ExceptionReporter):
    """A report, on a page or in a mail to somebody, that says no more of an error than the log does.

    Django's own repeats the error's message, and the names of the files that were sent.
    """

    def get_traceback_html(self) -> SafeString:
        return escape(type_and_place(self.exc_type, self.tb) if self.exc_type else "")

    get_traceback_text = get_traceback_html
