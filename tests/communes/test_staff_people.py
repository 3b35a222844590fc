"""The staff's screens: the unit's editor keeps the staff of his unit and its communes, and nobody else's."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.lifecycle.opening import open_unit
from communes.models import CommunePage, Invitation, Membership, Unit, User
from communes.signals import membership_ended
from communes.staff.invitations import find, invite, reset_slip
from communes.staff.memberships import end_membership

pytestmark = pytest.mark.django_db

INDEX = reverse("staff:index")


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def url(name: str, *args: Any) -> str:
    return reverse(f"staff:{name}", args=args)


def works(user: Any, unit: Unit, role: str) -> bool:
    return Membership.objects.current().filter(user=user, unit=unit, role=role).exists()


@pytest.fixture
def desk(unit_editor: Any) -> Client:
    """The unit editor at his desk."""
    return logged_in(unit_editor)


@pytest.fixture
def other_unit_editor(db: None) -> Any:
    """An editor of another province's unit."""
    unit, _home = open_unit(kind="tinh", name="Nghệ An", phone="0238 000 0100", hostname="nghe-an.example")
    user = User.objects.create_user("tinh")
    Membership.objects.create(user=user, unit=unit, role="editor")
    return user


def invite_form(name: str, *roles: str, **more: str) -> dict[str, Any]:
    return {"full_name": name, "roles": list(roles), **more}


# --- Inviting ---------------------------------------------------------------------------------------------


def test_inviting_shows_the_slip_once_with_all_that_is_needed(desk: Client, commune: CommunePage) -> None:
    response = desk.post(url("invite", commune.unit_id), invite_form("Nguyễn  Văn An", "editor", "officer"))
    shown = text(response)
    assert "no-store" in response["Cache-Control"]
    code = "".join(re.findall(r"<span>(\d{4})</span>", shown))
    invitation = find(code)
    assert invitation.full_name == "Nguyễn Văn An"
    for told in (
        "Công an xã Cẩm Trung",
        "Nguyễn Văn An",
        "an.camtrung",
        "testserver/moi",
        "<svg",
        "Không đưa phiếu này",
    ):
        assert told in shown
    assert code not in text(desk.get(url("unit", commune.unit_id)))
    assert "Nguyễn Văn An" in text(desk.get(url("unit", commune.unit_id)))
    assert not any(code in str(entry.data) for entry in ModelLogEntry.objects.all())
    assert ModelLogEntry.objects.filter(action="staff.invited").count() == 1


def test_a_second_click_gives_the_same_slip_and_the_same_name_is_asked_about(
    desk: Client, commune: CommunePage
) -> None:
    page = url("invite", commune.unit_id)
    codes = {
        tuple(
            re.findall(
                r"<span>(\d{4})</span>", text(desk.post(page, invite_form("Lê An", "officer", nonce="n")))
            )
        )
        for _click in range(2)
    }
    assert len(codes) == 1
    assert "đã có phiếu chưa dùng" in text(desk.post(page, invite_form("Lê An", "officer", nonce="m")))
    assert Invitation.objects.count() == 1


def test_a_new_slip_voids_the_old_one(desk: Client, commune: CommunePage, unit_editor: Any) -> None:
    slip = invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=unit_editor)
    shown = text(desk.post(url("slip", slip.invitation.pk)))
    assert find("".join(re.findall(r"<span>(\d{4})</span>", shown))) == slip.invitation
    desk.post(url("withdraw", slip.invitation.pk))
    assert not Invitation.objects.open().exists()


def test_somebody_with_an_account_gets_the_work_without_a_slip(
    desk: Client, editor: Any, other_commune: CommunePage
) -> None:
    editor.set_full_name("Trần Thị Bình")
    editor.save()
    page = url("invite", other_commune.unit_id)
    asked = text(desk.post(page, invite_form("trần thị bình", "officer")))
    assert "bientap" in asked
    assert not Invitation.objects.exists()
    desk.post(page, invite_form("trần thị bình", "officer", person=str(editor.pk)))
    assert works(editor, other_commune.unit, "officer")
    assert "Phiếu mời" in text(desk.post(page, invite_form("trần thị bình", "officer", person="new")))


@pytest.mark.parametrize(
    "form",
    [
        {},
        invite_form("", "editor"),
        invite_form("A" * 151, "editor"),
        invite_form("An"),
        invite_form("An", "admin"),
        invite_form("A\x00n", "editor"),
        invite_form("An", "editor", nonce="x" * 65),
    ],
)
def test_a_bad_form_comes_back_and_makes_nothing(
    desk: Client, commune: CommunePage, form: dict[str, Any]
) -> None:
    assert desk.post(url("invite", commune.unit_id), form).status_code == 200
    assert not Invitation.objects.exists()


def test_nobody_gives_himself_work(desk: Client, unit_editor: Any, commune: CommunePage) -> None:
    assert desk.post(url("add", unit_editor.pk), {"place": "Cẩm Trung", "role": "officer"}).status_code == 404
    unit_editor.set_full_name("Phạm Huyện")
    unit_editor.save()
    desk.post(
        url("invite", commune.unit_id), invite_form("Phạm Huyện", "officer", person=str(unit_editor.pk))
    )
    assert not works(unit_editor, commune.unit, "officer")


# --- Ending, handing over ---------------------------------------------------------------------------------


def test_what_ends_today_ends_now(desk: Client, editor: Any, commune: CommunePage) -> None:
    phone = logged_in(editor)
    heard = []
    membership_ended.connect(
        lambda **kwargs: heard.append(kwargs["membership"].user), weak=False, dispatch_uid="t"
    )
    try:
        membership = editor.memberships.get()
        assert phone.get("/admin/").status_code == 200
        desk.post(url("hand_over", membership.pk), {"person": ""})
    finally:
        membership_ended.disconnect(dispatch_uid="t")
    membership.refresh_from_db()
    assert membership.until == timezone.localdate()
    assert not works(editor, commune.unit, "editor")
    assert not editor.groups.exists()
    assert phone.get("/admin/").status_code == 302
    assert heard == [editor]


def test_handing_over_to_somebody_new_prints_his_slip_and_the_other_moves(
    desk: Client, editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    form = {"person": "new", "full_name": "Lê Thị Cúc", "moves_to": "cam due", "nonce": "n"}
    page = url("hand_over", editor.memberships.get().pk)
    for _click in range(2):
        shown = text(desk.post(page, form))
        assert "cuc.camtrung" in shown
        assert find("".join(re.findall(r"<span>(\d{4})</span>", shown))).roles == ["editor"]
    assert not works(editor, commune.unit, "editor")
    assert works(editor, other_commune.unit, "editor")
    assert Invitation.objects.count() == 1


def test_handing_over_to_a_colleague(desk: Client, editor: Any, officer: Any, commune: CommunePage) -> None:
    page = url("hand_over", editor.memberships.get().pk)
    assert f'value="{officer.pk}"' in text(desk.get(page))
    desk.post(page, {"person": str(officer.pk)})
    assert works(officer, commune.unit, "editor")
    assert works(officer, commune.unit, "officer")


def test_coming_back_on_the_same_day_works(desk: Client, editor: Any, commune: CommunePage) -> None:
    desk.post(url("hand_over", editor.memberships.get().pk), {"person": ""})
    desk.post(url("add", editor.pk), {"place": "Công an xã Cẩm Trung", "role": "editor"})
    assert works(editor, commune.unit, "editor")
    assert editor.memberships.count() == 1


def test_closing_an_account_ends_everything_and_deletes_nothing(
    desk: Client, editor: Any, commune: CommunePage, unit_editor: Any
) -> None:
    phone = logged_in(editor)
    reset_slip(editor, commune.unit, unit_editor)
    desk.get(url("deactivate", editor.pk))
    assert User.objects.get(pk=editor.pk).is_active  # looking changes nothing
    desk.post(url("deactivate", editor.pk))
    editor.refresh_from_db()
    assert not editor.is_active
    assert editor.memberships.count() == 1
    assert not works(editor, commune.unit, "editor")
    assert not Invitation.objects.open().exists()
    assert phone.get("/admin/").status_code == 302


def test_a_unit_editor_who_leaves_takes_his_slips_with_him(
    unit: Unit, unit_editor: Any, second_unit_editor: Any, commune: CommunePage
) -> None:
    slip = invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=unit_editor)
    logged_in(second_unit_editor).post(url("deactivate", unit_editor.pk))
    slip.invitation.refresh_from_db()
    assert slip.invitation.lapsed


# --- New passwords ----------------------------------------------------------------------------------------


def test_a_unit_editor_prints_a_slip_for_a_forgotten_password_of_his_communes(
    desk: Client, officer: Any, commune: CommunePage
) -> None:
    shown = text(desk.post(url("reset", officer.pk)))
    assert "Phiếu đặt lại mật khẩu" in shown
    assert find("".join(re.findall(r"<span>(\d{4})</span>", shown))).user == officer
    desk.post(url("reset", officer.pk))
    assert Invitation.objects.open().count() == 1


def test_no_slip_for_approvers_superusers_oneself_and_people_of_other_units(
    desk: Client,
    unit_editor: Any,
    second_unit_editor: Any,
    superuser: Any,
    other_unit_editor: Any,
    officer: Any,
    editor: Any,
) -> None:
    other_unit = other_unit_editor.memberships.get().unit
    Membership.objects.create(user=officer, unit=other_unit, role="officer")  # works for both
    User.objects.filter(pk=editor.pk).update(is_superuser=True)
    for person in (unit_editor, second_unit_editor, superuser, other_unit_editor, officer, editor):
        assert desk.post(url("reset", person.pk)).status_code == 404
    assert not Invitation.objects.exists()
    assert "Phiếu đặt lại" in text(logged_in(superuser).post(url("reset", second_unit_editor.pk)))


def test_no_slip_for_somebody_who_works_nowhere_any_more(
    desk: Client, officer: Any, unit_editor: Any
) -> None:
    end_membership(officer.memberships.get(), unit_editor)
    assert "Phiếu" not in text(desk.get(url("person", officer.pk)))
    assert desk.post(url("reset", officer.pk)).status_code == 404
    assert not Invitation.objects.exists()


# --- Who sees what ----------------------------------------------------------------------------------------


def addresses(commune: CommunePage, person: Any, invitation: Invitation) -> list[str]:
    return [
        url("unit", commune.unit_id),
        url("invite", commune.unit_id),
        url("close", commune.unit_id),
        url("person", person.pk),
        url("add", person.pk),
        url("reset", person.pk),
        url("deactivate", person.pk),
        url("hand_over", person.memberships.get().pk),
        url("slip", invitation.pk),
        url("withdraw", invitation.pk),
    ]


@pytest.mark.parametrize("who", ["other_editor", "officer", "other_unit_editor", "anonymous"])
def test_who_must_be_refused_sees_no_name_and_changes_nothing(
    who: str, request: pytest.FixtureRequest, editor: Any, commune: CommunePage
) -> None:
    editor.set_full_name("Trần Thị Bình")
    editor.save()
    invitation = invite(unit=commune.unit, full_name="Lê Bí Mật", roles=["officer"], by=None).invitation
    client = Client() if who == "anonymous" else logged_in(request.getfixturevalue(who))
    before = Membership.objects.current().count()
    for address in addresses(commune, editor, invitation):
        for response in (client.get(address), client.post(address, {"sure": "on", "person": ""})):
            assert response.status_code in (302, 404, 405), address
            assert "Bình" not in text(response)
            assert "Bí Mật" not in text(response)
    assert Membership.objects.current().count() == before
    assert Invitation.objects.valid().count() == 1
    assert "Bình" not in text(client.get(INDEX))
    assert "Bình" not in text(client.get(INDEX, {"q": "binh"}))


def test_a_commune_editor_reads_his_own_communes_staff_and_changes_nothing(
    editor: Any, officer: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    client = logged_in(editor)
    shown = text(client.get(INDEX))
    assert "truc" in shown
    assert "Bàn giao" not in shown
    assert "Chưa đủ hai cán bộ tiếp nhận tin" in shown
    assert client.get(url("unit", other_commune.unit_id)).status_code == 404
    for address in addresses(
        commune, officer, invite(unit=commune.unit, full_name="X Y", roles=["editor"], by=None).invitation
    )[1:]:
        assert client.post(address, {"sure": "on"}).status_code in (404, 405)
    assert works(officer, commune.unit, "officer")


def test_looking_at_an_address_that_changes_something_changes_nothing(
    desk: Client, officer: Any, commune: CommunePage
) -> None:
    invitation = invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=None).invitation
    for address in addresses(commune, officer, invitation):
        assert desk.get(address).status_code in (200, 302)
    assert works(officer, commune.unit, "officer")
    assert Invitation.objects.valid().count() == 1
    assert Unit.objects.get(pk=commune.unit_id).active


def test_people_and_communes_are_found_without_marks(desk: Client, editor: Any, commune: CommunePage) -> None:
    editor.set_full_name("Trần Thị Bình")
    editor.save()
    shown = text(desk.get(INDEX, {"q": "tran thi binh"}))
    assert "Trần Thị Bình" in shown
    assert "Công an xã Cẩm Trung" in text(desk.get(INDEX, {"q": "Công an xã cẩm trung"}))
    for odd in ("\x00", "%", "x" * 5000):
        assert desk.get(INDEX, {"q": odd}).status_code == 200


def test_the_list_and_the_first_page_cost_the_same_for_500_communes(
    desk: Client, unit: Unit, commune: CommunePage, editor: Any
) -> None:
    def queries(address: str) -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    pages = [INDEX, f"{INDEX}?q=xa", reverse("wagtailadmin_home"), url("unit", commune.unit_id)]
    Unit.objects.create(kind="xa", name="Cẩm Một", parent=unit)
    invite(unit=commune.unit, full_name="Người 0", roles=["officer"], by=editor)
    few = [queries(page) for page in pages]
    Unit.objects.bulk_create(
        Unit(kind="xa", name=f"Xã thử {number}", name_folded=f"xa thu {number}", parent=unit)
        for number in range(500)
    )
    for number in range(1, 12):
        invite(unit=commune.unit, full_name=f"Người {number}", roles=["officer"], by=editor)
    assert [queries(page) for page in pages] == few
    assert "503 đơn vị còn thiếu cán bộ" in text(desk.get(INDEX))


def test_opening_a_commune_takes_its_staff_along(desk: Client, unit: Unit) -> None:
    form = {
        "parent": str(unit.pk),
        "kind": "xa",
        "name": "Cẩm Hà",
        "phone": "0239 000 0104",
        "address": "Thôn 1",
        "nonce": "n",
        "people-TOTAL_FORMS": "2",
        "people-INITIAL_FORMS": "0",
        "people-0-full_name": "Lê An",
        "people-0-roles": ["editor"],
        "people-1-full_name": "Võ Bích",
        "people-1-roles": ["officer", "editor"],
    }
    preview = text(desk.post(url("open"), form))
    assert "http://testserver/cam-ha/" in preview
    assert "bich.camha" in preview
    assert not Unit.objects.filter(name="Cẩm Hà").exists()
    for _click in range(2):
        shown = text(desk.post(url("open"), {**form, "step": "open"}))
        assert "2 phiếu cần in" in shown
    assert Client().get("/cam-ha/").status_code == 200
    assert Invitation.objects.count() == 2
    assert "đã mở. Chỉ tạo thêm" in text(desk.post(url("open"), {**form, "nonce": "m"}))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"name": ""}, "bắt buộc"),
        ({"name": "…"}, "Xin chỉ ghi bằng chữ"),
        ({"phone": "gọi tôi"}, "số"),
        ({"slug": "tin-tuc"}, "đã có nơi dùng"),
        ({"people-0-full_name": "Lê An"}, "chọn công việc"),
        ({"kind": "huyen"}, "huyen"),
        ({"people-TOTAL_FORMS": "5000"}, ""),
    ],
)
def test_a_bad_opening_comes_back_with_its_words(
    desk: Client, unit: Unit, wrong: dict[str, str], reason: str
) -> None:
    form = {
        "parent": str(unit.pk),
        "kind": "xa",
        "name": "Cẩm Hà",
        "phone": "0239 000 0104",
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "step": "open",
        **wrong,
    }
    shown = text(desk.post(url("open"), form))
    assert reason in shown
    assert 'name="people-0-full_name"' in shown
    assert not Unit.objects.filter(name="Cẩm Hà").exists()


def test_the_unit_editor_closes_a_commune_after_reading_what_happens(
    desk: Client, commune: CommunePage, other_commune: CommunePage, editor: Any
) -> None:
    page = url("close", commune.unit_id)
    assert "bientap" in text(desk.get(page))
    chosen = {"successors": [other_commune.unit_id], "day": "2025-07-01"}
    desk.post(page, chosen)
    assert Unit.objects.get(pk=commune.unit_id).active  # the box was not ticked
    assert "Cẩm Duệ" in text(desk.post(page, {**chosen, "sure": "on"}))
    assert not Unit.objects.get(pk=commune.unit_id).active
    assert Client().get("/cam-trung/")["Location"].endswith("/cam-due/?tu=cam-trung")
    arrived = text(Client().get("/cam-trung/", follow=True))
    assert "Xã Cẩm Trung nay là xã Cẩm Duệ (từ 01/07/2025)." in arrived


def test_another_units_editor_opens_nothing_under_this_unit(other_unit_editor: Any, unit: Unit) -> None:
    form = {
        "parent": str(unit.pk),
        "kind": "xa",
        "name": "Cẩm Hà",
        "phone": "0239 000 0104",
        "people-TOTAL_FORMS": "0",
        "people-INITIAL_FORMS": "0",
        "step": "open",
    }
    assert "Cẩm Xuyên" not in text(logged_in(other_unit_editor).post(url("open"), form))
    assert not Unit.objects.filter(name="Cẩm Hà").exists()
