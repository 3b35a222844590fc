"""What happens on this floor when a commune opens, and when an officer of it leaves."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext, ngettext

from communes.lifecycle.opening import Report
from communes.models import Invitation, Membership, Unit, User
from communes.models.signed import Signed
from communes.signals import (
    commune_closing,
    commune_opened,
    in_force_asked,
    key_holders_asked,
    signing,
    starter_values_asked,
    unit_opened,
)
from tipform.keys.grants import end_departed, key_holder_ids
from tipform.keys.signing import is_signed, retire, sign_change, stands
from tipform.models import Category, Holding, KeyGrant, Tip

# The subjects of the programme's first months. Editable in the admin; seeded once, into an empty table.
FIRST_CATEGORIES = [
    ("illegal-sand-mining", "Khai thác cát trái phép", Category.Picture.SAND),
    ("fraud", "Lừa đảo", Category.Picture.FRAUD),
    ("food-safety", "An toàn thực phẩm", Category.Picture.FOOD),
    ("road-encroachment", "Lấn chiếm lòng đường, vỉa hè", Category.Picture.STALL),
    ("theft", "Trộm cắp", Category.Picture.THEFT),
    ("drugs", "Ma túy", Category.Picture.DRUGS),
    ("gambling", "Đánh bạc", Category.Picture.DICE),
    ("traffic", "Giao thông", Category.Picture.TRAFFIC),
    ("fire-safety", "Phòng cháy, chữa cháy", Category.Picture.FIRE),
    ("other", "Việc khác", Category.Picture.OTHER),
]

# Where minutes count, and nobody should wait for the morning.
RINGING_BY_NIGHT = {"theft", "fire-safety"}


@receiver(commune_opened)
def add_first_categories(report: Report, **kwargs: Any) -> None:
    if not Category.objects.exists():
        Category.objects.bulk_create(
            Category(
                slug=slug, name=name, picture=picture, position=position, urgent=slug in RINGING_BY_NIGHT
            )
            for position, (slug, name, picture) in enumerate(FIRST_CATEGORIES, start=1)
        )
        report.made("categories of tips")


@receiver(unit_opened)
def let_editors_keep_categories(group: Group, **kwargs: Any) -> None:
    kept = Permission.objects.filter(content_type__app_label="tipform", content_type__model="category")
    group.permissions.add(*kept.filter(codename__in=["add_category", "change_category"]))


@receiver(starter_values_asked)
def say_when_one_may_go_up(values: dict[str, Any], **kwargs: Any) -> None:
    values["answer_days"] = settings.TIP_UP_WITHOUT_ANSWER_DAYS
    values["result_days"] = settings.TIP_UP_WITHOUT_RESULT_DAYS


@receiver(commune_closing)
def say_what_becomes_of_tips(unit: Unit, lines: list[str], **kwargs: Any) -> None:
    """Closing ends the work of those who can read them, so what has no outcome yet is said beforehand."""
    lines.append(
        gettext("The tip form takes nothing any more. Reporters still reach their tips by their codes.")
    )
    done = [Tip.Status.CLOSED, Tip.Status.WITHDRAWN]
    count = Tip.objects.filter(unit=unit).exclude(status__in=done).count()
    if count:
        lines.append(
            ngettext(
                # Which of the three it is stands sealed, so no count can tell them apart.
                "%(count)s tip, question or appointment has no result yet, and nobody will read it once its "
                "officers have left. Finish it or forward it first.",
                "%(count)s tips, questions or appointments have no result yet, and nobody will read them "
                "once their officers have left. Finish or forward them first.",
                count,
            )
            % {"count": count}
        )


@receiver(signing)
def sign_row(row: Signed, stored: Signed | None, **kwargs: Any) -> None:
    sign_change(row, stored)


@receiver(in_force_asked)
def say_whether_it_stands(row: Signed, **kwargs: Any) -> bool:
    return stands(row)


@receiver(key_holders_asked)
def say_who_holds_the_key(unit: Unit, **kwargs: Any) -> set[int]:
    return key_holder_ids(unit)


@receiver(pre_delete, sender=Membership)
@receiver(pre_delete, sender=Invitation)
@receiver(pre_delete, sender=Holding)
@receiver(pre_delete, sender=KeyGrant)
def retire_deleted(instance: Signed, **kwargs: Any) -> None:
    """A deleted row must not come back from a copy. A foreign one may name the version of another."""
    if is_signed(instance):
        retire(instance)


@receiver([post_save, post_delete], sender=Membership)
def take_keys_back(instance: Membership, **kwargs: Any) -> None:
    """Whoever is an officer of the unit no longer holds its key no longer, and it gets a new one."""
    if instance.role == Membership.Role.OFFICER:
        end_departed(instance.unit)


@receiver(post_save, sender=User)
def take_all_keys_back(instance: User, **kwargs: Any) -> None:
    if not instance.is_active:
        for unit in Unit.objects.filter(keys__grants__officer_key__user=instance).distinct():
            end_departed(unit)


@receiver(user_logged_out)
def forget_the_key(request: Any, **kwargs: Any) -> None:
    """The session is gone already, and with it the encrypted key; this takes the cookie back, too."""
    request.tip_key_cookie = ""
