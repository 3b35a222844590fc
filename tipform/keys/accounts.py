"""Log-in and change of password, the two moments at which an officer's password is at hand."""

import logging
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from communes.accounts import AccountAdapter

from .. import vault
from . import officers, session

logger = logging.getLogger(__name__)


class KeyAdapter(AccountAdapter):
    """Opens the officer's key while he logs in. Until the second factor is given, it is of no use."""

    @sensitive_variables()
    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None and user.is_active:
            _open_session(request, user, credentials.get("password") or "")
        return user

    @sensitive_variables()
    def set_password(self, user: Any, password: str) -> None:
        """Store the password that the user chose for himself, and wrap his key under it."""
        request: HttpRequest = self.request
        with transaction.atomic():
            opened = session.get(request) or _with_old_password(request, user)
            super().set_password(user, password)
            user.chose_own_password()
            if opened:
                officers.rewrap(*opened, password)
        if opened:
            session.put(request, opened)
        else:
            _open_session(request, user, password)


@sensitive_variables()
def _open_session(request: HttpRequest, user: Any, password: str) -> None:
    if session.get(request):
        return
    try:
        opened = officers.unlock(user, password)
    except vault.VaultError as error:
        # Whatever is wrong with keys, the account itself stays usable.
        logger.error("An officer's key cannot be opened: %s", type(error).__name__)
        return
    if opened:
        session.put(request, opened)


@sensitive_variables()
def _with_old_password(request: HttpRequest, user: Any) -> officers.Opened | None:
    try:
        return officers.unlock_existing(user, request.POST.get("oldpassword", ""))
    except vault.VaultError:
        return None
