"""What waits for approval: urgent first, then the longest waiting; few queries however many communes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.template.defaultfilters import date as formatted
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Page, Revision, TaskState

from home.media import fingerprint
from home.models import UnitApprovalTask
from home.text import sort_key

from ..models import CommunePage, NewsPage, Unit
from ..tree import branch_expression, communes_at
from .presence import readers
from .taken_down import taken_down

UNITS_OWN = "0"
SKIPPED_AT_MOST = 200
THUMBNAIL = "fill-120x90"


def approval_tasks(user: Any) -> "QuerySet[UnitApprovalTask]":
    """The tasks that this user decides: those of his groups; the superuser's are all."""
    tasks = UnitApprovalTask.objects.filter(active=True)
    return tasks if user.is_superuser else tasks.filter(groups__in=user.groups.all())


def is_approver(user: Any) -> bool:
    return approval_tasks(user).exists()


def next_work(user: Any) -> str:
    """The address at which the work goes on: the next page to approve, or the user's first page."""
    return reverse("approval:next" if is_approver(user) else "wagtailadmin_home")


def in_order(states: "QuerySet[TaskState]") -> "QuerySet[TaskState]":
    """Those still undecided, as they are to be read; `page_id` is the page's, `branch` its commune's path."""
    page_id = Cast("workflow_state__object_id", IntegerField())
    path = Page.objects.filter(pk=OuterRef("page_id")).values(start=branch_expression())
    return (
        states.filter(status=TaskState.STATUS_IN_PROGRESS)
        .annotate(
            urgent=Case(When(revision__content__urgent=True, then=Value(1)), default=Value(0)),
            page_id=page_id,
        )
        .annotate(branch=Subquery(path))
        .order_by("-urgent", "started_at", "pk")
    )


def waiting_for(user: Any) -> "QuerySet[TaskState]":
    """What this user may approve, in order; never what he submitted himself."""
    states = TaskState.objects.filter(task__in=approval_tasks(user).values("pk"))
    return in_order(states).exclude(workflow_state__requested_by=user)


@dataclass(frozen=True)
class Choice:
    """Which part of the queue somebody works through, and what he left aside; it travels in addresses."""

    commune: str = ""
    skipped: tuple[int, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> "Choice":
        commune = request.GET.get("commune", "")
        skipped = [pk for pk in request.GET.getlist("skip") if pk.isdecimal() and len(pk) < 10]
        return cls(
            commune if commune.isdecimal() and len(commune) < 10 else "",
            tuple(map(int, skipped[-SKIPPED_AT_MOST:])),
        )

    def without(self, page_id: int) -> "Choice":
        return Choice(self.commune, (*self.skipped, page_id))

    def query(self, **more: Any) -> str:
        """With its question mark; empty when there is nothing to say."""
        pairs = [("commune", self.commune)] if self.commune else []
        pairs += [("skip", str(pk)) for pk in self.skipped]
        pairs += [(name, str(value)) for name, value in more.items()]
        return f"?{urlencode(pairs)}" if pairs else ""

    def of_commune(self, states: "QuerySet[TaskState]") -> "QuerySet[TaskState]":
        if not self.commune:
            return states
        if self.commune == UNITS_OWN:
            return states.exclude(branch__in=CommunePage.objects.values("path"))
        return states.filter(branch__in=CommunePage.objects.filter(unit=int(self.commune)).values("path"))

    def next_page(self, user: Any) -> int | None:
        """The id of the page to read now: not one left aside, not one that a colleague has open."""
        states = self.of_commune(waiting_for(user)).values_list("page_id", flat=True)
        waiting = [pk for pk in states if pk not in self.skipped]
        taken = readers(waiting, user)
        return next((pk for pk in waiting if pk not in taken), None)


@dataclass(frozen=True)
class Waiting:
    """One page that waits, as a list shows it: its latest revision, which is what approval publishes."""

    state: TaskState
    page: Page
    content: dict[str, Any] = field(repr=False)
    place: str = ""
    reader: Any = None
    image: Any = None
    # In words, if the page was public once and is not any more.
    taken_down: str = ""

    @property
    def title(self) -> str:
        return str(self.page.draft_title)

    @property
    def kind(self) -> str:
        """The kind of a post; of another page, what it is."""
        kinds = dict(NewsPage.Kind.choices)
        model = self.page.cached_content_type.model_class()
        if model is NewsPage and self.content.get("kind") in kinds:
            return str(kinds[self.content["kind"]])
        return str(model._meta.verbose_name)

    @property
    def summary(self) -> str:
        return str(self.content.get("summary") or "")

    @property
    def author(self) -> Any:
        return self.state.workflow_state.requested_by

    @property
    def goes_live(self) -> datetime | None:
        return goes_live(self.content)

    @property
    def goes_down(self) -> datetime | None:
        return _moment(self.content, "expire_at")

    @property
    def question(self) -> str:
        """What to ask before approving; empty where there is nothing."""
        return past_hour(self.page, self.content)

    @property
    def seen(self) -> str:
        return mark(self.page.latest_revision)


def past_hour(page: Page, content: dict[str, Any]) -> str:
    """What approving means where an hour that the author set is past; empty where none is."""
    down = _moment(content, "expire_at")
    if down and down <= timezone.now():
        when = formatted(timezone.localtime(down), "SHORT_DATETIME_FORMAT")
        return _("It was to be taken down at %(when)s, which is past: approved, nobody can read it.") % {
            "when": when
        }
    live = _moment(content, "go_live_at")
    never_public = page.first_published_at is None
    if live and live <= timezone.now() and never_public:
        when = formatted(timezone.localtime(live), "SHORT_DATETIME_FORMAT")
        return _("It was to appear at %(when)s, which is past: approved, it appears at once.") % {
            "when": when
        }
    return ""


def mark(revision: Revision) -> str:
    """Tells what is read from any other text, picture or document.

    Wagtail's autosave writes over a revision: its id alone stays the same.
    """
    return f"{revision.pk}-{revision.created_at.timestamp():.6f}-{fingerprint(revision.as_object())}"


def goes_live(content: dict[str, Any]) -> datetime | None:
    """When a scheduled page appears after its approval; None if at once."""
    when = _moment(content, "go_live_at")
    return when if when and when > timezone.now() else None


def _moment(content: dict[str, Any], name: str) -> datetime | None:
    return parse_datetime(content.get(name) or "")


def loaded(states: Iterable[TaskState], user: Any, *, images: bool = False) -> list[Waiting]:
    """The rows of a list, with all that they show, in a fixed number of queries."""
    found = list(states)
    pages = Page.objects.select_related("latest_revision").in_bulk([state.page_id for state in found])
    communes = communes_at(state.branch for state in found)
    places = {path: commune.unit.short_name for path, commune in communes.items()}
    open_by = readers(pages, user)
    gone = taken_down(pages.values())
    contents = {pk: page.latest_revision.content for pk, page in pages.items()}
    pictures = {}
    if images:
        chosen = {content["image"] for content in contents.values() if content.get("image")}
        pictures = get_image_model().objects.prefetch_renditions(THUMBNAIL).in_bulk(chosen)
    return [
        Waiting(
            state=state,
            page=pages[state.page_id],
            content=contents[state.page_id],
            place=places.get(state.branch, ""),
            reader=open_by.get(state.page_id),
            image=pictures.get(contents[state.page_id].get("image")),
            taken_down=gone.get(state.page_id, ""),
        )
        for state in found
        if state.page_id in pages
    ]


def communes_that_wait(states: "QuerySet[TaskState]") -> list[tuple[str, str, int]]:
    """For the filter: its value, the commune's name, how many wait; the unit's own pages last."""
    counts = dict(states.order_by().values_list("branch").annotate(Count("pk")))
    units: dict[Unit, int] = {}
    for path, commune in communes_at(counts).items():
        units[commune.unit] = units.get(commune.unit, 0) + counts.pop(path)
    rows = [(str(unit.pk), unit.short_name, units[unit]) for unit in _by_name(units)]
    return [*rows, (UNITS_OWN, _("Pages of the unit"), sum(counts.values()))] if counts else rows


def _by_name(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: sort_key(unit.short_name))
