"""Key health of the communes, for the unit above: how many hold each key, never who or what for."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from communes.models import Unit
from communes.roles import supervised, supervises

from ...keys.current import in_doubt
from ...keys.state import ENOUGH, with_key_holders

COMMUNES_ON_A_PAGE = 50


class HealthView(WagtailAdminTemplateMixin, View):
    template_name = "tipform/desk/keys/health.html"
    page_title = gettext_lazy("Keys of the communes")
    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not supervises(request.user):
            return TemplateResponse(request, "tipform/desk/inbox/forbidden.html", status=403)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        communes = with_key_holders(supervised(request.user)).order_by("key_holders", *Unit.IN_ORDER, "pk")
        page = Paginator(communes, COMMUNES_ON_A_PAGE).get_page(request.GET.get("p"))
        doubted = in_doubt(list(page))
        return self.render_to_response(self.get_context_data(communes=page, enough=ENOUGH, doubted=doubted))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]
