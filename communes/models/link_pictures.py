"""The picture of a page that messengers show beside a link to it; see `communes.link_pictures`."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class LinkPicture(models.Model):
    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="+")
    file = models.CharField(max_length=100, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("picture of a link")
        verbose_name_plural = _("pictures of links")

    def __str__(self) -> str:
        return self.file
