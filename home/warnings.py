"""Wagtail's editor shows the warnings of `home.proofreading` before a page is submitted, and keeps the draft.

Wagtail offers no step between saving and submitting. So a request to submit a page that has warnings is
turned into one to save it, and leads to a page that shows them, where it is submitted.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from .models import BasePage
from .older_forms import read_form
from .proofreading import warnings_of
from .submission import lock_row, newer_text, seen_mark, submit_for_approval, why_locked

SUBMITTING = ("action-submit", "action-restart-workflow")


@hooks.register("before_create_page")
def warn_of_new_page(request: HttpRequest, parent: Page, model: type[Page]) -> None:
    page = model(owner=request.user)
    page.locale = parent.locale
    _save_instead_of_submitting(request, page, parent)


# After `home.older_forms`: what is not stored needs no second look.
@hooks.register("before_edit_page", order=2)
def warn_of_page(request: HttpRequest, page: Page) -> None:
    lock = page.get_lock()
    if lock is None or not lock.for_user(request.user):
        _save_instead_of_submitting(request, page.get_latest_revision_as_object(), page.get_parent())


def _save_instead_of_submitting(request: HttpRequest, page: Page, parent: Page) -> None:
    """`page` is a copy, into which the form is read to see what would be submitted."""
    if not isinstance(page, BasePage) or not any(name in request.POST for name in SUBMITTING):
        return
    form = read_form(request, page, parent)
    # What is not valid is shown by Wagtail's own view.
    if form.is_valid() and warnings_of(form.save(commit=False)):
        data = request.POST.copy()
        for name in SUBMITTING:
            data.pop(name, None)
        request.POST = data  # type: ignore[assignment]
        request.leads_to_warnings = True  # type: ignore[attr-defined]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def lead_to_warnings(request: HttpRequest, page: Page) -> HttpResponse | None:
    return redirect("page_warnings", page.pk) if getattr(request, "leads_to_warnings", False) else None


@transaction.atomic
def show_warnings(request: HttpRequest, page_id: int) -> HttpResponse:
    """What to look at again in the page's latest draft, with "correct" and "submit all the same"."""
    if request.method == "POST":
        lock_row(page_id)
    page = get_object_or_404(Page, pk=page_id).get_latest_revision_as_object()
    permissions = page.permissions_for_user(request.user)
    if not permissions.can_edit() or page.workflow_in_progress:
        raise Http404
    if why := why_locked(page, request.user):
        messages.error(request, why)
        return redirect("wagtailadmin_pages:edit", page.pk)
    if not permissions.can_submit_for_moderation():
        raise Http404
    if request.method == "POST":
        return _submit(request, page)
    context = {"page": page, "warnings": warnings_of(page), "seen": seen_mark(page)}
    return render(request, "home/admin/page_warnings.html", context)


def _submit(request: HttpRequest, page: Page) -> HttpResponse:
    if newer := newer_text(request.POST, page.pk):
        messages.warning(request, f"{newer} {_('This is the new text: look at it again.')}")
        return redirect("page_warnings", page.pk)
    try:
        page.full_clean()
    except ValidationError:
        messages.error(request, _("Something is missing in the page. Fill it in and submit again."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    submit_for_approval(page, request.user)
    messages.success(request, _("“%(title)s” has been submitted for approval.") % {"title": page.title})
    return redirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


@hooks.register("register_admin_urls")
def warnings_url() -> list[URLPattern]:
    return [path("review/<int:page_id>/", show_warnings, name="page_warnings")]
