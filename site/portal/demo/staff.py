"""The demo's accounts, all with one published password, which is why they exist nowhere else."""

from communes.models import CommunePage, Membership, Unit, User

# The communes whose accounts the README names; another province's first two stand in for them.
STAFFED = ["cam-trung", "cam-due"]


def load_staff(unit: Unit, communes: list[CommunePage], password: str) -> None:
    """The superuser, two editors and an officer of the unit, an editor and two officers of two communes."""
    User.objects.create_superuser("quantri", _mail("quantri"), password)
    editor, officer = Membership.Role.EDITOR, Membership.Role.OFFICER
    for username in ("huyen", "huyen2"):
        _account(username, password, unit, editor)
    _account("huyen-truc1", password, unit, officer)
    for page in _staffed(communes):
        for suffix, role in (("bientap", editor), ("truc1", officer), ("truc2", officer)):
            _account(f"{page.slug}-{suffix}", password, page.unit, role)


def _staffed(communes: list[CommunePage]) -> list[CommunePage]:
    by_slug = {page.slug: page for page in communes}
    named = [by_slug[slug] for slug in STAFFED if slug in by_slug]
    return named or communes[: len(STAFFED)]


def _account(username: str, password: str, unit: Unit, role: str) -> None:
    user = User.objects.create_user(username, _mail(username), password)
    Membership.objects.create(user=user, unit=unit, role=role)


def _mail(username: str) -> str:
    # By this a system check knows the demo's accounts.
    return f"{username}@demo.invalid"
