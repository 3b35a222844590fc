"""What the unit's editors teach the search: words that lead somewhere, and those that found nothing."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminPageChooser
from wagtail.log_actions import log
from wagtail.models import Locale, Page

from home.form_fields import DayInput
from home.models import HomePage
from home.stale import keeps_words, trouble_of
from home.tree import below

from ..models import MissedSearch, SearchWords, Unit
from ..search.results import suggestion_for
from ..search.vocabulary import stamped, vocabulary, words_of
from ..tree import home_of
from .unit_views import OfTheUnit


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


@method_decorator(keeps_words(), name="dispatch")
class SearchWordsView(OfTheUnit):
    """The unit's own words, a form that adds some, words that found nothing, and the words that are known."""

    template_name = "communes/admin/approval/search_words.html"
    page_title = gettext_lazy("Words of the search")
    header_icon = "search"

    def get(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        return self._page(SearchWordsForm(unit=self.unit, initial={"words": request.GET.get("words", "")}))

    def post(self, request: HttpRequest, unit_id: int) -> HttpResponse:
        if trouble := trouble_of(request):
            messages.error(request, trouble.to_staff)
            return self._page(SearchWordsForm(request.POST or None, unit=self.unit), code=trouble.status)
        if "delete" in request.POST:
            return self._delete(self.unit.search_words.all(), request.POST["delete"])
        if "forget" in request.POST:
            return self._delete(self._missed(), request.POST["forget"])
        form = SearchWordsForm(request.POST, unit=self.unit)
        if not form.is_valid():
            messages.error(request, _("Not saved yet: please correct what is marked below."))
            return self._page(form, code=422)
        with transaction.atomic():
            row = form.save()
            log(row, "communes.search_words_set", user=request.user)
            # What leads somewhere now is missed no more.
            led = {" ".join(words_of(phrase)) for phrase in row.words.split(";")}
            known = [missed.pk for missed in self._missed() if " ".join(words_of(missed.words)) in led]
            MissedSearch.objects.filter(pk__in=known).delete()
        return self._saved()

    def _delete(self, rows: Any, key: str) -> HttpResponse:
        row = get_object_or_404(rows, pk=key if key.isdecimal() else None)
        with transaction.atomic():
            if isinstance(row, SearchWords):
                log(row, "communes.search_words_deleted", user=self.request.user, deleted=True)
            row.delete()
        return self._saved()

    def _saved(self) -> HttpResponse:
        messages.success(self.request, _("Saved. The search knows it at once."))
        return redirect("approval:search_words", unit_id=self.unit.pk)

    def _missed(self) -> Any:
        return MissedSearch.objects.filter(unit=self.unit).exclude(words="").order_by("-days", "words")

    def _page(self, form: SearchWordsForm, code: int = 200) -> HttpResponse:
        homes = HomePage.objects.filter(translation_key=self.unit.page_key, locale=Locale.get_default())
        known = vocabulary(list(stamped(homes)))
        missed = list(self._missed())
        for row in missed:
            row.suggestion = suggestion_for(words_of(row.words), known)
        context = self.get_context_data(
            unit=self.unit,
            form=form,
            rows=self.unit.search_words.select_related("page"),
            missed=missed,
            media=form.media,
        )
        return self.render_to_response(context, status=code)


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
