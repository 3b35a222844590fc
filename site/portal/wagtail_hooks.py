"""What the portal adds to the admin as a whole: the handbook."""

from django.urls import URLPattern, path
from wagtail import hooks

from .handbook import HandbookMenuItem, handbook, handbook_part


@hooks.register("register_admin_urls")
def handbook_urls() -> list[URLPattern]:
    return [
        path("help/", handbook, name="handbook"),
        path("help/<slug:slug>/", handbook_part, name="handbook_part"),
    ]


@hooks.register("register_admin_menu_item")
def handbook_menu_item() -> HandbookMenuItem:
    return HandbookMenuItem()
