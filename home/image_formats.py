"""Pictures within text: one format, as wide as the text. Wagtail looks for this module by its name."""

from django.utils.translation import gettext_lazy as _
from wagtail.images.formats import Format, register_image_format, unregister_image_format

for name in ("fullwidth", "left", "right"):
    unregister_image_format(name)

register_image_format(Format("fullwidth", _("As wide as the text"), "", "width-960|format-jpeg"))
