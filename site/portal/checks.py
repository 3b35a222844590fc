"""System checks of the installation as a whole."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.db import connection
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.module_loading import import_string

from home.delivery import mail, vapid


@register(Tags.security, deploy=True)
def no_demo_in_production(**kwargs: Any) -> list[CheckMessage]:
    """The demo's banner, accounts and known password belong to the demo's settings alone."""
    name = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    if settings.DEMO and name != "portal.settings.demo":
        return [Error("DEMO is on: only portal.settings.demo may set it", id="portal.E001")]
    return []


@register(Tags.database)
def no_demo_accounts_in_production(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """An account whose password is published must not exist on a real server.

    Runs with `migrate` and with `check --database default`.
    """
    if not databases or settings.DEMO:
        return []
    from communes.models import User

    if User._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migrate
    if User.objects.filter(email__endswith="@demo.invalid").exists():
        return [Error("This database holds the demo's accounts; start from an empty one", id="portal.E002")]
    return []


@register()
def tip_files_lie_apart(**kwargs: Any) -> list[CheckMessage]:
    """Sealed files never share a folder or bucket with public media, or get an address."""
    tips, media = settings.STORAGES["tips"], settings.STORAGES["default"]
    if tips["OPTIONS"].get("bucket_name") and tips["OPTIONS"]["bucket_name"] == media["OPTIONS"].get(
        "bucket_name"
    ):
        return [Error("TIPS_S3_BUCKET and MEDIA_S3_BUCKET name the same bucket", id="portal.E003")]
    if tips["OPTIONS"].get("location") and tips["OPTIONS"]["location"] == media["OPTIONS"].get("location"):
        return [Error("The storages tips and default share a folder", id="portal.E003")]
    return []


@register(Tags.security, deploy=True)
def form_tokens_are_checked(**kwargs: Any) -> list[CheckMessage]:
    """As security.W003, which knows Django's own middleware alone."""
    classes = [import_string(name) for name in settings.MIDDLEWARE]
    if any(isinstance(found, type) and issubclass(found, CsrfViewMiddleware) for found in classes):
        return []
    return [Error("No middleware of MIDDLEWARE checks form tokens (CSRF)", id="portal.E006")]


@register(Tags.security, deploy=True)
def keys_cost_enough(**kwargs: Any) -> list[CheckMessage]:
    """What demo and tests loosen about officers' keys must not reach a real server."""
    found: list[CheckMessage] = []
    passes, memory = settings.OFFICER_KEY_COST
    if passes < 3 or memory < 64 * 1024 * 1024:
        message = "OFFICER_KEY_COST is below 3 passes and 64 MiB: stolen keys could be searched for passwords"
        found.append(Error(message, id="portal.E004"))
    if not settings.TIP_KEY_COOKIE.startswith("__Host-"):
        found.append(Error("TIP_KEY_COOKIE must begin with __Host-", id="portal.E005"))
    return found


@register()
def rings_can_be_signed(**kwargs: Any) -> list[CheckMessage]:
    """A key that is none leaves every phone silent, a contact that Apple refuses all iPhones."""
    found: list[CheckMessage] = []
    if not settings.VAPID_PRIVATE_KEY:
        return found
    if not vapid.is_key(settings.VAPID_PRIVATE_KEY):
        message = "VAPID_PRIVATE_KEY is no key: it has 43 characters, as manage.py make_vapid_key writes them"
        found.append(Error(message, id="portal.E007"))
    if not vapid.is_contact(settings.VAPID_CONTACT):
        message = "VAPID_CONTACT must be mailto: and an address, or an https address, of a public host name"
        found.append(Error(message, id="portal.E008"))
    return found


@register(Tags.security, deploy=True)
def staff_can_be_reached(**kwargs: Any) -> list[CheckMessage]:
    """Without either way staff hear of a tip only when they look."""
    found: list[CheckMessage] = []
    if not settings.VAPID_PRIVATE_KEY:
        found.append(Info("VAPID_PRIVATE_KEY is not set: no phone of staff rings", id="portal.I001"))
    if mail.is_set_up() and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        found.append(Error("EMAIL_FROM must name the sender of mail to staff", id="portal.E009"))
    return found
