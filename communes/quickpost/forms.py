"""The one screen of a quick post."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from home.old_encodings import readable
from home.text import one_line

from ..models import NewsPage
from .photos import MAX_PHOTOS, Photo, rebuilt
from .places import Place
from .posts import Kept, Words, photos_of, words_of

TITLE_LENGTH = 150
TEXT_LENGTH = 10_000
ALT_LENGTH = NewsPage._meta.get_field("image_alt").max_length
ALT_TOO_LONG = _(
    "What a photo shows has %(show_value)d characters; at most %(limit_value)d can be stored. Shorten it."
)


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
        return {"image": photo.image, "alt": one_line(alt), "dropped": f"drop-{pk}" in self.data}

    @property
    def kept(self) -> list[Kept]:
        return [Kept(photo["image"], photo["alt"]) for photo in self.saved if not photo["dropped"]]

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
        self.new = [
            Photo(rebuilt(file, file.name), one_line(alt)) for file, alt in zip(files, words, strict=False)
        ]

    @property
    def words(self) -> Words:
        cleaned = self.cleaned_data
        return Words(cleaned["title"], cleaned["text"], cleaned["kind"], cleaned["urgent"])

    @property
    def chosen_place(self) -> Place:
        chosen = self.cleaned_data["place"] or str(self.places[0].unit.pk)
        return next(place for place in self.places if str(place.unit.pk) == chosen)
