"""Wagtail groups follow memberships, which are the truth about staff."""

import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published

from home.models import InfoPage

from .approval.due import confirmed_by_publishing
from .groups import OFFICERS_GROUP, groups_of
from .models import (
    CommunePage,
    ContactPage,
    FormerName,
    Membership,
    NewsPage,
    ProcedurePage,
    SearchWords,
    Unit,
    User,
    VocabularyStamp,
)
from .notices.leaving import forget_without_work
from .signals import post_published
from .staff.memberships import end_sessions
from .tree import unit_of


@receiver([post_save, post_delete], sender=Membership)
def sync_groups(instance: Membership, **kwargs: Any) -> None:
    """Set the member's groups to what his memberships say; groups given by hand are taken away again."""
    if instance.role == Membership.Role.OFFICER:
        group, _made = Group.objects.get_or_create(name=OFFICERS_GROUP)
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    instance.user.groups.set(groups_of(instance.user))


def follow_the_calendar() -> None:
    """By the clock: work also begins and ends at midnight, without anybody pressing a button.

    Looks at the last week, so that a server which slept through a midnight catches up. Whoever lost work is
    logged out, as when somebody ends it for him, and whoever has none left is rung no more.
    """
    today = timezone.localdate()
    lately = (today - datetime.timedelta(days=7), today)
    changed = Membership.objects.filter(Q(since__range=lately) | Q(until__range=lately))
    for user in User.objects.filter(pk__in=changed.values("user")).prefetch_related("groups"):
        groups, due = set(user.groups.all()), set(groups_of(user))
        if groups != due:
            user.groups.set(due)
        if groups - due:
            end_sessions(user)
        forget_without_work(user)


@receiver(page_published, sender=NewsPage)
def tell_of_post(instance: NewsPage, **kwargs: Any) -> None:
    # Wagtail sends this also when a post is only given its hour.
    if instance.live:
        unit = instance.commune.unit if instance.commune else unit_of(instance)
        post_published.send_robust(sender=NewsPage, post=instance, unit=unit)


@receiver(page_published, sender=ContactPage)
def contact_page_published(instance: ContactPage, revision: Any = None, **kwargs: Any) -> None:
    confirmed_by_publishing(instance, revision.user if revision else None)


def search_anew(**kwargs: Any) -> None:
    """What the search keeps in memory may have changed."""
    VocabularyStamp.renew()


# By sender: no other row that is written, a tip's least of all, asks for it. Wagtail takes a page down as a
# plain Page.
for _model in (
    CommunePage,
    FormerName,
    InfoPage,
    Page,
    PageViewRestriction,
    ProcedurePage,
    SearchWords,
    Unit,
):
    post_save.connect(search_anew, sender=_model)
    post_delete.connect(search_anew, sender=_model)
