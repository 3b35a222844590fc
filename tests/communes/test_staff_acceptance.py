"""The page that a slip opens: a code, a password of one's own, one log-in."""

import datetime
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.staff.invitations import Slip, Unusable, accept, find, invite, new_slip, reset_slip, withdraw
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/moi/"
OWN = "lúa chín đồng sâu"


def slip_for(
    unit: Unit, name: str = "Nguyễn Văn An", roles: tuple[str, ...] = ("officer",), by: Any = None
) -> Slip:
    return invite(unit=unit, full_name=name, roles=roles, by=by)


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def post(client: Client, code: str, **fields: str) -> Any:
    return client.post(PAGE, {"code": code, **fields})


def passwords(first: str, second: str | None = None) -> dict[str, str]:
    return {"password1": first, "password2": first if second is None else second}


def test_from_the_slip_to_the_first_log_in(client: Client, commune: CommunePage, unit_editor: Any) -> None:
    slip = slip_for(commune.unit, by=unit_editor)
    assert User.objects.filter(username=slip.invitation.username).count() == 0
    shown = text(post(client, " ".join(slip.groups)))
    for told in ("Nguyễn Văn An", "Công an xã Cẩm Trung", "cán bộ tiếp nhận tin", "an.camtrung"):
        assert told in shown
    response = post(client, slip.code, **passwords(OWN))
    assert response["Location"] == "/accounts/login/"
    # He logs in himself: what needs the typed password finds it on the ordinary way.
    assert 'value="an.camtrung"' in text(client.get("/accounts/login/"))
    response = client.post("/accounts/login/", {"login": "an.camtrung", "password": OWN})
    assert response["Location"] == "/admin/"
    user = User.objects.get(username="an.camtrung")
    assert (user.get_full_name(), user.last_name, user.first_name) == ("Nguyễn Văn An", "Nguyễn Văn", "An")
    membership = Membership.objects.current().get(user=user)
    assert (membership.unit, membership.role) == (commune.unit, "officer")
    assert client.get("/admin/").status_code == 200


def test_nothing_of_the_page_is_kept_anywhere(client: Client, commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    for response in (client.get(PAGE), post(client, slip.code), post(client, slip.code, **passwords(OWN))):
        assert "no-store" in response["Cache-Control"]
    stored = [str(value) for row in Invitation.objects.values() for value in row.values()]
    assert not any(slip.code in value for value in stored)


def unusable(client: Client, code: str) -> str:
    """What the page says, without the token and the code that was typed."""
    response = post(client, code)
    assert response.status_code == 200
    return re.sub(r'value="[^"]*"', "", text(response))


def test_whatever_is_wrong_with_a_code_the_answer_is_one_sentence(
    client: Client, commune: CommunePage, other_commune: CommunePage
) -> None:
    used = slip_for(commune.unit, "Người Một")
    accept(find(used.code), OWN)
    stale = slip_for(commune.unit, "Người Hai")
    Invitation.objects.filter(pk=stale.invitation.pk).update(expires_at=timezone.now())
    replaced = slip_for(commune.unit, "Người Ba")
    new_slip(replaced.invitation, None)
    withdrawn = slip_for(commune.unit, "Người Bốn")
    withdraw(withdrawn.invitation, None)
    closed = slip_for(other_commune.unit, "Người Năm")
    Unit.objects.filter(pk=other_commune.unit_id).update(active=False)
    answers = {
        unusable(client, code)
        for code in (used.code, stale.code, replaced.code, withdrawn.code, closed.code, "1234123412341234")
    }
    assert len(answers) == 1
    assert "Mã này không dùng được" in answers.pop()


@pytest.mark.parametrize("code", ["", "12", "a" * 16, "1" * 5000, "1234\x005678", "１２３４" * 4])
def test_what_is_no_code_is_asked_for_again(client: Client, commune: CommunePage, code: str) -> None:
    shown = text(post(client, code))
    assert 'name="code"' in shown
    assert "Tên đăng nhập" not in shown


def test_a_slip_is_used_once(client: Client, commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    first, second = find(slip.code), find(slip.code)
    accept(first, OWN)
    with pytest.raises(Unusable):
        accept(second, "mật khẩu của kẻ khác")
    assert User.objects.get(username="an.camtrung").check_password(OWN)
    assert Membership.objects.count() == 1


def test_the_slip_that_was_replaced_while_its_page_was_open_wins_nothing(commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    opened = find(slip.code)
    new_slip(slip.invitation, None)
    with pytest.raises(Unusable):
        accept(opened, OWN)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (passwords("ngắn"), "Mật khẩu này quá ngắn"),
        (passwords("password1234"), "Mật khẩu này quá phổ biến"),
        (passwords("nguyễn văn an"), "Mật khẩu quá giống"),
        (passwords(OWN, OWN + "x"), "Hai mật khẩu không giống nhau."),
        (passwords(""), "bắt buộc"),
    ],
)
def test_a_bad_password_is_told_and_the_slip_stays_good(
    client: Client, commune: CommunePage, typed: dict[str, str], reason: str
) -> None:
    slip = slip_for(commune.unit)
    shown = text(post(client, slip.code, **typed))
    assert reason in shown
    assert slip.code in shown
    assert not User.objects.filter(username="an.camtrung").exists()
    assert post(client, slip.code, **passwords(OWN)).status_code == 302


def test_a_stale_page_does_nothing_and_goes_on(commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    strict = Client(enforce_csrf_checks=True)
    strict.get(PAGE)
    response = post(strict, slip.code, **passwords(OWN))
    assert "Trang đã mở quá lâu" in text(response)
    assert slip.code in text(response)
    assert not User.objects.filter(username="an.camtrung").exists()


def test_a_browser_without_cookies_is_told_so_and_keeps_the_code(commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    response = post(Client(enforce_csrf_checks=True), slip.code, **passwords(OWN))
    assert "trình duyệt không gửi kèm cookie" in text(response)
    assert slip.code in text(response)
    assert not User.objects.filter(username="an.camtrung").exists()


def test_too_many_wrong_codes_are_refused_and_right_ones_cost_nothing(
    client: Client, commune: CommunePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communes.staff import acceptance

    monkeypatch.setattr(acceptance, "WRONG_CODES", "3/h")
    slip = slip_for(commune.unit)
    for _again in range(5):
        assert post(client, slip.code).status_code == 200
    for wrong in range(4):
        assert post(client, f"{wrong:016d}").status_code == 200
    response = post(client, slip.code)
    assert response.status_code == 429
    assert response["Retry-After"]
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert "Nguyễn Văn An" in text(post(elsewhere, slip.code))


def test_other_methods_are_refused(client: Client, commune: CommunePage) -> None:
    assert client.put(PAGE).status_code == 405


def test_a_new_password_ends_the_old_sessions_and_makes_no_other_work(
    client: Client, officer: Any, commune: CommunePage, unit_editor: Any
) -> None:
    client.force_login(officer)
    assert client.get("/admin/").status_code == 200
    slip = reset_slip(officer, commune.unit, unit_editor)
    assert client.get("/admin/").status_code == 200  # the old password works until the new one is chosen
    phone = Client()
    assert "đặt mật khẩu mới" in text(post(phone, slip.code))
    assert post(phone, slip.code, **passwords(OWN)).status_code == 302
    assert client.get("/admin/").status_code == 302
    assert not phone.login(username="truc", password=PASSWORD)
    assert phone.login(username="truc", password=OWN)
    assert Membership.objects.count() == 2
    with pytest.raises(Unusable):
        find(slip.code)


def test_a_slip_of_somebody_who_was_deactivated_or_promoted_opens_nothing(
    officer: Any, commune: CommunePage
) -> None:
    slip = reset_slip(officer, commune.unit, None)
    User.objects.filter(pk=officer.pk).update(is_superuser=True)
    with pytest.raises(Unusable):
        find(slip.code)
    User.objects.filter(pk=officer.pk).update(is_superuser=False, is_active=False)
    with pytest.raises(Unusable):
        find(slip.code)


def test_account_names_are_short_plain_and_no_one_elses(commune: CommunePage) -> None:
    names = [
        slip_for(commune.unit, name).invitation.username
        for name in ("Nguyễn Văn An", "Đỗ Thị An", "Đào Thu An")
    ]
    assert names == ["an.camtrung", "andt.camtrung", "andt2.camtrung"]
    assert slip_for(commune.unit, "…").invitation.username == "canbo.camtrung"
    User.objects.create_user("AN.camTrung2")
    assert all(re.fullmatch(r"[a-z0-9.]+", name) for name in names)


def test_an_account_that_took_the_name_meanwhile_is_not_touched(commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    User.objects.create_user("an.camtrung")
    with pytest.raises(Unusable):
        find(slip.code)
    assert new_slip(slip.invitation, None).invitation.username == "annv.camtrung"


def test_the_same_form_twice_gives_the_same_slip(commune: CommunePage, unit_editor: Any) -> None:
    first, second = (
        invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=unit_editor, nonce="n1")
        for _click in range(2)
    )
    assert first.code == second.code
    assert Invitation.objects.count() == 1


def test_slips_lapse_after_72_hours(commune: CommunePage) -> None:
    slip = slip_for(commune.unit)
    left = slip.invitation.expires_at - timezone.now()
    assert datetime.timedelta(hours=71, minutes=59) < left <= datetime.timedelta(hours=72)
