"""What both editors ask before they store or submit a page: is it closed, is the form drawn with this text?

A form that saves or publishes a page carries the mark of the revision with which it was drawn, in fields of
Wagtail's. Wagtail compares them for its autosave alone; here every press is compared.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.defaultfilters import date as formatted
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.locks import ScheduledForPublishLock, WorkflowLock
from wagtail.models import Page, Revision, WorkflowState

SEEN, SEEN_AT = "loaded_revision_id", "loaded_revision_created_at"
# The revision that this open editor itself has made by autosave, and goes on writing over.
OWN_AUTOSAVE = "overwrite_revision_id"


def lock_row(page_id: int) -> None:
    """Whoever else stores or decides about this page waits until the transaction ends."""
    Page.objects.select_for_update().filter(pk=page_id).first()


def latest_revision(page_id: int) -> Revision | None:
    """As the database has it now; None for a page that nobody has saved in an editor yet."""
    return Revision.page_revisions.select_related("user").filter(pk__in=_latest_id(page_id)).first()


def _latest_id(page_id: int) -> Any:
    return Page.objects.filter(pk=page_id).values("latest_revision_id")


def seen_mark(page: Page) -> dict[str, str]:
    """The fields of a form that is drawn now, for Wagtail's template `_loaded_revision_inputs.html`."""
    latest = latest_revision(page.pk)
    return {SEEN: str(latest.pk), SEEN_AT: latest.created_at.isoformat()} if latest else {}


def newer_text(data: Mapping[str, Any], page_id: int) -> str:
    """By whom and when a newer text was stored than that of the posted form; empty if none was."""
    latest = latest_revision(page_id)
    return who_stored(latest) if latest is not None and is_older(data, latest) else ""


def is_older(data: Mapping[str, Any], latest: Revision) -> bool:
    """Whether a posted form was drawn with another text than the latest; one without a mark always was."""
    if autosaved := data.get(OWN_AUTOSAVE):
        return bool(autosaved != str(latest.pk))
    # Wagtail's autosave writes over a revision: its id alone stays the same.
    return (data.get(SEEN), data.get(SEEN_AT)) != (str(latest.pk), latest.created_at.isoformat())


def who_stored(latest: Revision) -> str:
    """For who sends an older form: by whom and when the latest text was stored, and that his own is not."""
    words = {
        "name": get_user_display_name(latest.user) if latest.user else _("Somebody"),
        "when": formatted(timezone.localtime(latest.created_at), "SHORT_DATETIME_FORMAT"),
    }
    return _("%(name)s stored a newer text at %(when)s: what was typed here is not stored.") % words


def why_locked(page: Page, user: Any) -> str:
    """Why this user cannot change the page at the moment; empty if he can."""
    lock = page.get_lock()
    if lock is None or not lock.for_user(user):
        return ""
    if isinstance(lock, WorkflowLock):
        return _("The post is waiting for approval.")
    if isinstance(lock, ScheduledForPublishLock):
        when = formatted(
            timezone.localtime(page.scheduled_revision.approved_go_live_at), "SHORT_DATETIME_FORMAT"
        )
        return _("The post is approved and will appear at %(when)s.") % {"when": when}
    if page.locked_by is None:
        return _("The post is locked.")
    return _("%(name)s has locked the post.") % {"name": get_user_display_name(page.locked_by)}


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
