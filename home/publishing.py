"""What follows an approval. Imported while Wagtail's models load, so it imports nothing of Wagtail itself."""

from typing import Any


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what has just been approved: WAGTAIL_FINISH_WORKFLOW_ACTION, after a workflow's last task.

    That is the latest revision, with what the approver corrected: while a page waits it is locked for
    everybody else. The task has checked the right (`home.workflows`); the permission tester would refuse,
    as it does for every other way of publishing.
    """
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    revision = workflow_state.content_object.get_latest_revision()
    PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)
