"""Where a search looks: the home pages of the site that is asked."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from home.models import HomePage

from .vocabulary import stamped

QUERY_LENGTH = 100


def homes_searched(request: HttpRequest) -> list[HomePage]:
    """The live home pages of this site: that of the current language first, then the Vietnamese one."""
    site = Site.find_for_request(request)
    if site is None:
        return []
    languages = [get_language(), settings.LANGUAGE_CODE]
    homes = (
        HomePage.objects.live()
        .filter(translation_key=site.root_page.translation_key, locale__language_code__in=languages)
        .select_related("locale")
    )
    return sorted(stamped(homes), key=lambda home: languages.index(home.locale.language_code))
