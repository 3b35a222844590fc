"""The content API: published pages, read-only, JSON, only the fields that page models list."""

from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet


class PublicPagesAPIViewSet(PagesAPIViewSet):
    """No browsable HTML, no names of staff."""

    renderer_classes = [JSONRenderer]
    meta_fields = [name for name in PagesAPIViewSet.meta_fields if name not in ("search_description",)]


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PublicPagesAPIViewSet)
