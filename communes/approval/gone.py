"""A page that was deleted while somebody had it open: each of its addresses says by whom and when.

What was typed into its form comes back, to be copied. Who could not know of the page still gets "not found".
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import PageLogEntry

from home.comparison import differences
from home.older_forms import read_form

from .meanwhile import deleted
from .queue import is_approver

# The addresses of a page, and under which name they have its id.
ADDRESSES = {"wagtailadmin_pages": "page_id", "quick_post": "pk"}
# Parts of another screen, or what only a script reads.
FRAMES = {"revisions_view", "preview_on_edit"}


class DeletedPageMiddleware:
    """Looks at answers "not found" alone, so that it costs nothing where the page is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or match.url_name in FRAMES:
            return response
        page_id = match.kwargs.get(ADDRESSES.get(match.namespace, ""))
        if page_id is None or not request.user.is_authenticated:
            return response
        told = deleted(request.user, page_id)
        return _answer(request, match.namespace, page_id, told) if told else response


def _answer(request: HttpRequest, namespace: str, page_id: int, told: str) -> HttpResponse:
    follows = get_valid_next_url_from_request(request) or reverse(
        "approval:next" if is_approver(request.user) else "wagtailadmin_home"
    )
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"message": told, "errors": {}, "link": ""}, status=409)
    typed = _typed(request, namespace, page_id) if request.method == "POST" else {}
    if not any(typed.values()):
        messages.warning(request, told)
        return redirect(follows)
    context = {"title": _("The page was deleted"), "why": told, "words": typed, "next_url": follows}
    return render(request, "home/admin/not_stored.html", context, status=409)


def _typed(request: HttpRequest, namespace: str, page_id: int) -> dict[str, str]:
    """By the names of the fields, as it was written."""
    if namespace == "quick_post":
        return {
            _("Title"): request.POST.get("title", ""),
            _("Content of the post"): request.POST.get("text", ""),
        }
    entry = PageLogEntry.objects.filter(page=page_id, action="wagtail.delete").first()
    model: Any = entry.content_type.model_class() if entry and entry.content_type else None
    if model is None or "title" not in request.POST:
        return {}
    typed = model()
    read_form(request, typed, parent=None)
    return {change.field_label(): change.htmldiff() for change in differences(request, model(), typed)}
