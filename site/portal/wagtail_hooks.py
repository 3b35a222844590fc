"""What the installation as a whole adds to the admin: its state."""

from django.urls import URLPattern
from wagtail import hooks

from .status import StatusMenuItem, admin_urls


@hooks.register("register_admin_urls")
def status_url() -> list[URLPattern]:
    return admin_urls()


@hooks.register("register_admin_menu_item")
def status_menu_item() -> StatusMenuItem:
    return StatusMenuItem()
