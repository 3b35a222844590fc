from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        from home.jobs import HOUR, MINUTE, Job, register

        from . import checks  # noqa: F401
        from .account import leave_out_panels
        from .jobs import clear_sessions, publish_scheduled
        from .labels import name_fields

        register(
            Job(
                "publish_scheduled",
                MINUTE,
                publish_scheduled,
                _("Publishing by schedule, and taking down what has expired"),
            ),
            Job("clear_sessions", HOUR, clear_sessions, _("Removing log-ins that have ended")),
        )
        leave_out_panels()
        name_fields()
