"""System checks: page types in their places, rights that no group may hold, the approval of every unit."""

from typing import Any

from django.contrib.auth.models import Group
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from wagtail.models import Workflow, WorkflowPage, WorkflowTask

from home.models import RESERVED_SLUGS, HomePage, UnitApprovalTask

from .doors import Door, Parent, doors
from .groups import STOCK_GROUPS
from .models import CommunePage


@register()
def doors_stand_in_the_tree(**kwargs: Any) -> list[CheckMessage]:
    """What a new page type needs besides its `Door`; without it no form of the admin would offer the page."""
    places: dict[Parent, Any] = {"unit": HomePage, "commune": CommunePage}
    return [
        Error(f"The door “{door.name}”: {wrong}", id="communes.E003")
        for place, parent in places.items()
        for door in doors(place)
        for wrong in _wrong_with(door, parent)
    ]


def _wrong_with(door: Door, parent: Any) -> list[str]:
    page_type = door.page_type
    wrong = []
    if parent not in page_type.allowed_parent_page_models():
        wrong.append(f"{page_type.__name__} and {parent.__name__} do not name each other as child and parent")
    if not page_type.is_structural:
        wrong.append(f"{page_type.__name__} is not structural, so an editor could delete it")
    if parent is HomePage and not (door.slug in RESERVED_SLUGS and door.slug == page_type.own_reserved_slug):
        wrong.append(f"{door.slug} is not reserved for {page_type.__name__} in home.models")
    return wrong


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


@register(Tags.database)
def every_unit_approves(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Without an active workflow of `UnitApprovalTask`s below a unit nothing can be submitted or published.

    A warning: what is missing keeps posts from the public, it lets none through (`home.publishing`).
    """
    if not databases or Workflow._meta.db_table not in connection.introspection.table_names():
        return []
    found: list[CheckMessage] = []
    for home in HomePage.objects.filter(depth=2):
        on_page = WorkflowPage.objects.filter(page=home, workflow__active=True).first()
        tasks = [
            row.task.specific
            for row in WorkflowTask.objects.filter(
                workflow=on_page.workflow_id if on_page else None, task__active=True
            ).select_related("task")
        ]
        if not any(isinstance(task, UnitApprovalTask) and task.groups.exists() for task in tasks):
            found.append(
                checks.Warning(
                    f"“{home.title}” has no active approval: nothing below it can be published",
                    hint="Enable its workflow and task under Settings → Workflows, or run open_unit again",
                    id="communes.W002",
                )
            )
    return found
