"""What the portal answers where a package would answer otherwise."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def page_not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """For addresses that a package brings and the portal does not offer. Raises Http404."""
    raise Http404
