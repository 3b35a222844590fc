"""What every response gets: cookies and caching rules of public pages, the admin's own security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

Handler = Callable[[HttpRequest], HttpResponse]

# Screens of posts, guides and pictures: what they hold is public or to be published, and the token of their
# forms is masked differently in each answer. Never the inbox, keys, staff or accounts.
COMPRESSED = tuple(
    f"/admin/{part}/" for part in ("pages", "images", "documents", "choose-page", "quick-post")
)


# The views whose answer is the same for everybody, by name: no other is said to be `public` here. Documents
# and pictures say so themselves. A page behind a log-in says that it is not, and a preview has no name.
PUBLIC_VIEWS = {"wagtail_serve", "search", "wagtailapi:pages:listing", "wagtailapi:pages:detail"}


class AnonymousPageMiddleware:
    """Public pages are the same for everybody: no cookie, no `Vary`, kept by proxies for a second.

    A proxy that holds a page for one second absorbs a rush and never shows an old alert. Pages that say
    `no-store` (form, receipt, thread) are left alone, and so is the admin, which gets its looser policy.
    Only what is public or soon will be is compressed: a compressed length can betray a secret that stands
    next to text which somebody else chose.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.compress = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(("/admin/", "/accounts/")):
            if request.path.startswith("/admin/"):
                response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
                # The editor shows its own preview in a frame.
                response.headers["X-Frame-Options"] = "SAMEORIGIN"
                # A preview has passed these middlewares as the public page and keeps that strict policy.
                if policy := response.headers.get("Content-Security-Policy"):
                    framed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
                    response.headers["Content-Security-Policy"] = framed
            if request.path.startswith(COMPRESSED):
                return self.compress.process_response(request, response)
            return response
        match = request.resolver_match
        is_public = match is not None and match.view_name in PUBLIC_VIEWS
        is_page = is_public and response.status_code == 200 and request.method in ("GET", "HEAD")
        if is_page and not response.cookies and "Cache-Control" not in response:
            patch_cache_control(response, public=True, max_age=0, s_maxage=1)
            # The language is in the address; LocaleMiddleware adds this for redirects' sake.
            response.headers.pop("Vary", None)
            return self.compress.process_response(request, response)
        return response
