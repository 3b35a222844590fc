"""The page that a slip opens: the invited person chooses his own password. Public, never cached.

The code travels in the body of a post only. Afterwards he logs in once with what he chose, on the ordinary
page: whatever needs the typed password (the second factor's set-up, an officer's key) finds it there.
"""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from home.stale import Trouble, keeps_words, trouble_of
from home.visitors import network

from ..limits import exceeded
from ..models import Invitation, User
from .invitations import DIGITS, Unusable, accept, find
from .slips import private

# Wrong codes from one network; there are 10**16. Right ones do not count.
WRONG_CODES = "60/h"
RETRY_AFTER = 15 * 60  # seconds
# Where the log-in page finds the account name that was just given.
USERNAME_HINT = "invited_username"

UNUSABLE = _(
    "This code cannot be used. Compare it with the slip. If it is right, ask the unit that gave it to you "
    "for a new slip."
)
BUSY = _("Too many wrong codes came from this network. Please try again in a quarter of an hour.")
STALE = _("The page was open for too long. Nothing has happened yet. Please go on here.")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on the slip"),
        help_text=_("16 digits in four groups"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "inputmode": "numeric",
                "autocomplete": "off",
                "data-code": True,
            }
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(char for char in self.cleaned_data["code"] if char in "0123456789")
        if len(digits) != DIGITS:
            raise ValidationError(_("The code has 16 digits. Please compare it with the slip."))
        return digits


class PasswordForm(forms.Form):
    password1 = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-password": True}),
    )
    password2 = forms.CharField(
        label=_("The same password once more"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-password": True}),
    )

    def __init__(self, *args: object, invitation: Invitation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.invitation = invitation

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        user = User(username=self.invitation.username)
        user.set_full_name(self.invitation.full_name)
        validate_password(password, user)
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))


@keeps_words()
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Code, then password, then the log-in page."""
    if request.method != "POST":
        return _ask_code(request, CodeForm())
    if _wrong_codes(request, count=False):
        response = _ask_code(request, CodeForm(), BUSY, status=429)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response
    form = CodeForm(request.POST)
    alarm, status = _what_went_wrong(request)
    if not form.is_valid():
        return _ask_code(request, form, alarm, status)
    try:
        found = find(form.cleaned_data["code"])
        if alarm or "password1" not in request.POST:
            return _ask_password(request, found, PasswordForm(invitation=found), alarm, status)
        passwords = PasswordForm(request.POST, invitation=found)
        if not passwords.is_valid():
            return _ask_password(request, found, passwords)
        user = accept(found, passwords.cleaned_data["password1"])
    except Unusable:
        _wrong_codes(request, count=True)
        return _ask_code(request, form, UNUSABLE)
    request.session[USERNAME_HINT] = user.username
    return private(HttpResponseRedirect(reverse("account_login")))


def _what_went_wrong(request: HttpRequest) -> tuple[object, int]:
    """On the way of what was posted: the sentence and the status of the answer."""
    trouble = trouble_of(request)
    if trouble is None:
        return "", 200
    return (STALE if trouble is Trouble.STALE else trouble.to_staff), trouble.status


def _ask_code(request: HttpRequest, form: CodeForm, alarm: object = "", status: int = 200) -> HttpResponse:
    context = {"code_form": form, "alarm": alarm}
    return private(render(request, "communes/invitation.html", context, status=status))


def _ask_password(
    request: HttpRequest, found: Invitation, form: PasswordForm, alarm: object = "", status: int = 200
) -> HttpResponse:
    context = {
        "invitation": found,
        "code": request.POST["code"],
        "password_form": form,
        "hints": password_validators_help_texts(),
        "alarm": alarm,
    }
    return private(render(request, "communes/invitation.html", context, status=status))


def _wrong_codes(request: HttpRequest, *, count: bool) -> bool:
    """Count one, or say whether there were too many."""
    return exceeded(request, WRONG_CODES, "invitation", network(request) or b"", count=count)
