"""Codes of an authenticator app: a phone's clock may be half a minute off, and each code is good for once.

allauth remembers a used code in the cache for one step: too short with tolerance, and lost with the cache.
RFC 6238, section 5.2: a code accepted once must not be accepted again.
"""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.exceptions import ValidationError
from django.db import transaction

from communes.limits import exceeded

WRONG_CODES = "10/15m"  # of one account, from everywhere: a code is one of a million
LAST_STEP = "last_step"


@transaction.atomic
def use(authenticator: Authenticator, code: str) -> bool:
    """Note the step that a valid `code` belongs to; False if that one, or a later one, was used before."""
    data = Authenticator.objects.select_for_update().get(pk=authenticator.pk).data
    secret = decrypt(data["secret"])
    steps = [
        step
        for step in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    if not steps or steps[-1] <= data.get(LAST_STEP, 0):
        return False
    Authenticator.objects.filter(pk=authenticator.pk).update(data={**data, LAST_STEP: steps[-1]})
    return True


class EachCodeOnce(BaseAuthenticateForm):
    """Raises the same error for a code that was used as for a wrong one.

    allauth counts wrong codes in the cache, which without Redis each process has for itself. Here they are
    counted for all of them.
    """

    def clean_code(self) -> str:
        if self._too_many(count=False):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()
            chosen: Any = self.authenticator
            if chosen.type == Authenticator.Type.TOTP and not use(chosen, code):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            self._too_many(count=True)
            raise
        return code

    def _too_many(self, *, count: bool) -> bool:
        return exceeded(context.request, WRONG_CODES, "second factor", self.user.pk, count=count)


class AuthenticateOnceForm(EachCodeOnce, AuthenticateForm):
    """The second step of a log-in."""


class ReauthenticateOnceForm(EachCodeOnce, ReauthenticateForm):
    """The second step of a session that has begun."""
