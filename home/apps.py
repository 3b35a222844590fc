from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from . import checks, comparison  # noqa: F401
        from .guards import drop_bulk_actions, drop_filters_by_name
        from .rich_text import read_links_as_browsers_do

        drop_bulk_actions()
        drop_filters_by_name()
        read_links_as_browsers_do()
