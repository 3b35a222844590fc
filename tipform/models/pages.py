"""The page that carries the form. What is sent through it lives in `tipform.models.tips`."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from communes.models.pages import BelongsToACommune
from home.models import BasePage
from home.served import ServedByView


class TipFormPage(ServedByView, BelongsToACommune, BasePage):
    template = "tipform/intake/tip_form_page.html"
    parent_page_types = ["communes.CommunePage"]
    subpage_types: ClassVar[list[str]] = []
    max_count_per_parent = 1
    page_description = _("The form by which a resident reports, asks or makes an appointment")
    is_structural = True
    default_description = _(
        "Send a tip, ask or make an appointment with %(police)s. No need to leave your name."
    )

    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("Who reads what is sent here. For example: Chỉ cán bộ tiếp nhận tin của xã đọc được."),
    )

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("tip form")
        verbose_name_plural = _("tip forms")
