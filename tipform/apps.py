from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipformConfig(AppConfig):
    name = "tipform"
    verbose_name = _("Tips")

    def ready(self) -> None:
        from communes import doors
        from home.jobs import register

        from . import receivers  # noqa: F401 - importing connects them
        from .doors import TIP_FORM
        from .intake.views import tip_form
        from .jobs import JOBS
        from .models import TipFormPage

        TipFormPage.view = tip_form
        doors.register(TIP_FORM)
        register(*JOBS)
