"""One page on which each person chooses how he hears of each reason."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from home.stale import keeps_words, trouble_of

from ..models import NoticeChoice
from .bell import page
from .choices import choices_of, choose
from .reasons import Reason


class ChoiceForm(forms.Form):
    push = forms.BooleanField(label=gettext_lazy("Rings"), required=False)
    mail = forms.ChoiceField(label=gettext_lazy("Mail"), choices=NoticeChoice.Mail.choices)

    def __init__(self, reason: Reason, sent: Any, **initial: Any) -> None:
        super().__init__(sent, prefix=reason.name, initial=initial)
        self.reason = reason


@keeps_words()
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    forms_of_reasons = [
        ChoiceForm(reason, sent, push=choice.push, mail=choice.mail)
        for reason, choice in choices_of(request.user)
    ]
    trouble = trouble_of(request)
    if trouble:
        messages.error(request, trouble.to_staff)
    elif sent is not None and all(form.is_valid() for form in forms_of_reasons):
        chosen = {
            form.reason.name: (form.cleaned_data["push"], form.cleaned_data["mail"])
            for form in forms_of_reasons
        }
        choose(request.user, chosen)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("bell:choices"))
    status = trouble.status if trouble else 200
    return page(request, "choices", _("When the bell rings for me"), status, forms=forms_of_reasons)
