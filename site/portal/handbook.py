"""The handbook in the admin: one short part for each task, read from docs/handbook."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import markdown
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.models import Page

from communes.roles import editor_units, is_officer
from home.markdown_files import read_text

FOLDER: Path = settings.BASE_DIR / "docs" / "handbook"
# In the order of the list; the part that a role does not need is still there to read.
ROLES = {
    "everyone": _("For everybody"),
    "editor": _("Commune editor"),
    "officer": _("Tip officer"),
    "unit-editor": _("Unit editor"),
    "translator": _("Translator"),
}
PHONE = 400  # pixels: a picture not wider was taken on a phone
_IMAGE = re.compile(r'<img alt="([^"]*)" src="([\w.-]+)" ?/?>')
_PICTURES = re.compile(r"<p>((?:\s*<img [^>]*>)+)\s*</p>")


@dataclass(frozen=True)
class Part:
    """One task of one role. `views` are the addresses in the admin it explains, as `name` or `name type`."""

    slug: str
    title: str
    role: str
    views: tuple[str, ...]
    text: str

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role])

    @property
    def html(self) -> SafeString:
        """The text as HTML; its pictures under their static addresses, with their size, loaded when seen."""
        # Lists go on with their number after a picture.
        html = markdown.markdown(self.text, extensions=["sane_lists"], output_format="html")
        html = _IMAGE.sub(lambda match: _picture(match[2], match[1]), html)
        html = _PICTURES.sub(r'<p class="handbook__pictures">\1</p>', html)
        return mark_safe(html)  # noqa: S308 - the project's own files


def _picture(name: str, alt: str) -> str:
    try:
        with Image.open(FOLDER / "images" / name) as picture:
            width, height = picture.size
        address = static(f"handbook/{name}")
    except (OSError, ValueError):
        # The file, or its place among the static ones, comes with the next deployment: its words are here.
        return f"<em>{alt}</em>"
    kind = "phone" if width <= PHONE else "desk"
    return (
        f'<img class="handbook__{kind}" alt="{alt}" src="{address}"'
        f' width="{width}" height="{height}" loading="lazy">'
    )


def parts() -> list[Part]:
    """All parts in the order of their files' names, read anew: a part may come while the portal runs."""
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        data = read_text(path)
        found.append(
            Part(
                slug=re.sub(r"^\d+-", "", path.stem),
                title=data["title"],
                role=data["role"],
                views=tuple(data.get("views", ())),
                text=data["text"],
            )
        )
    return found


def roles_of(user: Any) -> list[str]:
    """The user's roles, as the handbook calls them."""
    editing = editor_units(user)
    roles = {
        "editor": editing.communes().exists(),
        "officer": is_officer(user),
        "unit-editor": editing.supervising().exists(),
    }
    return ["everyone", *(role for role, held in roles.items() if held)]


def part_at_hand(view: str, page_id: str, roles: list[str]) -> Part | None:
    """The part that explains an admin view, for the type of page at hand before the view in general."""
    names = [view]
    if page_id.isdecimal():
        page = Page.objects.filter(pk=int(page_id[:18])).select_related("content_type").first()
        if page is not None:
            names.insert(0, f"{view} {page.content_type.app_label}.{page.content_type.model}")
    matching = [part for name in names for part in parts() if name in part.views]
    # An officer and an editor may meet the same page: the part of one's own role is meant.
    return next((part for part in matching if part.role in roles), matching[0] if matching else None)


def handbook(request: HttpRequest) -> HttpResponse:
    """The list of parts, one's own role first; with `view` (and `page`), the part that explains it."""
    roles = roles_of(request.user)
    part = part_at_hand(request.GET.get("view", ""), request.GET.get("page", ""), roles)
    if part is not None:
        return redirect("handbook_part", part.slug)
    order = sorted(ROLES, key=lambda role: role not in roles)
    groups = [(ROLES[role], [part for part in parts() if part.role == role]) for role in order]
    return TemplateResponse(
        request, "portal/handbook/index.html", {"groups": [group for group in groups if group[1]]}
    )


def handbook_part(request: HttpRequest, slug: str) -> HttpResponse:
    part = next((part for part in parts() if part.slug == slug), None)
    if part is None:
        raise Http404
    return TemplateResponse(request, "portal/handbook/part.html", {"part": part})


class HandbookMenuItem(MenuItem):
    """ "Trợ giúp": leads to the part that explains the page it stands on."""

    def __init__(self) -> None:
        super().__init__(_("Help"), "", name="handbook", icon_name="help", order=950)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        return LinkMenuItem(self.name, str(self.label), address_for(request), icon_name=self.icon_name)


def address_for(request: HttpRequest) -> str:
    """Where help for this request's page is. Carries the view's name and a page's id, nothing else."""
    match = request.resolver_match
    if match is None or match.view_name in ("handbook", "handbook_part"):
        return reverse("handbook")
    query = {"view": match.view_name}
    for name in ("page_id", "parent_page_id"):
        if name in match.kwargs:
            query["page"] = str(match.kwargs[name])
    if not query.get("page") and match.view_name.startswith("wagtailadmin_pages:") and match.args:
        query["page"] = str(match.args[-1])
    return f"{reverse('handbook')}?{urlencode(query)}"
