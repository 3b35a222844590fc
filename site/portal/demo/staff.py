"""The demo's accounts, all with one published password, which is why they exist nowhere else."""

import datetime

from django.utils import timezone

from communes.models import CommunePage, DutySlot, Membership, Unit, User

# The communes whose accounts the README names; another province's first two stand in for them.
STAFFED = ["cam-trung", "cam-due"]
# They work since before the demo's oldest tip: a form without a reader takes none.
WORKING_FOR = datetime.timedelta(days=365)


def load_staff(unit: Unit, communes: list[CommunePage], password: str) -> None:
    """The superuser, the unit's editors and officer, an editor and two tip officers of two communes.

    The first of the two has a roster; the other's is there to be filled in.
    """
    User.objects.create_superuser("quantri", _mail("quantri"), password)
    editor, officer = Membership.Role.EDITOR, Membership.Role.OFFICER
    for username in ("huyen", "huyen2"):
        _account(username, password, unit, editor)
    staffed = _staffed(communes)
    for page in staffed:
        for suffix, role in (("bientap", editor), ("truc1", officer), ("truc2", officer)):
            _account(f"{page.slug}-{suffix}", password, page.unit, role)
    _fill_roster(staffed[0])
    _account("truc", password, unit, officer)
    # So that every box is open: one officer stands in for those of all the other communes.
    for page in communes:
        if page not in staffed:
            _work(User.objects.get(username="truc"), page.unit, officer)


def _staffed(communes: list[CommunePage]) -> list[CommunePage]:
    by_slug = {page.slug: page for page in communes}
    named = [by_slug[slug] for slug in STAFFED if slug in by_slug]
    return named or communes[: len(STAFFED)]


def _account(username: str, password: str, unit: Unit, role: str) -> None:
    user = User.objects.create_user(username, _mail(username), password)
    # The one password is published, so whoever logs in knows it as his own.
    user.chose_own_password()
    _work(user, unit, role)


def _work(user: User, unit: Unit, role: str) -> None:
    since = timezone.localdate() - WORKING_FOR
    Membership.objects.create(user=user, unit=unit, role=role, since=since)


def _fill_roster(page: CommunePage) -> None:
    """One by day from Monday to Friday, the other at the weekend; the nights by turns."""
    first, second = (User.objects.get(username=f"{page.slug}-{suffix}") for suffix in ("truc1", "truc2"))
    weekend = (DutySlot.Weekday.SATURDAY, DutySlot.Weekday.SUNDAY)
    for weekday in DutySlot.Weekday:
        by_day = second if weekday in weekend else first
        by_night = first if weekday % 2 else second
        for part, user in ((DutySlot.Part.DAY, by_day), (DutySlot.Part.NIGHT, by_night)):
            DutySlot.objects.create(unit=page.unit, user=user, weekday=weekday, part=part)


def _mail(username: str) -> str:
    # By this a system check knows the demo's accounts.
    return f"{username}@demo.invalid"
