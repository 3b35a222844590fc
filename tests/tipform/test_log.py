"""With everything logged that can be logged, and an error in every view, no output holds what was told."""

import io
import logging
import logging.config
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.tipform.officers import NONCE, give_birth, groups_on, key_page, log_in, page, thread_of
from tests.tipform.residents import Resident, code_on
from tipform.inbox.viewset import TipsViewSet
from tipform.keys.viewset import KeysViewSet
from tipform.models import Tip

pytestmark = pytest.mark.django_db

CANARY = "chim hoàng yến ở bến đò"
PHONE = "0912345679"
RECOVERY = "ABCD"


@pytest.fixture
def output(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the installation's own handlers print, at DEBUG everywhere and with every database statement."""
    stream, loud = io.StringIO(), {**settings.LOGGING}
    loud["root"] = {**loud["root"], "level": "DEBUG"}
    # A picture library's debug lines are silenced by name; that stays, as nobody turns it on by a level.
    names = ("django", "django.server", "django.db.backends", "tipform", "allauth", "wagtail")
    loud["loggers"] = {
        **loud["loggers"],
        **{name: {"handlers": [], "level": "DEBUG", "propagate": True} for name in names},
    }
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", stream)
        logging.config.dictConfig(loud)
    connection.force_debug_cursor = True
    yield stream
    connection.force_debug_cursor = False
    logging.config.dictConfig(settings.LOGGING)


def test_a_day_at_the_loudest_level_says_nothing(
    commune: CommunePage, officer: Any, output: io.StringIO, capfd: Any, settings: Any
) -> None:
    settings.DEBUG = True
    client = log_in(officer)
    groups = give_birth(client, commune.unit)
    resident = Resident()
    code = code_on(resident.send(message=CANARY, place=CANARY, name=CANARY, phone=PHONE, contact="callback"))
    tip = Tip.objects.get()
    assert CANARY in page(client, thread_of(tip))
    for act in ("reply", "identity"):
        client.post(thread_of(tip), {"act": act, "text": CANARY, "nonce": NONCE})
    resident.look_up(code)
    resident.look_up(code, message=CANARY)
    client.post(key_page("recover", commune.unit), {"code": " ".join(groups)})
    printed = output.getvalue() + "".join(capfd.readouterr())
    assert "SELECT" in printed
    secrets = [
        CANARY,
        PHONE,
        code,
        PASSWORD,
        "".join(groups),
        " ".join(groups),
        client.cookies["tipkey"].value,
    ]
    _holds_none_of(printed, secrets)


def _holds_none_of(printed: str, secrets: list[str]) -> None:
    for secret in secrets:
        assert secret
        for form in (secret, ascii(secret)[1:-1], secret.encode().hex(), repr(secret.encode())[2:-1]):
            assert form not in printed, form


def _posted(commune: CommunePage) -> dict[str, str]:
    """The fields of every form of tips and keys at once, each with a canary."""
    names = ("message", "place", "occurred", "name", "text", "code", "digits", "group-1", "unlock-password")
    return {**dict.fromkeys(names, CANARY), "phone": PHONE, "act": "reply", "nonce": NONCE, "kind": "tip"}


def _breaking(view: str) -> Callable[..., Any]:
    def broken(request: Any, *args: Any, **kwargs: Any) -> Any:
        words = [*request.POST.values(), CANARY]
        try:
            raise KeyError(words)
        except KeyError as error:
            raise ValueError(f"{view}: {words}") from error

    return broken


def _addresses(commune: CommunePage, tip: Tip) -> dict[str, str]:
    """Every address of this floor; a new one that nobody named here fails the test."""
    part, unit = tip.parts.all()[0], commune.unit.pk
    known: dict[str, list[Any]] = {
        "tips:index": [],
        "tips:index_results": [],
        "tips:thread": [tip.uuid],
        "tips:hand-on": [tip.uuid],
        "tips:file": [tip.uuid, part.uuid],
        "keys:index": [],
        "keys:health": [],
        "keys:begin": [unit],
        "keys:code": [unit],
        "keys:confirm": [unit],
        "keys:grant": [unit, 1],
        "keys:recover": [unit],
    }
    named = {
        f"{viewset.name}:{pattern.name}"
        for viewset in (TipsViewSet(), KeysViewSet())
        for pattern in viewset.get_urlpatterns()
    }
    assert named == set(known), "name the new address here"
    addresses = {name: reverse(name, args=args) for name, args in known.items()}
    return {**addresses, "form": "/cam-trung/gui-tin-bao/", "lookup": "/tra-cuu/"}


def test_an_error_in_every_view_says_nothing(
    commune: CommunePage, officer: Any, output: io.StringIO, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(officer)
    give_birth(client, commune.unit)
    resident = Resident()
    resident.send(message=CANARY, phone=PHONE, contact="callback")
    client.raise_request_exception = False
    for name, address in _addresses(commune, Tip.objects.get()).items():
        with monkeypatch.context() as patch:
            # Right where the view begins, with everything that was posted in the error's message.
            patch.setattr("tipform.keys.middleware.unlocked", _breaking(name))
            for method in (client.get, client.post):
                response = method(address, _posted(commune))
                assert response.status_code in (500, 503), (name, response.status_code)
                assert CANARY not in response.content.decode()
    printed = output.getvalue() + "".join(capfd.readouterr())
    assert "ValueError" in printed
    _holds_none_of(printed, [CANARY, PHONE])


def test_an_error_inside_what_opens_tips_says_nothing(
    commune: CommunePage, officer: Any, output: io.StringIO, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(officer)
    give_birth(client, commune.unit)
    resident = Resident()
    code = code_on(resident.send(message=CANARY, phone=PHONE, contact="callback"))
    tip = Tip.objects.get()
    client.raise_request_exception = resident.client.raise_request_exception = False

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise ValueError(f"{CANARY} {PHONE} {code}")

    for place in ("tipform.vault.open_json", "tipform.vault.seal_json", "tipform.vault.open_grant"):
        with monkeypatch.context() as patch:
            patch.setattr(place, broken)
            client.get("/admin/tips/")
            client.get(thread_of(tip))
            client.post(thread_of(tip), _posted(commune))
            resident.send(message=CANARY)
            resident.look_up(code)
    printed = output.getvalue() + "".join(capfd.readouterr())
    assert "ValueError" in printed
    _holds_none_of(printed, [CANARY, PHONE, code])


def test_the_pages_of_the_code_are_kept_nowhere(commune: CommunePage, officer: Any) -> None:
    client = log_in(officer)
    client.post(key_page("begin", commune.unit))
    response = client.get(key_page("code", commune.unit))
    assert len(groups_on(response.content.decode())) == 14
    assert "no-store" in response.headers["Cache-Control"]
    # The QR picture is part of the page: no file with an address, and no request to anywhere.
    assert re.search(r"<svg[^>]*>", response.content.decode())


def test_an_anonymous_visitor_gets_no_page_of_keys(commune: CommunePage) -> None:
    for name in ("begin", "code", "confirm", "recover"):
        assert Client().get(key_page(name, commune.unit)).status_code == 302
