"""What a tip officer does in the inbox and on the pages of keys, as his browser sends it."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from communes.models import Membership, Unit, User
from communes.roles import officer_units
from tests.conftest import PASSWORD
from tipform import vault
from tipform.keys import current_key
from tipform.keys.births import make_recovery_key, put_in_force
from tipform.keys.grants import give, key_holders, new_generation
from tipform.keys.officers import make, newest
from tipform.models import AuditEntry, KeyGrant, OfficerKey, PartKey, Tip, UnitKey

NONCE = "n" * 22
REASON = "Việc ngoài địa bàn, <cần> cấp trên."
INBOX, KEYS = "/admin/tips/", "/admin/keys/"
CLOSED = "Hộp tin chưa mở"
WAITS = "Chưa đọc được tin: chờ đồng nghiệp cấp lại chìa khóa."
OTHER_PASSWORD = "một mật khẩu khác hẳn"

# Private keys of the units that `ensure_unit_key` opened, as their first officer would hold them.
_held: dict[int, bytes] = {}


def ensure_unit_key(unit: Unit) -> UnitKey:
    """The unit's present key; its box is opened here if need be, for all its officers of now and later.

    Somebody must be able to read, or the form takes nothing: an officer who is there, or one made here.
    """
    existing = current_key(unit)
    if existing is not None and (existing.pk not in _held or key_holders(unit)):
        return existing
    if existing is None:
        _code, recovery = make_recovery_key(unit, None)
        key, private = new_generation(unit, recovery, [], None)
        put_in_force(recovery)
        _held[key.pk] = private
    else:
        key, private = existing, _held[existing.pk]
    members = Membership.objects.current().filter(unit=unit, role="officer")
    for officer_key in OfficerKey.objects.filter(user__in=members.values("user")):
        give(key, private, officer_key, None)
    if not key_holders(unit):
        first = members.order_by("pk").first()
        give(key, private, _key_of(first.user if first else _keeper(unit)), None)
    return key


def key_holder(unit: Unit) -> User:
    """A new tip officer of the unit who holds its key, without a log-in through the page."""
    user = _keeper(unit)
    key = ensure_unit_key(unit)
    if not KeyGrant.objects.filter(unit_key=key, officer_key__user=user).exists():
        give(key, _held[key.pk], _key_of(user), None)
    return user


def _keeper(unit: Unit) -> User:
    user, made = User.objects.get_or_create(username=f"giu-khoa-{unit.pk}")
    if made:
        Membership.objects.create(user=user, unit=unit, role="officer")
    return user


def _key_of(user: User) -> OfficerKey:
    if not user.has_own_password:
        user.set_password(PASSWORD)
        user.save()
        user.chose_own_password()
    return newest(user) or make(user, PASSWORD)[0]


def log_in(user: Any, password: str = PASSWORD, client: Any = None) -> Any:
    """A browser in which he logged in through the page, without any grant of a key."""
    client = client or Client()
    response = client.post(reverse("account_login"), {"login": user.username, "password": password})
    assert response.status_code == 302, response.content.decode()
    return client


def unlocked(officer: Any) -> Client:
    """A browser in which the officer logged in under a password of his own and holds his units' keys."""
    _key_of(officer)
    client = log_in(officer)
    officer_key = newest(officer)
    assert officer_key
    for key in UnitKey.objects.filter(unit__in=officer_units(officer)).select_related("unit"):
        private = _held.get(key.pk)
        if private and vault.KeyPair.of(private).public == bytes(key.public_key):
            give(key, private, officer_key, None)
    return client


def strict(client: Client) -> Client:
    """The same browser, whose forms carry no valid token: the page had been open for too long."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return checked


def asked_by(user: Any, client: Client | None = None) -> HttpRequest:
    """A request of this user, for what is called beside the views, in the session of `client`."""
    request = HttpRequest()
    request.user = user
    if client is None and officer_units(user).exists():
        client = unlocked(user)
    if client is not None:
        request.session = client.session
        request.COOKIES = {settings.TIP_KEY_COOKIE: client.cookies[settings.TIP_KEY_COOKIE].value}
    return request


def thread_of(tip: Tip) -> str:
    return reverse("tips:thread", args=[tip.uuid])


def read(client: Client, tip: Tip) -> str:
    response = client.get(thread_of(tip))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, tip: Tip, act: str, **values: str) -> Any:
    data = {"act": act, "text": "", "nonce": NONCE, "seen": tip.status, "status": tip.status, "outcome": ""}
    return client.post(thread_of(tip), {**data, **values})


def actions(tip: Tip) -> list[str]:
    return list(AuditEntry.objects.filter(tip=tip.uuid).values_list("action", flat=True))


def openings(tip: Tip) -> list[Any]:
    """Who opened the thread, one name for each time."""
    opened = AuditEntry.objects.filter(tip=tip.uuid, action=AuditEntry.Action.OPENED)
    return [entry.actor for entry in opened]


def file_of(tip: Tip, label: str) -> str:
    return reverse("tips:file", args=[tip.uuid, tip.parts.get(label=label).uuid])


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def hand_on_page(tip: Tip) -> str:
    return reverse("tips:hand-on", args=[tip.uuid])


def hand(client: Client, tip: Tip, to: Unit, act: str = "hand", **values: Any) -> Any:
    """What the confirmation page posts; of the parts only message and place unless told otherwise."""
    data = {"unit": str(to.uuid), "mode": "transfer", "parts": ["message", "place"], "reason": REASON}
    return client.post(hand_on_page(tip), {"act": act, "nonce": NONCE, **data, **values})


# --- His key ----------------------------------------------------------------------------------------------


def new_officer(username: str, unit: Unit) -> Any:
    """An officer who has chosen his password himself, as from a printed slip."""
    user = User.objects.create_user(username, password=PASSWORD)
    Membership.objects.create(user=user, unit=unit, role="officer")
    user.chose_own_password()
    return user


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response
    return response.content.decode()


def key_page(name: str, unit: Unit, *args: Any) -> str:
    return reverse(f"keys:{name}", args=[unit.pk, *args])


def groups_on(html: str) -> list[str]:
    return re.findall(r'keys-code__group">([A-Z2-7]{4})<', html)


def type_back(client: Client, unit: Unit, groups: list[str]) -> Any:
    """Type the groups that the page asks for."""
    html = page(client, key_page("confirm", unit))
    asked = re.search(r'name="asked" value="([\d,]+)"', html)
    assert asked
    numbers = [*map(int, asked[1].split(",")), len(groups)]
    typed = {f"group-{number}": groups[number - 1].lower() for number in numbers}
    return client.post(key_page("confirm", unit), {"asked": asked[1], **typed})


def give_birth(client: Client, unit: Unit) -> list[str]:
    """Open the box as its first officer does; the groups of the recovery code."""
    assert client.post(key_page("begin", unit)).status_code == 302
    groups = groups_on(page(client, key_page("code", unit)))
    assert len(groups) == 14
    assert type_back(client, unit, groups).status_code == 302
    return groups


def own_digits(client: Client) -> str:
    found = re.findall(r'class="keys-fingerprint">([\d ]{23})<', page(client, KEYS))
    return found[-1].split()[-1]


def grant(client: Client, unit: Unit, to: Any, digits: str) -> Any:
    key = OfficerKey.objects.filter(user=to).latest("generation")
    return client.post(key_page("grant", unit, key.pk), {"digits": digits})


def reset_by_an_administrator(user: Any, password: str) -> None:
    user.refresh_from_db()
    user.set_password(password)
    user.save()


def sealed_to(tip: Tip) -> set[UnitKey | None]:
    """The generations of units' keys that open something of the tip."""
    rows = PartKey.objects.filter(part__tip=tip, unit_key__isnull=False).select_related("unit_key")
    return {row.unit_key for row in rows}


def choose(client: Client, old: str, new: str) -> None:
    data = {"oldpassword": old, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302
