"""Small files that machines ask for at the root of every site."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from .context import site


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may spare themselves. No secret is named: what must not be found says so itself."""
    searches = [f"{address}?" for address in _in_each_language("search")]
    spared = ["/admin/", "/accounts/", "/api/", *searches]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in spared)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap_index'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponseBase:
    """For whoever asks at the root without reading the page."""
    return redirect(static("icons/favicon.ico"))


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """For a phone that puts the portal on its first screen. The address bar stays: it tells a false page."""
    home = site(request)["unit_home"]
    content = {
        "name": home.unit_name if home else "Kết nối An ninh",
        "short_name": "Kết nối An ninh",
        "lang": get_language(),
        "start_url": "/",
        "display": "minimal-ui",
        "theme_color": "#1f4d3a",
        "background_color": "#ffffff",
        "icons": _icons(),
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def admin_manifest(request: HttpRequest) -> HttpResponse:
    """For the phones of staff: an iPhone rings only for what stands on its first screen as an app."""
    content = {
        "id": "/admin/",
        "name": "Kết nối An ninh: công việc",
        "short_name": "Công việc",
        "lang": settings.LANGUAGE_CODE,
        "start_url": reverse("wagtailadmin_home"),
        # The log-in stands outside the admin.
        "scope": "/",
        "display": "standalone",
        "theme_color": "#1f4d3a",
        "background_color": "#ffffff",
        "icons": _icons(),
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    return [
        {"src": static(f"icons/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]


@require_safe
@conditional_page
def service_worker(request: HttpRequest) -> HttpResponse:
    """Keeps a few pages for no network, and rings for staff. No cache holds it: it can be taken back."""
    parts = ("css/site.css", "icons/sprite.svg", "icons/logo.svg", "js/offline.js")
    offline_pages = _in_each_language("offline")
    script = "portal/service-worker.js"
    context = {
        "offline_pages": json.dumps(offline_pages),
        "kit": json.dumps([*offline_pages, *(static(part) for part in parts)]),
        "icon": static("icons/icon-192.png"),
        "site_name": settings.WAGTAIL_SITE_NAME,
    }
    with override(settings.LANGUAGE_CODE):
        context["words"] = _("Something is new. Please log in to see it.")
    response = render(request, script, context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _in_each_language(name: str) -> list[str]:
    """The addresses of a view, that of the portal's own language first."""
    addresses = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            addresses.append(reverse(name))
    return addresses


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that a phone keeps and shows when it has no network."""
    return render(request, "portal/offline.html")
