"""How two versions of a page are compared, where Wagtail shows what only a programmer reads."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.defaultfilters import yesno
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, register_comparison_class
from wagtail.images.blocks import ImageBlock, ImageBlockComparison
from wagtail.models import Page


class YesOrNoComparison(FieldComparison):
    """A tick box: "có" and "không", where Wagtail says "True" and "False"."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a = yesno(field.value_from_object(obj_a))
        self.val_b = yesno(field.value_from_object(obj_b))


class PictureComparison(ImageBlockComparison):
    """A picture of a text. One that has been deleted since is said to be: Wagtail's own breaks on it."""

    def htmlvalue(self, val: Any) -> str:
        image = val["image"] if isinstance(val, dict) else val
        return str(super().htmlvalue(val)) if image else _("(a picture that has been deleted)")

    def htmldiff(self) -> str:
        if self.val_a["image"] and self.val_b["image"]:
            return str(super().htmldiff())
        before, after = self.htmlvalue(self.val_a), self.htmlvalue(self.val_b)
        if before == after:
            return before
        return format_html('<div class="deletion">{}</div><div class="addition">{}</div>', before, after)


class ComparedImageBlock(ImageBlock):
    """Wagtail's block of a picture and what it shows, compared as above."""

    def get_comparison_class(self) -> type[PictureComparison]:
        return PictureComparison


register_comparison_class(models.BooleanField, comparison_class=YesOrNoComparison)


def differences(request: HttpRequest, before: Page, after: Page) -> list[Any]:
    """Of each panel of the page's editor that has changed, Wagtail's comparison."""
    panel = after.get_edit_handler().get_bound_panel(instance=after, request=request, form=None)
    compared_panels = [compare(before, after) for compare in panel.get_comparison()]
    return [each for each in compared_panels if each.has_changed()]
