"""The part of the admin's first page that changes every day: what waits, what came back, what is due."""

from dataclasses import replace
from typing import Any

from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.utils import get_user_display_name

from home.panels import Link, Row, WorkPanel
from home.tree import COMMUNE_DEPTH, below, branch

from ..models import CommunePage, ContactPage, ProcedurePage, Unit
from ..panels import COMMUNES_OF_ONE_EDITOR
from ..roles import editor_units
from ..tree import communes_of, front_pages, homes_of
from . import due, own
from .queue import Waiting, is_approver, loaded, waiting_for

ROWS = 10
OWN_POSTS = 8


def panels_for(user: Any) -> list[WorkPanel]:
    """What this user has to do today, in the role that he has."""
    units = list(editor_units(user).order_by(*Unit.IN_ORDER))
    supervising = [unit for unit in units if unit.is_supervising]
    own_units = [unit for unit in units if not unit.is_supervising][:COMMUNES_OF_ONE_EDITOR]
    communes = list(front_pages(own_units))
    panels = [waiting_panel(user)] if supervising or (user.is_superuser and is_approver(user)) else []
    if units:
        panels += [
            to_do_panel(user, supervising, communes),
            *left_behind_panels(user),
            own_panel(user),
        ]
    return panels


def waiting_panel(user: Any) -> WorkPanel:
    """What this user may approve, urgent first, then the longest waiting; never what he submitted himself."""
    states = waiting_for(user)
    rows = loaded(states.select_related("workflow_state__requested_by")[:ROWS], user)
    count = states.count()
    queue = reverse("approval:queue")
    return WorkPanel(
        heading=_("Waiting for your approval (%(count)s)") % {"count": count},
        id="waiting-for-approval",
        order=110,
        links=[Link(_("Read and approve, one after the other"), reverse("approval:next"), main=True)]
        if rows
        else [],
        rows=[waiting_row(waiting) for waiting in rows],
        empty=_("Nothing is waiting."),
        more=Link(_("See all %(count)s, by commune; approve several at once") % {"count": count}, queue)
        if count > 1
        else None,
    )


def waiting_row(waiting: Waiting) -> Row:
    about = [waiting.place, waiting.kind]
    note = ""
    if waiting.author:
        note = _("submitted by %(name)s") % {"name": get_user_display_name(waiting.author)}
    return Row(
        title=waiting.title,
        url=reverse("approval:review", args=[waiting.page.pk]),
        about=" · ".join(part for part in about if part),
        since=waiting.state.started_at,
        mark=_("Urgent") if waiting.state.urgent else "",
        status=_("%(name)s is reading it now") % {"name": get_user_display_name(waiting.reader)}
        if waiting.reader
        else "",
        note=note,
    )


def to_do_panel(user: Any, supervising: list[Unit], communes: list[CommunePage]) -> WorkPanel:
    rows = own.rows_of(own.sent_back_in(communes)[:ROWS], user) if communes else []
    rows += contact_rows(communes)
    rows += guide_rows(supervising, communes)
    for unit in supervising:
        rows += attention_rows(unit)
    return WorkPanel(
        heading=_("To do"), id="to-do", order=115, rows=rows, empty=_("Nothing else is due today.")
    )


def contact_rows(communes: list[CommunePage]) -> list[Row]:
    """The contact pages of these communes that nobody has confirmed for half a year."""
    if not communes:
        return []
    found = list(due.unconfirmed(CommunePage.objects.filter(pk__in=communes).select_related("unit")))
    contacts = ContactPage.objects.filter(below(found, levels=1))
    pages = {branch(page.path, COMMUNE_DEPTH): page for page in contacts}
    return [
        Row(
            title=_("Contact page of %(commune)s") % {"commune": commune.unit.short_name},
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            note=_("last confirmed on %(day)s")
            % {"day": formatted(commune.contact_confirmed_on, "SHORT_DATE_FORMAT")}
            if commune.contact_confirmed_on
            else _("Nobody has confirmed yet that hours, address and officers are right."),
            links=[
                Link(_("See the page"), page.url or ""),
                Link(_("Correct it"), reverse("wagtailadmin_pages:edit", args=[page.pk])),
            ],
            act=Link(
                _("I have looked at it, all is still right"),
                reverse("approval:confirm_contact", args=[commune.unit_id]),
            ),
        )
        for commune in found
        if (page := pages.get(commune.path)) is not None
    ]


def guide_rows(supervising: list[Unit], communes: list[CommunePage]) -> list[Row]:
    parents = [*homes_of(supervising).values(), *communes]
    return [
        Row(
            title=guide.title,
            url=reverse("wagtailadmin_pages:edit", args=[guide.pk]),
            about=str(ProcedurePage._meta.verbose_name),
            note=_("review due on %(day)s") % {"day": formatted(guide.review_due, "SHORT_DATE_FORMAT")},
        )
        for guide in (due.guides_to_review(parents)[:ROWS] if parents else [])
    ]


def attention_rows(unit: Unit) -> list[Row]:
    """Counted, with the way to the list: there may be hundreds."""
    silent = due.silent(unit).count()
    unconfirmed = due.unconfirmed(communes_of(unit)).count()
    rows = []
    if silent:
        text = ngettext(
            "%(count)s commune has had no post for %(weeks)s weeks",
            "%(count)s communes have had no post for %(weeks)s weeks",
            silent,
        )
        rows.append(
            Row(
                title=text % {"count": silent, "weeks": unit.silent_weeks},
                url=reverse("approval:silent", args=[unit.pk]),
            )
        )
    if unconfirmed:
        text = ngettext(
            "%(count)s commune has not confirmed its contact page for six months",
            "%(count)s communes have not confirmed their contact pages for six months",
            unconfirmed,
        )
        rows.append(
            Row(title=text % {"count": unconfirmed}, url=reverse("approval:contact_pages", args=[unit.pk]))
        )
    return rows


def left_behind_panels(user: Any) -> list[WorkPanel]:
    pages = own.left_behind(user)[:ROWS]
    rows = [
        replace(row, act=Link(_("Take it over"), reverse("approval:take_over", args=[page.pk])))
        for page, row in zip(pages, own.rows_of(pages, user), strict=True)
    ]
    if not rows:
        return []
    return [
        WorkPanel(
            heading=_("Posts of colleagues who have left"),
            id="left-behind",
            order=134,
            lead=_("They work here no more. Whoever is here goes on with these posts."),
            rows=rows,
        )
    ]


def own_panel(user: Any) -> WorkPanel:
    return WorkPanel(
        heading=_("My posts"),
        id="my-posts",
        order=132,
        rows=own.rows_of(own.own_posts(user)[:OWN_POSTS], user),
        empty=_("You have not written a post yet."),
        more=Link(_("All my posts"), reverse("approval:mine")),
    )
