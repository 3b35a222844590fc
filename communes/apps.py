from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunesConfig(AppConfig):
    name = "communes"
    verbose_name = _("Communes")

    def ready(self) -> None:
        from home.jobs import HOUR, MINUTE, Job, register

        from . import checks, doors, link_pictures, receivers  # noqa: F401 - importing connects them
        from .notices import (
            away,
            delivery,
            duty,
            leaving,  # noqa: F401 - importing connects it
            outbox,
            posts,
            proof,
            reasons,
            reviews,
            trial,
        )
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
            Job(
                "ring_weekly",
                10 * MINUTE,
                proof.ring_weekly,
                _("Ringing weekly, to hear whose bell works"),
            ),
            # In a loop of its own: no slow job holds a ring up.
            Job(
                "tell_staff",
                0.5,
                delivery.turn,
                _("Ringing phones and sending mail to staff"),
                loop="notices",
                finish=delivery.finish,
            ),
            Job("forget_notices", MINUTE, outbox.purge, _("Forgetting what staff have been told")),
            Job("remind_of_guides", HOUR, posts.remind_of_guides, _("Reminding of guides due for review")),
            Job("remind_of_alerts", 5 * MINUTE, reviews.remind_of_alerts, _("Reminding of alerts that end")),
            Job("forget_duty", HOUR, duty.forget_old, _("Forgetting absences and turns that are over")),
        )
        posts.take_the_place_of_wagtails_mails()
        reasons.register(*posts.REASONS, *reviews.REASONS, away.LAST_HOLDER_AWAY, trial.REASON)
