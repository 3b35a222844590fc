"""Wagtail's groups and collections of a unit: their names, and the rights that each has."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from .models import Membership, Unit

SHARED_COLLECTION = "Dùng chung"


# Made by Wagtail's migrations, with rights that pass over approval. No role here uses them.
STOCK_GROUPS = ("Editors", "Moderators")


def page_rights(group: Group, page: Page, codenames: list[str]) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=codenames
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def collection_rights(group: Group, collection: Collection, actions: list[str]) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"],
        codename__in=[f"{action}_{model}" for action in actions for model in ("image", "document")],
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def ensure_group(name: str) -> Group:
    """The group with the right to enter the admin; the memberships of staff fill it."""
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    return group


def ensure_collection(name: str, parent: Collection | None = None) -> Collection:
    """The collection of this name, made below `parent` (default: the root) if it is not there."""
    existing = Collection.objects.filter(name=name).first()
    return existing or (parent or Collection.get_first_root_node()).add_child(name=name)


def editors_group_name(unit: Unit) -> str:
    return f"{unit.qualified_name} – biên tập"[:150]


OFFICERS_GROUP = "Cán bộ tiếp nhận tin"


def groups_of(user: Any) -> list[Group]:
    """The groups that the user's memberships of today amount to."""
    names = set()
    for membership in Membership.objects.current().filter(user=user).select_related("unit__parent"):
        if membership.role == Membership.Role.EDITOR:
            names.add(editors_group_name(membership.unit))
        else:
            names.add(OFFICERS_GROUP)
    return list(Group.objects.filter(name__in=names))
