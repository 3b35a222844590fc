"""What the search box offers while somebody types: names and titles, from memory alone."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from home.text import one_line

from .site import QUERY_LENGTH, homes_searched
from .vocabulary import Vocabulary, vocabulary, words_of

MOST_OFFERED = 6


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """{"suggestions": ["xã Cẩm Trung", …]}: what is typed stands in the address alone, and nowhere else."""
    words = words_of(one_line(request.GET.get("q", ""), QUERY_LENGTH))
    homes = homes_searched(request)
    return JsonResponse({"suggestions": offered(words, vocabulary(homes)) if words and homes else []})


def offered(words: tuple[str, ...], known: Vocabulary) -> list[str]:
    """Communes, then titles, in which each word begins one."""
    found: dict[str, None] = {}
    for _rank, place in known.places.called(words)[:MOST_OFFERED]:
        found[place.title] = None
    for folded, title in known.titles.items():
        parts = folded.split()
        if all(any(part.startswith(word) for part in parts) for word in words):
            found[title] = None
    return list(found)[:MOST_OFFERED]
