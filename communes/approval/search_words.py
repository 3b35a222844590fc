"""What the unit's editors teach the search: words that lead somewhere, and those that found nothing."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Locale, Page

from home.form_fields import DayInput
from home.models import HomePage
from home.stale import trouble_of
from home.tree import below

from ..models import MissedSearch, SearchWords, Unit
from ..models.search import phrases
from ..search.results import suggestion_for
from ..search.vocabulary import stamped, vocabulary, words_of
from ..tree import home_of
from .row_views import RowsView


class SearchWordsForm(forms.ModelForm):
    class Meta:
        model = SearchWords
        fields = ["words", "means", "page", "office", "phone", "link", "until"]
        widgets = {"until": DayInput, "page": AdminPageChooser}

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.unit = unit
        home = home_of(unit)
        pages: Any = self.fields["page"]
        pages.queryset = Page.objects.live().filter(below([home] if home else []))


class SearchWordsView(RowsView):
    """The unit's own words, a form that adds some, and words that found nothing."""

    template_name = "communes/admin/approval/search_words.html"
    page_title = gettext_lazy("Words of the search")
    header_icon = "search"
    form_class = SearchWordsForm
    act = "search_words"
    saved_words = gettext_lazy("Saved. The search knows it at once.")

    def rows(self) -> Any:
        return self.unit.search_words.select_related("page")

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self.page(SearchWordsForm(unit=self.unit, initial={"words": request.GET.get("words", "")}))

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        if "forget" in request.POST and trouble_of(request) is None:
            key = request.POST["forget"]
            # Nobody set it, so nothing is logged.
            get_object_or_404(self._missed(), pk=key if key.isdecimal() else None).delete()
            return self.saved()
        return super().post(request, unit_id)

    def after_saving(self, row: SearchWords) -> None:
        """What leads somewhere now is missed no more."""
        led = {words_of(phrase) for phrase in phrases(row.words)}
        known = [missed.pk for missed in self._missed() if words_of(missed.words) in led]
        MissedSearch.objects.filter(pk__in=known).delete()

    def _missed(self) -> Any:
        return MissedSearch.objects.filter(unit=self.unit).exclude(words="").order_by("-days", "words")

    def page(self, form: SearchWordsForm, code: int = 200, **context: Any) -> HttpResponse:
        homes = HomePage.objects.filter(translation_key=self.unit.page_key, locale=Locale.get_default())
        known = vocabulary(list(stamped(homes)))
        missed = list(self._missed())
        for row in missed:
            row.suggestion = suggestion_for(words_of(row.words), known)
        return super().page(form, code, missed=missed, media=form.media, **context)


def register_search_actions(actions: Any) -> None:
    for name, label, message in (
        (
            "search_words_set",
            gettext_lazy("Set words of the search"),
            gettext_lazy("Set words of the search"),
        ),
        (
            "search_words_deleted",
            gettext_lazy("Delete words of the search"),
            gettext_lazy("Deleted words of the search"),
        ),
    ):
        actions.register_action(f"communes.{name}", label, message)
