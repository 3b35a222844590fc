"""The tip form among the page types of a commune."""

from django.utils.translation import gettext_lazy as _

from communes.doors import Door

TIP_FORM = Door(
    name="tip",
    model="tipform.TipFormPage",
    slug="gui-tin-bao",
    title="Gửi tin báo",
    icon="tip",
    label=_("Send a tip"),
    tile=_("Send a tip"),
    line=_("No need to leave your name"),
    order=40,
)
