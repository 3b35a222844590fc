"""Every address of the portal. First parts stand in home.models.RESERVED_SLUGS; a check compares."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.home import sprite
from wagtail.admin.views.i18n import localized_js_catalog

from communes.notices.bell import heard
from communes.notices.counts import news_count
from communes.search.suggestions import suggestions
from communes.search.views import search
from communes.staff.acceptance import invitation
from communes.staff.login import log_in
from home.documents import document
from tipform.attachments.tus import upload, uploads
from tipform.lookup.views import lookup

from . import health, site_files, sitemaps
from .api import router
from .media import serve_media
from .views import page_not_found

# Two files of the admin that are the same for all staff. Wagtail sends both with every page, 78 kB; here
# they travel compressed and are kept: icons for good (their address has a digest), words for an hour.
icons = gzip_page(cache_control(public=True, max_age=31536000, immutable=True)(sprite))
words = gzip_page(cache_control(private=True, max_age=3600)(localized_js_catalog))

handler500 = "portal.broken.server_error"

urlpatterns = [
    path("admin/sprite/", icons),
    path("admin/jsi18n/", words),
    # One log-in: Wagtail's own form gives way to the one with the second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("admin/quick-post/", include("communes.quickpost.urls")),
    path("admin/", include(wagtailadmin_urls)),
    # Accounts are given by the unit, and a password is reset at a desk: nobody signs up or resets by mail.
    re_path(r"^accounts/(signup|email|confirm-email|password/reset)/", page_not_found),
    path("accounts/login/", log_in, name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("moi/", invitation, name="invitation"),
    # Under the names of wagtail.documents.urls. No collection has a password that many share.
    re_path(r"^documents/(\d+)/(.*)$", document, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        page_not_found,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("api/v2/", router.urls),
    path("robots.txt", site_files.robots, name="robots"),
    path("favicon.ico", site_files.favicon, name="favicon"),
    path("site.webmanifest", site_files.manifest, name="manifest"),
    path("admin.webmanifest", site_files.admin_manifest, name="admin_manifest"),
    # At the root: a service worker sees only what stands below its own address.
    path("service-worker.js", site_files.service_worker, name="service_worker"),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_index"),
    path("sitemap-<int:part>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    # Asked without a cookie, so that asking keeps no session alive.
    path("chuong-bao/da-reo/", heard, name="bell_heard"),
    path("chuong-bao/viec-moi/", news_count, name="news_count"),
    path("tep/", uploads, name="uploads"),
    re_path(r"^tep/([0-9a-f]{32})/$", upload, name="upload"),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("health/jobs/", health.jobs),
]
if settings.SERVE_MEDIA:
    urlpatterns.append(re_path(r"^media/images/(?P<name>[0-9a-f]{32}\.[a-z]+)$", serve_media))

urlpatterns += i18n_patterns(
    path("tra-cuu/", lookup, name="lookup"),
    path("tim-kiem/", search, name="search"),
    path("tim-kiem/goi-y/", suggestions, name="suggestions"),
    path("khong-co-mang/", site_files.offline, name="offline"),
    # Wagtail's log-in for visitors asks neither for a second factor nor how often a password was wrong. Its
    # shared passwords are no better.
    re_path(r"^_util/", page_not_found),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
