"""What a unit's editors set and look after, a person's own posts, and confirming a contact page."""

from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.ordering import InVietnamese
from home.stale import keeps_words, trouble_of

from ..models import NewsPage, Unit
from ..quickpost.places import places_of
from ..quickpost.posts import editable, posts_in
from ..roles import editor_units, is_editor
from ..tree import communes_of
from . import due, own
from .forms import ReasonFormSet, UnitForm

ROWS_ON_A_PAGE = 25


def unit_edited_by(user: Any, unit_id: int) -> Unit:
    """The supervising unit of which this user is an editor today. Raises Http404 for every other."""
    units = editor_units(user).supervising()
    return get_object_or_404(units, pk=unit_id)


class OfTheUnit(WagtailAdminTemplateMixin, View):
    """A view for the editors of one supervising unit; to everybody else it is not there."""

    header_icon = "list-ul"
    unit: Unit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.unit = unit_edited_by(request.user, kwargs["unit_id"])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


@method_decorator(keeps_words(), name="dispatch")
class UnitView(OfTheUnit):
    template_name = "communes/admin/approval/unit.html"
    page_title = gettext_lazy("Reasons for sending back, reminders")

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self._page(UnitForm(instance=self.unit), ReasonFormSet(instance=self.unit))

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        # A body that could not be read leaves nothing here.
        data = request.POST or None
        form, reasons = UnitForm(data, instance=self.unit), ReasonFormSet(data, instance=self.unit)
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(form, reasons, code=trouble.status)
        if not (form.is_valid() and reasons.is_valid()):
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self._page(form, reasons, code=422)
        with transaction.atomic():
            form.save()
            reasons.save()
        messages.success(request, _("Saved."))
        return redirect("approval:unit", unit_id=unit_id)

    def _page(self, form: Any, reasons: Any, code: int = 200) -> HttpResponse:
        context = self.get_context_data(unit=self.unit, form=form, reasons=reasons)
        return self.render_to_response(context, status=code)


class AttentionView(OfTheUnit):
    """The communes that have fallen silent, or whose contact page nobody has looked at."""

    template_name = "communes/admin/approval/attention.html"

    def get_page_title(self) -> str:
        if self.kwargs["what"] == "silent":
            return _("Communes without a post for %(weeks)s weeks") % {"weeks": self.unit.silent_weeks}
        return _("Contact pages not confirmed for six months")

    def get(self, request: HttpRequest, unit_id: int, what: str) -> HttpResponse:
        communes = due.silent(self.unit) if what == "silent" else due.unconfirmed(communes_of(self.unit))
        ordered = due.with_contact(communes).order_by("unit__kind", InVietnamese("unit__name"), "pk")
        page = Paginator(ordered, ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
        rows = list(page.object_list)
        last = due.last_posts(rows)
        return self.render_to_response(
            self.get_context_data(
                unit=self.unit, page=page, rows=[(commune, last.get(commune.pk)) for commune in rows]
            )
        )


class MineView(WagtailAdminTemplateMixin, View):
    """A person's own posts, all of them. Only an editor has any."""

    template_name = "communes/admin/approval/mine.html"
    page_title = gettext_lazy("My posts")
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_superuser and not is_editor(user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(own.own_posts(request.user), ROWS_ON_A_PAGE).get_page(request.GET.get("p"))
        rows = own.rows_of(page.object_list, request.user)  # type: ignore[arg-type] # a slice of own_posts
        return self.render_to_response(self.get_context_data(page=page, rows=rows))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


@require_POST
def confirm_contact(request: HttpRequest, unit_id: int) -> HttpResponse:
    """For the editors of the commune alone: the unit above does not know who sits at its desk."""
    units = editor_units(request.user).communes()
    unit = get_object_or_404(units, pk=unit_id)
    due.confirm(unit, request.user)
    messages.success(request, _("Thank you. You are asked again in six months."))
    return redirect(reverse("wagtailadmin_home"))


@require_POST
def take_over(request: HttpRequest, page_id: int) -> HttpResponse:
    """Make a post one's own whose author works there no more. Raises Http404 for other units' posts."""
    post = get_object_or_404(posts_in(places_of(request.user)).select_related("owner"), pk=page_id)
    if not own.left_behind(request.user).filter(pk=page_id).exists():
        writer = get_user_display_name(post.owner) if post.owner else ""
        messages.warning(request, _("This post is not left behind: it is %(name)s’s.") % {"name": writer})
        return redirect("wagtailadmin_home")
    # Not save(): who owns a post is no part of its text, which others may be reading.
    NewsPage.objects.filter(pk=page_id).update(owner=request.user)
    quick = editable(request.user, [post])
    return redirect("quick_post:edit" if quick else "wagtailadmin_pages:edit", page_id)
