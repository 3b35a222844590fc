"""Who did what to whose account, in Wagtail's log. Never a code or a password."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

ACTIONS = {
    "staff.invited": (_("Invite"), _("Invited")),
    "staff.new_slip": (_("New slip"), _("New slip printed")),
    "staff.withdrawn": (_("Withdraw an invitation"), _("Invitation withdrawn")),
    "staff.accepted": (_("Accept an invitation"), _("Invitation accepted")),
    "staff.reset_slip": (_("Slip for a new password"), _("Slip for a new password printed")),
    "staff.reset": (_("Choose a new password"), _("New password chosen")),
    "staff.started": (_("Start work"), _("Began to work")),
    "staff.awaits": (_("Bring in an approver"), _("Named as an approver, awaits confirmation")),
    "staff.confirmed": (_("Confirm an approver"), _("Confirmed as an approver")),
    "staff.ended": (_("End work"), _("Ceased to work")),
    "staff.deactivated": (_("Deactivate an account"), _("Account deactivated")),
    "staff.opened": (_("Open a commune"), _("Commune opened")),
    "staff.closed": (_("Close a commune"), _("Commune closed")),
    "staff.former_name": (_("Write down a former name"), _("Former name written down")),
    "staff.former_name_deleted": (_("Delete a former name"), _("Former name deleted")),
}


def log_act(instance: Model, action: str, by: Any, **data: Any) -> None:
    log(instance=instance, action=action, user=by, data=data)
