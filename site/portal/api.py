"""The content API: published pages, read-only, JSON, only the fields that page models list."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Site

from home.tree import public

LONGEST_NUMBER = 9  # digits; more pages than that there are not
CALLERS_MISTAKES = (Site.DoesNotExist, Site.MultipleObjectsReturned, ValueError, OverflowError, DataError)


class PublicPagesAPIViewSet(PagesAPIViewSet):
    """The same answer for everybody, so that a proxy may keep it: no session, no pages behind a log-in."""

    renderer_classes = [JSONRenderer]
    authentication_classes: list[Any] = []
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name != "search_description"]

    def get_base_queryset(self) -> Any:
        return public(super().get_base_queryset())

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("locale")

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Raises BadRequestError for what each database would take in another way."""
        super().initial(request, *args, **kwargs)
        for name, value in request.GET.items():
            if "\x00" in name + value:
                raise BadRequestError(f"{ascii(name)}: a NUL character cannot be searched for")
        offset = request.GET.get("offset", "")
        if len(offset) > LONGEST_NUMBER:
            raise BadRequestError(f"offset: at most {LONGEST_NUMBER} digits")

    def handle_exception(self, exc: Exception) -> Any:
        """What the database or a field cannot make sense of is the caller's mistake, not the server's."""
        if isinstance(exc, ValidationError):
            exc = BadRequestError("; ".join(exc.messages))
        elif isinstance(exc, CALLERS_MISTAKES):
            exc = BadRequestError("a parameter has a value that cannot be used")
        return super().handle_exception(exc)


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PublicPagesAPIViewSet)
