"""Settings of a server that says all it can: every logger at DEBUG, and one proxy in front."""

from typing import Any

from django.db.backends.signals import connection_created

from portal.settings.test import *  # noqa: F403
from portal.settings.test import LOGGING

LOGGING["root"]["level"] = "DEBUG"
# A picture library's debug lines are silenced by name; that stays, as nobody turns it on by a level.
for _name in ("django", "django.server", "django.db.backends", "tipform", "allauth", "wagtail", "botocore"):
    LOGGING["loggers"][_name] = {"handlers": [], "level": "DEBUG", "propagate": True}
TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 1


def _say_every_statement(connection: Any, **kwargs: Any) -> None:
    connection.force_debug_cursor = True


connection_created.connect(_say_every_statement)
