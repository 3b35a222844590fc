"""A browser for the day's traffic that really speaks HTTP, with the calls of Django's test client."""

from http.cookies import SimpleCookie
from typing import Any

import requests


class Browser:
    """Follows no redirect. Sends the form's token by itself where none is given."""

    def __init__(self, server: str, address: str, name: str) -> None:
        self.server, self.session = server, requests.Session()
        # As the proxy in front would say from where it comes.
        self.session.headers.update({"X-Forwarded-For": address, "User-Agent": name})

    @property
    def cookies(self) -> SimpleCookie:
        return SimpleCookie(dict(self.session.cookies))

    def get(self, url: str, data: dict[str, str] | None = None) -> requests.Response:
        return self.session.get(self.server + url, params=data, allow_redirects=False)

    def generic(
        self, method: str, url: str, data: bytes, kind: str, *, headers: dict[str, str], **about: str
    ) -> requests.Response:
        sent = {"Content-Type": kind, **headers}
        return self.session.request(method, self.server + url, data=data, headers=sent, allow_redirects=False)

    def post(self, url: str, data: dict[str, Any] | None = None) -> requests.Response:
        data = dict(data or {})
        if "csrftoken" not in self.session.cookies:
            self.get("/accounts/login/")
        data.setdefault("csrfmiddlewaretoken", self.session.cookies["csrftoken"])
        files = [("attachments", file) for file in data.pop("attachments", [])]
        return self.session.post(self.server + url, data=data, files=files, allow_redirects=False)
