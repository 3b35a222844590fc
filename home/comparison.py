"""How two versions of a page are compared, where Wagtail shows what only a programmer reads."""

from typing import Any

from django.db import models
from django.template.defaultfilters import yesno
from wagtail.admin.compare import FieldComparison, register_comparison_class


class YesOrNoComparison(FieldComparison):
    """A tick box: "có" and "không", where Wagtail says "True" and "False"."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a = yesno(field.value_from_object(obj_a))
        self.val_b = yesno(field.value_from_object(obj_b))


register_comparison_class(models.BooleanField, comparison_class=YesOrNoComparison)
