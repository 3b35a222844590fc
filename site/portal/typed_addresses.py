"""An address as people type it leads to the page: `/Cẩm-Trung`, `/cẩm trung/TIN TỨC`, an old one, too."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from home.text import plain_slug

# Addresses for residents that are no pages of the tree.
VIEWS = {"lookup", "search"}


class TypedAddressMiddleware:
    """Asks only where nothing was found, and never for what a form sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        path = plain_path(request.path)
        if path in (request.path, "/") or not _leads_somewhere(request, path):
            return response
        query = request.META.get("QUERY_STRING")
        # Not for ever: what an address leads to may change.
        return HttpResponseRedirect(f"{path}?{query}" if query else path)


def plain_path(path: str) -> str:
    """As the portal writes it: "//Cẩm Trung/X" → "/cam-trung/x/". It stays on this host; twice is as once."""
    parts = [plain_slug(part) for part in path.split("/")]
    return "/" + "".join(f"{part}/" for part in parts if part)


def _leads_somewhere(request: HttpRequest, path: str) -> bool:
    """Whether a view, a live page or a page's old address stands there. As many queries as it has parts."""
    site = Site.find_for_request(request)
    if site is None:
        return False
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return False
        if match.view_name != "wagtail_serve":
            return match.view_name in VIEWS
        slugs = [slug for slug in match.args[0].split("/") if slug]
        try:
            site.root_page.localized.specific.route(request, slugs)
        except Http404:
            return get_redirect(request, Redirect.normalise_path(path)) is not None
    return True
