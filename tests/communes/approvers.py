"""Approvers, and each way in which somebody who is no administrator brings one in."""

import re
from collections.abc import Callable
from typing import Any

from communes.alerts import rules
from communes.approval.queue import approval_tasks
from communes.models import Membership, Unit, User
from communes.staff.invitations import accept, find, invite
from tests.communes.test_staff_people import logged_in, text, url, works

OWN = "lúa chín đồng sâu"


def approver(username: str, unit: Unit, name: str = "") -> Any:
    """One who approves already."""
    user = User.objects.create_user(username, password=OWN)
    user.set_full_name(name or f"Người {username}")
    user.save()
    Membership.objects.create(user=user, unit=unit, role="editor")
    return user


def code_on(response: Any) -> str:
    return "".join(re.findall(r"<span>(\d{4})</span>", text(response)))


def approves(user: Any, unit: Unit) -> bool:
    """Whether he has any of what an approver has, by whatever part of the portal it is asked."""
    answers = {
        works(user, unit, "editor"),
        approval_tasks(User.objects.get(pk=user.pk)).exists(),
        rules.approves_for(user, unit),
        User.objects.get(pk=user.pk).groups.filter(unitapprovaltask__isnull=False).exists(),
    }
    assert len(answers) == 1, answers
    return answers.pop()


def waiting(user: Any) -> Membership:
    return Membership.objects.awaiting().get(user=user)


def confirms(by: Any, user: Any) -> Any:
    """What `by` reads after pressing the button for this person's newest work as an approver."""
    membership = Membership.objects.approving().filter(user=user).latest("pk")
    return logged_in(by).post(url("confirm", membership.pk), {"act": "confirm"}, follow=True)


def by_invitation(by: Any, unit: Unit) -> Any:
    form = {"full_name": "Lê Giả Danh", "roles": ["editor"], "nonce": "n"}
    return accept(find(code_on(logged_in(by).post(url("invite", unit.pk), form))), OWN)


def by_work_added(by: Any, unit: Unit) -> Any:
    user = User.objects.create_user("co-san", last_name="Lê Giả", first_name="Danh")
    Membership.objects.create(user=user, unit=unit.communes.get(name="Cẩm Trung"), role="editor")
    logged_in(by).post(url("add", user.pk), {"place": "huyện Cẩm Xuyên", "role": "editor"})
    return user


def by_the_name_of_somebody_with_an_account(by: Any, unit: Unit) -> Any:
    user = User.objects.create_user("co-san", last_name="Lê Giả", first_name="Danh")
    Membership.objects.create(user=user, unit=unit.communes.get(name="Cẩm Trung"), role="officer")
    form = {"full_name": "Lê Giả Danh", "roles": ["editor"], "person": str(user.pk)}
    logged_in(by).post(url("invite", unit.pk), form)
    return user


def by_a_new_slip_for_an_invitation_of_the_administrator(by: Any, unit: Unit) -> Any:
    administrator = User.objects.create_superuser("quan-tri-vien")
    slip = invite(unit=unit, full_name="Lê Giả Danh", roles=["editor"], by=administrator)
    return accept(find(code_on(logged_in(by).post(url("slip", slip.invitation.pk)))), OWN)


def by_handing_over_to_somebody_new(by: Any, unit: Unit) -> Any:
    leaving = approver("di", unit)
    form = {"person": "new", "full_name": "Lê Giả Danh", "nonce": "n"}
    page = url("hand_over", leaving.memberships.get().pk)
    return accept(find(code_on(logged_in(by).post(page, form))), OWN)


def by_handing_over_to_a_colleague(by: Any, unit: Unit) -> Any:
    leaving, user = approver("di", unit), User.objects.create_user("co-san")
    Membership.objects.create(user=user, unit=unit, role="officer")
    page = url("hand_over", leaving.memberships.get().pk)
    logged_in(by).post(page, {"person": str(user.pk)})
    return user


WAYS = [
    by_invitation,
    by_work_added,
    by_the_name_of_somebody_with_an_account,
    by_a_new_slip_for_an_invitation_of_the_administrator,
    by_handing_over_to_somebody_new,
    by_handing_over_to_a_colleague,
]
Way = Callable[[Any, Unit], Any]
