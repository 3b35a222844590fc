"""What a waiting page changes, by Wagtail's own comparison of each panel of its editor."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, TaskState


@dataclass(frozen=True)
class Comparison:
    """`with_live`: against what the public reads; else against what was `sent_back`, if it was."""

    with_live: bool
    sent_back: TaskState | None
    changes: list[Any]


def compared(request: HttpRequest, page: Page) -> Comparison:
    after = page.get_latest_revision_as_object()
    sent_back = (
        TaskState.objects.for_instance(page)
        .filter(status=TaskState.STATUS_REJECTED, workflow_state__status="in_progress")
        .select_related("finished_by", "revision")
        .order_by("-pk")
        .first()
    )
    if page.live:
        before = page.specific
    elif sent_back:
        before = sent_back.revision.as_object()
    else:
        return Comparison(with_live=False, sent_back=None, changes=[])
    panel = after.get_edit_handler().get_bound_panel(instance=after, request=request, form=None)
    differences = [compare(before, after) for compare in panel.get_comparison()]
    return Comparison(page.live, sent_back, [each for each in differences if each.has_changed()])
