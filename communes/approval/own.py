"""What became of a person's posts and why: the lists of the admin's first page and of "my posts"."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, Revision, TaskState, WorkflowState, get_default_page_content_type
from wagtail.permissions import page_permission_policy

from home.panels import Link, Row
from home.permissions import EDITS
from home.tree import below

from ..models import CommunePage, Membership, NewsPage
from ..quickpost.places import places_of
from ..quickpost.posts import editable
from .presence import readers
from .queue import in_order


def own_posts(user: Any) -> "QuerySet[Page]":
    """The posts that this user wrote, in any commune, the last touched first."""
    posts = Page.objects.filter(owner=user).type(NewsPage)
    return posts.order_by("-latest_revision_created_at", "-pk")


def sent_back_in(communes: list[CommunePage]) -> "QuerySet[Page]":
    """The pages of these communes that were sent back and not submitted again, whoever wrote them."""
    inside = below(communes) | Q(pk__in=[commune.pk for commune in communes])
    sent_back = WorkflowState.objects.filter(
        base_content_type=get_default_page_content_type(), status=WorkflowState.STATUS_NEEDS_CHANGES
    ).values(page_pk=Cast("object_id", IntegerField()))
    return Page.objects.filter(inside, pk__in=sent_back).order_by("-latest_revision_created_at", "-pk")


def left_behind(user: Any) -> "QuerySet[Page]":
    """Drafts and waiting posts in this user's news whose authors work there no more, the last touched first.

    What was sent back is not among them: it is to do for every editor there.
    """
    abandoned = Q(pk__in=[])
    for place in places_of(user):
        here = Membership.objects.current().filter(
            role=Membership.Role.EDITOR, unit__in=[place.unit, place.approver]
        )
        gone = ~Q(owner__in=here.values("user")) & ~Q(owner__is_superuser=True, owner__is_active=True)
        abandoned |= below([place.news]) & gone
    open_states = WorkflowState.objects.active().filter(base_content_type=get_default_page_content_type())
    with_pages = open_states.annotate(page_pk=Cast("object_id", IntegerField()))
    waiting = with_pages.filter(status=WorkflowState.STATUS_IN_PROGRESS).values("page_pk")
    sent_back = with_pages.filter(status=WorkflowState.STATUS_NEEDS_CHANGES).values("page_pk")
    unfinished = (
        Q(live=False, first_published_at=None)
        | Q(live=True, has_unpublished_changes=True)
        | Q(pk__in=waiting)
    )
    posts = Page.objects.type(NewsPage).filter(abandoned, unfinished).exclude(pk__in=sent_back)
    return posts.order_by("-latest_revision_created_at", "-pk")


def rows_of(pages: "QuerySet[Page]", user: Any) -> list[Row]:
    """How each stands, in words, with the way on. A fixed number of queries."""
    scheduled = Revision.objects.filter(
        base_content_type=get_default_page_content_type(),
        object_id=Cast(OuterRef("pk"), Revision._meta.get_field("object_id")),
        approved_go_live_at__isnull=False,
    )
    found = list(
        pages.annotate(goes_live=Subquery(scheduled.values("approved_go_live_at")[:1])).prefetch_related(
            "latest_revision"
        )
    )
    states = {
        int(state.object_id): state
        for state in WorkflowState.objects.active()
        .filter(
            base_content_type=get_default_page_content_type(),
            object_id__in=[str(page.pk) for page in found],
        )
        .select_related("current_task_state__finished_by", "requested_by")
    }
    waiting = [pk for pk, state in states.items() if state.status == WorkflowState.STATUS_IN_PROGRESS]
    places = _places({states[pk].current_task_state.task_id for pk in waiting})
    open_by = readers(waiting, user)
    quick = editable(user, [page for page in found if not page.goes_live])
    may_edit = page_permission_policy.instances_user_has_any_permission_for(user, EDITS)
    in_reach = set(may_edit.filter(pk__in=[page.pk for page in found]).values_list("pk", flat=True))
    return [
        _row(
            page,
            states.get(page.pk),
            places.get(page.pk),
            open_by.get(page.pk),
            user,
            reverse("quick_post:edit" if page.pk in quick else "wagtailadmin_pages:edit", args=[page.pk]),
        )
        if page.pk in in_reach
        else _row_of_former_work(page)
        for page in found
    ]


def _row_of_former_work(page: Any) -> Row:
    """Of a post in a commune for which its author works no more: nothing is offered that would be refused."""
    return Row(
        title=page.draft_title,
        url=(page.url or "") if page.live else "",
        since=page.latest_revision_created_at,
        status=_("Live") if page.live else "",
        note=_("of an earlier unit; colleagues there go on with it"),
    )


def _places(tasks: set[int]) -> dict[int, int]:
    """By page id, its place in the queue of its unit."""
    if not tasks:
        return {}
    places: dict[int, int] = {}
    counts = dict.fromkeys(tasks, 0)
    states = in_order(TaskState.objects.filter(task__in=tasks))
    for page_id, task in states.values_list("page_id", "task"):
        counts[task] += 1
        places[page_id] = counts[task]
    return places


def _row(
    page: Any, state: WorkflowState | None, place: int | None, reader: Any, user: Any, edit_url: str
) -> Row:
    if state is None:
        return _row_of_page(page, edit_url)
    by = ""
    if page.owner_id is not None and page.owner_id != user.pk and state.requested_by:
        by = _("submitted by %(name)s") % {"name": get_user_display_name(state.requested_by)}
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Row(
            title=page.draft_title,
            url=edit_url,
            about=by,
            status=_("Sent back"),
            reason=state.current_task_state.comment,
            note=_by_whom(state.current_task_state),
            links=[Link(_("Correct it and submit it again"), edit_url)],
        )
    note = _("Number %(place)s in the queue") % {"place": place} if place else ""
    return Row(
        title=page.draft_title,
        url=edit_url,
        since=state.current_task_state.started_at,
        about=by,
        status=_("Waiting for approval"),
        note=_("Somebody is reading it now") if reader else note,
    )


def _row_of_page(page: Any, edit_url: str) -> Row:
    """Of a page that nobody is to decide on."""
    if page.goes_live and page.goes_live > timezone.now():
        when = _moment(page.goes_live)
        return Row(
            title=page.draft_title,
            url=edit_url,
            status=_("Approved"),
            note=_("will appear at %(when)s") % {"when": when},
        )
    if page.live:
        changed = page.has_unpublished_changes
        return Row(
            title=page.draft_title,
            url=edit_url,
            since=page.last_published_at,
            status=_("Live, with changes not yet submitted") if changed else _("Live"),
            links=[Link(_("See it as bà con see it"), page.url or "")] if page.url else [],
        )
    taken_down = page.first_published_at is not None
    return Row(
        title=page.draft_title,
        url=edit_url,
        since=page.latest_revision_created_at,
        status=_("Taken down") if taken_down else _("Draft, not yet submitted"),
    )


def _moment(when: datetime) -> str:
    return formatted(timezone.localtime(when), "SHORT_DATETIME_FORMAT")


def _by_whom(state: TaskState) -> str:
    words = {"name": get_user_display_name(state.finished_by) if state.finished_by else "", "when": ""}
    if state.finished_at:
        words["when"] = _moment(state.finished_at)
    return _("%(name)s, at %(when)s") % words


def tell_why(request: HttpRequest, page: Page) -> None:
    """At the top of the editor of a page that was sent back: why, by whom, when."""
    if request.method != "GET":
        return
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return
    task_state = state.current_task_state
    messages.warning(
        request,
        format_html(
            "<strong>{}</strong> {} ({})",
            _("Sent back:"),
            task_state.comment or _("no reason was given"),
            _by_whom(task_state),
        ),
    )
