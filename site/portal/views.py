"""What the portal answers when a form's token is stale."""

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure as plain_failure
from wagtail.models import Page

from tipform.models import TipFormPage
from tipform.views.form import tip_form
from tipform.views.lookup import lookup


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The same form again with what was typed, for residents; Django's page for everybody else.

    By default a stale token costs the resident every word he wrote.
    """
    if request.resolver_match and request.resolver_match.url_name == "lookup":
        return lookup(request, stale=True)
    page = Page.find_for_request(request, _path_under_home(request))
    if page is not None and isinstance(page, TipFormPage):
        return tip_form(request, page, stale=True)
    return plain_failure(request, reason)


def _path_under_home(request: HttpRequest) -> str:
    """The path that Wagtail's own view was asked for: without the prefix of the language."""
    match = request.resolver_match
    return match.args[0] if match and match.url_name == "wagtail_serve" and match.args else ""
