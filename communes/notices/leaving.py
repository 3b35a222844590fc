"""Whoever has no work left is rung by nobody: his browsers and his address go with it."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from ..models import MailAddress, Membership, PushSubscription, User
from ..signals import membership_ended


def forget_without_work(user: User) -> None:
    """Browsers and address of an account that works for no unit today. An administrator needs no unit."""
    if user.is_active and user.is_superuser:
        return
    if not Membership.objects.current().filter(user=user).exists():
        PushSubscription.objects.filter(user=user).delete()
        MailAddress.objects.filter(user=user).delete()


@membership_ended.heard_by
def forget_who_left(membership: Membership, **facts: Any) -> None:
    forget_without_work(membership.user)


@receiver(post_save, sender=User)
def forget_who_is_off(instance: User, **kwargs: Any) -> None:
    if not instance.is_active:
        forget_without_work(instance)
