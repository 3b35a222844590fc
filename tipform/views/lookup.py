"""The look-up: a receipt code opens the thread, and the thread takes another entry.

The code travels in the body of a post only, never in an address; a reporter has no session.
"""

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from communes.models import CommunePage

from .. import limits, reporting, uploads, vault
from ..forms import KINDS, TIMES, CodeForm, EntryForm
from . import alarms, posted_nonce, private, unlisted

logger = logging.getLogger(__name__)


@sensitive_post_parameters()
@sensitive_variables()
def lookup(request: HttpRequest, stale: bool = False, unread: bool = False) -> HttpResponse:
    """The field for the code, or the thread that it opens. `stale` and `unread` as in `tip_form`."""
    return _LookupView(request).response(stale=stale, unread=unread)


class _LookupView:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.code = request.POST.get("code", "")
        # The thread has two buttons: "look again" posts no message at all.
        self.writes = "message" in request.POST

    def response(self, *, stale: bool, unread: bool) -> HttpResponse:
        if self.request.method != "POST":
            return private(render(self.request, "tipform/lookup.html", {"code_form": CodeForm()}))
        if unread:
            return self._ask_code(alarms.UNREAD, 413)
        if stale:
            return self._ask_code(alarms.stale(self.request, alarms.LOOKUP_STALE), 403)
        if uploads.truncated(self.request):
            return self._ask_code(alarms.TRUNCATED, 400)
        if limits.lookup_refused(self.request):
            response = self._ask_code(alarms.LOOKUP_BUSY, 429)
            response.headers["Retry-After"] = str(limits.RETRY_AFTER)
            return response
        try:
            return self._thread()
        except Exception as error:  # noqa: BLE001 - whatever broke, the words go back to the one who wrote them
            logger.error("A tip could not be looked up: %s", type(error).__name__)
            return self._ask_code(alarms.LOOKUP_BROKEN, 503)

    def _thread(self) -> HttpResponse:
        try:
            reporter = reporting.find(self.code)
        except vault.ReceiptFormatError:
            return self._wrong_code(alarms.BAD_CODE)
        if reporter is None:
            return self._wrong_code(alarms.UNKNOWN_CODE)
        if not self.writes:
            return self._show(reporter, EntryForm())
        form = EntryForm(self.request.POST)
        if not form.is_valid():
            return self._show(reporter, form)
        try:
            reporting.write(reporter, form.cleaned_data["message"], posted_nonce(self.request))
        except Exception as error:  # noqa: BLE001 - as above
            logger.error("An entry could not be stored: %s", type(error).__name__)
            return self._show(reporter, form, alarm=alarms.NOT_STORED, status=503)
        return self._show(reporter, EntryForm(), sent=True)

    def _show(
        self, reporter: reporting.Reporter, form: EntryForm, *, status: int = 200, **extra: Any
    ) -> HttpResponse:
        thread = reporting.read(reporter)
        pages = CommunePage.objects.live().filter(unit=thread.tip.unit).select_related("unit__parent")
        here = pages.filter(locale__language_code=get_language()).first() or pages.first()
        context = {
            "thread": thread,
            "kind": dict(KINDS).get(thread.kind, ""),
            "preferred_time": dict(TIMES).get(thread.preferred_time, ""),
            "code": vault.display(self.code),
            "entry_form": form,
            # A form that was refused keeps its nonce, so that sending it again is the same act.
            "nonce": posted_nonce(self.request) if form.is_bound else secrets.token_hex(32),
            "commune": here,
            **extra,
        }
        return unlisted(render(self.request, "tipform/thread.html", context, status=status))

    def _ask_code(self, alarm: Any, status: int) -> HttpResponse:
        context = {
            "code_form": CodeForm(initial={"code": self.code}),
            "entry_form": self._typed_entry(),
            "nonce": posted_nonce(self.request),
            "alarm": alarm,
        }
        return unlisted(render(self.request, "tipform/lookup.html", context, status=status))

    def _wrong_code(self, error: Any) -> HttpResponse:
        form = CodeForm(self.request.POST)
        form.add_error("code", error)
        context = {
            "code_form": form,
            "entry_form": self._typed_entry(),
            "nonce": posted_nonce(self.request),
        }
        return unlisted(render(self.request, "tipform/lookup.html", context))

    def _typed_entry(self) -> EntryForm | None:
        """What was written, so that a code refused for whatever reason does not cost it."""
        if not self.writes:
            return None
        return EntryForm(initial={"message": self.request.POST["message"]})
