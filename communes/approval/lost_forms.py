"""A page that was deleted while somebody had it open, or where he may not write any more: he is told.

Each address of a deleted page says by whom and when. What was typed into a form comes back, to be copied. Who
could not know of the page still gets "not found".
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page, PageLogEntry

from home.comparison import differences
from home.older_forms import read_form

from .meanwhile import deleted
from .queue import next_work

# The addresses of a page, and under which name they have its id.
ADDRESSES = {"wagtailadmin_pages": "page_id", "quick_post": "pk"}
# Parts of another screen, or what only a script reads.
FRAMES = {"revisions_view", "preview_on_edit"}
# Where a text is written.
QUICK = {"quick_post:write", "quick_post:edit"}
EDITORS = QUICK | {"wagtailadmin_pages:add", "wagtailadmin_pages:edit"}


class LostFormMiddleware:
    """Looks at answers that turn somebody away, so that it costs nothing where the page is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        # The user is asked for last: a public page has no session to look into.
        if match is None or match.namespace not in ADDRESSES or not request.user.is_authenticated:
            return response
        if told := _deleted(request, response):
            return _answer(request, told, _typed(request))
        if (told := _turned_away(request, response)) and (typed := _typed(request)):
            return _answer(request, told, typed)
        return response


def _deleted(request: HttpRequest, response: HttpResponse) -> str:
    match: Any = request.resolver_match
    page_id = match.kwargs.get(ADDRESSES.get(match.namespace, ""))
    if response.status_code != 404 or page_id is None or match.url_name in FRAMES:
        return ""
    return deleted(request.user, page_id)


def _turned_away(request: HttpRequest, response: HttpResponse) -> str:
    """Said to whoever sends a text, of any page: nobody learns whether one is there."""
    match: Any = request.resolver_match
    if request.method != "POST" or match.view_name not in EDITORS:
        return ""
    elsewhere = [reverse("wagtailadmin_home"), reverse("account_login")]
    refused = response.status_code == 404
    if response.status_code == 302 and response.headers["Location"].partition("?")[0] in elsewhere:
        refused = not _may_write(request.user, match)
    return (
        _("Nothing can be stored here any more: the place of work has changed, or was closed.")
        if refused
        else ""
    )


def _may_write(user: Any, match: Any) -> bool:
    """A press that was taken may lead to the same addresses."""
    if match.view_name in QUICK:
        return False  # such a press leads to what became of the post
    of_page = match.view_name == "wagtailadmin_pages:edit"
    page = Page.objects.filter(
        pk=match.kwargs["page_id"] if of_page else match.kwargs["parent_page_id"]
    ).first()
    if page is None:
        return False
    permissions = page.permissions_for_user(user)
    return bool(permissions.can_edit() if of_page else permissions.can_add_subpage())


def _answer(request: HttpRequest, told: str, typed: dict[str, str]) -> HttpResponse:
    follows = get_valid_next_url_from_request(request) or next_work(request.user)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": told, "errors": {}, "link": ""}, status=409)
    if not typed:
        messages.warning(request, told)
        return redirect(follows)
    context = {"title": _("Not stored"), "why": told, "words": typed, "next_url": follows}
    return render(request, "home/admin/not_stored.html", context, status=409)


def _typed(request: HttpRequest) -> dict[str, str]:
    """By the names of the fields, as it was written; empty where nothing was."""
    match: Any = request.resolver_match
    if match.namespace == "quick_post":
        words = {_("Title"): "title", _("Content of the post"): "text"}
        typed = {label: request.POST.get(name, "") for label, name in words.items()}
        return typed if any(typed.values()) else {}
    model = _model(match) if "title" in request.POST else None
    if model is None:
        return {}
    written = model()
    read_form(request, written, parent=None)
    return {change.field_label(): change.htmldiff() for change in differences(request, model(), written)}


def _model(match: Any) -> Any:
    """The type of the page that was written, also of one that is gone."""
    names = match.kwargs
    if match.view_name == "wagtailadmin_pages:add":
        return apps.get_model(names["content_type_app_name"], names["content_type_model_name"])
    page = Page.objects.filter(pk=names["page_id"]).first()
    if page is not None:
        return page.specific_class
    entry = PageLogEntry.objects.filter(page=names["page_id"], action="wagtail.delete").first()
    return entry.content_type.model_class() if entry and entry.content_type else None
