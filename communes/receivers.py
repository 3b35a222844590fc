"""Wagtail groups follow memberships, which are the truth about staff."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published

from .approval.due import confirmed_by_publishing
from .models import ContactPage, Membership
from .opening import editors_group_name

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


@receiver([post_save, post_delete], sender=Membership)
def sync_groups(instance: Membership, **kwargs: Any) -> None:
    """Set the member's groups to what his memberships say; groups given by hand are taken away again."""
    if instance.role == Membership.Role.OFFICER:
        group, _made = Group.objects.get_or_create(name=OFFICERS_GROUP)
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    instance.user.groups.set(groups_of(instance.user))


@receiver(page_published, sender=ContactPage)
def contact_page_published(instance: ContactPage, revision: Any = None, **kwargs: Any) -> None:
    confirmed_by_publishing(instance, revision.user if revision else None)
