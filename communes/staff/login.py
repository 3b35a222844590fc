"""The log-in form, which knows the account name of somebody who has just accepted his invitation."""

from typing import Any

from allauth.account.forms import LoginForm as PlainLoginForm

from .acceptance import USERNAME_HINT


class LoginForm(PlainLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and (username := self.request.session.get(USERNAME_HINT)):
            self.fields["login"].initial = username
