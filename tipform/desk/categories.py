"""What tips may be about, kept by unit editors. A category is retired, never deleted: tips point to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import ModelPermissionPolicy

from home.panels import Link, WorkPanel
from home.stale import keeps_words, trouble_of
from home.text import one_line, plain_slug, same_key

from ..models import Category


class CategoryForm(WagtailAdminModelForm):
    """Gives a new category its short name, which counts and statistics refer to ever after."""

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        others = Category.objects.exclude(pk=self.instance.pk)
        if any(same_key(other.name) == same_key(name) for other in others):
            raise ValidationError(gettext("There is such a category already."))
        return name

    def save(self, commit: bool = True) -> Category:
        category: Category = self.instance
        if not category.slug:
            stem = plain_slug(category.name)[:40] or "viec"
            taken = set(Category.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
            category.slug = next(
                slug for slug in [stem, *(f"{stem}-{n}" for n in range(2, 1000))] if slug not in taken
            )
        return super().save(commit=commit)


class RetiredNotDeleted(ModelPermissionPolicy):
    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))


class _ShownAgain:
    """Wagtail's screen, which shows the form again when it is not valid."""

    request: HttpRequest

    def is_valid(self, form: Any) -> bool:
        if trouble := trouble_of(self.request):
            self.produced_error_message = trouble.to_staff
            return False
        return bool(super().is_valid(form))  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if trouble := trouble_of(self.request):
            response.status_code = trouble.status
        return response


@method_decorator(keeps_words(), name="dispatch")
class CreateCategory(_ShownAgain, CreateView):
    pass


@method_decorator(keeps_words(), name="dispatch")
class EditCategory(_ShownAgain, EditView):
    pass


class CategoryViewSet(ModelViewSet):
    model = Category
    name = "tip-categories"
    icon = "tag"
    menu_label = _("Categories of tips")
    menu_order = 450
    add_to_admin_menu = True
    # The index would look for uses, and there are tips among them.
    add_to_reference_index = False
    copy_view_enabled = False
    add_view_class = CreateCategory
    edit_view_class = EditCategory
    list_display = ["name", "position", BooleanColumn("active", label=_("Offered on the form"))]
    list_per_page = 50
    ordering = ("position", "name")
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("picture"),
            FieldPanel("position"),
            FieldPanel("urgent"),
            FieldPanel("active"),
        ],
        base_form_class=CategoryForm,
    )

    @property
    def permission_policy(self) -> RetiredNotDeleted:
        return RetiredNotDeleted(self.model)


def category_panels(user: Any) -> list[WorkPanel]:
    """The categories of the form, for those who keep them."""
    if not user.has_perm("tipform.change_category"):
        return []
    count = Category.objects.filter(active=True).count()
    label = gettext("Categories of tips (%(count)s)") % {"count": count}
    return [
        WorkPanel(
            heading=gettext("Tip form"),
            id="tip-form",
            order=135,
            links=[Link(label, reverse("tip-categories:index"))],
        )
    ]
