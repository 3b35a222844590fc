"""What a waiting page changes, by Wagtail's own comparison of each panel of its editor."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, TaskState, WorkflowState

from home.comparison import differences

from .taken_down import last_public


@dataclass(frozen=True)
class Comparison:
    """`changes` against what the public reads, or read last before it was taken down (`was_public`).

    Of a page that was never public, against what was `sent_back` before.
    """

    sent_back: TaskState | None
    changes: list[Any]
    was_public: bool = False


def compared(request: HttpRequest, page: Page) -> Comparison | None:
    """None for a new page that comes for the first time: there is nothing to compare it with."""
    after = page.get_latest_revision_as_object()
    sent_back = (
        TaskState.objects.for_instance(page)
        .filter(status=TaskState.STATUS_REJECTED, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
        .select_related("finished_by", "revision")
        .order_by("-pk")
        .first()
    )
    if page.live:
        before = page.specific
    elif page.first_published_at and (before := last_public(page)):
        return Comparison(sent_back, differences(request, before, after), was_public=True)
    elif sent_back and sent_back.revision:
        before = sent_back.revision.as_object()
    else:
        return None
    return Comparison(sent_back, differences(request, before, after))
