"""A page whose answer a floor above gives."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse


class ServedByView:
    """The page's class carries `view`, which the floor above sets in its `ready()`.

    So a model needs no import of the forms and views that stand above it.
    """

    view: ClassVar[Callable[..., HttpResponse]]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return type(self).view(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        # The page is nothing without its form, which the view brings.
        return self.serve(request)
