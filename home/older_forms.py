"""Wagtail's editor stores nothing from a form that was drawn with an older text, and says who stored what.

What was typed comes back beside the text as it stands now, and takes its place only by a press that was made
in view of both.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from wagtail import hooks
from wagtail.models import Page, PageSubscription

from .comparison import differences
from .submission import (
    OWN_AUTOSAVE,
    SEEN,
    SEEN_AT,
    lock_row,
    newer_text,
    seen_mark,
    why_locked,
)

EDITORS = {"wagtailadmin_pages:edit", "wagtailadmin_pages:revisions_revert"}
NOT_TYPED = {"csrfmiddlewaretoken", SEEN, SEEN_AT, OWN_AUTOSAVE}


class OnePressAtATimeMiddleware:
    """Of two presses on a page's editor the second is compared with what the first has stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page_id = _page_sent(request)
        if page_id is None:
            return self.get_response(request)
        with transaction.atomic():
            lock_row(page_id)
            response = self.get_response(request)
            # Django has made a page of an error by now.
            transaction.set_rollback(response.status_code >= 500)
        return response


def _page_sent(request: HttpRequest) -> int | None:
    """The page whose editor somebody who is logged in sends."""
    if request.method != "POST":
        return None
    try:
        match = resolve(request.path_info)
    except Http404:
        return None
    # The user is asked for last: what a resident sends has no session to look into.
    ours = match.view_name in EDITORS and request.user.is_authenticated
    return match.kwargs["page_id"] if ours else None


# After the hook of `communes.approval`, which knows more of a page that has been decided meanwhile.
@hooks.register("before_edit_page", order=1)
def refuse_older_form(request: HttpRequest, page: Page) -> HttpResponse | None:
    if request.method != "POST" or page.alias_of_id:
        return None
    # Taking a page back from approval goes on, although it is locked as long as it waits.
    locked = "" if "action-cancel-workflow" in request.POST else why_locked(page, request.user)
    newer = newer_text(request.POST, page.pk)
    if request.accepts("text/html"):
        why = locked or newer
        return not_stored(request, page, why, may_store=True) if why else None
    if locked or not newer:
        return None
    # What Wagtail's script of autosave knows how to tell; it knows of locks by itself.
    error = {"success": False, "error_code": "invalid_revision", "error_message": newer}
    return JsonResponse(error, status=400)


def not_stored(request: HttpRequest, page: Page, why: str, **context: Any) -> HttpResponse:
    """What was sent to the page's editor, compared with the text as it stands now.

    `may_store` offers to store it in place of that one; `next_url` is the way to the next page.
    """
    # Of a live page without changes Wagtail gives the object in memory, so two are asked for.
    now, typed = (Page.objects.get(pk=page.pk).get_latest_revision_as_object() for _copy in range(2))
    read_form(request, typed, page.get_parent())
    context |= {
        "title": page.draft_title,
        "why": why,
        "changes": differences(request, now, typed),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
        "typed": list(_typed(request)),
        "seen": seen_mark(page),
    }
    return render(request, "home/admin/not_stored.html", context, status=409)


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in NOT_TYPED and not name.startswith(("action-", "workflow-action-")):
            yield from ((name, value) for value in values)


def read_form(request: HttpRequest, page: Page, parent: Page | None) -> Any:
    """The form of the page's editor as it was sent, read into `page` as far as it can be read."""
    form = page.get_edit_handler().get_form_class()(
        request.POST,
        request.FILES,
        instance=page,
        subscription=PageSubscription(page=page, user=request.user),
        parent_page=parent,
        for_user=request.user,
    )
    form.is_valid()
    return form
