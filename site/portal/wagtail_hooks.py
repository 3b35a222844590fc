"""What the portal adds to the admin as a whole: the handbook, and the state of the installation."""

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from . import status
from .handbook import HandbookMenuItem, handbook, handbook_part
from .signed_out import session


@hooks.register("register_admin_urls")
def portal_urls() -> list[URLPattern]:
    return [
        path("session/", session, name="session"),
        path("help/", handbook, name="handbook"),
        path("help/<slug:slug>/", handbook_part, name="handbook_part"),
        *status.admin_urls(),
    ]


@hooks.register("insert_global_admin_js")
def language_script() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/language.js"))


@hooks.register("register_admin_menu_item")
def handbook_menu_item() -> HandbookMenuItem:
    return HandbookMenuItem()


@hooks.register("register_admin_menu_item")
def status_menu_item() -> status.StatusMenuItem:
    return status.StatusMenuItem()
