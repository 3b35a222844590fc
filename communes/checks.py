"""System checks of rights that no group of a commune may hold."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.database)
def no_group_translates(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """wagtail-localize's right to submit translations is global: it passes over approval and page rights."""
    if not databases:
        return []
    if Group._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migrate
    holders = Group.objects.filter(permissions__codename="submit_translation")
    return [
        Error(f"The group “{group.name}” holds submit_translation; take it away", id="communes.E001")
        for group in holders
    ]
