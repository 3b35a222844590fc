"""The forms of approving: why a post goes back, and what a unit sets for its own work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ReturnReason, Unit

COMMENT_LENGTH = 1000


class SendBackForm(forms.Form):
    """A reason of the unit's list, one's own words, or both; never neither."""

    reason = forms.ModelChoiceField(
        ReturnReason.objects.none(),
        label=_("Reason"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your own words"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, unit: Unit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit:
            self.fields["reason"].queryset = unit.return_reasons.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("reason") and not data.get("words"):
            raise forms.ValidationError(
                _("Choose a reason or write one, so that the author knows what to do.")
            )
        return data

    @property
    def comment(self) -> str:
        """What the author reads."""
        parts = [self.cleaned_data.get("reason"), self.cleaned_data.get("words")]
        return "\n".join(str(part) for part in parts if part)


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["silent_weeks"]


ReasonFormSet: Any = forms.inlineformset_factory(
    Unit,
    ReturnReason,
    fields=["text"],
    extra=2,
    max_num=30,
    widgets={"text": forms.Textarea(attrs={"rows": 3})},
)
