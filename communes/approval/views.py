"""The queue, one waiting page, several at once. For approvers; everybody else gets 404."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from home.missing import missing_in
from home.proofreading import warnings_of
from home.stale import keeps_words, trouble_of
from home.text import many_lines

from ..tree import unit_of
from . import presence
from .comparison import compared
from .decisions import Changed, NotWaiting, decide
from .forms import SendBackForm
from .meanwhile import deleted, page_known_to, what_became
from .queue import Choice, Waiting, communes_that_wait, is_approver, loaded, waiting_for

PAGES_ON_A_PAGE = 25


class ApproversOnly(WagtailAdminTemplateMixin, View):
    header_icon = "check"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Not PermissionDenied: the admin answers that with a redirect to its first page.
        if not is_approver(request.user):
            raise Http404
        self.choice = Choice.of(request)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        queue = {"url": reverse("approval:queue"), "label": _("Approving posts")}
        here = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), queue, here]

    def to_queue(self) -> HttpResponse:
        return redirect(reverse("approval:queue") + Choice(self.choice.commune).query())

    def to_next(self, choice: Choice) -> HttpResponse:
        """The next page to read, or the queue when there is none."""
        page_id = choice.next_page(self.request.user)
        if page_id is None:
            messages.info(self.request, _("You have come to the end of what waits here."))
            return self.to_queue()
        return redirect(reverse("approval:review", args=[page_id]) + choice.query())


class QueueView(ApproversOnly):
    template_name = "communes/admin/approval/queue.html"
    page_title = gettext_lazy("Approving posts")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return super().get_breadcrumbs_items()[:-1]

    def get(self, request: HttpRequest) -> HttpResponse:
        states = waiting_for(request.user)
        chosen = self.choice.of_commune(states).select_related("workflow_state__requested_by")
        page = Paginator(chosen, PAGES_ON_A_PAGE).get_page(request.GET.get("p"))
        return self.render_to_response(
            self.get_context_data(
                page=page,
                rows=loaded(page.object_list, request.user),
                communes=communes_that_wait(states),
                choice=self.choice,
                here=Choice(self.choice.commune).query(),
            )
        )


class NextView(ApproversOnly):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self.to_next(self.choice)


@method_decorator(keeps_words(), name="dispatch")
class ReviewView(ApproversOnly):
    """One waiting page: how it will look, what changes, and the decision about exactly this text."""

    template_name = "communes/admin/approval/review.html"
    waiting: Waiting

    def get_page_title(self) -> str:
        return self.waiting.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return super().get_breadcrumbs_items()[:-1]

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        waiting = self._waiting(page_id)
        if waiting is None:
            return self._gone(page_id)
        self.waiting = waiting
        return self._page()

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        waiting = self._waiting(page_id)
        if waiting is None:
            return self._gone(page_id)
        self.waiting = waiting
        approving = request.POST.get("act") == "approve"
        form = SendBackForm(request.POST, unit=self.unit)
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(form=form, code=trouble.status)
        if not approving and not form.is_valid():
            return self._page(form=form, code=422)
        # Asked once: the form that shows the question carries that it was read.
        if approving and waiting.question and "asked" not in request.POST:
            return self._page(code=409)
        action = "approve" if approving else "reject"
        comment = "" if approving else form.comment
        try:
            decide(request.user, waiting.state.pk, request.POST.get("seen", ""), action, comment)
        except Changed:
            messages.warning(
                request,
                _(
                    "The text, a picture or a document was changed after you opened it. "
                    "This is the new one: read it, then decide."
                ),
            )
            return self._page(form=None if approving else form, code=409)
        except NotWaiting:
            return self._gone(page_id)
        except PermissionDenied:
            raise Http404 from None
        done = _("Approved: %(title)s") if approving else _("Sent back: %(title)s")
        messages.success(request, done % {"title": waiting.title})
        return self.to_next(self.choice)

    def _waiting(self, page_id: int) -> Waiting | None:
        states = waiting_for(self.request.user).filter(workflow_state__object_id=str(page_id))
        rows = loaded(states.select_related("workflow_state__requested_by", "task"), self.request.user)
        return rows[0] if rows else None

    def _gone(self, page_id: int) -> HttpResponse:
        """What became of a page that this user cannot decide (any more), if he may know of it at all."""
        page = page_known_to(self.request.user, page_id)
        if page is None:
            return self._not_there(page_id)
        last = TaskState.objects.for_instance(page).select_related("finished_by").order_by("-pk").first()
        return self._told(what_became(page, last), page_id)

    def _not_there(self, page_id: int) -> HttpResponse:
        told = deleted(self.request.user, page_id)
        if not told:
            raise Http404
        return self._told(told, page_id)

    def _told(self, what: str, page_id: int) -> HttpResponse:
        """On to the next page, where it is read; with the reason that had been typed, to be copied."""
        messages.info(self.request, what)
        if words := many_lines(self.request.POST.get("words", "")):
            messages.info(self.request, _("Nobody was sent what you wrote: “%(words)s”") % {"words": words})
        return self.to_next(self.choice.without(page_id))

    @cached_property
    def unit(self) -> Any:
        return unit_of(self.waiting.page)

    def _page(self, *, form: SendBackForm | None = None, code: int = 200) -> HttpResponse:
        page, user = self.waiting.page, self.request.user
        revision = page.latest_revision
        context = self.get_context_data(
            waiting=self.waiting,
            comparison=compared(self.request, page),
            form=form or SendBackForm(unit=self.unit),
            editing_sessions=presence.opened(user, page, revision),
            warnings=[*missing_in(revision), *warnings_of(page.get_latest_revision_as_object())],
            preview_url=reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk]),
            edit_url=self._edit_url(),
            skip_url=reverse("approval:next") + self.choice.without(page.pk).query(),
            left=self.choice.of_commune(waiting_for(user)).count(),
        )
        return self.render_to_response(context, status=code)

    def _edit_url(self) -> str:
        """Wagtail's editor, which comes back to the next page once this one is approved there."""
        following = reverse("approval:next") + self.choice.query()
        edit = reverse("wagtailadmin_pages:edit", args=[self.waiting.page.pk])
        return f"{edit}?{urlencode({'next': following})}"


def _seen_by_state(values: list[str]) -> dict[int, str]:
    """What the rows of the form say they showed, by the id of what waits."""
    pairs = [value.partition(":") for value in values]
    return {int(pk): seen for pk, _colon, seen in pairs if pk.isdecimal() and len(pk) < 10}


def _hour_is_past(waiting: Waiting) -> str:
    words = {"title": waiting.title, "question": waiting.question}
    return _("“%(title)s” was not approved. %(question)s Open it to approve it all the same.") % words


class SeveralView(ApproversOnly):
    """The chosen pages once more with their first lines, then all approved; each one is logged."""

    template_name = "communes/admin/approval/several.html"
    page_title = gettext_lazy("Approve several posts")

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = [pk for pk in request.GET.getlist("page") if pk.isdecimal() and len(pk) < 10]
        states = waiting_for(request.user).filter(workflow_state__object_id__in=chosen[:PAGES_ON_A_PAGE])
        rows = loaded(states.select_related("workflow_state__requested_by"), request.user, images=True)
        if not rows:
            messages.warning(request, _("Tick at least one post first."))
            return self.to_queue()
        return self.render_to_response(
            self.get_context_data(rows=rows, missing=len(set(chosen)) - len(rows), here=self.choice.query())
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = _seen_by_state(request.POST.getlist("seen")[:PAGES_ON_A_PAGE])
        waiting = loaded(waiting_for(request.user).filter(pk__in=sent), request.user)
        asked = request.POST.getlist("asked")
        to_ask = {row.state.pk: row for row in waiting if row.question and str(row.state.pk) not in asked}
        approved = 0
        for number, seen in sent.items():
            # As in the review: what an hour that is past means is read before the press.
            if number in to_ask:
                messages.warning(request, _hour_is_past(to_ask[number]))
                continue
            try:
                decide(request.user, number, seen, "approve")
                approved += 1
            except (Changed, NotWaiting, PermissionDenied) as error:
                messages.warning(request, self._why_not(number, changed=isinstance(error, Changed)))
        if approved:
            text = ngettext("%(count)s post approved.", "%(count)s posts approved.", approved)
            messages.success(request, text % {"count": approved})
        return self.to_queue()

    def _why_not(self, state_id: int, *, changed: bool) -> str:
        last = TaskState.objects.select_related("finished_by", "workflow_state").filter(pk=state_id).first()
        page = last and page_known_to(self.request.user, last.workflow_state.object_id)
        if not page:
            return _("A post is no longer there.")
        if changed:
            text = _("“%(title)s” was changed meanwhile: open it and read it again.")
            return text % {"title": page.draft_title}
        return what_became(page, last)
