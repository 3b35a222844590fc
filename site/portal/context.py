"""What every public template knows: the unit whose site this is, and whether this is the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Site

from home.models import HomePage, InfoPage
from home.tree import live_children


def site(request: HttpRequest) -> dict[str, Any]:
    """`unit_home`, `info_pages` (queried only where a template uses them), `demo` and `quick_exit_url`."""

    def unit_home() -> HomePage | None:
        current = Site.find_for_request(request)
        if current is None:
            return None
        root = HomePage.objects.filter(pk=current.root_page_id).first()
        language = get_language()
        if root is None or language is None or language == settings.LANGUAGE_CODE:
            return root
        translated = HomePage.objects.filter(
            translation_key=root.translation_key, locale__language_code=language, live=True
        )
        return translated.first() or root

    home = SimpleLazyObject(unit_home)

    def info_pages() -> list[InfoPage]:
        return list(live_children(InfoPage, home)) if home else []

    return {
        "unit_home": home,
        "info_pages": SimpleLazyObject(info_pages),
        "demo": settings.DEMO,
        "quick_exit_url": settings.QUICK_EXIT_URL,
    }
