"""Who may publish: nobody by himself. What the public reads has been approved by a second pair of eyes."""

from wagtail.models import Page, PagePermissionTester, WorkflowState


class ApprovalOnly(PagePermissionTester):
    """Publishing has one way, the approval of a submitted revision (`home.workflows`, `home.publishing`).

    So no button, form or action publishes, for nobody, the superuser included. Taking a page down stays
    with those who hold Wagtail's publish right.
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return super().can_publish()


def submitted_by(page: Page, user_id: int) -> bool:
    """Whether the page waits for approval because this user submitted it."""
    state: WorkflowState | None = page.current_workflow_state
    return state is not None and state.requested_by_id == user_id
