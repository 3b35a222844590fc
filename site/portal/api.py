"""The content API: published pages, read-only, JSON, only the fields that page models list."""

from typing import Any

from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet


class PublicPagesAPIViewSet(PagesAPIViewSet):
    """The same answer for everybody, so that a proxy may keep it: no session, no pages behind a log-in."""

    renderer_classes = [JSONRenderer]
    authentication_classes: list[Any] = []
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name != "search_description"]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().public()

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("locale")


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PublicPagesAPIViewSet)
