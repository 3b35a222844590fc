"""System checks of rights that no group of a commune may hold."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from .opening import STOCK_GROUPS


@register(Tags.database)
def no_group_translates(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """wagtail-localize's right to submit translations is global: it passes over approval and page rights."""
    if not databases:
        return []
    if Group._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migrate
    # Wagtail's migrations make its two groups and wagtail-localize's give them the right. With nobody in them
    # they let nobody in, and `open_unit` removes them; an error would stop every later `migrate`.
    holders = [
        group
        for group in Group.objects.filter(permissions__codename="submit_translation")
        if group.name not in STOCK_GROUPS or group.user_set.exists()
    ]
    return [
        Error(f"The group “{group.name}” holds submit_translation; take it away", id="communes.E001")
        for group in holders
    ]
