"""Who may publish: nobody by himself. What the public reads has been approved by a second pair of eyes.

And what a user may put into a page: his own, what is shared, what is public.
"""

from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PagePermissionTester, WorkflowState

EDITS = {"add", "change", "publish"}


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

    def can_move(self) -> bool:
        """A commune's editor has one list of posts and one of guides, so nowhere to move a page to."""
        answers_for_many = self.user.is_superuser or "publish" in self.permissions
        return answers_for_many and super().can_move()

    def can_copy(self) -> bool:
        """A commune has one page of its own, one list of posts, one form: no second one beside it."""
        return not getattr(self.page.specific_class, "is_structural", False) and super().can_copy()

    def can_move_to(self, destination: Page) -> bool:
        """What is public stays where it was approved; a draft may move, and pages may change their order."""
        stays = self.page.is_child_of(destination)
        public = self.page.get_descendants(inclusive=True).filter(live=True)
        return (stays or not public.exists()) and super().can_move_to(destination)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self._may_be_taken_away() and super().can_delete(ignore_bulk)

    def can_unpublish(self) -> bool:
        return self._may_be_taken_away() and super().can_unpublish()

    def _may_be_taken_away(self) -> bool:
        """A commune's page, its lists, its contact page and its form go by closing the commune alone."""
        return self.user.is_superuser or not getattr(self.page.specific_class, "is_structural", False)


def submitted_by(page: Page, user_id: int) -> bool:
    """Whether the page waits for approval because this user submitted it."""
    state: WorkflowState | None = page.current_workflow_state
    return state is not None and state.requested_by_id == user_id


def choosable_pages(user: Any, pages: "QuerySet[Page]") -> "QuerySet[Page]":
    """Those of `pages` that the public sees or this user may edit, never another commune's draft."""
    from wagtail.permissions import page_permission_policy

    own = page_permission_policy.instances_user_has_any_permission_for(user, EDITS)
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))


def choosable(model: type[Model], user: Any) -> "QuerySet[Any]":
    """What this user may put into a page, of the model of images, of documents or of pages.

    The policies are looked up at each call: Wagtail replaces them when a model is swapped.
    """
    from wagtail.documents import permissions as documents
    from wagtail.images import permissions as images

    if issubclass(model, Page):
        return choosable_pages(user, Page.objects.all())
    policies = {get_image_model(): images, get_document_model(): documents}
    choices: QuerySet[Any] = policies[model].permission_policy.instances_user_has_any_permission_for(
        user, ["choose"]
    )
    return choices
