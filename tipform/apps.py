from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipformConfig(AppConfig):
    name = "tipform"
    verbose_name = _("Tips")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
