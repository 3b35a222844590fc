from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipformConfig(AppConfig):
    name = "tipform"
    verbose_name = _("Tips")

    def ready(self) -> None:
        from . import receivers  # noqa: F401
        from .intake.views import tip_form
        from .models import TipFormPage

        TipFormPage.view = tip_form
