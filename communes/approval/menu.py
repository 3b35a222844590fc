"""The way to the queue from every screen of the admin."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from .queue import is_approver, waiting_for


class ApprovalMenuItem(MenuItem):
    """ "Duyệt bài (3)", for those who approve."""

    def __init__(self) -> None:
        super().__init__(
            _("Approving posts"), reverse_lazy("approval:queue"), name="approval", icon_name="check", order=40
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_approver(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count = waiting_for(request.user).count()
        label = f"{self.label} ({count})" if count else str(self.label)
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)
