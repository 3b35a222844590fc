"""What happened to a page while an approver had it open: in words, with who and when."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, PageLogEntry, TaskState

from home.older_forms import not_stored, read_form

from ..roles import editor_units
from .queue import approval_tasks, next_work, past_hour


def page_known_to(user: Any, page_id: Any) -> Page | None:
    """The page, if this user may know of it at all."""
    page = Page.objects.filter(pk=page_id).first()
    return page if page and page.specific.permissions_for_user(user).can_edit() else None


def what_became(page: Page, last: TaskState | None) -> str:
    """Why there is nothing (more) to decide for this user."""
    words = {"title": page.draft_title, **_by_whom(last and last.finished_by, last and last.finished_at)}
    status = last.status if last else ""
    if status == TaskState.STATUS_IN_PROGRESS:
        return _("You submitted “%(title)s” yourself, so somebody else approves it.") % words
    if status == TaskState.STATUS_APPROVED:
        return _("%(name)s has approved “%(title)s” already, at %(when)s.") % words
    if status == TaskState.STATUS_REJECTED:
        return _("%(name)s has sent “%(title)s” back already, at %(when)s.") % words
    if status == TaskState.STATUS_CANCELLED and last and last.finished_by:
        return (
            _("“%(title)s” is not waiting for approval any more: %(name)s took it back at %(when)s.") % words
        )
    return _("“%(title)s” is not waiting for approval any more.") % words


def deleted(user: Any, page_id: int) -> str:
    """Who deleted a page that this user could have had before him, and when; empty for any other page."""
    if len(str(page_id)) > 9:  # no id of a page: the database cannot even look for it
        return ""
    entries = PageLogEntry.objects.filter(page=page_id)
    gone = entries.filter(action="wagtail.delete").select_related("user").first()
    if gone is None or not (_was_asked(user, entries) or _wrote(user, entries)):
        return ""
    words = {"title": gone.label, **_by_whom(gone.user, gone.timestamp)}
    return _("“%(title)s” is no longer there: %(name)s deleted it at %(when)s.") % words


def _was_asked(user: Any, entries: "QuerySet[PageLogEntry]") -> bool:
    """Whether the page was submitted to this user's unit. Its approvals went with it; the log still says."""
    submissions = entries.filter(action__in=["wagtail.workflow.start", "wagtail.workflow.resume"])
    asked = {_task_in(entry.data) for entry in submissions}
    return approval_tasks(user).filter(pk__in=asked - {None}).exists()


def _wrote(user: Any, entries: "QuerySet[PageLogEntry]") -> bool:
    """Whether the page was begun by this user, or by somebody who works for this user's units alone."""
    first = entries.exclude(user=None).select_related("user").order_by("timestamp", "pk").first()
    if first is None or first.user is None:
        return False
    units = set(editor_units(first.user))
    return first.user == user or bool(units) and units <= set(editor_units(user))


def _task_in(data: dict[str, Any]) -> int | None:
    workflow = data.get("workflow") or {}
    task = workflow.get("next") or workflow.get("task") or {}
    return task.get("id")


def _by_whom(user: Any, when: datetime | None) -> dict[str, str]:
    return {
        "name": get_user_display_name(user) if user else _("Somebody"),
        "when": formatted(timezone.localtime(when), "SHORT_DATETIME_FORMAT") if when else "",
    }


def ask_about_a_past_hour(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Where an hour that the author set is past and still in the form, the review asks before it is approved.

    The form itself drops such an hour: of approval in the full editor nobody would learn of it.
    """
    if "action-workflow-action" not in request.POST or request.POST.get("workflow-action-name") != "approve":
        return None
    form = read_form(request, page.get_latest_revision_as_object(), page.get_parent())
    dropped = [
        name
        for name in ("go_live_at", "expire_at")
        if request.POST.get(name) and not form.cleaned_data.get(name)
    ]
    question = past_hour(page, page.latest_revision.content) if dropped else ""
    if not question:
        return None
    review = reverse("approval:review", args=[page.pk])
    return not_stored(request, page, question, may_store=True, next_url=review)


def answer_overtaken(request: HttpRequest, page: Page) -> HttpResponse | None:
    """For a decision sent from the editor on a page that waits no more: what happened, what was typed.

    Wagtail's own view breaks on it. Nothing is stored: the text belongs to its author again, or is live.
    """
    if "action-workflow-action" not in request.POST or page.current_workflow_task is not None:
        return None
    last = TaskState.objects.for_instance(page).select_related("finished_by").order_by("-pk").first()
    return not_stored(request, page, what_became(page, last), next_url=next_work(request.user))
