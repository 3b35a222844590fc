"""Words that found nothing, for the unit's editors, so that the next one who types them finds something.

People type into the wrong box: a tip may be in it. So nothing is kept of what could be one, of other words
only a keyed hash and the day, and the words themselves not before they came on so many different days.
"""

import datetime
import logging
import re

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from home.models import HomePage
from home.text import one_line, search_key

from ..models import MissedSearch, Unit

MOST_WORDS = 4
MOST_DIGITS = 4  # more of them are somebody's number
SHOWN_AFTER = 3  # days
# Nobody asked again: what is left of it goes.
KEPT = datetime.timedelta(days=60)
# So that nobody fills the table.
MOST_KEPT = 2000

_PLAIN = re.compile(r"[^\W_]+(?:[ \-/'’.][^\W_]+)*\.?")


def kept_words(query: str) -> str:
    """What may be kept of a query; "" for one that looks like a sentence, a number or an address."""
    text = one_line(query).lower()
    if sum(char.isdigit() for char in text) > MOST_DIGITS or not _PLAIN.fullmatch(text):
        return ""
    words = text.split()
    if len(search_key(text).split()) > MOST_WORDS:
        return ""
    return " ".join(word for word in words if not any(char.isdigit() for char in word))


def note(query: str, home: HomePage) -> None:
    """Count the day on which these words found nothing. Does nothing where it cannot be written down."""
    words = kept_words(query)
    unit = Unit.objects.filter(page_key=home.translation_key).first() if words else None
    if unit is None:
        return
    try:
        with transaction.atomic():
            _count(unit, words)
    except DatabaseError:
        # Not the error itself: its message holds the row.
        logging.getLogger(__name__).warning("A search that found nothing could not be counted")


def _count(unit: Unit, words: str) -> None:
    today = timezone.localdate()
    key = search_key(words)
    digest = salted_hmac("communes.search.missed", f"{unit.pk} {key}", algorithm="sha256").hexdigest()
    rows = MissedSearch.objects.filter(unit=unit, digest=digest)
    if rows.filter(last_day__lt=today).update(days=F("days") + 1, last_day=today):
        rows.filter(days__gte=SHOWN_AFTER, words="").update(words=words)
    elif not rows.exists() and MissedSearch.objects.filter(unit=unit).count() < MOST_KEPT:
        MissedSearch.objects.bulk_create([MissedSearch(unit=unit, digest=digest)], ignore_conflicts=True)


def forget_old() -> None:
    """By the clock."""
    MissedSearch.objects.filter(last_day__lt=timezone.localdate() - KEPT).delete()
