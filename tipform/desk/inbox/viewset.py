"""The addresses and the menu item of the inbox. No model is registered: Wagtail knows no tip."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.viewsets.base import ViewSet

from communes.roles import is_officer

from ...models import Tip
from ..access import count_by_status
from .files import stored_file
from .handing import HandOnView
from .views import InboxView, TipView


class TipsViewSet(ViewSet):
    name = "tips"
    icon = "mail"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            **kwargs,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.construct_view(InboxView), name="index"),
            path("results/", self.construct_view(InboxView, results_only=True), name="index_results"),
            path("<uuid:uuid>/", self.construct_view(TipView), name="thread"),
            path("<uuid:uuid>/hand-on/", self.construct_view(HandOnView), name="hand-on"),
            path("<uuid:uuid>/files/<uuid:part>/", stored_file, name="file"),
        ]


class TipsMenuItem(MenuItem):
    """ "Tin báo (3)", for tip officers alone."""

    def __init__(self) -> None:
        super().__init__(
            _("Tips"), reverse_lazy("tips:index"), name="tips", icon_name=TipsViewSet.icon, order=50
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_officer(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        new = count_by_status(request.user).get(Tip.Status.NEW, 0)
        label = f"{self.label} ({new})" if new else str(self.label)
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)
