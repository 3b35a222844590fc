"""What the portal answers when a posted form is refused before its own view sees it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure as plain_failure
from wagtail.models import Page

from communes.alerts.thread_views import KEEPS_WORDS
from communes.staff.acceptance import invitation
from tipform.keys import KeyAwaited, KeyLocked
from tipform.keys.unlocking import asked_again, waiting_page
from tipform.models import TipFormPage
from tipform.views.form import tip_form
from tipform.views.lookup import lookup

# Staff's forms that come back with their words when their token was stale.
STAFF_FORMS = {"tips:thread", "tips:hand-on", "approval:review", *KEEPS_WORDS}


def page_not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """For addresses that a package brings and the portal does not offer. Raises Http404."""
    raise Http404


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The same form again with what was typed, for residents and staff; Django's page elsewhere.

    By default a stale token costs the writer every word he wrote.
    """
    form = residents_form(request)
    if form:
        return form(stale=True)
    if quick_post := quick_post_form(request):
        return quick_post(problem="stale")
    if request.resolver_match and request.resolver_match.url_name == "invitation":
        return invitation(request, stale=True)
    return staff_form(request) or plain_failure(request, reason)


def residents_form(request: HttpRequest) -> Callable[..., HttpResponse] | None:
    """The view that shows the tip form or the look-up of this address again; None at any other address."""
    match = request.resolver_match
    if match and match.url_name == "lookup":
        return partial(lookup, request)
    if match and match.url_name == "wagtail_serve" and match.args:
        # Wagtail's own view is asked for the path without the language's prefix, and so is this.
        page = Page.find_for_request(request, match.args[0])
        if isinstance(page, TipFormPage):
            return partial(tip_form, request, page)
    return None


def quick_post_form(request: HttpRequest) -> Callable[..., HttpResponse] | None:
    """The view that shows an editor's quick post again; None at any other address."""
    match = request.resolver_match
    if match and match.view_name in ("quick_post:write", "quick_post:edit"):
        return partial(match.func, request, **match.kwargs)
    return None


def staff_form(request: HttpRequest) -> HttpResponse | None:
    """The page of staff with what was typed, which sees `stale_form` and does nothing; None elsewhere."""
    match = request.resolver_match
    if match is None or match.view_name not in STAFF_FORMS:
        return None
    request.stale_form = True  # type: ignore[attr-defined]
    try:
        return match.func(request, *match.args, **match.kwargs)
    except KeyLocked:
        return asked_again(request).render()  # type: ignore[attr-defined]
    except KeyAwaited as awaited:
        return waiting_page(request, awaited.unit).render()  # type: ignore[attr-defined]


def body_refused(request: HttpRequest, status: int) -> HttpResponse:
    """A page in plain words instead of a bare 400 or 413."""
    return render(request, "tipform/body_refused.html", {"too_large": status == 413}, status=status)
