"""The staff's page of how the portal is doing: for the superuser and the editors of a supervising unit.

Names what does not answer, never why: an error's message may hold what somebody wrote.
"""

import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import django
import wagtail
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from communes.alerts import rules
from communes.models import Alert, PlaceList, PostTemplate
from communes.notices.health import standing
from communes.roles import supervises
from home import jobs
from home.calendar import public_holidays
from home.shared_cache import SharedCache


@dataclass(frozen=True)
class Probe:
    """Something that must answer, and how long it took."""

    name: str
    answers: bool
    milliseconds: int


def may_see(user: Any) -> bool:
    return bool(user.is_superuser or supervises(user))


def probes() -> list[Probe]:
    def ask_database() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def ask_cache(name: str) -> None:
        cache = caches[name]
        if isinstance(cache, SharedCache):
            cache.ping()
        cache.set("status", 1, 5)
        if cache.get("status") != 1:
            raise ValueError

    return [
        _asked(_("Database"), ask_database),
        _asked(_("Cache"), lambda: ask_cache("default")),
        _asked(_("Counters of limits"), lambda: ask_cache("counters")),
        _asked(_("Pictures and documents"), lambda: storages["default"].exists("health")),
        _asked(_("Sealed files of tips"), lambda: storages["tips"].exists("health")),
    ]


def _asked(name: str, ask: Callable[[], Any]) -> Probe:
    began = time.monotonic()
    try:
        ask()
        answers = True
    except Exception:  # noqa: BLE001 - every store raises its own; the page needs to know that it did
        answers = False
    return Probe(name, answers, round((time.monotonic() - began) * 1000))


def waiting(user: Any) -> list[tuple[str, int]]:
    """How much waits for approval: by this user, or, for the superuser, by anybody."""
    models: list[type[Any]] = [Alert, PostTemplate, PlaceList]
    counts = [(_("Posts and pages"), TaskState.objects.reviewable_by(user).count())]
    for model in models:
        waits = rules.awaiting(model, user)
        if user.is_superuser:
            waits = model.objects.filter(status=model.Status.WAITING)
        counts.append((str(model._meta.verbose_name_plural).capitalize(), waits.count()))
    return counts


def holidays() -> list[tuple[int, int]]:
    """How many public holidays of this year and of the next are known. Without any, the week alone counts."""
    year = timezone.localdate().year
    return [(year, len(public_holidays(year))), (year + 1, len(public_holidays(year + 1)))]


def versions() -> list[tuple[str, str]]:
    try:
        own = version("ket-noi-an-ninh")
    except PackageNotFoundError:  # run from its sources
        sources = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
        own = tomllib.loads(sources)["project"]["version"]
    return [("Kết nối An ninh", own), ("Wagtail", wagtail.__version__), ("Django", django.get_version())]


class StatusView(WagtailAdminTemplateMixin, View):
    template_name = "portal/status.html"
    page_title = gettext_lazy("State of the portal")
    header_icon = "info-circle"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        states = [{"name": state.job.words, "state": state} for state in jobs.states()]
        context = self.get_context_data(
            states=states,
            probes=probes(),
            waiting=waiting(request.user),
            outbox=standing(),
            holidays=holidays(),
            versions=versions(),
        )
        return self.render_to_response(context)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class StatusMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("State of the portal"),
            reverse_lazy("portal_status"),
            name="status",
            icon_name="info-circle",
            order=9500,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


def admin_urls() -> list[URLPattern]:
    return [path("status/", StatusView.as_view(), name="portal_status")]
