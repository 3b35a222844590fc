"""The addresses and the menu item of the pages about keys."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from communes.roles import is_officer

from .health import HealthView
from .views import BeginView, CodeView, ConfirmView, GrantView, IndexView, RecoverView


class KeysViewSet(ViewSet):
    name = "keys"
    icon = "key"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("health/", HealthView.as_view(), name="health"),
            path("<int:unit>/begin/", BeginView.as_view(), name="begin"),
            path("<int:unit>/code/", CodeView.as_view(), name="code"),
            path("<int:unit>/confirm/", ConfirmView.as_view(), name="confirm"),
            path("<int:unit>/grant/<int:key>/", GrantView.as_view(), name="grant"),
            path("<int:unit>/recover/", RecoverView.as_view(), name="recover"),
        ]


class KeysMenuItem(MenuItem):
    """ "Chìa khóa", for tip officers alone."""

    def __init__(self) -> None:
        super().__init__(
            _("Keys"), reverse_lazy("keys:index"), name="keys", icon_name=KeysViewSet.icon, order=55
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_officer(request.user)
