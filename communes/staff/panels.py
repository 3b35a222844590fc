"""What the admin's first page says of staff: open invitations, communes without an editor."""

from typing import Any

from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.menu import MenuItem

from home.panels import Link, Row, WorkPanel

from ..models import Unit
from ..roles import editor_units, is_editor
from . import rights
from .approvers import approvers_of, waits_for, what_it_waits_for
from .lists import (
    awaiting_confirmation,
    open_invitations,
    short_of_approvers,
    short_of_staff,
    staff_of,
    too_few_approvers,
)

ROWS = 5
OWN_COMMUNES = 5


class StaffMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Staff"), reverse_lazy("staff:index"), name="staff", icon_name="group", order=850
        )

    def is_shown(self, request: Any) -> bool:
        return bool(request.user.is_superuser or is_editor(request.user))


def staff_panels(user: Any) -> list[WorkPanel]:
    """For a unit's editor what is to be done; for a commune's editor what his commune lacks.

    For the superuser where approvers are missing; for an approver who awaits confirmation, why.
    """
    own = list(editor_units(user))
    if any(unit.is_supervising for unit in own):
        return [*_waiting_panels(user), _unit_panel(user)]
    rows = _approver_rows(user) if user.is_superuser else []
    rows += _lacking_rows(own[:OWN_COMMUNES])
    panels = _waiting_panels(user)
    return [*panels, WorkPanel(heading=_("Staff"), id="staff", order=150, rows=rows)] if rows else panels


def _waiting_panels(user: Any) -> list[WorkPanel]:
    lines = what_it_waits_for(user)
    if not lines:
        return []
    return [WorkPanel(heading=_("Waiting to be confirmed"), id="awaits", order=106, lead=" ".join(lines))]


def _approver_rows(user: Any) -> list[Row]:
    """Units with fewer than two approvers, then those who await confirmation, whoever can give it."""
    units = rights.managed_units(user)
    rows = [
        Row(
            title=unit.full_name,
            url=reverse("staff:unit", args=[unit.pk]),
            note=" ".join(too_few_approvers(unit.approvers)),
            links=[Link(_("Invite somebody"), reverse("staff:invite", args=[unit.pk]))],
        )
        for unit in short_of_approvers(units)[:ROWS]
    ]
    rows += [
        Row(
            title=str(waiting.user),
            url=reverse("staff:confirm", args=[waiting.pk]),
            about=waiting.unit.full_name,
            status=_("Waiting to be confirmed"),
            note=waits_for(approvers_of(waiting.unit), waiting.brought_in_by),
        )
        for waiting in awaiting_confirmation(units)[:ROWS]
    ]
    return rows


def _lacking_rows(units: list[Unit]) -> list[Row]:
    lacking = [staff for staff in staff_of(units) if staff.warnings]
    return [
        Row(
            title=staff.unit.full_name,
            url=reverse("staff:unit", args=[staff.unit.pk]),
            note=" ".join(staff.warnings),
        )
        for staff in lacking
    ]


def _unit_panel(user: Any) -> WorkPanel:
    units = rights.managed_units(user)
    invitations = list(open_invitations(units)[:ROWS])
    lapsed = open_invitations(units).filter(expires_at__lte=timezone.now()).count()
    pending = open_invitations(units).count()
    lead = _unit_in_words(pending, lapsed, short_of_staff(units).count())
    rows = _approver_rows(user)
    rows += [
        Row(
            title=invitation.full_name,
            url=reverse("staff:unit", args=[invitation.unit_id]),
            about=invitation.unit.full_name,
            status=_("Lapsed") if invitation.lapsed else _("Invited"),
        )
        for invitation in invitations
    ]
    return WorkPanel(
        heading=_("Staff"),
        id="staff",
        order=126,
        lead=lead,
        links=[
            Link(_("Staff of the unit and its communes"), reverse("staff:index")),
            Link(_("Open a commune"), reverse("staff:open")),
        ],
        rows=rows,
        more=Link(_("See all"), reverse("staff:index")) if pending > ROWS else None,
    )


def _unit_in_words(pending: int, lapsed: int, short: int) -> str:
    """How many invitations are open, how many of them lapsed, how many communes are short of staff."""
    sentences = []
    if pending:
        text = ngettext("%(count)s invitation is open", "%(count)s invitations are open", pending)
        of_them = _(", %(count)s of them lapsed") % {"count": lapsed} if lapsed else ""
        sentences.append(text % {"count": pending} + of_them + ".")
    if short:
        text = ngettext(
            "%(count)s commune is short of staff.", "%(count)s communes are short of staff.", short
        )
        sentences.append(text % {"count": short})
    return " ".join(sentences)
