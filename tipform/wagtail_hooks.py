"""What the tip box adds to the admin: the inbox, its menu item, its panel, the categories."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

from .desk.categories import CategoryViewSet, category_panels
from .desk.inbox.panels import officer_panels
from .desk.inbox.viewset import TipsMenuItem, TipsViewSet
from .desk.keys.panels import key_panels
from .desk.keys.viewset import KeysMenuItem, KeysViewSet
from .desk.unread import unseen_panels


@hooks.register("register_admin_viewset")
def inbox() -> TipsViewSet:
    return TipsViewSet()


@hooks.register("register_admin_viewset")
def categories() -> CategoryViewSet:
    return CategoryViewSet()


@hooks.register("register_admin_menu_item")
def inbox_menu_item() -> TipsMenuItem:
    return TipsMenuItem()


@hooks.register("register_admin_viewset")
def keys() -> KeysViewSet:
    return KeysViewSet()


@hooks.register("register_admin_menu_item")
def keys_menu_item() -> KeysMenuItem:
    return KeysMenuItem()


@hooks.register("register_account_menu_item")
def change_password(request: HttpRequest) -> dict[str, Any]:
    """Wagtail's own form is off: it would not re-wrap the officer's key."""
    return {
        "url": reverse("account_change_password"),
        "label": _("Change my password"),
        "help_text": _("The same password opens your key, so it is changed in one place only."),
    }


@hooks.register("construct_homepage_panels")
def key_work_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(key_panels(request.user))


@hooks.register("construct_homepage_panels")
def tip_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend(
        [*officer_panels(request.user), *unseen_panels(request.user), *category_panels(request.user)]
    )
