"""The look-up: a receipt code opens the thread, and the thread takes another entry.

The code travels in the body of a post only, never in an address; a reporter has no session.
"""

import logging
import secrets
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from communes.models import CommunePage, Unit
from home.database import once_more
from home.headers import private, shows_own_files, unlisted
from home.stale import NOT_STORED, Trouble, keeps_words, posted_nonce, trouble_of

from .. import limits, questions, vault
from ..attachments.brought import Brought, brought, discard, given_back
from ..box.entries import NothingSaid
from ..box.files import KEPT_UNSEEN, not_kept
from ..box.holders import NoLongerHeld, holders, readers
from ..box.passing import send_up, was_sent_up
from ..box.reporter import Reporter, find
from ..box.withdrawal import withdraw
from ..codes import read_code
from ..kinds import KINDS
from . import alarms
from .forms import CodeForm, EntryForm, SendUpForm, WithdrawForm
from .last_look import sitting_of
from .thread import Thread, read_thread, way_up, write

logger = logging.getLogger(__name__)

ACTS = ("back", "up", "send-up", "withdraw", "erase")
# When the code has to be typed again, the page that explains the act comes again as well.
STEP_BACK = {"send-up": "up", "erase": "withdraw"}


@keeps_words(residents=True)
@sensitive_post_parameters()
@sensitive_variables()
def lookup(request: HttpRequest) -> HttpResponse:
    """The field for the code, or the thread that it opens."""
    return shows_own_files(_LookupView(request).response())


class _LookupView:
    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        # The digits, or what was typed instead of them and the sentence about it.
        self.code, self.no_code = self._read_code()
        # The thread's buttons: with none of these acts, a message is written and no message is looking again.
        self.act = request.POST.get("act", "")
        if self.act not in ACTS:
            self.act = ""
        self.writes = "message" in request.POST
        self.sitting = sitting_of(request.POST.get("sitting", ""))
        # Right for this very code. It goes along to the thread's own forms, so that each is not asked anew.
        self.answered = self._right_answer()

    def response(self) -> HttpResponse:
        if self.request.method != "POST":
            context = {"code_form": CodeForm(), "sitting": self.sitting}
            return private(render(self.request, "tipform/lookup/lookup.html", context))
        if trouble := trouble_of(self.request):
            alarm = alarms.STALE if trouble is Trouble.STALE else trouble.to_resident
            return self._ask_code(alarm, trouble.status)
        if self.no_code:
            return self._wrong_code(self.no_code)
        if limits.lookup_asks(self.request) and not self.answered:
            alarm = alarms.WRONG_ANSWER if "answer" in self.request.POST else alarms.ASK
            return self._ask_code(alarm, 429, question=questions.ask(self.code))
        try:
            return once_more(self._open)
        except Exception as error:  # noqa: BLE001 - whatever broke, the words go back to the one who wrote them
            logger.error("A tip could not be looked up: %s", type(error).__name__)
            return self._ask_code(alarms.BROKEN, 503)

    def _open(self) -> HttpResponse:
        with limits.place_at_lookup(self.request) as free:
            if not free:
                response = self._ask_code(alarms.WAIT, 429)
                response.headers["Retry-After"] = str(limits.RETRY_LOOKUP_AFTER)
                return response
            reporter = find(self.code)
        if reporter is None:
            limits.count_wrong_code(self.request)
            erased = self.act == "erase"
            return self._wrong_code(alarms.WITHDRAWN_OR_UNKNOWN if erased else alarms.UNKNOWN_CODE)
        return self._thread(reporter)

    def _thread(self, reporter: Reporter) -> HttpResponse:
        if self.act == "back":
            return self._back(reporter)
        if self.act == "up":
            return self._ask_up(reporter)
        if self.act == "send-up":
            return self._send_up(reporter)
        if self.act == "withdraw":
            return self._ask_withdraw(reporter)
        if self.act == "erase":
            return self._withdraw(reporter)
        return self._write(reporter) if self.writes else self._show(reporter, EntryForm())

    def _write(self, reporter: Reporter) -> HttpResponse:
        form = EntryForm(self.request.POST, self.request.FILES, brought=self.files)
        if not form.is_valid():
            return self._show(reporter, form)
        if self.request.POST.get("readers", readers(reporter.tip)) != readers(reporter.tip):
            return self._show(reporter, form, alarm=alarms.OTHER_READERS, status=409)
        try:
            stored = write(reporter, form.cleaned_data["message"], self.files, posted_nonce(self.request))
        except NoLongerHeld:
            return self._wrong_code(alarms.UNKNOWN_CODE)
        except NothingSaid:
            form.say_that_it_is_empty()
            return self._show(reporter, form)
        except Exception as error:  # noqa: BLE001 - as above
            logger.error("An entry could not be stored: %s", type(error).__name__)
            return self._show(reporter, form, alarm=NOT_STORED, status=503)
        discard(self.files)
        return self._show(reporter, EntryForm(), sent=True, **self._told_of_files(stored))

    def _told_of_files(self, stored: bool) -> dict[str, Any]:
        """What the page says of those not kept, and of those not to be seen. A second click found fewer."""
        left_out = self.files.left_out if stored else self.files.not_there_again()
        taken = self.files.taken if stored else []
        seen = [(file.name, file.view.problem) for file in taken]
        return {
            "not_sent": [not_kept(file.name, file.reason) for file in left_out],
            "unnamed": self.files.unnamed,
            "unseen": [(name, KEPT_UNSEEN[problem]) for name, problem in seen if problem],
        }

    @cached_property
    def files(self) -> Brought:
        return brought(self.request)

    def _with_files(self, form: EntryForm | SendUpForm | WithdrawForm) -> dict[str, Any]:
        """The form lists the files that wait for an entry; what the page says of those that cannot."""
        return given_back(self.request, self.files, form)

    def _read_code(self) -> tuple[str, str]:
        typed = self.request.POST.get("code", "")
        try:
            return read_code(typed), ""
        except ValidationError as error:
            return typed, str(error.message)

    def _right_answer(self) -> dict[str, str] | None:
        """Question and answer, if the question was asked about the code that came with them."""
        question, answer = (self.request.POST.get(name, "") for name in ("question", "answer"))
        if self.no_code or not questions.answered(self.code, question, answer):
            return None
        return {"question": question, "answer": answer}

    def _back(self, reporter: Reporter) -> HttpResponse:
        """The thread again, with what was half written on it."""
        return self._show(reporter, self._typed_entry() or EntryForm())

    def _ask_up(self, reporter: Reporter) -> HttpResponse:
        form = SendUpForm(initial={"message": self.request.POST.get("message", "")})
        return self._show_up(read_thread(reporter, self.sitting), form)

    def _send_up(self, reporter: Reporter) -> HttpResponse:
        form, thread = SendUpForm(self.request.POST), read_thread(reporter, self.sitting)
        if not form.is_valid():
            return self._show_up(thread, form)
        words, nonce = form.cleaned_data["message"], posted_nonce(self.request)
        identity, above = form.cleaned_data["identity"], way_up(thread)
        try:
            if was_sent_up(reporter, words, nonce, identity=identity):
                return self._sent_up(reporter)  # a second click
            if above is None or str(above.uuid) != self.request.POST.get("above"):
                # It would go to somebody whom the page did not name.
                return self._show_up(thread, form, alarm=alarms.NOT_UP, status=409)
            send_up(reporter, above, words, nonce, identity=identity)
        except NoLongerHeld:
            return self._show_up(thread, form, alarm=alarms.NOT_UP, status=409)
        except Exception as error:  # noqa: BLE001 - whatever broke, the words go back to the one who wrote them
            logger.error("A tip could not be sent up: %s", type(error).__name__)
            return self._show_up(thread, form, alarm=NOT_STORED, status=503)
        return self._sent_up(reporter)

    def _sent_up(self, reporter: Reporter) -> HttpResponse:
        reporter.tip.refresh_from_db()
        return self._show(reporter, EntryForm(), sent_up=True)

    def _ask_withdraw(self, reporter: Reporter) -> HttpResponse:
        return self._show_withdraw(reporter, WithdrawForm())

    def _withdraw(self, reporter: Reporter) -> HttpResponse:
        form = WithdrawForm(self.request.POST)
        if not form.is_valid():
            return self._show_withdraw(reporter, form)
        try:
            withdraw(reporter)
        except NoLongerHeld:
            return self._wrong_code(alarms.WITHDRAWN_OR_UNKNOWN)
        except Exception as error:  # noqa: BLE001 - said in words, with the code still there to try again
            logger.error("A tip could not be taken back: %s", type(error).__name__)
            return self._show_withdraw(reporter, form, alarm=alarms.NOT_WITHDRAWN, status=503)
        discard(self.files)
        context = {"backup_days": settings.BACKUP_DAYS}
        return unlisted(render(self.request, "tipform/lookup/withdrawn.html", context))

    def _show_up(self, thread: Thread, form: SendUpForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "code": vault.display(self.code),
            "answered": self.answered,
            "sitting": self.sitting,
            "thread": thread,
            "form": form,
            "above": way_up(thread),
            "nonce": posted_nonce(self.request) if form.is_bound else secrets.token_hex(32),
            **self._with_files(form),
            **extra,
        }
        return unlisted(render(self.request, "tipform/lookup/send_up.html", context, status=status))

    def _show_withdraw(
        self, reporter: Reporter, form: WithdrawForm, *, status: int = 200, **extra: Any
    ) -> HttpResponse:
        context = {
            "code": vault.display(self.code),
            "answered": self.answered,
            "sitting": self.sitting,
            "told": Unit.objects.filter(pk__in=reporter.tip.holdings.values("unit")).order_by("pk"),
            "form": form,
            "typed": self._typed_entry(),
            "backup_days": settings.BACKUP_DAYS,
            **self._with_files(form),
            **extra,
        }
        return unlisted(render(self.request, "tipform/lookup/withdraw.html", context, status=status))

    def _show(self, reporter: Reporter, form: EntryForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        thread = read_thread(reporter, self.sitting)
        pages = CommunePage.objects.live().filter(unit=thread.tip.unit).select_related("unit__parent")
        here = pages.filter(locale__language_code=get_language()).first() or pages.first()
        context = {
            "thread": thread,
            "about_address": thread.about.address_now(self.request) if thread.about else "",
            "kind": KINDS.get(thread.kind),
            "code": vault.display(self.code),
            "answered": self.answered,
            "sitting": self.sitting,
            "entry_form": form,
            "above": way_up(thread),
            "holders": holders(thread.tip),
            "readers": readers(thread.tip),
            # A form that was refused keeps its nonce, so that sending it again is the same act.
            "nonce": posted_nonce(self.request) if form.is_bound else secrets.token_hex(32),
            "commune": here,
            **({} if extra.get("sent") else self._with_files(form)),
            **extra,
        }
        return unlisted(render(self.request, "tipform/lookup/thread.html", context, status=status))

    def _ask_code(self, alarm: Any, status: int, **extra: Any) -> HttpResponse:
        context = {
            "code_form": CodeForm(initial={"code": self.code}),
            "answered": self.answered,
            "sitting": self.sitting,
            "alarm": alarm,
            **self._half_done(),
            **extra,
        }
        return unlisted(render(self.request, "tipform/lookup/lookup.html", context, status=status))

    def _wrong_code(self, error: Any) -> HttpResponse:
        form = CodeForm(self.request.POST)
        form.add_error("code", error)
        context = {
            "code_form": form,
            "sitting": self.sitting,
            **self._half_done(),
        }
        return unlisted(render(self.request, "tipform/lookup/lookup.html", context))

    def _half_done(self) -> dict[str, Any]:
        """What was to be done with the code, and goes on once it opens the tip."""
        entry = self._typed_entry()
        return {
            "entry_form": entry,
            "nonce": posted_nonce(self.request),
            "readers": self.request.POST.get("readers", ""),
            "act": STEP_BACK.get(self.act, self.act),
            **(self._with_files(entry) if entry else {}),
        }

    def _typed_entry(self) -> EntryForm | None:
        """What was written, so that a code refused for whatever reason does not cost it."""
        if not self.writes:
            return None
        return EntryForm(initial={"message": self.request.POST["message"]})
