"""Who has a waiting page open right now, by Wagtail's own editing sessions, which its editor shares.

A session is a hint, never a lock: it ends by itself, and a colleague may decide in spite of it.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.admin.ui.editing_sessions import EditingSessionsModule
from wagtail.models import Page, Revision, WorkflowState, get_default_page_content_type

# Renewed every ten seconds by Wagtail's script. Without a script this is how long an opened page counts.
PRESENT = timedelta(minutes=3)


class Readers(EditingSessionsModule):
    """Wagtail's list of who else is here, renewed by its script; without its editor's dialogs."""

    template_name = "communes/admin/approval/readers.html"


def readers(page_ids: Iterable[int], user: Any) -> dict[int, Any]:
    """By page id, an approver other than `user` and other than the submitter who has the page open."""
    keys = [str(pk) for pk in page_ids]
    if not keys:
        return {}
    content_type = get_default_page_content_type()
    sessions = (
        EditingSession.objects.filter(
            Q(user__groups__unitapprovaltask__isnull=False) | Q(user__is_superuser=True),
            content_type=content_type,
            object_id__in=keys,
            last_seen_at__gte=timezone.now() - PRESENT,
        )
        .exclude(user=user)
        .select_related("user")
        .order_by("last_seen_at")
    )
    found = [(int(session.object_id), session.user) for session in sessions]
    if not found:
        return {}
    submitters = set(
        WorkflowState.objects.active()
        .filter(base_content_type=content_type, object_id__in={str(pk) for pk, _user in found})
        .values_list("object_id", "requested_by")
    )
    return {pk: reader for pk, reader in found if (str(pk), reader.pk) not in submitters}


def opened(user: Any, page: Page, revision: Revision) -> Readers:
    """Record that this user has the page open and no other; the part of the screen that keeps saying so."""
    EditingSession.cleanup()
    mine = EditingSession.objects.filter(user=user, content_type=get_default_page_content_type())
    mine.filter(is_editing=False).delete()
    session = EditingSession.objects.create(
        user=user,
        content_type=get_default_page_content_type(),
        object_id=str(page.pk),
        last_seen_at=timezone.now(),
    )
    return Readers(
        session,
        reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", page.pk, session.pk]),
        reverse("wagtailadmin_editing_sessions:release", args=[session.pk]),
        [],
        revision.pk,
        revision.created_at.isoformat(),
    )


def left(user: Any, page_id: int) -> None:
    EditingSession.objects.filter(
        user=user, content_type=get_default_page_content_type(), object_id=str(page_id)
    ).delete()
