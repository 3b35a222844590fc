from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = _("Communes")

    def ready(self) -> None:
        from home.jobs import HOUR, MINUTE, Job, register

        from . import checks, doors, link_pictures, receivers  # noqa: F401 - importing connects them
        from .search.missed import forget_old

        doors.register(*doors.OWN_DOORS)
        register(
            Job(
                "follow_the_calendar",
                MINUTE,
                receivers.follow_the_calendar,
                _("Beginning and ending rights at midnight"),
            ),
            Job("forget_missed_searches", HOUR, forget_old, _("Forgetting old searches that found nothing")),
        )
