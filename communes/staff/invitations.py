"""Invitations and their slips: a code of 16 digits, used once, valid for INVITATION_HOURS.

Only a keyed hash of the code is stored. The code is shown on the slip and never again.
"""

import datetime
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from home.text import fold, plain_slug, same_key

from ..models import Invitation, Membership, Unit, User
from ..signals import invitation_used
from .approvers import only_administrators
from .log import log_act
from .memberships import end_sessions, start_membership

DIGITS = 16
Purpose = Invitation.Purpose


class Unusable(Exception):
    """The code opens nothing. Which of the reasons it is, nobody is told."""


class AlreadyInvited(Exception):
    """There is an open invitation for this name in this unit."""

    def __init__(self, invitation: Invitation) -> None:
        self.invitation = invitation


@dataclass(frozen=True, repr=False)
class Slip:
    """An invitation with the code that nothing else knows."""

    invitation: Invitation
    code: str

    @property
    def groups(self) -> list[str]:
        return [self.code[start : start + 4] for start in range(0, DIGITS, 4)]


def _hash(code: str) -> str:
    return salted_hmac("communes.invitation", code, algorithm="sha256").hexdigest()


def _code(*parts: str) -> str:
    """16 digits from `parts`, so that one form sent twice gives one slip; random without parts."""
    text = "\0".join(parts) if parts else secrets.token_hex(32)
    mac = salted_hmac("communes.invitation.code", text, algorithm="sha256").hexdigest()
    return f"{int(mac, 16) % 10**DIGITS:0{DIGITS}d}"


def _expiry() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=settings.INVITATION_HOURS)


def _with(by: Any, before: Iterable[int] = ()) -> list[int]:
    """The ids of `before` and of who does this now; the command line is nobody."""
    return sorted({*before, *([by.pk] if by else [])})


def free_username(full_name: str, unit: Unit) -> str:
    """Short and easily typed on a phone: "an.camtrung", "annv.camtrung", "annv2.camtrung"."""
    words = [word for word in plain_slug(full_name).split("-") if word] or ["canbo"]
    given, initials = words[-1][:20], "".join(word[0] for word in words[:-1])[:6]
    place = plain_slug(unit.name).replace("-", "")[:20] or "donvi"
    accounts = User.objects.filter(username__iendswith=f".{place}").values_list("username", flat=True)
    offered = Invitation.objects.open().filter(username__endswith=f".{place}")
    taken = {name.lower() for name in [*accounts, *offered.values_list("username", flat=True)]}
    candidate, number = f"{given}.{place}", 1
    while candidate in taken:
        candidate = f"{given}{initials}{number if number > 1 else ''}.{place}"
        number += 1
    return candidate


@transaction.atomic
def invite(*, unit: Unit, full_name: str, roles: Iterable[str], by: Any, nonce: str = "") -> Slip:
    """Invite somebody who has no account yet. The same `nonce` gives the same slip again.

    Raises AlreadyInvited when such an invitation is open.
    """
    # One after the other: two people of one name must not be offered one account name.
    Unit.objects.select_for_update().get(pk=unit.parent_id or unit.pk)
    roles = sorted(set(roles))
    code = _code("invite", nonce, str(by and by.pk), str(unit.pk), full_name, *roles) if nonce else _code()
    made = Invitation.objects.open().filter(code_hash=_hash(code)).first()
    if made is not None:
        return Slip(made, code)
    if existing := _invited(unit, full_name):
        raise AlreadyInvited(existing)
    invitation = Invitation.objects.create(
        unit=unit,
        roles=roles,
        full_name=full_name,
        username=free_username(full_name, unit),
        code_hash=_hash(code),
        created_by=by,
        brought_in_by=_with(by),
        expires_at=_expiry(),
    )
    log_act(invitation, "staff.invited", by, roles=roles)
    return Slip(invitation, code)


def _invited(unit: Unit, full_name: str) -> Invitation | None:
    """The open invitation of somebody of this name, however it is typed."""
    pending = Invitation.objects.open().filter(purpose=Purpose.JOIN, unit=unit)
    return next((one for one in pending if same_key(one.full_name) == same_key(full_name)), None)


def invite_missing(unit: Unit, people: dict[str, list[str]], report: Any) -> list[Slip]:
    """Slips for those of `people` (name to roles) who neither work here nor hold a slip that is good.

    For lists without anybody to ask: a name that works here already is taken for that person, and gets the
    roles that are missing.
    """
    slips = []
    here = {
        fold(each.user.get_full_name()): each.user
        for each in Membership.objects.not_ended().filter(unit=unit).select_related("user")
    }
    for name, roles in people.items():
        if user := here.get(fold(name)):
            _start_missing(user, unit, roles, report)
        elif slip := _missing_slip(unit, name, roles, report):
            slips.append(slip)
    return slips


def _start_missing(user: User, unit: Unit, roles: Iterable[str], report: Any) -> None:
    begun = [work for role in roles if (work := start_membership(user, unit, role, None))]
    if begun:
        report.made(f"work of {user}: {', '.join(map(_in_the_report, begun))}")
    else:
        report.found(f"{user} ({user.username})")


def _missing_slip(unit: Unit, name: str, roles: Iterable[str], report: Any) -> Slip | None:
    """A slip for somebody who does not work here yet; None for one whose slip is good."""
    invitation = _invited(unit, name)
    if invitation is None:
        slip = invite(unit=unit, full_name=name, roles=roles, by=None)
        report.made(f"invitation of {name} ({slip.invitation.username})")
        return slip
    if not invitation.in_force():
        # Altered from outside. The list says who is wanted, so he is invited afresh.
        invitation.delete()
        slip = invite(unit=unit, full_name=name, roles=roles, by=None)
        report.made(f"new slip for {name} ({slip.invitation.username})")
        return slip
    if invitation.lapsed:
        slip = new_slip(invitation, None)
        report.made(f"new slip for {name} ({invitation.username})")
        return slip
    report.found(f"invitation of {name} ({invitation.username})")
    return None


def _in_the_report(work: Membership) -> str:
    return f"{work.role} (awaits confirmation)" if work.awaits_confirmation else str(work.role)


@transaction.atomic
def new_slip(invitation: Invitation, by: Any) -> Slip:
    """Another code, valid from now; the old slip opens nothing any more.

    Raises Unusable for an invitation that the portal did not write so: its roles may be somebody else's wish.
    """
    if not invitation.in_force():
        raise Unusable
    code = _code()
    joins = invitation.purpose == Purpose.JOIN
    if joins and User.objects.filter(username__iexact=invitation.username):
        invitation.username = free_username(invitation.full_name, invitation.unit)
    invitation.code_hash, invitation.expires_at, invitation.created_by = _hash(code), _expiry(), by
    # Who invited him still answers for him; a new password is known to its printer alone.
    invitation.brought_in_by = _with(by, invitation.brought_in_by if joins else ())
    invitation.save()
    log_act(invitation, "staff.new_slip", by)
    return Slip(invitation, code)


@transaction.atomic
def reset_slip(user: User, unit: Unit, by: Any) -> Slip:
    """A slip with which this person chooses a new password. His old one works until he does."""
    User.objects.select_for_update().get(pk=user.pk)
    invitation = Invitation.objects.open().filter(purpose=Purpose.RESET, user=user).first()
    invitation = invitation or Invitation(purpose=Purpose.RESET, user=user)
    code = _code()
    invitation.unit, invitation.full_name, invitation.username = unit, str(user), user.username
    invitation.code_hash, invitation.expires_at, invitation.created_by = _hash(code), _expiry(), by
    invitation.brought_in_by = _with(by)
    invitation.save()
    log_act(user, "staff.reset_slip", by)
    return Slip(invitation, code)


def withdraw(invitation: Invitation, by: Any) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    log_act(invitation, "staff.withdrawn", by)


def find(code: str) -> Invitation:
    """The invitation that this code opens now. Raises Unusable."""
    invitation = (
        Invitation.objects.valid().filter(code_hash=_hash(code)).select_related("unit", "user").first()
    )
    if invitation is None or not invitation.in_force() or _of_an_approver(invitation):
        raise Unusable
    person = invitation.user
    if person is not None and (not person.is_active or person.is_superuser):
        raise Unusable
    if person is None and User.objects.filter(username__iexact=invitation.username).exists():
        raise Unusable
    return invitation


def _of_an_approver(invitation: Invitation) -> bool:
    """A new password for somebody who approves, or will, from somebody else than the administrator."""
    if invitation.purpose == Purpose.JOIN:
        return False
    approves = Membership.objects.not_ended().approving().filter(user=invitation.user)
    return approves.exists() and not only_administrators(invitation.brought_in_by)


def accept(invitation: Invitation, password: str) -> User:
    """Make the account, or give it its new password. Of two at the same time one wins. Raises Unusable."""
    # Hashed before the transaction: on a day of many slips all others would wait for it to write.
    return _use(invitation, make_password(password))


@transaction.atomic
def _use(invitation: Invitation, hashed_password: str) -> User:
    valid = (
        Invitation.objects.valid()
        .select_for_update(of=("self",))
        .select_related("unit", "user", "created_by")
    )
    won = valid.filter(pk=invitation.pk, code_hash=invitation.code_hash).first()
    if won is None or not won.in_force() or _of_an_approver(won):
        raise Unusable
    invitation = won
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    if invitation.purpose == Purpose.RESET and invitation.user is not None:
        user = invitation.user
        user.password = hashed_password
        user.save(update_fields=["password"])
        user.chose_own_password()
        end_sessions(user)
        log_act(user, "staff.reset", user)
        invitation_used.send_robust(sender=Invitation, invitation=invitation)
        return user
    user = User(username=invitation.username)
    user.set_full_name(invitation.full_name)
    user.password = hashed_password
    user.save()
    user.chose_own_password()
    invitation.user = user
    invitation.save(update_fields=["user"])
    log_act(user, "staff.accepted", user, invited_by=str(invitation.created_by or ""))
    for role in invitation.roles:
        start_membership(user, invitation.unit, Membership.Role(role), user)
    invitation_used.send_robust(sender=Invitation, invitation=invitation)
    return user
