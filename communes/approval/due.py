"""Work that time alone makes: guides to review, contact pages to look at, silent communes."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from home.tree import below

from ..models import CommunePage, ContactConfirmation, ContactPage, NewsPage, ProcedurePage, Unit
from ..tree import branch_expression, communes_of

REVIEW_AHEAD = timedelta(days=30)
CONTACT_GOOD_FOR = timedelta(days=182)


def guides_to_review(parents: list[Page]) -> "QuerySet[ProcedurePage]":
    """The live guides in the lists of these units and communes whose review is due within thirty days."""
    return (
        ProcedurePage.objects.live()
        .filter(below(parents, levels=2), review_due__lte=timezone.localdate() + REVIEW_AHEAD)
        .order_by("review_due", "pk")
    )


def silent(unit: Unit) -> "QuerySet[CommunePage]":
    """The unit's communes in which no post has appeared for the weeks that the unit has set."""
    today = timezone.localdate()
    spoke = (
        NewsPage.objects.live()
        .filter(date__range=(today - timedelta(weeks=unit.silent_weeks), today))
        .values(branch=branch_expression())
    )
    return communes_of(unit).exclude(path__in=spoke)


def last_posts(communes: list[CommunePage]) -> dict[int, date]:
    """By commune page, the date of its last post; a commune without one is left out."""
    by_path = {commune.path: commune.pk for commune in communes}
    dates = (
        NewsPage.objects.live()
        .annotate(branch=branch_expression())
        .filter(branch__in=by_path)
        .order_by()
        .values_list("branch")
        .annotate(Max("date"))
    )
    return {by_path[path]: last for path, last in dates}


def with_contact(communes: "QuerySet[CommunePage]") -> Any:
    """Annotates `contact_confirmed_on`: when the contact page was last said to be right; None if never."""
    confirmed = ContactConfirmation.objects.filter(unit=OuterRef("unit"))
    return communes.annotate(contact_confirmed_on=Subquery(confirmed.values("confirmed_on")[:1]))


def unconfirmed(communes: "QuerySet[CommunePage]") -> Any:
    """Those whose contact page nobody has confirmed for half a year."""
    before = timezone.localdate() - CONTACT_GOOD_FOR
    return with_contact(communes).filter(
        Q(contact_confirmed_on__isnull=True) | Q(contact_confirmed_on__lt=before)
    )


def confirm(unit: Unit, user: Any) -> None:
    """This user says today that the commune's contact page is right. Neither a revision nor an approval."""
    ContactConfirmation.objects.update_or_create(
        unit=unit, defaults={"confirmed_on": timezone.localdate(), "confirmed_by": user}
    )


def confirmed_by_publishing(page: ContactPage, author: Any) -> None:
    """What somebody has just written and somebody else approved is right; a starter text is nobody's word."""
    if author is not None and page.commune is not None:
        confirm(page.commune.unit, author)
