"""The page with the form: what is sent comes back as a receipt, or as the same form with every word.

Nothing here logs or raises with what was typed; an answer that says "not stored" is only given when it is so.
"""

import logging
import secrets
import time
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from communes.models import Unit
from home.database import once_more
from home.headers import private, shows_own_files, unlisted
from home.stale import NOT_STORED, keeps_words, trouble_of

from .. import limits, questions, vault
from ..attachments.brought import Brought, brought, discard, given_back
from ..box.about import page_asked_about
from ..box.holders import can_read, reader_above
from ..box.receipts import read_receipt
from ..box.receiving import FORM_LIVES, BoxClosed, FormExpired, SentBefore, TakenBack, submit
from ..box.sent_forms import code_of, receipt_was_seen, sent_before
from ..codes import read_code
from ..kinds import ANSWERS, KINDS
from ..models import SentForm, TipFormPage
from . import alarms
from .forms import ABOVE, TipForm

logger = logging.getLogger(__name__)

_LONGEST_FAILURE = 5  # seconds
# The nonce of a form, with the time at which it was drawn.
_DRAWN = TimestampSigner(salt="tipform.form")


@keeps_words(residents=True)
@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def tip_form(request: HttpRequest, page: TipFormPage) -> HttpResponse:
    """The form, the receipt after it, or the form again."""
    return shows_own_files(_TipFormView(request, page).response())


class _TipFormView:
    def __init__(self, request: HttpRequest, page: TipFormPage) -> None:
        self.request, self.page = request, page
        self.context = page.get_context(request)
        self.unit = self.context["commune"].unit
        # The form keeps the query of its address when it is sent.
        asked = request.POST.get("about") or request.GET.get("about", "")
        self.about = page_asked_about(request, self.context["commune"], asked)
        self._read_nonce(request.POST.get("nonce", ""))
        self.keeps_files, self.hangs = True, False

    def response(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._show(self._form(initial=self._preset())) if self._is_open() else self._closed(200)
        if trouble := trouble_of(self.request):
            return self._again(trouble.to_resident, trouble.status)
        act = self.request.POST.get("act", "")
        if act == "seen":
            return self._seen()
        if sent := sent_before(bytes.fromhex(self.nonce)):
            return self._sent_before(sent)
        if act == "receipt":
            return self._as_new_form(alarms.SENT)
        if not self._is_open():
            return self._closed(503)
        form = self._form(self.request.POST, self.request.FILES, brought=self.files)
        return self._take(form) if form.is_valid() else self._show(form)

    def _take(self, form: TipForm) -> HttpResponse:
        level = limits.submission_level(self.request, self.unit)
        if level is limits.Level.REFUSE:
            response = self._again(alarms.BUSY, 429)
            response.headers["Retry-After"] = str(limits.RETRY_AFTER)
            return response
        if level is limits.Level.ASK and not self._answered():
            alarm = alarms.WRONG_ANSWER if "answer" in self.request.POST else alarms.ASK
            return self._again(alarm, 429, question=questions.ask(self.nonce))
        began = time.monotonic()
        try:
            submission, said = form.submission(), form.said()
            unit, nonce = form.recipient(), bytes.fromhex(self.nonce)
            code = once_more(lambda: submit(unit, submission, nonce, said=said, expired=self.expired))
        except SentBefore:
            # The other click, or one whose receipt was seen.
            sent = sent_before(nonce)
            return self._sent_before(sent) if sent else self._as_new_form(alarms.SENT)
        except BoxClosed:
            return self._closed(503)
        except TakenBack:
            return self._as_new_form(alarms.TAKEN_BACK)
        except FormExpired:
            return self._as_new_form(alarms.EXPIRED)
        except Exception as error:  # noqa: BLE001 - whatever broke, the words go back to the one who wrote them
            logger.error("A tip could not be stored: %s", type(error).__name__)
            # What took so long to fail would take as long again over each file, while the words wait.
            self.hangs = time.monotonic() - began > _LONGEST_FAILURE
            return self._again(NOT_STORED, 503)
        discard(self.files)
        return self._receipt(code, "stored", unnamed=self.files.unnamed)

    def _sent_before(self, sent: SentForm) -> HttpResponse:
        """The receipt once more, before anything is judged: the form was taken when it was sent first."""
        nonce = bytes.fromhex(self.nonce)
        if self.request.POST.get("act") == "receipt":
            return self._receipt(code_of(sent, nonce), "again")
        form = self._form(self.request.POST, self.request.FILES, brought=self.files)
        new = form.said().not_in(sent, nonce)
        if new is None:
            discard(self.files)
            return self._receipt(code_of(sent, nonce), "again")
        files = replace(
            self.files, taken=[file for file in self.files.taken if file.mark in new], left_out=[]
        )
        given_back(self.request, files, form)
        added = {"added": form.in_words(), "added_nonce": secrets.token_hex(32), "kept": form.kept}
        return self._receipt(code_of(sent, nonce), "changed", **added)

    def _receipt(self, code: str, state: str, **extra: Any) -> HttpResponse:
        try:
            receipt = once_more(lambda: read_receipt(code))
        except Exception as error:  # noqa: BLE001 - it is stored; the same form asks again
            logger.error("A receipt could not be read: %s", type(error).__name__)
            return self._again(alarms.RECEIPT_LATER, 503)
        if receipt is None:
            return self._as_new_form(alarms.TAKEN_BACK)
        context = {**self.context, "receipt": receipt, "state": state, "nonce": self.drawn, **extra}
        return unlisted(render(self.request, "tipform/intake/receipt.html", context))

    def _seen(self) -> HttpResponse:
        """The resident has the code, and typed it again if he wished to: the form shows it no more."""
        nonce, typed = bytes.fromhex(self.nonce), self.request.POST.get("typed", "")
        sent = sent_before(nonce)
        if sent and typed.strip() and not _is_code(typed, code_of(sent, nonce)):
            return self._receipt(code_of(sent, nonce), "again", typed=typed, wrong=True)
        receipt_was_seen(nonce)
        return unlisted(render(self.request, "tipform/intake/seen.html", self.context))

    @cached_property
    def files(self) -> Brought:
        return brought(self.request)

    def _read_nonce(self, drawn: str) -> None:
        """Take over the one-time value that the form was drawn with, or a fresh one where there is none."""
        self.drawn, self.expired = drawn, False
        try:
            self.nonce = _DRAWN.unsign(drawn)
            _DRAWN.unsign(drawn, max_age=FORM_LIVES)
        except SignatureExpired:
            self.expired = True
        except BadSignature:
            self._draw_nonce()

    def _draw_nonce(self) -> None:
        self.nonce, self.expired = secrets.token_hex(32), False
        self.drawn = _DRAWN.sign(self.nonce)

    def _as_new_form(self, alarm: Any) -> HttpResponse:
        """The words in a form that is another one, so that sending it is a new tip and is meant to be.

        No file waits for it: a page that is loaded again brings nothing back of what was erased.
        """
        self._draw_nonce()
        self.keeps_files = False
        return self._again(alarm, 409)

    def _answered(self) -> bool:
        post = self.request.POST
        return questions.answered(self.nonce, post.get("question", ""), post.get("answer", ""))

    def _is_open(self) -> bool:
        try:
            return self._is_its_page() and can_read(self.unit)
        except vault.VaultError as error:
            logger.error("A tip box cannot be opened: %s", type(error).__name__)
            return False

    def _is_its_page(self) -> bool:
        """Whether this page is the one that the unit's own row names: pages carry no MAC."""
        return self.unit.page_key == self.context["commune"].translation_key

    def _preset(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        return {"about": True, **({"kind": kind} if kind in KINDS else {})}

    def _form(self, *args: Any, **kwargs: Any) -> TipForm:
        return TipForm(*args, unit=self.unit, above=self._above(), about=self.about, **kwargs)

    def _above(self) -> Unit | None:
        try:
            return reader_above(self.unit)
        except vault.VaultError as error:
            logger.error("The box of a unit above cannot be opened: %s", type(error).__name__)
            return None

    def _again(self, alarm: Any, status: int, **extra: Any) -> HttpResponse:
        """The form as it was typed, not judged, under a sentence that says what happened."""
        typed = {**self.request.POST.dict(), "about": "about" in self.request.POST}
        form = self._form(initial=typed)
        return self._show(form, status=status, alarm=alarm, **extra)

    def _closed(self, status: int) -> HttpResponse:
        written = [answer.name for answer in ANSWERS.values() if answer.input != "choice"]
        typed = [self.request.POST.get(name, "").strip() for name in written]
        context = {**self.context, "typed": "\n\n".join(filter(None, typed))}
        return private(render(self.request, "tipform/intake/closed.html", context, status=status))

    def _show(self, form: TipForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        if self.request.method == "POST":
            extra |= self._files_again(form)
        # A choice that is gone in the meantime is still asked about: never does it fall back in silence.
        asks_reader = form.above is not None or form["reader"].value() == ABOVE
        context = {
            **self.context,
            "asks_reader": asks_reader,
            "form": form,
            "nonce": self.drawn,
            **extra,
        }
        return private(render(self.request, self.page.template, context, status=status))

    def _files_again(self, form: TipForm) -> dict[str, Any]:
        if not self.keeps_files:
            return {"files_again": bool(self.files.taken)}
        return given_back(self.request, self.files, form, hangs=self.hangs)


def _is_code(typed: str, code: str) -> bool:
    try:
        return read_code(typed) == code
    except ValidationError:
        return False
