"""Forms of the staff's screens. They say who and where; whether the actor may, the views ask before."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from home.stale import new_nonce
from home.text import fold, one_line, proper_name, search_key

from ..models import Membership, Unit, User
from ..models.units import role_name

NEW = "new"
NOBODY = ""
MOST_NAMED = 10


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Full name"))
        super().__init__(max_length=150, **kwargs)

    def clean(self, value: Any) -> str:
        name = proper_name(super().clean(value) or "")
        # One sign of another alphabet may stand for several letters.
        self.run_validators(name)
        return name


class RolesField(forms.MultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Work"))
        super().__init__(choices=Membership.Role.choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class PlaceField(forms.CharField):
    """The name of a unit, typed with or without its kind and marks; among `units`, which a view sets."""

    units: "QuerySet[Unit]" = Unit.objects.none()

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        text = search_key(typed).removeprefix("cong an ")
        active = self.units.filter(active=True)
        found = list(active.filter(name_folded=text)[:2])
        found = found or list(
            active.filter(name_folded__endswith=f" {text}").select_related("parent")[:MOST_NAMED]
        )
        if not found:
            raise ValidationError(_("No commune of yours is called so."))
        if len(found) > 1:
            names = "; ".join(unit.qualified_name for unit in found)
            raise ValidationError(_("There are several: %(names)s. Type the whole name.") % {"names": names})
        return found[0]


class _WithNamesakes(forms.Form):
    """A name that somebody bears already is asked about: is it he, or another of that name?"""

    person = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Who is it?"))
    nonce = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: "QuerySet[User]", **kwargs: Any) -> None:
        kwargs["initial"] = {"nonce": new_nonce(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.people = people.filter(is_active=True)
        self.offered: list[User] = []
        self.set_choices()

    def choices(self) -> list[tuple[str, str]]:
        choices = [(str(user.pk), described(user)) for user in self.offered]
        return [*choices, (NEW, gettext("Another person of this name, without an account"))]

    def set_choices(self) -> None:
        name = one_line(str(self.data.get(self.add_prefix("full_name"), "")))[:150]
        if name:
            namesakes = self.people.filter(name_folded__startswith=f"{search_key(name)} ")
            self.offered = [
                user
                for user in namesakes.prefetch_related("memberships__unit")[:MOST_NAMED]
                if fold(user.get_full_name()) == fold(name)
            ]
        self.fields["person"].choices = self.choices()  # type: ignore[attr-defined]

    @property
    def asks(self) -> bool:
        return bool(self.offered)

    def clean(self) -> Any:
        if self.offered and not self.cleaned_data.get("person") and not self.errors:
            self.add_error("person", _("Somebody of this name has an account. Say whether it is he."))
        return self.cleaned_data

    @property
    def chosen(self) -> User | None:
        """The person who has an account; None for a new one."""
        return next((user for user in self.offered if str(user.pk) == self.cleaned_data.get("person")), None)


def described(user: User) -> str:
    """Name, account name and where he works; `memberships__unit` is prefetched."""
    places = {each.unit.short_name for each in user.memberships.all() if each.until is None}
    return f"{user} ({', '.join([user.username, *sorted(places)])})"


class InviteForm(_WithNamesakes):
    full_name = NameField(help_text=_("As in the identity card, for example: Nguyễn Văn An"))
    roles = RolesField()
    field_order = ["full_name", "person", "roles", "nonce"]

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role, role_name(role, unit)) for role in Membership.Role.values]  # type: ignore[attr-defined]


class HandOverForm(_WithNamesakes):
    """Who follows: one of the unit's staff, somebody new, or nobody. And where the one who leaves goes."""

    person = forms.ChoiceField(required=False, widget=forms.RadioSelect, label=_("Who takes over?"))
    full_name = NameField(
        required=False, label=_("Name of the new person"), help_text=_("Only for somebody without an account")
    )
    moves_to = PlaceField(
        required=False,
        label=_("Moves to the commune"),
        max_length=120,
        help_text=_("Leave empty if he or she leaves this work"),
    )
    field_order = ["person", "full_name", "moves_to", "nonce"]

    def __init__(
        self, *args: Any, colleagues: "QuerySet[User]", units: "QuerySet[Unit]", **kwargs: Any
    ) -> None:
        self.colleagues = list(colleagues.prefetch_related("memberships__unit")[:MOST_NAMED])
        super().__init__(*args, **kwargs)
        self.fields["moves_to"].units = units  # type: ignore[attr-defined]

    def choices(self) -> list[tuple[str, str]]:
        others = [user for user in self.offered if user not in self.colleagues]
        self.offered = [*self.colleagues, *others]
        return [
            (NOBODY, gettext("Nobody for now")),
            *super().choices()[:-1],
            (NEW, gettext("A new person, invited by a slip")),
        ]

    def clean(self) -> Any:
        name, person = self.cleaned_data.get("full_name"), self.cleaned_data.get("person")
        if person == NEW and not name and "full_name" not in self.errors:
            self.add_error("full_name", _("Write the new person's name."))
        if name and not person:
            self.add_error("person", _("Say who takes over."))
        return self.cleaned_data


class AddWorkForm(forms.Form):
    place = PlaceField(label=_("Commune"), max_length=120)
    role = forms.ChoiceField(label=_("Work"), choices=Membership.Role.choices)

    def __init__(self, *args: Any, units: "QuerySet[Unit]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].units = units  # type: ignore[attr-defined]
