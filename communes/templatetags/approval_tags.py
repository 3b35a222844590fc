"""How long something has waited, in one unit: "2 ngày", "3 giờ"."""

from datetime import datetime

from django import template
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def age(since: datetime) -> str:
    return timesince(since, depth=1)
