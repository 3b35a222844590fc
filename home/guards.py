"""Addresses of Wagtail's admin that check too little, each with the check it lacks.

Asked before the view runs. Whoever may not use the address gets "not found" and no word of what is there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from .media import UnchangeableFile, Use, uses_of
from .permissions import EDITS, choosable

Guard = Callable[..., bool]


def _superuser(request: HttpRequest, **kwargs: Any) -> bool:
    return bool(request.user.is_superuser)


def _nobody(request: HttpRequest, **kwargs: Any) -> bool:
    return False


def _unit_editor(request: HttpRequest, **kwargs: Any) -> bool:
    """Reports are for those who answer for many communes."""
    return bool(page_permission_policy.user_has_permission(request.user, "publish"))


def _all_in(queryset: Any, pks: Iterable[Any]) -> bool:
    wanted = {str(pk) for pk in pks}
    if not all(pk.isdecimal() and len(pk) < 19 for pk in wanted):
        return False
    return bool(queryset.filter(pk__in=wanted).count() == len(wanted))


def _named_are_choosable(kind: Callable[[], Any]) -> Guard:
    def guard(request: HttpRequest, **kwargs: Any) -> bool:
        named = [*request.GET.getlist("id"), *kwargs.values()]
        return _all_in(choosable(kind(), request.user), named)

    return guard


def _bulk_action(request: HttpRequest, app_label: str, model_name: str, action: str) -> bool:
    """Wagtail lists by title what the user has no right to; here he has one to each or sees none."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return False
    named = request.GET.getlist("id")
    if model is Page:
        own = page_permission_policy.instances_user_has_any_permission_for(request.user, EDITS)
        if "all" in named:
            named = [request.GET.get("childOf", "")]
    elif model in (get_image_model(), get_document_model()):
        from wagtail.documents import permissions as documents
        from wagtail.images import permissions as images

        policy = (images if model is get_image_model() else documents).permission_policy
        own = policy.instances_user_has_any_permission_for(request.user, ["change", "delete"])
        if "all" in named:  # Wagtail looks for these among what the user may see
            return own.exists()
    else:
        return _superuser(request)
    return _all_in(own, named)


def _can_move(request: HttpRequest, page_to_move_id: int, destination_id: int) -> bool:
    """The question names both pages, so the user has to have a right to both."""
    page = Page.objects.filter(pk=page_to_move_id).specific().first()
    there = choosable(Page, request.user).filter(pk=destination_id)
    return page is not None and page.permissions_for_user(request.user).can_move() and there.exists()


def _can_edit(request: HttpRequest, page_id: int) -> bool:
    page = Page.objects.filter(pk=page_id).specific().first()
    return page is not None and page.permissions_for_user(request.user).can_edit()


def _own_session(request: HttpRequest, session_id: int) -> bool:
    from wagtail.admin.models import EditingSession

    return bool(EditingSession.objects.filter(pk=session_id, user=request.user).exists())


def _translate(request: HttpRequest, **kwargs: Any) -> bool:
    """wagtail-localize checks no page rights, and publishes when asked to: translations stay drafts."""
    return _superuser(request) and "publish_translations" not in request.POST


# By view name, or by namespace with a star. The first that fits is asked.
GUARDS: dict[str, Guard] = {
    "wagtail_bulk_action": _bulk_action,
    # Writing by the admin's API: its own screens never do, and an alias made so is public at once.
    "wagtailadmin_api:pages:action": _nobody,
    "wagtailadmin_pages:move_confirm": _can_move,
    "wagtailadmin_pages:confirm_workflow_cancellation": _can_edit,
    # Decides without a word of which text was read. Ours and Wagtail's editor say it, and lead elsewhere.
    "wagtailadmin_pages:workflow_action": _nobody,
    "wagtailadmin_pages:type_use": _superuser,
    "wagtailadmin_pages:type_use_results": _superuser,
    "wagtailadmin_choose_page_child": _named_are_choosable(lambda: Page),
    "wagtailadmin_choose_page_chosen_multiple": _named_are_choosable(lambda: Page),
    "wagtailimages_chooser:select_format": _named_are_choosable(get_image_model),
    "wagtailimages_chooser:chosen": _named_are_choosable(get_image_model),
    "wagtailimages_chooser:chosen_multiple": _named_are_choosable(get_image_model),
    "wagtaildocs_chooser:chosen": _named_are_choosable(get_document_model),
    "wagtaildocs_chooser:chosen_multiple": _named_are_choosable(get_document_model),
    # The way of an upload whose title is wrong: it would keep a photo's file as it came, with its place.
    "wagtailimages:create_multiple_from_uploaded_image": _nobody,
    "wagtaildocs:create_multiple_from_uploaded_document": _nobody,
    "wagtailadmin_tag_autocomplete": _superuser,
    "wagtailadmin_tag_model_autocomplete": _superuser,
    "wagtailadmin_editing_sessions:release": _own_session,
    "wagtailadmin_workflows:*": _superuser,
    "wagtailadmin_reports:site_history": _superuser,
    "wagtailadmin_reports:site_history_results": _superuser,
    "wagtailadmin_reports:page_types_usage": _superuser,
    "wagtailadmin_reports:page_types_usage_results": _superuser,
    "wagtailadmin_reports:*": _unit_editor,
    "wagtail_localize:javascript_catalog": lambda request: True,
    "wagtail_localize:*": _translate,
}


def refused(request: HttpRequest, match: ResolverMatch) -> bool:
    guard = GUARDS.get(match.view_name) or GUARDS.get(f"{match.namespace}:*")
    return guard is not None and not guard(request, **match.kwargs)


class AdminGuardMiddleware:
    """Answers 404 where a guard says no. Anonymous visitors are left to the view, which asks for a log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        if refused(request, match):
            raise Http404
        # Before anything is asked: the answer would be the same.
        if match.view_name in DELETIONS and request.method == "GET":
            return _refused_deletion(request, match.view_name, *kwargs.values())
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whichever screen wanted to change or delete the file: back to the file's own, with what to do."""
        if not isinstance(exception, UnchangeableFile):
            return None
        app = "wagtailimages" if isinstance(exception.file, get_image_model()) else "wagtaildocs"
        if exception.deleting:
            # The transaction is broken here: where the file is used is looked up by the next request.
            return redirect(f"{app}:delete", exception.file.pk)
        text = _(
            "“%(title)s” is in a post that is live or waits for approval, so it stays as it is. "
            "To show another one, upload it as new and choose it in the post."
        )
        messages.error(request, text % {"title": exception.title})
        return redirect(f"{app}:edit", exception.file.pk)


# The screens that ask whether one file shall be deleted, and where they lead if it is used.
DELETIONS: dict[str, tuple[Callable[[], Any], str]] = {
    "wagtailimages:delete": (get_image_model, "wagtailimages:edit"),
    "wagtaildocs:delete": (get_document_model, "wagtaildocs:edit"),
}


def _refused_deletion(request: HttpRequest, view_name: str, pk: int) -> HttpResponse | None:
    """Where the file is used, and back to it; None if it is used nowhere."""
    model, edit = DELETIONS[view_name]
    file = choosable(model(), request.user).filter(pk=pk).first()
    if file is None:
        return None
    uses = uses_of(file)
    if not uses:
        return None
    text = _("“%(title)s” is not deleted: it is used here. Take it out there first, then delete it.")
    places = format_html_join("", "<li>{} ({})</li>", _named(request.user, uses))
    messages.error(request, format_html("{} <ul>{}</ul>", text % {"title": file.title}, places))
    return redirect(edit, pk)


def _named(user: Any, uses: Iterable[Use]) -> Iterator[tuple[str, Any]]:
    """Each page with a link for who may edit it, and how it stands. Another commune's draft has no name."""
    own = page_permission_policy.instances_user_has_any_permission_for(user, EDITS)
    editable = set(own.filter(pk__in=[use.page.pk for use in uses]).values_list("pk", flat=True))
    for use in uses:
        name = use.page.title if use.page.live else use.page.draft_title
        if use.page.pk in editable:
            url = reverse("wagtailadmin_pages:edit", args=[use.page.pk])
            yield format_html('<a href="{}">{}</a>', url, name), use.state.label
        elif use.page.live:
            yield name, use.state.label
        else:
            yield _("a page of another unit"), use.state.label


def drop_bulk_actions() -> None:
    """Publishing has one way, tags would be shared by all communes, and what is public stays where it is."""
    from wagtail.admin.views.bulk_action.registry import bulk_action_registry

    for model in (Page, get_image_model(), get_document_model()):
        label, name = model._meta.app_label, model._meta.model_name
        bulk_action_registry.get_bulk_actions_for_model(label, name)  # collects them all first
        for action in ("publish", "add_tags", "move"):
            bulk_action_registry.actions[label][name].pop(action, None)


def drop_filters_by_name() -> None:
    """Take the filters by member of staff out of the listings.

    They offer the names of everybody in the installation to everybody, thousands of them.
    """
    from wagtail.admin.views.pages.listing import PageFilterSet
    from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
    from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet

    for filterset in (PageFilterSet, LockedPagesReportFilterSet, WorkflowReportFilterSet):
        _drop(filterset, {"owner", "edited_by", "locked_by", "requested_by"})


def _drop(filterset: Any, names: set[str]) -> None:
    for filters in (filterset.base_filters, filterset.declared_filters):
        for name in names & set(filters):
            del filters[name]
    for child in filterset.__subclasses__():
        _drop(child, names)
