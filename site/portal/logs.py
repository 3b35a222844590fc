"""What keeps a resident's words, codes and addresses out of logs and error reports."""

import logging
import traceback
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class WithoutContent(logging.Filter):
    """Reduces a logged exception to its type and place, and drops the request that came with the record.

    An exception's message and its frames' values can hold what somebody wrote.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-4:]
            places = " ← ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
            record.msg, record.args = f"{record.name}: {kind.__name__} at {places}", ()
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
