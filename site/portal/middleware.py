"""What every response gets: caching rules of public pages, the admin's own security policy, compression."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

Handler = Callable[[HttpRequest], HttpResponse]

# The views whose answer is the same for everybody, by name: no other is said to be `public` here. Documents
# and pictures say so themselves. A page behind a log-in says that it is not, and a preview has no name.
PUBLIC_VIEWS = {
    "wagtail_serve",
    "search",
    "suggestions",
    "wagtailapi:pages:listing",
    "wagtailapi:pages:detail",
    "robots",
    "manifest",
    "admin_manifest",
    "offline",
    "sitemap_index",
    "sitemap_part",
}

# Screens of posts, guides and pictures: what they hold is public or to be published, and the token of their
# forms is masked differently in each answer. Never the inbox, keys, staff or accounts.
COMPRESSED = tuple(
    f"/admin/{part}/" for part in ("pages", "images", "documents", "choose-page", "quick-post")
)


def _is_for_everybody(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in PUBLIC_VIEWS


class PublicPageMiddleware:
    """Public pages are the same for everybody: no cookie, no `Vary`, kept by proxies for a second.

    A proxy that holds a page for one second absorbs a rush and never shows an old alert. Pages that say
    `no-store` (form, receipt, thread) are left alone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.status_code == 200 and request.method in ("GET", "HEAD")
        says_nothing = not response.cookies and "Cache-Control" not in response
        if is_page and says_nothing and _is_for_everybody(request):
            patch_cache_control(response, public=True, max_age=0, s_maxage=1)
            # The language is in the address; LocaleMiddleware adds this for redirects' sake.
            response.headers.pop("Vary", None)
        return response


class AdminPolicyMiddleware:
    """Gives the admin its looser security policy, and lets it show its own preview in a frame."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
            # A preview has passed these middlewares as the public page and keeps that strict policy.
            if policy := response.headers.get("Content-Security-Policy"):
                framed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
                response.headers["Content-Security-Policy"] = framed
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses only what is public or soon will be.

    A compressed length can betray a secret that stands next to text which somebody else chose.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        is_public = _is_for_everybody(request) and "public" in response.get("Cache-Control", "")
        if is_public or request.path.startswith(COMPRESSED):
            return super().process_response(request, response)  # type: ignore[return-value]
        return response
