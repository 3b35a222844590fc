"""The approval of pages: the one way by which a page reaches the public."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState, WorkflowState

from .permissions import submitted_by


class UnitApprovalTask(AbstractGroupApprovalTask):
    """Approval by an editor of the unit above who did not submit the page himself."""

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Who submits again what was sent back is its submitter now, and leaves the approval to another."""
        approved = workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED)
        if user is not None and not approved.exists():
            workflow_state.requested_by = user
            workflow_state.save(update_fields=["requested_by"])
        return super().start(workflow_state, user=user)

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        return [] if submitted_by(obj, user.pk) else super().get_actions(obj, user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """Whoever submitted waits as well: what he changed now would be approved without being read."""
        return submitted_by(obj, user.pk) or super().locked_for_user(obj, user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Raises PermissionDenied when the action is not this user's, whichever view asked for it."""
        page = task_state.workflow_state.content_object
        if action_name not in {name for name, _label, _modal in self.get_actions(page, user)}:
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    @classmethod
    def get_description(cls) -> str:
        return str(_("Members of the chosen groups approve what somebody else has submitted"))

    class Meta:
        verbose_name = _("Approval by the unit")
        verbose_name_plural = _("Approvals by the unit")
