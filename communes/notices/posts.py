"""What editors are told of pages: one waits for approval, came back, is public; a guide's review is due.

The subject of these events is the page's number.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, TaskState, WorkflowState, get_default_page_content_type
from wagtail.signals import (
    task_submitted,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from home.events import on_its_own
from home.panels import Link

from ..models import NewsPage, OutboxEvent, ProcedurePage, Unit, User
from ..roles import editors_of, is_editor, supervises
from ..signals import post_published
from ..tree import unit_of
from . import outbox
from .reasons import Mail, Reason, Step

WAITS, SENT_BACK, PUBLISHED, REVIEW = "post-waits", "post-sent-back", "post-published", "guide-review"


def approvers(event: OutboxEvent) -> "QuerySet[User]":
    """The editors of the event's unit, without the one who submitted."""
    return editors_of(event.unit_id).exclude(pk__in=_submissions(event).values("requested_by"))


def submitter(event: OutboxEvent) -> "QuerySet[User]":
    """Who submitted the page last."""
    last = _submissions(event).order_by("-created_at", "-pk").values("requested_by")[:1]
    return User.objects.filter(pk__in=list(last.values_list("requested_by", flat=True)))


def keepers(event: OutboxEvent) -> "QuerySet[User]":
    """The editors of the unit that a guide belongs to."""
    return editors_of(event.unit_id)


def _submissions(event: OutboxEvent) -> "QuerySet[WorkflowState]":
    return WorkflowState.objects.filter(
        base_content_type=get_default_page_content_type(), object_id=event.subject
    )


def waits(event: OutboxEvent) -> bool:
    return _submissions(event).filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()


def was_sent_back(event: OutboxEvent) -> bool:
    return _submissions(event).filter(status=WorkflowState.STATUS_NEEDS_CHANGES).exists()


def _line(words: Any, address: Callable[[Page], str], title: Callable[[Page], str]) -> Any:
    """For `Reason.shown`: `words` with the page's title, leading to `address`."""

    def shown(event: OutboxEvent) -> Link | None:
        page = Page.objects.filter(pk=event.subject).first()
        return page and Link(words % {"title": title(page)}, address(page))

    return shown


def _review(page: Page) -> str:
    return reverse("approval:review", args=[page.pk])


def _editor(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _public(page: Page) -> str:
    return page.get_url() or reverse("approval:mine")


# Of what is not public yet the title as its editors have it.
_draft_title, _title = Page.get_admin_display_title, attrgetter("title")


REASONS = [
    Reason(
        WAITS,
        _("A post or page waits for your approval"),
        (Step(approvers),),
        stands=waits,
        shown=_line(_("Waits for approval: %(title)s"), _review, _draft_title),
        concerns=supervises,
    ),
    Reason(
        SENT_BACK,
        _("A post that you submitted was sent back"),
        (Step(submitter),),
        stands=was_sent_back,
        shown=_line(_("Sent back: %(title)s"), _editor, _draft_title),
        concerns=is_editor,
    ),
    Reason(
        PUBLISHED,
        _("A post that you submitted is public"),
        (Step(submitter),),
        shown=_line(_("Published: %(title)s"), _public, _title),
        concerns=is_editor,
        mail=Mail.NONE,
    ),
    Reason(
        REVIEW,
        _("A guide is due for review"),
        (Step(keepers),),
        shown=_line(_("Review is due: %(title)s"), _editor, _title),
        concerns=is_editor,
        push=False,
        mail=Mail.DAILY,
    ),
]


def take_the_place_of_wagtails_mails() -> None:
    """Its own name post and commune, and keep whoever submits waiting for the mail server.

    Before `wagtail.admin` is ready: a name that is taken is not connected again.
    """
    for signal, sender, name in (
        (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
        (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
        (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
        (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
    ):
        signal.connect(_no_mail, sender=sender, weak=False, dispatch_uid=name)


def _no_mail(**kwargs: Any) -> None:
    pass


@receiver(task_submitted)
@on_its_own
def tell_approvers(instance: TaskState, **kwargs: Any) -> None:
    page = instance.workflow_state.content_object
    if isinstance(page, Page):
        outbox.withdraw(WAITS, SENT_BACK, subject=str(page.pk))
        outbox.put(WAITS, unit_of(page), str(page.pk))


@receiver([workflow_approved, workflow_cancelled, workflow_rejected])
@on_its_own
def no_longer_waits(instance: WorkflowState, **kwargs: Any) -> None:
    """Whoever decided, nobody else is to look."""
    outbox.withdraw(WAITS, subject=str(instance.object_id))


@receiver(workflow_rejected)
@on_its_own
def tell_author(instance: WorkflowState, **kwargs: Any) -> None:
    page = instance.content_object
    if isinstance(page, Page):
        outbox.put(SENT_BACK, unit_of(page), str(page.pk))


@post_published.heard_by
def tell_author_of_post(post: NewsPage, unit: Unit | None, **facts: Any) -> None:
    outbox.put(PUBLISHED, unit, str(post.pk))


def remind_of_guides() -> None:
    """Once for each guide, on the day on which its review is due or when the clock next runs."""
    due = ProcedurePage.objects.live().filter(review_due__lte=timezone.localdate())
    told = OutboxEvent.objects.filter(reason=REVIEW).annotate(page=Cast("subject", IntegerField()))
    for guide in due.exclude(pk__in=told.values("page")):
        unit = guide.commune.unit if guide.commune else unit_of(guide)
        outbox.put(REVIEW, unit, str(guide.pk))
