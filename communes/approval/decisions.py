"""Deciding about exactly what was read: approve it, or send it back. Wagtail's task checks the right."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, Revision, TaskState

from . import presence
from .queue import mark


class Changed(Exception):
    """The text is another one than the one that was read."""


class NotWaiting(Exception):
    """Decided by a colleague or taken back by its author meanwhile; or never there."""


@transaction.atomic
def decide(user: Any, state_id: int, seen: str, action: str, comment: str = "") -> Page:
    """Do `action` ("approve" or "reject"), once. Wagtail logs it, publishes, and tells the author.

    Raises NotWaiting, Changed, and PermissionDenied for who submitted the page himself or approves another
    unit's. The rows are locked, so of two decisions at once the second finds the first.
    """
    found = TaskState.objects.select_related("workflow_state").filter(pk=state_id).first()
    if found is None:
        raise NotWaiting
    # The page's row first, as Wagtail's editor and quick posts do: nobody waits for one who waits for him.
    page = Page.objects.select_for_update().filter(pk=int(found.workflow_state.object_id)).first()
    state = TaskState.objects.select_for_update().filter(pk=state_id).first()
    if page is None or state is None:
        raise NotWaiting
    task = state.task.specific
    if not task.get_actions(page, user):
        raise PermissionDenied
    if state.status != TaskState.STATUS_IN_PROGRESS:
        raise NotWaiting
    revision = Revision.objects.select_for_update().get(pk=page.latest_revision_id)
    if mark(revision) != seen:
        raise Changed
    task.on_action(state, user, action, comment=comment)
    presence.left(user, page.pk)
    return page
