"""The demo's accounts, all with one published password, which is why they exist nowhere else."""

from django.conf import settings

from communes.models import CommunePage, Membership, Unit, User

# The communes whose accounts the README names; another province's first two stand in for them.
STAFFED = ["cam-trung", "cam-due"]


def load_staff(unit: Unit, communes: list[CommunePage]) -> list[tuple[str, str]]:
    """Make the accounts; pairs of username and what it may do, for the list that the demo prints."""
    accounts = [("quantri", "Quản trị hệ thống (superuser)")]
    User.objects.create_superuser(
        "quantri", "quantri@demo.invalid", settings.DEMO_PASSWORD, first_name="Quản trị", last_name="viên"
    )
    editor, officer = Membership.Role.EDITOR, Membership.Role.OFFICER
    for username in ("huyen", "huyen2"):
        _account(username, unit, editor)
        accounts.append((username, f"Người duyệt bài, {unit.full_name}"))
    for page in staffed(communes):
        for suffix, role, what in (
            ("bientap", editor, "Cán bộ tuyên truyền"),
            ("truc1", officer, "Cán bộ tiếp nhận tin"),
            ("truc2", officer, "Cán bộ tiếp nhận tin"),
        ):
            _account(f"{page.slug}-{suffix}", page.unit, role)
            accounts.append((f"{page.slug}-{suffix}", f"{what}, {page.unit.full_name}"))
    return accounts


def staffed(communes: list[CommunePage]) -> list[CommunePage]:
    by_slug = {page.slug: page for page in communes}
    named = [by_slug[slug] for slug in STAFFED if slug in by_slug]
    return named or communes[: len(STAFFED)]


def _account(username: str, unit: Unit, role: str) -> None:
    user = User.objects.create_user(username, f"{username}@demo.invalid", settings.DEMO_PASSWORD)
    Membership.objects.create(user=user, unit=unit, role=role)
