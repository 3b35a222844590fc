"""Labels that packages make from the names of fields, where no catalogue reaches them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import choosers
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
    filters = TranslationsReportFilterSet.base_filters
    filters["source_locale"].label = _("Source language")
    filters["target_locale"].label = _("Target language")
