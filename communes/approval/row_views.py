"""A screen of what a unit has set: its rows, a form that adds one, and an entry in the log for each act."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.log_actions import log

from home.stale import keeps_words, trouble_of

from .unit_views import OfTheUnit


@method_decorator(keeps_words(), name="dispatch")
class RowsView(OfTheUnit):
    """The template extends `rows.html`, the form takes `unit`; `act` begins the names of both log actions."""

    form_class: Any
    act: str
    saved_words: Promise

    def rows(self) -> Any:
        """Those that this unit's editors see, and may delete."""
        raise NotImplementedError

    def after_saving(self, row: Any) -> None:
        """In the same transaction."""

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self.page(self.form_class(unit=self.unit))

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            # A body that could not be read leaves nothing here.
            return self.page(self.form_class(request.POST or None, unit=self.unit), code=trouble.status)
        if "delete" in request.POST:
            return self.delete_one(self.rows(), request.POST["delete"])
        form = self.form_class(request.POST, unit=self.unit)
        if not form.is_valid():
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self.page(form, code=422)
        with transaction.atomic():
            row = form.save()
            log(row, f"communes.{self.act}_set", user=request.user)
            self.after_saving(row)
        return self.saved()

    def delete_one(self, rows: Any, key: str) -> HttpResponse:
        """Raises Http404 for a row that is not among these."""
        row = get_object_or_404(rows, pk=key if key.isdecimal() else None)
        with transaction.atomic():
            log(row, f"communes.{self.act}_deleted", user=self.request.user, deleted=True)
            row.delete()
        return self.saved()

    def saved(self) -> HttpResponse:
        messages.success(self.request, self.saved_words)
        return redirect(self.request.path)

    def page(self, form: Any, code: int = 200, **context: Any) -> HttpResponse:
        context = self.get_context_data(unit=self.unit, form=form, rows=self.rows(), **context)
        return self.render_to_response(context, status=code)
