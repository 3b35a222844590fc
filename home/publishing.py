"""What follows an approval. Imported while Wagtail's models load, so it imports nothing of Wagtail itself.

One other door leads to the public: `communes.alerts.posting`, for texts that were approved beforehand.
"""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what has just been approved: WAGTAIL_FINISH_WORKFLOW_ACTION, after a workflow's last task.

    Raises PermissionDenied unless a `UnitApprovalTask` of this workflow was approved by somebody who did not
    submit it: a workflow of other tasks, or of none, publishes nothing.

    That is the latest revision, with what the approver corrected: while a page waits it is locked for
    everybody else. The task has checked the right (`home.workflows`); the permission tester would refuse,
    as it does for every other way of publishing.
    """
    from django.core.exceptions import PermissionDenied
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction
    from wagtail.models import TaskState

    from .workflows import UnitApprovalTask

    approvals = workflow_state.task_states.filter(
        status=TaskState.STATUS_APPROVED,
        task__content_type__app_label=UnitApprovalTask._meta.app_label,
        task__content_type__model=UnitApprovalTask._meta.model_name,
        finished_by__isnull=False,
    )
    if not approvals.exclude(finished_by=workflow_state.requested_by_id).exists():
        raise PermissionDenied
    revision = workflow_state.content_object.get_latest_revision()
    PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)
