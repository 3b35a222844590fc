"""What is filled in to open a commune, with its first staff, and to close one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.form_fields import DayInput
from home.models import RESERVED_SLUGS, HomePage
from home.phones import written
from home.stale import new_nonce
from home.text import plain_slug, proper_name, same_key, search_key

from ..models import CommunePage, FormerName, Unit
from ..models.units import UnitQuerySet
from ..staff.forms import NameField, RolesField
from ..tree import home_of

COMMUNE_KINDS = [(kind.value, kind.label) for kind in Unit.COMMUNE_KINDS]
MOST_INVITED = 10


class OpenForm(forms.Form):
    """A commune as it is to be opened; `unit` is the row that is there already, `slug` is filled in."""

    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit above"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind of unit"), choices=COMMUNE_KINDS)
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Without the kind, for example: Cẩm Trung")
    )
    phone = forms.CharField(
        label=_("Duty phone"), max_length=20, help_text=_("Shown on every page, called with one tap")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    slug = forms.CharField(
        label=_("Address on the portal"),
        max_length=80,
        required=False,
        help_text=_("Leave empty: it is made from the name"),
    )
    nonce = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"nonce": new_nonce(), "parent": parents.first()}
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        if len(parents) == 1:
            self.fields["parent"].widget = forms.HiddenInput()
        self.unit: Unit | None = None
        self.similar: Unit | None = None

    def clean_name(self) -> str:
        name = proper_name(Unit.plain_name(self.cleaned_data["name"]), digits=True)
        # One sign of another alphabet may stand for several letters.
        self.fields["name"].run_validators(name)
        if not plain_slug(name):
            raise ValidationError(_("The name has no letter that an address can have."))
        return name

    def clean_phone(self) -> str:
        return written(self.cleaned_data["phone"])

    def clean(self) -> Any:
        data = self.cleaned_data
        if not {"parent", "kind", "name"} <= data.keys() or "slug" not in data:
            return data
        named = Unit.objects.filter(
            parent=data["parent"],
            kind=data["kind"],
            name_folded=search_key(f"{Unit.Kind(data['kind']).label} {data['name']}"),
        )
        for unit in named:
            if unit.name_key == same_key(data["name"]):
                self.unit = unit
                data["name"] = unit.name
            else:
                self.similar = unit
        home = home_of(data["parent"])
        if home is None:
            raise ValidationError(_("This unit has no home page yet."))
        there = CommunePage.objects.filter(unit=self.unit, locale=home.locale).first() if self.unit else None
        if there is not None:
            data["slug"] = there.slug
            return data
        self._find_address(data, home)
        return data

    def _find_address(self, data: dict[str, Any], home: HomePage) -> None:
        taken = RESERVED_SLUGS | set(home.get_children().values_list("slug", flat=True))
        wanted = plain_slug(data["slug"])
        offered = [plain_slug(data["name"]), plain_slug(f"{Unit.Kind(data['kind']).label} {data['name']}")]
        free = next((slug for slug in offered if slug not in taken), "")
        if wanted and wanted in taken:
            self.add_error(
                "slug", _("“%(slug)s” is taken. “%(free)s” is free.") % {"slug": wanted, "free": free}
            )
        elif not wanted and not free:
            self.add_error("slug", _("Choose an address: those made from the name are taken."))
        data["slug"] = wanted or free


class PersonForm(forms.Form):
    full_name = NameField(required=False)
    roles = RolesField(required=False)

    def clean(self) -> Any:
        if self.cleaned_data.get("full_name") and not self.cleaned_data.get("roles"):
            self.add_error("roles", _("Say what work this is."))
        if self.cleaned_data.get("roles") and not self.cleaned_data.get("full_name"):
            self.add_error("full_name", _("Write the name, or untick the work."))
        return self.cleaned_data


PeopleForms = forms.formset_factory(
    PersonForm, extra=3, max_num=MOST_INVITED, validate_max=True, absolute_max=MOST_INVITED
)


class CloseForm(forms.Form):
    successors = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Merged into"),
        help_text=_(
            "Its addresses then lead there and say so. Several, if it was split: who looks for it is asked. "
            "None: to the unit's first page."
        ),
    )
    day = forms.DateField(
        label=_("Since"), widget=DayInput, help_text=_("The day on which the decision took effect")
    )
    sure = forms.BooleanField(label=_("I have read what happens"))

    def __init__(self, *args: Any, units: UnitQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_service = units.filter(active=True).communes().order_by(*Unit.IN_ORDER)
        self.units = {str(unit.pk): unit for unit in in_service}
        self.fields["successors"].choices = [  # type: ignore[attr-defined]
            (key, unit.full_name) for key, unit in self.units.items()
        ]
        self.fields["day"].initial = timezone.localdate()

    def clean_successors(self) -> list[Unit]:
        return [self.units[key] for key in self.cleaned_data["successors"]]


class FormerNameForm(forms.ModelForm):
    """A name as people know it, with or without its kind before it."""

    class Meta:
        model = FormerName
        fields = ["kind", "name", "district", "until", "part", "source"]
        widgets = {"until": DayInput}

    def clean_name(self) -> str:
        name = proper_name(Unit.plain_name(self.cleaned_data["name"]), digits=True)
        self.fields["name"].run_validators(name)
        if not search_key(name):
            raise ValidationError(_("The name has no letter that an address can have."))
        return name
