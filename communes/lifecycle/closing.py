"""Closing a commune: out of service, with nothing of its content lost. `open_commune` brings it back.

What was live is written down in `Unit.closing_record`, so that opening it again publishes just that, never a
draft that nobody approved. Redirects are temporary ones, for the same reason. Tips and keys are left alone.
"""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision, WorkflowState

from ..groups import editors_group_name
from ..models import CommunePage, FormerName, Invitation, Membership, Unit
from ..models.former_names import note_former_name
from ..signals import commune_closing
from ..staff.log import log_act
from ..staff.memberships import end_membership, withdraw_all
from .redirects import redirect


def pages_of(unit: Unit) -> list[Page]:
    """All pages of the commune in all languages, live or not; parents first."""
    pages: list[Page] = []
    for front in CommunePage.objects.filter(unit=unit):
        pages += Page.objects.descendant_of(front, inclusive=True).order_by("path")
    return pages


def _waiting(pages: list[Page]) -> "list[WorkflowState]":
    keys = [str(page.pk) for page in pages]
    base = ContentType.objects.get_for_model(Page)
    return list(WorkflowState.objects.active().filter(base_content_type=base, object_id__in=keys))


def what_closing_means(unit: Unit, successors: Sequence[Unit] = ()) -> list[str]:
    """What `close_commune` would do, in sentences. Changes nothing."""
    pages = pages_of(unit)
    live, waiting = sum(page.live for page in pages), len(_waiting(pages))
    staff = Membership.objects.current().filter(unit=unit).select_related("user")
    names = sorted({str(membership.user) for membership in staff})
    invitations = Invitation.objects.open().filter(unit=unit).count()
    targets = successors or ([unit.parent] if unit.parent else [])
    lines = [
        ngettext(
            "%(count)s page is taken off the public portal and kept.",
            "%(count)s pages are taken off the public portal and kept.",
            live,
        )
        % {"count": live},
        _("Their addresses lead to %(unit)s.") % {"unit": ", ".join(each.full_name for each in targets)},
    ]
    if waiting:
        lines.append(
            ngettext(
                "%(count)s post that waits for approval becomes a draft again.",
                "%(count)s posts that wait for approval become drafts again.",
                waiting,
            )
            % {"count": waiting}
        )
    if names:
        lines.append(_("The work of these people ends now: %(names)s.") % {"names": ", ".join(names)})
    if invitations:
        lines.append(
            ngettext(
                "%(count)s open invitation is withdrawn.",
                "%(count)s open invitations are withdrawn.",
                invitations,
            )
            % {"count": invitations}
        )
    commune_closing.send(sender=Unit, unit=unit, lines=lines)
    return lines


def check_closing(unit: Unit, successors: Collection[Unit], day: datetime.date | None = None) -> None:
    """Raises ValueError, in words for the one who asked, when this commune cannot be closed so."""
    if unit.is_supervising:
        raise ValueError(_("%(unit)s is not a commune.") % {"unit": unit.full_name})
    if day and day > timezone.localdate():
        raise ValueError(_("This day has not come yet."))
    for successor in successors:
        if successor == unit or not successor.active or successor.is_supervising:
            raise ValueError(_("It can be merged only into another commune that is in service."))
        if successor.parent_id != unit.parent_id:
            raise ValueError(_("It can be merged only into a commune of the same unit."))


@transaction.atomic
def close_commune(
    unit: Unit, *successors: Unit, by: Any = None, day: datetime.date | None = None
) -> list[str]:
    """Take the commune out of service; what was done, in sentences. Nothing happens to one that is closed.

    It became its `successors` on that `day` (default: today); several, if it was split. Raises ValueError as
    `check_closing` does.
    """
    unit = Unit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)
    if not unit.active:
        return [_("%(unit)s is out of service already.") % {"unit": unit.full_name}]
    check_closing(unit, successors, day)
    lines = what_closing_means(unit, successors)
    pages = pages_of(unit)
    _stop_publishing(pages, by)
    redirects = redirect(unit, successors)
    live = [page for page in pages if page.live]
    unit.closing_record = {
        "pages": [[page.pk, _live_revision(page)] for page in live],
        "redirects": [redirect.pk for redirect in redirects],
    }
    for page in live:
        UnpublishPageAction(page.specific, user=by).execute(skip_permission_checks=True)
    for membership in Membership.objects.current().filter(unit=unit).select_related("user", "unit"):
        end_membership(membership, by, closed_with_unit=True)
    withdraw_all(Invitation.objects.open().filter(unit=unit))
    # Its rights on pages and collections go with the group. `open_commune` makes it again.
    Group.objects.filter(name=editors_group_name(unit)).delete()
    unit.active = False
    unit.save()
    for successor in successors:
        _note_its_name(unit, successor, day or timezone.localdate())
    log_act(unit, "staff.closed", by, successor=", ".join(each.full_name for each in successors))
    return lines


def _note_its_name(unit: Unit, successor: Unit, day: datetime.date) -> None:
    district = unit.parent.short_name if unit.parent else ""
    row = FormerName(
        unit=successor, kind=unit.kind, name=unit.name, district=district, until=day, closed=unit
    )
    note_former_name(row)


def _stop_publishing(pages: list[Page], by: Any) -> None:
    """What waits for approval becomes a draft again, and so does what was approved for a later hour."""
    for state in _waiting(pages):
        state.cancel(user=by)
    Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in pages],
        approved_go_live_at__isnull=False,
    ).update(approved_go_live_at=None)


def _live_revision(page: Page) -> int | None:
    """The revision that is live, or None if no row says which. A page made by code may have none yet."""
    if page.live_revision_id:
        return int(page.live_revision_id)
    if page.latest_revision_id:
        return None if page.has_unpublished_changes else int(page.latest_revision_id)
    return int(page.specific.save_revision().pk)


def reopen(unit: Unit, report: Any) -> None:
    """Undo `close_commune` but for staff and groups, inside `open_commune`'s transaction."""
    done = unit.closing_record or {"pages": [], "redirects": []}
    Redirect.objects.filter(pk__in=done["redirects"]).delete()
    revisions = Revision.objects.in_bulk([pk for _page, pk in done["pages"] if pk])
    for page in Page.objects.filter(pk__in=[pk for pk, _revision in done["pages"]], live=False):
        revision = revisions.get(dict(done["pages"])[page.pk])
        if revision is None:
            report.found(f"{page.url_path} (a draft: what was live cannot be told from it any more)")
        else:
            PublishRevisionAction(revision).execute(skip_permission_checks=True)
            report.made(f"{page.url_path} (live again)")
    unit.active, unit.closing_record = True, None
    unit.save()
    unit.became.all().delete()
    report.made(f"{unit.full_name} (in service again, without staff)")
