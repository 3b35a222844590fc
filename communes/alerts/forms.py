"""The forms of alerts, templates and lists of villages. They store nothing: `rules` does."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from communes.models import Alert, NewsPage, PlaceList, PostTemplate, ProcedurePage, Unit
from communes.models.alerts import URGENT_FOR
from communes.models.urgent import LONGEST_CHOICE, OWN_WORDS, SlotKind
from communes.models.villages import lines_of
from home.models import InfoPage
from home.tree import below

from ..tree import front_pages, home_of
from . import rules

LINKABLE = 40
MOST_SLOTS = 5
LONGEST_RUN = datetime.timedelta(days=366)


class DateTimeField(forms.DateTimeField):
    """The browser's own picker; what a browser without one lets type is understood as well."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y"]
        super().__init__(input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        moment = super().to_python(value)
        # The first and the last day there are do not exist in another time zone.
        if moment and not 2000 <= moment.year <= 2200:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def linkable_pages(unit: Unit, current: Page | None = None) -> list[Page]:
    """The newest public pages of the unit and of the one above it, and the page that is linked to now."""
    supervising = unit if unit.is_supervising else unit.parent
    live = Page.objects.live()
    pages: list[Page] = [current] if current else []
    if not unit.is_supervising:
        own = live.filter(below(front_pages([unit])))
        pages += own.order_by("-first_published_at")[:LINKABLE]
    home = home_of(supervising) if supervising else None
    if home:
        # Posts and guides right below the unit's own lists; communes have theirs one level further down.
        in_lists = live.type(NewsPage, ProcedurePage).filter(below([home], levels=2))
        own_texts = live.type(InfoPage).filter(below([home], levels=1))
        pages += (in_lists | own_texts).order_by("-first_published_at")[:LINKABLE]
    return list(dict.fromkeys(pages))


class PageChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class AlertForm(forms.ModelForm):
    starts_at = DateTimeField(label=_("From"), help_text=_("An urgent alert begins at once."))
    ends_at = DateTimeField(label=_("Until"), required=False)

    class Meta:
        model = Alert
        fields = ["level", "text", "link", "starts_at", "ends_at"]
        widgets = {"level": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, unit: Unit, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.user = unit, user
        self.corrects = bool(self.instance.written_by_id) and rules.corrects(user, self.instance)
        pages = linkable_pages(unit, self.instance.link)
        self.fields["link"] = PageChoice(
            queryset=Page.objects.filter(pk__in=[page.pk for page in pages]).order_by("-first_published_at"),
            required=False,
            label=self.fields["link"].label,
            help_text=self.fields["link"].help_text,
        )
        self.fields["level"].help_text = self._what_follows()
        self.fields["ends_at"].help_text = (
            _("An urgent alert ends by itself after 24 hours at the latest, also if you leave this empty.")
            if self.is_limited
            else _("The alert vanishes by itself.")
        )

    @property
    def is_limited(self) -> bool:
        """Whether an urgent alert of this user goes without a second pair of eyes, and so for 24 hours."""
        return not self.unit.is_supervising and not self.corrects

    def _what_follows(self) -> Any:
        if self.corrects:
            return _("Your correction is in force at once: the commune wrote, you approve.")
        if self.unit.is_supervising:
            return _(
                "A notice or warning waits for another editor of the unit. An urgent alert is live at once."
            )
        return _(
            "A notice or warning waits for the unit's approval. An urgent alert is live at once, for 24 "
            "hours at most, and the unit looks at it first."
        )

    @property
    def at_once(self) -> bool:
        return self.corrects or self.cleaned_data["level"] == Alert.Level.URGENT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends, level = data.get("starts_at"), data.get("ends_at"), data.get("level")
        now = timezone.now()
        if level == Alert.Level.URGENT and starts:
            starts = data["starts_at"] = min(starts, now)
            if self.is_limited:
                latest_end = (urgent_since(self.instance) or now) + URGENT_FOR
                ends = data["ends_at"] = min(ends or latest_end, latest_end)
        if "ends_at" not in self.errors:
            if ends is None:
                self.add_error("ends_at", _("Say until when."))
            elif ends <= now:
                self.add_error("ends_at", _("This time is over. Choose a later one, or end the alert."))
            elif starts and ends <= starts:
                self.add_error("ends_at", _("The end lies before the beginning."))
            elif ends > now + LONGEST_RUN:
                self.add_error("ends_at", _("An alert stands for a year at most."))
        return data


def urgent_since(alert: Alert) -> datetime.datetime | None:
    """Since when the thread stands as urgent without that anybody of the unit has approved it."""
    since = None
    past = Alert.objects.filter(thread=alert.thread, decided_at__isnull=False).order_by("pk")
    for version in past.exclude(status=Alert.Status.SENT_BACK):
        since = None if version.decided_by_id else (since or version.decided_at)
    return since


class PlaceListForm(forms.ModelForm):
    class Meta:
        model = PlaceList
        fields = ["places"]
        widgets = {"places": forms.Textarea(attrs={"rows": 12})}

    def clean_places(self) -> str:
        return "\n".join(lines_of(self.cleaned_data["places"]))


class SlotForm(forms.Form):
    """One slot; a line without a name is no slot."""

    name = forms.CharField(label=_("Name of the slot"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Filled in with"), choices=SlotKind.choices)
    choices = forms.CharField(
        label=_("Choices, one on each line"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if set("{}") & set(name):
            raise ValidationError(_("Write the name without { }."))
        if name in OWN_WORDS:
            raise ValidationError(_("This name fills itself in."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        choices = lines_of(data.get("choices") or "")
        if data.get("kind") == SlotKind.CHOICES and data.get("name") and not choices:
            self.add_error("choices", _("Write at least one choice."))
        if any(len(choice) > LONGEST_CHOICE or set("{}") & set(choice) for choice in choices):
            self.add_error("choices", _("A choice has 80 letters at most, and none of { }."))
        data["choices"] = choices if data.get("kind") == SlotKind.CHOICES else []
        return data


SlotFormSet = forms.formset_factory(
    SlotForm, extra=0, max_num=MOST_SLOTS, validate_max=True, absolute_max=MOST_SLOTS
)


class PostTemplateForm(forms.ModelForm):
    class Meta:
        model = PostTemplate
        fields = ["name", "kind", "title", "summary", "text"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 10}),
        }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = [{**slot, "choices": "\n".join(slot["choices"])} for slot in self.instance.slots]
        rows += [{}] * (MOST_SLOTS - len(rows))
        # Otherwise a slot that is sent as it was would count as left out.
        unchanged_too = {"empty_permitted": False}
        self.slots = SlotFormSet(data, initial=rows, prefix="slot", form_kwargs=unchanged_too)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.slots.is_valid():
            raise ValidationError(_("Look at the slots below."))
        slots = [slot.cleaned_data for slot in self.slots if slot.cleaned_data.get("name")]
        names = [slot["name"] for slot in slots]
        if len(set(names)) < len(names):
            raise ValidationError(_("Two slots have the same name."))
        # The model's own check, which runs next, compares them with the text.
        self.instance.slots = slots
        return data


class FillForm(forms.Form):
    """One closed choice for each slot of a template: a number, a day or a time is sent, never words."""

    def __init__(self, template: PostTemplate, places: list[str], data: Any = None) -> None:
        super().__init__(data)
        today = timezone.localdate()
        self.template = template
        for number, slot in enumerate(template.slots):
            options = places if slot["kind"] == SlotKind.PLACES else slot["choices"]
            field: forms.Field
            if slot["kind"] == SlotKind.DATE:
                field = DateChoice(today - datetime.timedelta(days=60), today + datetime.timedelta(days=60))
            elif slot["kind"] == SlotKind.TIME:
                field = forms.TimeField(
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                    input_formats=["%H:%M", "%H:%M:%S"],
                )
            else:
                choices = [
                    ("", gettext("Choose")),
                    *((str(index), text) for index, text in enumerate(options)),
                ]
                field = forms.ChoiceField(choices=choices)
            field.label = slot["name"].capitalize()
            self.fields[f"slot{number}"] = field

    @property
    def words(self) -> dict[str, str]:
        """What stands in each slot of the post."""
        return {slot["name"]: self._word(f"slot{number}") for number, slot in enumerate(self.template.slots)}

    def _word(self, name: str) -> str:
        value = self.cleaned_data[name]
        if isinstance(value, datetime.date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, datetime.time):
            return f"{value:%H:%M}"
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]


class DateChoice(forms.DateField):
    """A day near today."""

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        self.first, self.last = first, last
        picker = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "min": f"{first}", "max": f"{last}"}
        )
        super().__init__(widget=picker)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not self.first <= value <= self.last:
            raise ValidationError(_("Choose a day within two months."))
