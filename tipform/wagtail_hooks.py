"""What the tip box adds to the admin: the inbox, its menu item, its panel, the categories."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from .inbox.categories import CategoryViewSet
from .inbox.panels import category_panels, officer_panels
from .inbox.viewset import TipsMenuItem, TipsViewSet


@hooks.register("register_admin_viewset")
def inbox() -> TipsViewSet:
    return TipsViewSet()


@hooks.register("register_admin_viewset")
def categories() -> CategoryViewSet:
    return CategoryViewSet()


@hooks.register("register_admin_menu_item")
def inbox_menu_item() -> TipsMenuItem:
    return TipsMenuItem()


@hooks.register("construct_homepage_panels")
def tip_panels(request: HttpRequest, panels: list[Any]) -> None:
    panels.extend([*officer_panels(request.user), *category_panels(request.user)])
