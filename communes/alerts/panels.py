"""What stands first on the unit's first page until somebody has looked, and each editor's way to alerts."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from communes.models import Alert, PlaceList, PostTemplate, Unit, UrgentPost
from communes.models.reviewed import Reviewed
from home.panels import Link, Row, WorkPanel

from ..roles import editor_units
from . import rules

ROWS = 20


def alert_panels(user: Any) -> list[WorkPanel]:
    units = list(editor_units(user).order_by(*Unit.IN_ORDER)[:10])
    if not units:
        return []
    panels = []
    if any(unit.is_supervising for unit in units):
        panels = [panel for panel in (to_look_at_panel(user), waiting_panel(user)) if panel.rows]
    running = rules.visible(Alert, user).running().count()
    links = [Link(_("Alerts (%(count)s running)") % {"count": running}, reverse("alerts:index"))]
    if any(not unit.is_supervising for unit in units):
        links.insert(0, Link(_("Urgent post from a template"), reverse("urgent:index")))
    else:
        links.append(Link(_("Templates of urgent posts"), reverse("urgent:index")))
    panels.append(WorkPanel(heading=_("Urgent matters"), id="alerts", order=133, links=links))
    return panels


def to_look_at_panel(user: Any) -> WorkPanel:
    """Posts and alerts that communes, or a colleague, put live before a second pair of eyes; newest first."""
    posts = rules.visible(UrgentPost, user).filter(seen_at=None).exclude(published_by=user)
    alerts = rules.visible(Alert, user).to_look_at().exclude(written_by=user)
    rows = [
        Row(
            title=post.page.title,
            url=reverse("urgent:post", args=[post.pk]),
            about=post.unit.short_name,
            since=post.published_at,
            status=_("Urgent post"),
        )
        for post in posts.select_related("page", "unit").order_by("-pk")[:ROWS]
    ] + [
        Row(
            title=alert.text,
            url=reverse("alerts:alert", args=[alert.thread]),
            about=alert.unit.short_name,
            since=alert.decided_at,
            status=_("Alert, running") if alert.is_running else _("Alert, over"),
        )
        for alert in alerts.select_related("unit").order_by("-pk")[:ROWS]
    ]
    rows.sort(key=lambda row: str(row.since), reverse=True)
    return WorkPanel(
        heading=_("Urgent: look at this first (%(count)s)") % {"count": len(rows)},
        id="urgent",
        order=10,
        lead=_("Live already. It stays here until somebody of the unit has looked at it."),
        rows=rows,
    )


def waiting_panel(user: Any) -> WorkPanel:
    """Alerts, templates and lists of villages that this user may approve, oldest first."""
    rows = []
    models: list[type[Any]] = [Alert, PostTemplate, PlaceList]
    for model in models:
        waiting = rules.awaiting(model, user).select_related("unit", "written_by").order_by("written_at")
        for row in waiting[:ROWS]:
            rows.append(
                Row(
                    title=str(row),
                    url=url_of(row),
                    about=row.unit.short_name,
                    since=row.written_at,
                    status=str(model._meta.verbose_name).capitalize(),
                    note=_("submitted by %(name)s") % {"name": row.written_by},
                )
            )
    rows.sort(key=lambda row: str(row.since))
    return WorkPanel(
        heading=_("Alerts and templates that wait for approval (%(count)s)") % {"count": len(rows)},
        id="alerts-waiting",
        order=105,
        rows=rows,
    )


def url_of(row: Reviewed) -> str:
    if isinstance(row, Alert):
        return reverse("alerts:alert", args=[row.thread])
    if isinstance(row, PostTemplate):
        return reverse("urgent:template", args=[row.thread])
    return reverse("urgent:places", args=[row.unit_id])
