"""What the templates of every floor use."""

import datetime

from django import template
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page

from home import phones
from home.translations import deleted_with, translations_of

register = template.Library()
register.filter("tel", phones.tel)
register.filter("signed", phones.signed)
register.simple_tag(deleted_with)


@register.filter
def when(moment: datetime.datetime) -> str:
    """ "07:30" of today, "07:30, Thứ Hai 30/11" of another day."""
    moment = timezone.localtime(moment)
    time = date_format(moment, "H:i")
    return time if moment.date() == timezone.localdate() else f"{time}, {date_format(moment, 'l j/n')}"


@register.simple_tag
def taken_down_with(page: Page) -> "QuerySet[Page]":
    """The translations that readers lose with this page."""
    return translations_of(page).filter(live=True)
