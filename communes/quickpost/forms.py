"""The one screen of a quick post."""

import uuid
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from home.focal_points import focus_on, shares
from home.old_encodings import readable
from home.text import one_line

from ..models import NewsPage
from .photos import MAX_PHOTOS, Photo, Point, rebuilt
from .places import Place
from .posts import Kept, Words, photos_of, words_of

TITLE_LENGTH = 150
TEXT_LENGTH = 10_000
ALT_LENGTH = NewsPage._meta.get_field("image_alt").max_length
ALT_TOO_LONG = _(
    "What a photo shows has %(show_value)d characters; at most %(limit_value)d can be stored. Shorten it."
)


def point_of(tap: str) -> Point | None:
    """“50 12” as a point in percent; None for what is none."""
    parts = tap.split(" ")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 4 for part in parts):
        return None
    x, y = (min(int(part), 100) for part in parts)
    return x, y


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files of one input."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(PhotosField, self).clean(file, initial) for file in data or []]


class QuickPostForm(forms.Form):
    """What was typed and chosen. `post` is the draft that is changed, None for a new one."""

    nonce = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("Post for"))
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
    )
    text = forms.CharField(
        label=_("Content of the post"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("An empty line starts a paragraph, “-” at the start of a line makes a list."),
    )
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/*"}),
        help_text=_("Up to ten. The first one stands at the top of the post."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of post"),
        choices=NewsPage.Kind.choices,
        initial=NewsPage.Kind.NOTICE,
        widget=forms.RadioSelect,
    )
    urgent = forms.BooleanField(
        label=_("Urgent"), required=False, help_text=_("The unit sees it before everything else that waits.")
    )

    def __init__(self, places: list[Place], *args: Any, post: NewsPage | None = None, **kwargs: Any) -> None:
        self.places, self.post = places, post
        initial: dict[str, Any] = {"nonce": uuid.uuid4(), "place": places[0].unit.pk if places else None}
        if post is not None and (words := words_of(post)) is not None:
            initial |= vars(words)
        super().__init__(*args, **{**kwargs, "initial": initial | kwargs.get("initial", {})})
        field: Any = self.fields["place"]
        field.choices = [(place.unit.pk, place.unit.full_name) for place in places]
        if len(places) < 2:
            field.widget, field.required = forms.HiddenInput(), False
        self.saved = [self._saved(photo) for photo in photos_of(post)] if post is not None else []
        self.new: list[Photo] = []

    def _saved(self, photo: Kept) -> dict[str, Any]:
        """A photo that the draft has: as it is, or as the form that was sent leaves it."""
        pk = photo.image.pk
        alt = self.data.get(f"alt-{pk}", photo.alt) if self.is_bound else photo.alt
        return {
            "image": photo.image,
            "alt": one_line(alt),
            "dropped": f"drop-{pk}" in self.data,
            "shares": shares(photo.image),
            # A photo out of the library is cut as those who keep it say.
            "own": self.post is not None and photo.image.uploaded_by_user_id == self.post.owner_id,
        }

    @property
    def kept(self) -> list[Kept]:
        return [
            Kept(photo["image"], photo["alt"], self._new_focus(photo))
            for photo in self.saved
            if not photo["dropped"]
        ]

    def _new_focus(self, photo: dict[str, Any]) -> Point | None:
        """Where its author tapped, unless it is cut so already."""
        point = point_of(self.data.get(f"focus-{photo['image'].pk}", ""))
        if point is None or not photo["own"]:
            return None
        return point if focus_on(copy(photo["image"]), point) else None

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])

    def clean_photos(self) -> None:
        """Sets `new`: each photo rebuilt, with its words."""
        files = self.cleaned_data["photos"]
        words = self.data.getlist("alt")  # type: ignore[attr-defined]
        for alt in [*words, *(photo["alt"] for photo in self.saved)]:
            readable(alt)
            MaxLengthValidator(ALT_LENGTH, ALT_TOO_LONG)(one_line(alt))
        if len(self.kept) + len(files) > MAX_PHOTOS:
            raise ValidationError(_("A post has ten photos at most. Choose fewer."))
        words += [""] * len(files)
        taps = self.data.getlist("focus") + [""] * len(files)  # type: ignore[attr-defined]
        self.new = [
            Photo(rebuilt(file, file.name), one_line(alt), point_of(tap))
            for file, alt, tap in zip(files, words, taps, strict=False)
        ]

    @property
    def words(self) -> Words:
        cleaned = self.cleaned_data
        return Words(cleaned["title"], cleaned["text"], cleaned["kind"], cleaned["urgent"])

    @property
    def chosen_place(self) -> Place:
        chosen = self.cleaned_data["place"] or str(self.places[0].unit.pk)
        return next(place for place in self.places if str(place.unit.pk) == chosen)
