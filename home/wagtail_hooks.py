"""What this portal changes in Wagtail's admin as a whole."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.action_menu import SubmitForModerationMenuItem
from wagtail.models import Page

from . import older_forms, warnings  # noqa: F401 - they register hooks of their own
from .documents import document_for_staff
from .guards import refused
from .permissions import choosable_pages
from .rich_text import LINK_RULE
from .translations import delete_translations, delete_translations_of_several

hooks.register("after_delete_page", delete_translations)
hooks.register("after_bulk_action", delete_translations_of_several)


@hooks.register("register_rich_text_features", order=100)
def links_as_browsers_read_them(features: Any) -> None:
    """In place of Wagtail's own rule, which knows schemes and no hosts."""
    features.register_converter_rule("contentstate", "link", LINK_RULE)


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("insert_editor_js")
def paste_script() -> SafeString:
    return format_html(
        '<script src="{}"></script>'
        '<script src="{}" data-tables="{}" data-pictures="{}" data-add="{}"></script>',
        static("js/pasted.js"),
        static("js/editor-paste.js"),
        _("{count} tables are now parts of their own, below."),
        _("{count} pictures could not be pasted. Add each as a part of its own."),
        _("Add a picture"),
    )


@hooks.register("register_admin_urls")
def door_of_documents() -> list[URLPattern]:
    return [path("documents/<int:document_id>/open/", document_for_staff, name="document_for_staff")]


@hooks.register("construct_page_chooser_queryset")
def only_live_pages_and_own_drafts(pages: "QuerySet[Page]", request: HttpRequest) -> "QuerySet[Page]":
    return choosable_pages(request.user, pages)


@hooks.register("construct_homepage_panels", order=-100)
def without_wagtails_own_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Wagtail's lists query for every row; each role's work is listed by `communes.panels` instead."""
    panels.clear()


@hooks.register("construct_homepage_summary_items")
def without_counts(request: HttpRequest, items: list[Any]) -> None:
    """Pages, images and documents of the whole installation are nobody's work."""
    items.clear()


class SubmitItem(SubmitForModerationMenuItem):
    """The button in plain words: Wagtail's names the workflow."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": _("Submit for approval")}


@hooks.register("construct_page_action_menu")
def the_next_step_first(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The large button is what the page waits for: its approval, or being submitted. A draft is the other."""
    items[:] = [SubmitItem(order=item.order) if item.name == SubmitItem.name else item for item in items]
    for name in ("approve", SubmitItem.name):
        item = next((item for item in items if item.name == name), None)
        if item is not None:
            items.remove(item)
            items.insert(0, item)
            return


@hooks.register("construct_reports_menu")
def reports_of_the_role(request: HttpRequest, items: list[Any]) -> None:
    """What `home.guards` keeps for others is not offered."""
    items[:] = [item for item in items if not refused(request, resolve(item.url))]
