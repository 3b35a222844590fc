"""What a page's head tells search engines and messengers: description, address, languages, picture, facts."""

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page, PageQuerySet

from communes.link_pictures import SIZE
from communes.models import CommunePage, LinkPicture, NewsPage
from communes.structured_data import ReadPage, breadcrumbs, things_on
from home.models import HomePage

register = template.Library()

# As Open Graph writes them.
OG_LOCALES = {"vi": "vi_VN", "en": "en_GB"}

PICTURE_OF_A_POST = "fill-1200x630|format-jpeg|jpegquality-72"

# A title may hold `</script>`; these three are how JSON writes the signs that HTML would read.
_FOR_HTML = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@register.inclusion_tag("components/head.html", takes_context=True)
def head(
    context: dict[str, Any],
    title: str = "",
    description: str = "",
    page_number: int = 1,
    with_facts: bool = True,
) -> dict[str, Any]:
    """Of a page of the tree; of a view with an address of its own, if `description` is given; else nothing.

    `page_number` is that of a list in several parts, whose further ones have addresses of their own. Without
    facts for search engines a page holds no inline `script` of any type, as the tip form promises.
    """
    request: HttpRequest | None = context.get("request")
    home: HomePage | None = context.get("unit_home")
    if request is None or not home:
        return {}
    url = request.build_absolute_uri(request.path)
    language = get_language() or settings.LANGUAGE_CODE
    common = {"site_name": home.unit_name, "locale": OG_LOCALES.get(language, language), "url": url}
    page: Page | None = context.get("page")
    if page is not None and page.pk and page.full_url:
        said = common | _of_page(context, request, page, home, page_number)
        return said if with_facts else said | {"structured_data": ""}
    if description:
        icon = _picture(request, None)
        return common | {"title": title, "description": description, "canonical": url, "picture": icon}
    return {}


def _of_page(
    context: dict[str, Any], request: HttpRequest, page: Page, home: HomePage, page_number: int
) -> dict[str, Any]:
    commune: CommunePage | None = context.get("commune")
    police = commune.unit.full_name if commune else home.unit_name
    description = page.described(police)
    canonical = page.full_url + (f"?page={page_number}" if page_number > 1 else "")
    picture = _picture(request, page)
    read = ReadPage(page, home, commune, canonical, description, picture.url)
    return {
        "title": _title(page, police),
        "description": description,
        "kind": "article" if isinstance(page, NewsPage) else "website",
        "canonical": canonical,
        "picture": picture,
        "languages": _languages(page),
        "structured_data": _script({"@graph": [*things_on(read), _trail(context, page, home, commune)]}),
    }


@dataclass(frozen=True)
class Picture:
    """What messengers show beside a link. Width and height are pixels."""

    url: str
    width: int
    height: int


def _picture(request: HttpRequest, page: Page | None) -> Picture:
    """The post's own picture, else the one that was drawn for the page, else the portal's icon."""
    if isinstance(page, NewsPage) and page.image:
        copy = page.image.get_rendition(PICTURE_OF_A_POST)
        return Picture(request.build_absolute_uri(copy.url), copy.width, copy.height)
    drawn = LinkPicture.objects.filter(page_id=page.pk).first() if page else None
    if drawn:
        return Picture(request.build_absolute_uri(default_storage.url(drawn.file)), *SIZE)
    return Picture(request.build_absolute_uri(static("icons/icon-512.png")), 512, 512)


def _title(page: Page, police: str) -> str:
    """What stands by itself where the link is sent: the name of a list or form says little without whose."""
    if isinstance(page, CommunePage | HomePage):
        return police
    return f"{page.title} – {police}" if page.is_structural else page.title


def _languages(page: Page) -> list[tuple[str, str]]:
    """Code and address of each language in which the page can be read; nothing if it is one alone."""
    translations: PageQuerySet[Page] = page.get_translations().live().select_related("locale")
    found = [(other.locale.language_code, other.full_url) for other in translations]
    if not found:
        return []
    return sorted([(page.locale.language_code, page.full_url), *found], reverse=True)


def _trail(
    context: dict[str, Any], page: Page, home: HomePage, commune: CommunePage | None
) -> dict[str, Any]:
    above = [home, commune, context.get("index")]
    pages = [other for other in above if other and other.pk != page.pk]
    return breadcrumbs([(other.title, other.full_url) for other in [*pages, page]])


def _script(data: dict[str, Any]) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_FOR_HTML))  # noqa: S308 - nothing is left that HTML would read
