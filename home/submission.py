"""Submitting a page for approval: the one way, whichever screen it is done on."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, WorkflowState


@transaction.atomic
def submit_for_approval(page: Page, user: Any) -> None:
    """Start the approval of the page's latest revision, or go on with the one that sent it back.

    Raises PermissionDenied when this user may not submit the page, or when it waits already.
    """
    permissions = page.permissions_for_user(user)
    if not (permissions.can_edit() and permissions.can_submit_for_moderation()):
        raise PermissionDenied
    state = page.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        page.get_workflow().start(page, user)
