"""Log-in of staff: accounts are given by the unit, nobody signs up."""

from unicodedata import normalize

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class ComposedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id over the composed form (NFC): keyboards write the same Vietnamese letter in two ways."""

    def encode(self, password: str, salt: str) -> str:
        return super().encode(normalize("NFC", password), salt)

    def verify(self, password: str, encoded: str) -> bool:
        return super().verify(normalize("NFC", password), encoded)
