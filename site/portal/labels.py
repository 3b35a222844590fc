"""Labels that packages make from the names of fields, or leave out, where no catalogue reaches them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers
from wagtail.admin.views.pages.listing import PageListingMixin
from wagtail.models import Page
from wagtail_localize import models as localize
from wagtail_localize.views import edit_translation
from wagtail_localize.views.report import TranslationsReportFilterSet

LINK_FORMS = (
    choosers.ExternalLinkChooserForm,
    choosers.AnchorLinkChooserForm,
    choosers.EmailLinkChooserForm,
    choosers.PhoneLinkChooserForm,
)
LINK_LABELS = {
    "link_text": _("Link text"),
    "email_address": _("Email address"),
    "subject": _("Subject"),
    "body": _("Body"),
    "phone_number": _("Phone number"),
}


def name_fields() -> None:
    for form in LINK_FORMS:
        for name, field in form.base_fields.items():
            field.label = LINK_LABELS.get(name, field.label)
    # Above a list that is searched Wagtail counts "19 None".
    PageListingMixin.verbose_name = Page._meta.verbose_name
    PageListingMixin.verbose_name_plural = Page._meta.verbose_name_plural
    localize.Translation._meta.verbose_name = _("translation")
    localize.Translation._meta.verbose_name_plural = _("translations")
    # It names months in English.
    localize.DATE_FORMAT = edit_translation.DATE_FORMAT = "%d/%m/%Y"
    filters = TranslationsReportFilterSet.base_filters
    filters["source_locale"].label = _("Source language")
    filters["target_locale"].label = _("Target language")
