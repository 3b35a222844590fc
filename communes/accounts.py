"""Log-in of staff: accounts are given by the unit, nobody signs up."""

from typing import Any
from unicodedata import normalize

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest, HttpResponse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: allauth's own limit is one for all networks, so a stranger could lock anybody out.

        `communes.passwords.PasswordBackend` counts instead.
        """

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        from .passwords import remember_device

        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(response, user)
        return response


class ComposedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id over the composed form (NFC): keyboards write the same Vietnamese letter in two ways."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(normalize("NFC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(normalize("NFC", password), encoded)
