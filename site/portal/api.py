"""The content API: published pages, read-only, JSON, only the fields that page models list."""

from typing import Any

from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.models import Site


class PublicPagesAPIViewSet(PagesAPIViewSet):
    """The same answer for everybody, so that a proxy may keep it: no session, no pages behind a log-in."""

    renderer_classes = [JSONRenderer]
    authentication_classes: list[Any] = []
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name != "search_description"]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().public()

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("locale")

    def handle_exception(self, exc: Exception) -> Any:
        """A parameter that names no site or is no number is the caller's mistake, not the server's."""
        if isinstance(exc, Site.DoesNotExist | Site.MultipleObjectsReturned | ValueError):
            exc = BadRequestError("a parameter has a value that cannot be used")
        return super().handle_exception(exc)


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PublicPagesAPIViewSet)
