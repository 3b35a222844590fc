"""What is typed on the pages of keys. No message repeats it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ... import vault
from ...models import OfficerKey
from ...vault.recovery import normalized

PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class TypedBackForm(forms.Form):
    """Two groups of the recovery code and its checksum, typed from the paper on which it stands."""

    asked = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, code: vault.RecoveryCode, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = code.groups
        self.numbers = [*self._asked(), len(self.groups)]
        for number in self.numbers:
            last = number == len(self.groups)
            self.fields[f"group-{number}"] = forms.CharField(
                label=_("The last group") if last else _("Group %(number)s") % {"number": number},
                max_length=20,
                required=True,
                widget=forms.TextInput(attrs=PLAIN),
            )

    def _asked(self) -> list[int]:
        """The numbers that the page asked for; others are as good, so nothing hangs on their being signed."""
        text = self.data.get("asked") or self.initial.get("asked", "")
        numbers = [int(part) for part in text.split(",") if part.isdecimal() and len(part) < 3]
        return sorted({number for number in numbers if 1 <= number < len(self.groups)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(self.numbers) != 3:
            raise ValidationError(_("Open this page once more."))
        for number in self.numbers:
            typed = cleaned.get(f"group-{number}")
            if typed is not None and normalized(typed) != self.groups[number - 1]:
                self.add_error(
                    f"group-{number}", _("This is not the group on the page. Look at the paper again.")
                )
        return cleaned


class RecoveryForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Recovery code"),
        help_text=gettext_lazy("14 groups of 4 letters and digits. Spaces and small letters do not matter."),
        max_length=400,
        widget=forms.Textarea(attrs={**PLAIN, "rows": 3}),
    )

    def clean_code(self) -> vault.RecoveryCode:
        try:
            return vault.RecoveryCode.parse(self.cleaned_data["code"])
        except vault.RecoveryFormatError:
            raise ValidationError(
                _("This is not a whole recovery code, or one character is wrong. Compare it group by group.")
            ) from None


class GrantForm(forms.Form):
    """The last five digits of a colleague's fingerprint, as he reads them out from his own screen."""

    digits = forms.CharField(
        label=gettext_lazy("The last 5 digits that your colleague reads to you"),
        max_length=20,
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric"}),
    )

    def __init__(self, officer_key: OfficerKey, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{officer_key.pk}_%s")
        self.officer_key = officer_key

    def clean_digits(self) -> str:
        typed = normalized(self.cleaned_data["digits"])
        # Letters that look like digits were made letters for codes; here only digits count.
        typed = typed.translate(str.maketrans("OIB", "018"))
        if typed != vault.fingerprint(bytes(self.officer_key.public_key)).split()[-1]:
            raise ValidationError(
                _(
                    "These are not the digits of this colleague's key. If he reads them like this from his "
                    "own screen, do not grant anything and call the unit above."
                )
            )
        return typed
