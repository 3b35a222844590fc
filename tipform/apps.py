from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TipformConfig(AppConfig):
    name = "tipform"
    verbose_name = _("Tips")

    def ready(self) -> None:
        from communes import doors
        from communes.notices import counts, reasons
        from home.jobs import MINUTE, Job, register

        from . import receivers  # noqa: F401 - importing connects them
        from .desk.notices import REASONS, ring_at_the_start_of_duty
        from .desk.unread import unread_line, unread_of
        from .doors import TIP_FORM
        from .intake.views import tip_form
        from .jobs import JOBS
        from .models import TipFormPage

        TipFormPage.view = tip_form
        doors.register(TIP_FORM)
        register(
            *JOBS,
            Job(
                "ring_at_the_start_of_duty",
                5 * MINUTE,
                ring_at_the_start_of_duty,
                _("Ringing for what nobody has looked at since an earlier day"),
            ),
        )
        reasons.register(*REASONS)
        counts.register("tips", unread_of, unread_line)
