from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = _("Communes")

    def ready(self) -> None:
        from . import checks, receivers  # noqa: F401
