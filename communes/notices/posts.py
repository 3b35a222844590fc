"""What editors are told of pages: one waits for approval, came back, is public; a guide's review is due.

The subject of these events is the page's number.
"""

from typing import Any

from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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

from ..models import Membership, NewsPage, OutboxEvent, ProcedurePage, Unit, User
from ..roles import editor_units
from ..signals import post_published
from ..tree import unit_of
from . import outbox
from .outbox import people_of
from .reasons import Mail, Reason, Step

WAITS, SENT_BACK, PUBLISHED, REVIEW = "post-waits", "post-sent-back", "post-published", "guide-review"


def approvers(event: OutboxEvent) -> "QuerySet[User]":
    """The editors of the event's unit, without the one who submitted."""
    rows = Membership.objects.current().filter(role=Membership.Role.EDITOR, unit=event.unit_id)
    return people_of(rows).exclude(pk__in=_submissions(event).values("requested_by"))


def submitter(event: OutboxEvent) -> "QuerySet[User]":
    """Who submitted the page last."""
    last = _submissions(event).order_by("-created_at", "-pk").values("requested_by")[:1]
    return User.objects.filter(pk__in=list(last.values_list("requested_by", flat=True)))


def keepers(event: OutboxEvent) -> "QuerySet[User]":
    """The editors of the unit that a guide belongs to."""
    return people_of(Membership.objects.current().filter(role=Membership.Role.EDITOR, unit=event.unit_id))


def _submissions(event: OutboxEvent) -> "QuerySet[WorkflowState]":
    return WorkflowState.objects.filter(
        base_content_type=get_default_page_content_type(), object_id=event.subject
    )


def waits(event: OutboxEvent) -> bool:
    return _submissions(event).filter(status=WorkflowState.STATUS_IN_PROGRESS).exists()


def was_sent_back(event: OutboxEvent) -> bool:
    return _submissions(event).filter(status=WorkflowState.STATUS_NEEDS_CHANGES).exists()


def _page(event: OutboxEvent) -> Page | None:
    return Page.objects.filter(pk=event.subject).first()


def to_review(event: OutboxEvent) -> Link | None:
    page = _page(event)
    words = _("Waits for approval: %(title)s")
    return page and Link(
        words % {"title": page.get_admin_display_title()}, reverse("approval:review", args=[page.pk])
    )


def to_correct(event: OutboxEvent) -> Link | None:
    page = _page(event)
    words = _("Sent back: %(title)s")
    return page and Link(
        words % {"title": page.get_admin_display_title()}, reverse("wagtailadmin_pages:edit", args=[page.pk])
    )


def to_read(event: OutboxEvent) -> Link | None:
    page = _page(event)
    words = _("Published: %(title)s")
    return page and Link(words % {"title": page.title}, page.get_url() or reverse("approval:mine"))


def to_look_over(event: OutboxEvent) -> Link | None:
    page = _page(event)
    words = _("Review is due: %(title)s")
    return page and Link(words % {"title": page.title}, reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _edits(user: Any) -> bool:
    return editor_units(user).exists()


def _approves(user: Any) -> bool:
    return editor_units(user).supervising().exists()


REASONS = [
    Reason(
        WAITS,
        gettext_lazy("A post or page waits for your approval"),
        (Step(approvers),),
        stands=waits,
        shown=to_review,
        concerns=_approves,
    ),
    Reason(
        SENT_BACK,
        gettext_lazy("A post that you submitted was sent back"),
        (Step(submitter),),
        stands=was_sent_back,
        shown=to_correct,
        concerns=_edits,
    ),
    Reason(
        PUBLISHED,
        gettext_lazy("A post that you submitted is public"),
        (Step(submitter),),
        shown=to_read,
        concerns=_edits,
        mail=Mail.NONE,
    ),
    Reason(
        REVIEW,
        gettext_lazy("A guide is due for review"),
        (Step(keepers),),
        shown=to_look_over,
        concerns=_edits,
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
