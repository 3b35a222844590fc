"""Each role's work on the admin's first page: plain links that need no script.

Wagtail draws its menu by script and its own panels query for every row. A panel here takes the same few
queries whether a unit has one commune or five hundred, and lists no more than a screenful.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Locale, Page, TaskState, WorkflowState

from home.models import HomePage

from .models import CommunePage, ContactPage, Membership, NewsIndexPage, Unit, units_where

ROWS = 20
OWN_POSTS = 8
COMMUNES_OF_ONE_EDITOR = 5


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    main: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a list: what it is, where it leads, and how it stands."""

    title: str
    url: str
    about: str = ""
    since: datetime | None = None
    status: str = ""
    note: str = ""
    links: Sequence[Link] = ()


@dataclass
class WorkPanel(Component):
    """A heading, links, and a list with what to say when it is empty."""

    heading: str
    id: str
    order: int = 100
    lead: str = ""
    links: Sequence[Link] = ()
    rows: Sequence[Row] = field(default_factory=list)
    empty: str = ""
    more: Link | None = None

    template_name = "communes/admin/work_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"panel": self}


def panels_for(user: Any) -> list[WorkPanel]:
    """The panels of every role that the user has on this floor, most pressing first."""
    units = list(units_where(user, Membership.Role.EDITOR).order_by("name_folded"))
    supervising = [unit for unit in units if unit.is_supervising]
    communes = [unit for unit in units if not unit.is_supervising]
    panels = []
    if supervising:
        panels += [waiting_panel(user), *unit_panels(supervising)]
    panels += commune_panels(user, communes[:COMMUNES_OF_ONE_EDITOR])
    if user.is_superuser:
        panels.append(superuser_panel())
    return panels


def waiting_panel(user: Any) -> WorkPanel:
    """What this user may approve, the longest waiting first; never what he submitted himself."""
    states = TaskState.objects.reviewable_by(user)
    oldest = states.select_related("workflow_state__requested_by").order_by("started_at")[:ROWS]
    waiting = [(state, int(state.workflow_state.object_id)) for state in oldest]
    pages = Page.objects.in_bulk([pk for _state, pk in waiting])
    communes = _communes_of(list(pages.values()))
    count = len(waiting) if len(waiting) < ROWS else states.count()
    rows = []
    for state, pk in waiting:
        if pk not in pages:
            continue
        page = pages[pk]
        author = state.workflow_state.requested_by
        rows.append(
            Row(
                title=page.draft_title,
                url=reverse("wagtailadmin_pages:edit", args=[pk]),
                about=communes.get(pk, ""),
                since=state.started_at,
                note=_("submitted by %(name)s") % {"name": author.get_full_name() or author.get_username()}
                if author
                else "",
                links=[
                    Link(
                        _("Preview"), reverse("wagtailadmin_pages:workflow_preview", args=[pk, state.task_id])
                    )
                ],
            )
        )
    return WorkPanel(
        heading=_("Waiting for your approval (%(count)s)") % {"count": count},
        id="waiting-for-approval",
        order=110,
        rows=rows,
        empty=_("Nothing is waiting."),
        more=Link(_("See all %(count)s") % {"count": count}, reverse("wagtailadmin_reports:workflow"))
        if count > ROWS
        else None,
    )


def _communes_of(pages: list[Page]) -> dict[int, str]:
    """By page id, the short name of the commune that the page stands under."""
    prefixes = {page.path[: Page.steplen * level] for page in pages for level in range(1, page.depth + 1)}
    communes = {
        commune.path: commune.unit.short_name
        for commune in CommunePage.objects.filter(path__in=prefixes).select_related("unit")
    }
    return {page.pk: name for page in pages for path, name in communes.items() if page.path.startswith(path)}


def unit_panels(units: list[Unit]) -> list[WorkPanel]:
    """For each supervising unit: its communes, its own news, its guides. Communes are counted, not listed."""
    homes = HomePage.objects.filter(
        translation_key__in=[unit.page_key for unit in units], locale=Locale.get_default()
    )
    by_key = {home.translation_key: home for home in homes}
    panels = []
    for unit in units:
        home = by_key.get(unit.page_key)
        if home is None:
            continue
        count = unit.communes.filter(active=True).count()
        news = _child(NewsIndexPage, home)
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
        panels.append(WorkPanel(heading=unit.full_name, id=f"unit-{unit.pk}", order=120, links=links))
    return panels


def commune_panels(user: Any, units: list[Unit]) -> list[WorkPanel]:
    """For each commune of an editor: write a post, his own posts and how they stand, the contact page."""
    pages = CommunePage.objects.filter(unit__in=units, locale=Locale.get_default()).select_related("unit")
    panels = []
    for page in sorted(pages, key=lambda page: page.unit.name_folded):
        news, contact = _child(NewsIndexPage, page), _child(ContactPage, page)
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
        panels.append(
            WorkPanel(
                heading=page.unit.full_name,
                id=f"commune-{page.unit_id}",
                order=130,
                links=links,
                rows=own_posts(user, news) if news else [],
                empty=_("You have not written a post yet."),
            )
        )
    return panels


def own_posts(user: Any, news: NewsIndexPage) -> list[Row]:
    """The user's latest posts under one list, each with its state in words."""
    posts = (
        Page.objects.filter(path__range=news._get_children_path_interval(news.path), owner=user)
        .order_by("-latest_revision_created_at", "-pk")
        .prefetch_workflow_states()[:OWN_POSTS]
    )
    rows = []
    for post in posts:
        status, note = _state_of(post)
        rows.append(
            Row(
                title=post.draft_title,
                url=reverse("wagtailadmin_pages:edit", args=[post.pk]),
                since=post.latest_revision_created_at,
                status=status,
                note=note,
            )
        )
    return rows


def _state_of(post: Page) -> tuple[str, str]:
    """The state of a post and, when it was sent back, why."""
    state = post.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return _("Sent back"), state.current_task_state.comment
    if state is not None:
        return _("Waiting for approval"), ""
    if post.live and post.has_unpublished_changes:
        return _("Live, with changes not yet submitted"), ""
    return (_("Live"), "") if post.live else (_("Draft, not yet submitted"), "")


def superuser_panel() -> WorkPanel:
    links = [
        (_("Pages"), "wagtailadmin_explore_root"),
        (_("Accounts"), "wagtailusers_users:index"),
        (_("Groups"), "wagtailusers_groups:index"),
        (_("Approval of posts"), "wagtailadmin_reports:workflow"),
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


def _child(model: Any, parent: Page) -> Any:
    """The first child of one type, live or not."""
    interval = parent._get_children_path_interval(parent.path)
    return model.objects.filter(depth=parent.depth + 1, path__range=interval).first()


def _add_post(news: NewsIndexPage) -> str:
    return reverse("wagtailadmin_pages:add", args=["communes", "newspage", news.pk])
