"""Each role's work on the admin's first page: plain links that need no script.

Wagtail draws its menu by script and its own panels query for every row. A panel here takes the same few
queries whether a unit has one commune or five hundred, and lists no more than a screenful.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from home.panels import Link, WorkPanel
from home.text import sort_key

from .models import ContactPage, NewsIndexPage, Unit
from .roles import editor_units
from .tree import child_of_type, front_pages, homes_of

COMMUNES_OF_ONE_EDITOR = 5


def panels_for(user: Any) -> list[WorkPanel]:
    """The panels of every role that the user has on this floor, most pressing first."""
    units = list(editor_units(user).order_by(*Unit.IN_ORDER))
    supervising = [unit for unit in units if unit.is_supervising]
    communes = [unit for unit in units if not unit.is_supervising]
    panels = [*unit_panels(supervising), *commune_panels(communes[:COMMUNES_OF_ONE_EDITOR])]
    if user.is_superuser:
        panels.append(superuser_panel())
    return panels


def unit_panels(units: list[Unit]) -> list[WorkPanel]:
    """For each supervising unit: its communes, its own news, its guides. Communes are counted, not listed."""
    homes = homes_of(units)
    panels = []
    for unit in units:
        home = homes.get(unit.page_key) if unit.page_key else None
        if home is None:
            continue
        count = unit.communes.filter(active=True).count()
        news = child_of_type(NewsIndexPage, home)
        links = [
            Link(
                _("Communes and pages (%(count)s communes)") % {"count": count},
                reverse("wagtailadmin_explore", args=[home.pk]),
                main=True,
            ),
        ]
        if news:
            links.append(Link(_("Write a post of the unit"), _add_post(news)))
            links.append(Link(_("Posts of the unit"), reverse("wagtailadmin_explore", args=[news.pk])))
        links.append(Link(_("Reasons for sending back, reminders"), reverse("approval:unit", args=[unit.pk])))
        links.append(Link(_("Days off, days worked instead"), reverse("approval:days", args=[unit.pk])))
        links.append(Link(_("Bell of the unit"), reverse("approval:bell", args=[unit.pk])))
        links.append(Link(_("Duty roster"), reverse("duty:roster", args=[unit.pk])))
        links.append(Link(_("Words of the search"), reverse("approval:search_words", args=[unit.pk])))
        panels.append(WorkPanel(heading=unit.full_name, id=f"unit-{unit.pk}", order=120, links=links))
    return panels


def commune_panels(units: list[Unit]) -> list[WorkPanel]:
    """For each commune of an editor: write a post, all posts, the contact page, the front page."""
    panels = []
    for page in sorted(front_pages(units), key=lambda page: sort_key(page.unit.short_name)):
        news, contact = child_of_type(NewsIndexPage, page), child_of_type(ContactPage, page)
        links = []
        if news:
            links.append(Link(_("Write a post"), _add_post(news), main=True))
            links.append(Link(_("All posts of the commune"), reverse("wagtailadmin_explore", args=[news.pk])))
        if contact:
            links.append(
                Link(
                    _("Contact page: hours, officers in charge"),
                    reverse("wagtailadmin_pages:edit", args=[contact.pk]),
                )
            )
        links.append(
            Link(
                _("Front page: duty phone, introduction"), reverse("wagtailadmin_pages:edit", args=[page.pk])
            )
        )
        links.append(Link(_("Duty roster"), reverse("duty:roster", args=[page.unit_id])))
        panels.append(
            WorkPanel(
                heading=page.unit.full_name,
                id=f"commune-{page.unit_id}",
                order=130,
                links=links,
            )
        )
    return panels


def superuser_panel() -> WorkPanel:
    links = [
        (_("Pages"), "wagtailadmin_explore_root"),
        (_("Accounts"), "wagtailusers_users:index"),
        (_("Groups"), "wagtailusers_groups:index"),
        (_("Approving posts"), "approval:queue"),
        (_("Pictures"), "wagtailimages:index"),
        (_("Documents"), "wagtaildocs:index"),
        (_("Collections"), "wagtailadmin_collections:index"),
        (_("Sites"), "wagtailsites:index"),
    ]
    return WorkPanel(
        heading=_("Administration"),
        id="administration",
        order=140,
        links=[Link(label, reverse(name)) for label, name in links],
    )


def _add_post(news: NewsIndexPage) -> str:
    return reverse("wagtailadmin_pages:add", args=["communes", "newspage", news.pk])
