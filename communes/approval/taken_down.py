"""Pages that were public and are not any more: when and why, and what the public read last."""

from collections.abc import Iterable

from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, PageLogEntry

PUBLISHED = ["wagtail.publish", "wagtail.publish.scheduled"]
EXPIRED = "wagtail.unpublish.scheduled"
TAKEN_DOWN = ["wagtail.unpublish", EXPIRED]


def taken_down(pages: Iterable[Page]) -> dict[int, str]:
    """By page id, in words; live pages and those that never were are left out. One query, or none."""
    wanted = {page.pk for page in pages if not page.live and page.first_published_at is not None}
    if not wanted:
        return {}
    entries = PageLogEntry.objects.filter(page__in=wanted, action__in=TAKEN_DOWN).select_related("user")
    last = {entry.page_id: entry for entry in entries.order_by("timestamp", "pk")}
    return {pk: _in_words(last.get(pk)) for pk in wanted}


def _in_words(entry: PageLogEntry | None) -> str:
    if entry is None:
        return _("taken down; approving publishes it again")
    words = {
        "day": formatted(timezone.localtime(entry.timestamp), "SHORT_DATE_FORMAT"),
        "name": get_user_display_name(entry.user) if entry.user else "",
    }
    if entry.action == EXPIRED:
        text = _("taken down on %(day)s because its time was over; approving publishes it again")
    elif entry.user:
        text = _("taken down on %(day)s by %(name)s; approving publishes it again")
    else:
        text = _("taken down on %(day)s; approving publishes it again")
    return text % words


def last_public(page: Page) -> Page | None:
    """The version that the public read last; None if there was none, or it has been purged."""
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=PUBLISHED)
    # The log may name revisions that are gone: asked for through the table itself.
    still_there = entries.filter(revision__created_at__isnull=False).select_related("revision")
    last = still_there.order_by("-timestamp", "-pk").first()
    return last.revision.as_object() if last else None
