"""What is to be done about keys, on the admin's first page; nothing where all is well."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import Unit
from communes.roles import officer_units, supervised
from home.panels import Link, WorkPanel

from ...keys.current import in_doubt
from ...keys.state import ENOUGH, KeyState, key_states, with_key_holders
from ...models import KeyNotice

UNITS_OF_ONE_OFFICER = 5


def key_panels(user: Any) -> list[WorkPanel]:
    return [*_officer_panels(user), *_unit_panels(user)]


def _officer_panels(user: Any) -> list[WorkPanel]:
    units = list(officer_units(user).order_by(*Unit.IN_ORDER)[:UNITS_OF_ONE_OFFICER])
    if not units:
        return []
    found = key_states(user, units)
    lines = [f"{state.unit.full_name}: {text}" for state in found for text in _alarms(state)]
    if KeyNotice.objects.filter(user=user).exists():
        lines.append(_("There is something about the keys that you have not read yet."))
    if not lines:
        return []
    unopened = any(state.key is None and not state.lost for state in found)
    label = _("Open the tip box") if unopened else _("To the page of keys")
    links = [Link(label, reverse("keys:index"), main=True)]
    return [WorkPanel(heading=_("Keys"), id="keys", order=90, lead=" ".join(lines), links=links)]


def _alarms(state: KeyState) -> list[str]:
    found = []
    if state.in_doubt:
        found.append(
            _(
                "a key stands here that this portal did not make, or an entry about staff was altered from "
                "outside; tell the IT officer at once."
            )
        )
    if state.key is None:
        found.append(
            _("the key can no longer be verified; the recovery code is needed.")
            if state.lost
            else _("the tip box is not open yet: the form takes nothing.")
        )
        return found
    if not state.mine:
        found.append(_("you cannot read the tips yet: wait for a colleague to grant you the key."))
    if state.mine and state.waiting:
        found.append(_("a colleague is waiting for you to grant him the key."))
    if state.too_few:
        found.append(_("fewer than two officers hold the key."))
    if state.code_used:
        found.append(_("the recovery code has been used and must be replaced."))
    return found


def _unit_panels(user: Any) -> list[WorkPanel]:
    few = with_key_holders(supervised(user)).filter(box_open=True, key_holders__lt=ENOUGH).count()
    doubted = len(in_doubt(supervised(user)))
    lines = []
    if few:
        lines.append(
            ngettext(
                "%(count)s commune has fewer than two key-holders.",
                "%(count)s communes have fewer than two key-holders.",
                few,
            )
            % {"count": few}
        )
    if doubted:
        lines.append(
            ngettext(
                "In %(count)s commune a key was not made by this portal, or an entry about staff was "
                "altered from outside; tell the IT officer at once.",
                "In %(count)s communes a key was not made by this portal, or an entry about staff was "
                "altered from outside; tell the IT officer at once.",
                doubted,
            )
            % {"count": doubted}
        )
    if not lines:
        return []
    links = [Link(_("Keys of the communes"), reverse("keys:health"))]
    return [WorkPanel(heading=_("Keys"), id="key-health", order=125, lead=" ".join(lines), links=links)]
