"""The table of the inbox."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn, Table, TitleColumn

from ...models import Tip
from .reading import Listed


class ReferenceColumn(TitleColumn):
    """The officers' name of the tip, with what is unread said in words."""

    cell_template_name = "tipform/desk/inbox/reference_cell.html"


class ReceivedColumn(Column):
    """Day and hour; the day alone where the header does not open."""

    cell_template_name = "tipform/desk/inbox/received_cell.html"


class FilesColumn(Column):
    cell_template_name = "tipform/desk/inbox/files_cell.html"


class InboxTable(Table):
    classname = "listing tips-table"

    def get_row_classname(self, instance: Listed) -> str:
        if instance.header is None:
            return "tips-table__broken"
        return "tips-table__unread" if instance.tip.unread else ""  # type: ignore[attr-defined]


def _thread_url(row: Listed) -> str:
    return reverse("tips:thread", args=[row.tip.uuid])


def columns(*, several_units: bool) -> list[Column]:
    """The columns; that of the unit only for an officer of more than one."""
    found: list[Column] = [
        ReferenceColumn("reference", label=_("Tip"), accessor="tip.reference", get_url=_thread_url),
        ReceivedColumn("received", label=_("Received"), accessor="received"),
        Column("kind", label=_("Kind"), accessor="kind"),
        Column("category", label=_("Category"), accessor="category"),
        StatusTagColumn(
            "status",
            label=_("Status"),
            accessor="status",
            primary=lambda row: row.tip.status == Tip.Status.NEW and row.standing.holds,
        ),
        FilesColumn("files", label=_("Pictures, files"), accessor="files"),
    ]
    if several_units:
        found.insert(1, Column("unit", label=_("Unit"), accessor="tip.unit.full_name"))
    return found
