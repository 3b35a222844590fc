"""Every view through which something told passes, asked for in each of the ways that lead through it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from communes.models import Membership, Unit, User
from tests.conftest import PASSWORD
from tests.tipform.day import CHOSEN, FILE_NAME, MARK, NAME, PHONE, picture
from tests.tipform.officers import (
    INBOX,
    KEYS,
    NONCE,
    give_birth,
    groups_on,
    hand_on_page,
    key_holder,
    key_page,
    log_in,
    new_officer,
    own_digits,
    page,
    press,
    strict,
    thread_of,
)
from tests.tipform.residents import Resident, answers_to, code_on, hidden_fields, named
from tests.tipform.uploading import FILM, STREAM, UPLOADS, Phone, uploaded
from tipform.models import Tip, WaitingPiece

FORM, LOOKUP = "/cam-trung/gui-tin-bao/", "/tra-cuu/"
Data = Callable[[], Any]


@dataclass
class Asked:
    """One request, which can be sent again and again: each time what it changed is undone."""

    client: Client
    method: str
    url: str
    data: Data = field(default=dict)
    more: Data = field(default=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"

    def send(self) -> Any:
        cookies = self.client.cookies.output(header="", sep=";")
        with transaction.atomic():
            try:
                response = getattr(self.client, self.method)(self.url, self.data(), **self.more())
                if response.streaming:
                    b"".join(response.streaming_content)
            finally:
                self.client.cookies = SimpleCookie(cookies)
                transaction.set_rollback(True)
        return response


def every_view(unit: Unit, commune: Unit) -> list[Asked]:
    """The requests of a resident, of two officers and of the unit's editor; none of them raises."""
    key_holder(unit)
    resident = _Residents()
    asked = [*_officers(unit, commune, resident), *resident.requests()]
    for one in asked:
        one.client.raise_request_exception = False
    return asked


class _Residents:
    def __init__(self) -> None:
        self.resident = Resident(client=Client(enforce_csrf_checks=True))
        self.token, self.nonce = {"csrfmiddlewaretoken": ""}, ""

    def begin(self) -> Tip:
        """A tip that was answered, and another one to be taken back, so that no file is lost."""
        hidden = self.resident.open()
        self.token, self.nonce = {"csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"]}, hidden["nonce"]
        self.code = code_on(self.resident.client.post(FORM, self.told()))
        tip = Tip.objects.latest("pk")
        self.resident.look_up(self.code, message=f"{MARK} viết thêm")
        self.other_code = code_on(self.resident.send(message=f"{MARK} rút lại"))
        assert self.code and self.other_code
        self.phone = Phone()
        assert self.phone.create(len(FILM)).status_code == 201
        self.handle = uploaded(FILM, f"{FILE_NAME}.mp4", piece=50_000)
        # What is sent is erased, which undoing the request does not undo.
        pieces = WaitingPiece.objects.values_list("object_name", flat=True)
        self.waiting = {name: storages["tips"].open(name).read() for name in pieces}
        return tip

    def waits(self) -> list[str]:
        """The handle of a file that has gone up ahead of its form."""
        for name, content in self.waiting.items():
            if not storages["tips"].exists(name):
                storages["tips"].save(name, ContentFile(content))
        return [self.handle]

    def upload(self, method: str, url: str, **headers: str) -> Asked:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"headers": {"Tus-Resumable": "1.0.0", "Upload-Key": self.phone.key, **named}}
        if method == "patch":
            return Asked(
                self.phone.client, method, url, lambda: FILM, _always({**sent, "content_type": STREAM})
            )
        return Asked(self.phone.client, method, url, more=_always(sent))

    def told(self, **more: Any) -> dict[str, Any]:
        words = {**answers_to("tip", MARK, PHONE), "name": NAME, "category": "fraud", "nonce": self.nonce}
        attachments = [named(picture(), f"{FILE_NAME}.jpg")]
        return {**self.token, **words, "attachments": attachments, **more}

    def added(self, code: str) -> dict[str, Any]:
        attachments = [named(picture(), f"{FILE_NAME}.jpg")]
        files = {"attachments": attachments, "upload": self.waits()}
        return {**self.token, "code": code, "message": MARK, **files}

    def requests(self) -> list[Asked]:
        client, stale = self.resident.client, {"csrfmiddlewaretoken": "x" * 64}
        up = hidden_fields(self.resident.look_up(self.code, act="up").content.decode())
        assert up["above"]
        looked_up: list[dict[str, str]] = [
            {},
            {"message": MARK},
            *({"message": MARK, "act": act} for act in ("back", "up", "withdraw")),
            {"message": MARK, "act": "send-up", "above": up["above"], "nonce": up["nonce"], "identity": "on"},
            {"act": "erase", "sure": "on", "code": self.other_code},
            {"message": MARK, "code": "1234123412341234"},
            {"message": MARK, **stale},
        ]
        return [
            Asked(client, "get", FORM),
            Asked(client, "post", FORM, self.told),
            Asked(client, "post", FORM, lambda: self.told(message=MARK + "!")),
            Asked(client, "post", FORM, lambda: self.told(upload=self.waits())),
            Asked(client, "post", FORM, lambda: self.told(contact="x", upload=self.waits())),
            Asked(client, "post", FORM, lambda: self.told(**stale)),
            Asked(client, "get", LOOKUP),
            self.upload("post", UPLOADS, Upload_Length="10"),
            self.upload("head", self.phone.address),
            self.upload("patch", self.phone.address, Upload_Offset="0"),
            self.upload("delete", self.phone.address),
            Asked(client, "post", LOOKUP, lambda: self.added(self.code)),
            Asked(client, "post", LOOKUP, lambda: self.added("1234123412341234")),
            *(
                Asked(client, "post", LOOKUP, _always({**self.token, "code": self.code, **one}))
                for one in looked_up
            ),
        ]


def _officers(unit: Unit, commune: Unit, resident: _Residents) -> list[Asked]:
    reader = log_in(new_officer("an", commune))
    recovery = give_birth(reader, commune)
    waits = new_officer("binh", commune)
    digits = own_digits(log_in(waits))
    tip = resident.begin()
    press(reader, tip, "reply", text=f"{MARK} trả lời")
    press(reader, tip, "status", status="closed", outcome="resolved")
    reader.post(key_page("begin", commune))  # another code, not typed back yet
    groups = groups_on(page(reader, key_page("code", commune)))
    # His key has been put away: he is asked for his password where he is.
    locked = Client()
    locked.cookies = SimpleCookie(reader.cookies.output(header="", sep=";"))
    del locked.cookies["tipkey"]
    editor = Client()
    boss = User.objects.create_user("duyet")
    Membership.objects.create(user=boss, unit=unit, role="editor")
    editor.force_login(boss)
    work = {"text": MARK, "nonce": "w" * 22, "seen": "closed", "status": "closed", "outcome": "answered"}
    unlock = {"unlock-first": "post", "unlock-password": PASSWORD}
    parts = {"parts": ["message", "identity"], "reason": MARK, "mode": "transfer"}
    handed = {"unit": str(unit.uuid), "nonce": NONCE, "text": MARK, **parts}
    typed = {f"group-{number}": groups[number - 1] for number in (1, 2, 14)}
    thread, officer_key = thread_of(tip), waits.officer_keys.get().pk
    files = tip.parts.exclude(object_name="")
    return [
        Asked(reader, "get", reverse("wagtailadmin_home")),
        Asked(reader, "get", INBOX),
        Asked(reader, "get", reverse("tips:index_results")),
        Asked(reader, "get", thread),
        *(
            Asked(reader, "post", thread, _always({**work, "act": act}))
            for act in ("reply", "status", "identity", "")
        ),
        Asked(strict(reader), "post", thread, _always({**work, "act": "reply"})),
        Asked(locked, "get", thread),
        Asked(locked, "post", thread, _always({**work, "act": "reply"})),
        Asked(locked, "post", thread, _always({**work, **unlock, "act": "reply"})),
        Asked(reader, "get", hand_on_page(tip)),
        *(
            Asked(reader, "post", hand_on_page(tip), _always({**handed, "act": act}))
            for act in ("find", "check", "hand")
        ),
        Asked(strict(reader), "post", hand_on_page(tip), _always({**handed, "act": "hand"})),
        *(Asked(reader, "get", reverse("tips:file", args=[tip.uuid, part.uuid])) for part in files),
        Asked(reader, "get", KEYS),
        Asked(reader, "post", KEYS, _always({"notice": "1"})),
        *(Asked(reader, "get", key_page(name, commune)) for name in ("begin", "code", "confirm", "recover")),
        Asked(reader, "post", key_page("begin", commune)),
        Asked(reader, "post", key_page("confirm", commune), _always({"asked": "1,2", **typed})),
        Asked(reader, "post", key_page("grant", commune, officer_key), _always({"digits": digits})),
        Asked(reader, "post", key_page("recover", commune), _always({"code": " ".join(recovery)})),
        Asked(editor, "get", reverse("keys:health")),
        Asked(editor, "get", reverse("wagtailadmin_home")),
        Asked(Client(), "post", reverse("account_login"), _always({"login": "an", "password": PASSWORD})),
        Asked(
            reader,
            "post",
            reverse("account_change_password"),
            _always({"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}),
        ),
        Asked(reader, "post", reverse("account_logout")),
    ]


def _always(data: dict[str, Any]) -> Data:
    return lambda: data
