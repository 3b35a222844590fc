"""Alerts: written by one, approved by another, urgent ones at once; seen by the public while they run."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.alerts.rules import mark_seen
from communes.lifecycle.opening import open_unit
from communes.models import Alert, CommunePage, NewsIndexPage, NewsPage, Unit
from home.tree import live_children

pytestmark = pytest.mark.django_db

TEXT = "Bến đò Cẩm Trung tạm dừng vì nước lên."
HOME = reverse("wagtailadmin_home")


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(hours: float) -> str:
    return f"{timezone.localtime() + datetime.timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def values(level: str = "warning", **changed: Any) -> dict[str, Any]:
    return {"act": "save", "level": level, "text": TEXT, "starts_at": at(0), "ends_at": at(5), **changed}


def write(user: Any, unit: Unit, level: str = "warning", **changed: Any) -> Alert:
    response = logged_in(user).post(reverse("alerts:new", args=[unit.pk]), values(level, **changed))
    assert response.status_code == 302, response.context["form"].errors
    return Alert.objects.latest("pk")


def act(user: Any, alert: Alert, name: str, **data: Any) -> Any:
    newest = Alert.objects.filter(thread=alert.thread).latest("pk")
    return logged_in(user).post(
        reverse("alerts:alert", args=[alert.thread]), {"act": name, "version": newest.pk, **data}
    )


def change(user: Any, alert: Alert, level: str = "warning", **changed: Any) -> Any:
    return act(user, alert, "save", **{**values(level), "act": "save", **changed})


def shown(url: str) -> str:
    return Client().get(url).content.decode()


def state(alert: Alert) -> str:
    alert.refresh_from_db()
    return alert.status


# --- Approval ---


@pytest.mark.parametrize("level", ["notice", "warning"])
def test_a_communes_alert_waits_for_the_unit(
    level: str, commune: CommunePage, editor: Any, other_editor: Any, unit_editor: Any
) -> None:
    alert = write(editor, commune.unit, level)
    assert TEXT not in shown(commune.url)
    assert TEXT in logged_in(unit_editor).get(HOME).content.decode()
    assert act(other_editor, alert, "approve").status_code == 404
    assert act(editor, alert, "approve").status_code == 404
    assert state(alert) == "waiting"
    act(unit_editor, alert, "approve")
    assert TEXT in shown(commune.url)
    assert TEXT not in logged_in(unit_editor).get(HOME).content.decode()


def test_an_alert_goes_back_with_a_reason(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    alert = write(editor, commune.unit)
    assert "lý do" in act(unit_editor, alert, "send-back", comment=" ").content.decode()
    assert state(alert) == "waiting"
    act(unit_editor, alert, "send-back", comment="Ghi rõ bến nào.")
    client = logged_in(editor)
    assert "Ghi rõ bến nào." in client.get(reverse("alerts:index")).content.decode()
    assert "Ghi rõ bến nào." in client.get(reverse("alerts:alert", args=[alert.thread])).content.decode()
    change(editor, alert, text="Bến đò thôn Trung Tiến tạm dừng.")
    act(unit_editor, alert, "approve")
    assert "Bến đò thôn Trung Tiến tạm dừng." in shown(commune.url)


def test_the_units_own_alert_needs_a_second_editor_of_the_unit(
    unit: Unit, commune: CommunePage, editor: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    alert = write(unit_editor, unit)
    assert act(unit_editor, alert, "approve").status_code == 404
    assert act(editor, alert, "approve").status_code == 404
    assert state(alert) == "waiting"
    act(second_unit_editor, alert, "approve")
    assert TEXT in shown(commune.url)
    assert TEXT in shown("/")


def test_a_change_waits_while_what_is_live_stays(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    alert = write(editor, commune.unit)
    act(unit_editor, alert, "approve")
    change(editor, alert, text="Đò chạy lại từ chiều nay.")
    assert TEXT in shown(commune.url)
    assert "Đò chạy lại" not in shown(commune.url)
    act(unit_editor, alert, "approve")
    assert TEXT not in shown(commune.url)
    assert "Đò chạy lại" in shown(commune.url)


def test_what_is_approved_is_what_was_read(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    alert = write(editor, commune.unit)
    page = reverse("alerts:alert", args=[alert.thread])
    change(editor, alert, text="Đổi sau khi gửi.")
    response = logged_in(unit_editor).post(page, {"act": "approve", "version": alert.pk})
    assert response.status_code == 409
    assert "Đổi sau khi gửi." in response.content.decode()
    assert not Alert.objects.filter(status="approved").exists()


def test_of_two_changes_at_once_the_second_keeps_its_words_and_stores_nothing(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    alert = write(editor, commune.unit)
    change(unit_editor, alert, text="Người duyệt đã sửa.")
    response = logged_in(editor).post(
        reverse("alerts:alert", args=[alert.thread]),
        {**values(), "text": "Chữ của biên tập.", "version": alert.pk},
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "Chữ của biên tập." in page and "Người duyệt đã sửa." in page
    assert not Alert.objects.filter(text="Chữ của biên tập.").exists()


def test_the_unit_corrects_and_that_approves(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    alert = write(editor, commune.unit)
    change(unit_editor, alert, text="Bến đò tạm dừng, bà con đi cầu.")
    assert "bà con đi cầu" in shown(commune.url)
    newest = Alert.objects.latest("pk")
    assert (newest.decided_by, newest.written_by) == (unit_editor, unit_editor)
    assert ModelLogEntry.objects.filter(action="communes.publish_at_once", user=unit_editor).exists()


# --- Urgent ---


def test_a_communes_urgent_alert_is_live_at_once_for_24_hours_at_most(
    commune: CommunePage, editor: Any
) -> None:
    alert = write(editor, commune.unit, "urgent", starts_at=at(2), ends_at=at(100))
    assert TEXT in shown(commune.url)
    assert alert.ends_at - timezone.now() <= datetime.timedelta(hours=24)
    without_end = write(editor, commune.unit, "urgent", ends_at="")
    assert without_end.ends_at - timezone.now() > datetime.timedelta(hours=23)


def test_changing_an_urgent_alert_is_live_at_once_and_makes_it_no_longer(
    commune: CommunePage, editor: Any
) -> None:
    alert = write(editor, commune.unit, "urgent")
    past = timezone.now() - datetime.timedelta(hours=20)
    Alert.objects.filter(pk=alert.pk).update(starts_at=past, decided_at=past)
    change(editor, alert, "urgent", text="Nước đã lên báo động ba.", starts_at=at(-20), ends_at=at(90))
    assert "báo động ba" in shown(commune.url) and TEXT not in shown(commune.url)
    left = Alert.objects.latest("pk").ends_at - timezone.now()
    assert left < datetime.timedelta(hours=4, minutes=1)


def test_an_urgent_alert_stands_first_until_another_of_the_unit_has_looked(
    commune: CommunePage, editor: Any, unit_editor: Any, second_unit_editor: Any, other_editor: Any
) -> None:
    alert = write(editor, commune.unit, "urgent")
    board = logged_in(unit_editor).get(HOME).content.decode()
    assert board.index('id="urgent"') < board.index('id="waiting-for-approval"')
    assert TEXT in board
    assert act(other_editor, alert, "seen").status_code == 404
    act(editor, alert, "seen")
    assert 'id="urgent"' in logged_in(unit_editor).get(HOME).content.decode()
    act(editor, alert, "end")
    assert 'id="urgent"' in logged_in(unit_editor).get(HOME).content.decode(), "over, and still not looked at"
    act(unit_editor, alert, "seen")
    alert.refresh_from_db()
    assert alert.seen_by == unit_editor
    assert 'id="urgent"' not in logged_in(second_unit_editor).get(HOME).content.decode()
    assert ModelLogEntry.objects.filter(action="communes.seen", user=unit_editor).exists()


def test_of_two_who_look_the_first_is_recorded(
    commune: CommunePage, editor: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    """Both had the page open."""
    alert = write(editor, commune.unit, "urgent")
    assert mark_seen(alert, unit_editor)
    assert not mark_seen(alert, second_unit_editor)
    assert act(second_unit_editor, alert, "seen").status_code == 409
    alert.refresh_from_db()
    assert alert.seen_by == unit_editor
    assert ModelLogEntry.objects.filter(action="communes.seen").count() == 1


def test_the_units_urgent_alert_is_live_at_once_and_a_colleague_looks(
    unit: Unit, commune: CommunePage, unit_editor: Any, second_unit_editor: Any
) -> None:
    alert = write(unit_editor, unit, "urgent", ends_at=at(72))
    assert alert.ends_at - timezone.now() > datetime.timedelta(hours=70)
    assert TEXT in shown(commune.url)
    assert TEXT not in logged_in(unit_editor).get(HOME).content.decode()
    assert TEXT in logged_in(second_unit_editor).get(HOME).content.decode()


def test_urgent_made_into_a_notice_waits(commune: CommunePage, editor: Any) -> None:
    alert = write(editor, commune.unit, "urgent")
    change(editor, alert, "notice", text="Nhắc bà con.")
    assert TEXT in shown(commune.url) and "Nhắc bà con." not in shown(commune.url)


# --- Running and ending ---


def test_an_alert_appears_and_vanishes_by_itself(commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    alert = write(editor, commune.unit, starts_at=at(1), ends_at=at(2))
    act(unit_editor, alert, "approve")
    assert TEXT not in shown(commune.url)
    now = timezone.now()
    Alert.objects.filter(pk=alert.pk).update(starts_at=now - datetime.timedelta(minutes=1))
    assert TEXT in shown(commune.url)
    Alert.objects.filter(pk=alert.pk).update(ends_at=now)
    assert TEXT not in shown(commune.url)


def test_an_alert_runs_from_its_first_moment_to_the_last_one_before_its_end(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    alert = write(editor, commune.unit, starts_at=at(1), ends_at=at(2))
    act(unit_editor, alert, "approve")
    instant = datetime.timedelta(microseconds=1)
    for moment, runs in (
        (alert.starts_at - instant, False),
        (alert.starts_at, True),
        (alert.ends_at - instant, True),
        (alert.ends_at, False),
    ):
        assert Alert.objects.running(moment).exists() is runs


def test_a_running_alert_is_changed_with_its_beginning_in_the_past(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    alert = write(editor, commune.unit, starts_at=at(-48))
    act(unit_editor, alert, "approve")
    assert change(editor, alert, starts_at=at(-48), ends_at=at(24)).status_code == 302


def test_the_commune_ends_its_alert_at_once_and_for_good(
    commune: CommunePage, editor: Any, unit_editor: Any, other_editor: Any
) -> None:
    alert = write(editor, commune.unit)
    act(unit_editor, alert, "approve")
    assert act(other_editor, alert, "end").status_code == 404
    assert TEXT in shown(commune.url)
    act(editor, alert, "end")
    assert TEXT not in shown(commune.url)
    assert change(editor, alert).status_code == 409
    assert TEXT not in shown(commune.url)


def test_a_commune_cannot_touch_the_units_alert(
    unit: Unit, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    alert = write(unit_editor, unit, "urgent")
    for name in ("end", "approve", "seen", "save"):
        assert act(editor, alert, name, **values()).status_code == 404
    assert TEXT in shown(commune.url)


# --- What the public sees ---


def test_every_page_of_the_commune_and_no_other_shows_it(
    commune: CommunePage, other_commune: CommunePage, editor: Any
) -> None:
    post = live_children(NewsIndexPage, commune).get().add_child(instance=NewsPage(title="Bài", summary="x"))
    write(editor, commune.unit, "urgent")
    for url in (commune.url, post.url, *(page.url for page in commune.get_children().live())):
        page = shown(url)
        assert TEXT in page, url
        assert "Khẩn cấp:" in page
        assert '<section class="alerts" aria-labelledby=' in page
    assert "gui-tin-bao" in " ".join(page.url for page in commune.get_children().live())
    for url in (other_commune.url, "/", "/tra-cuu/", "/accounts/login/"):
        assert TEXT not in shown(url), url


def test_the_gravest_comes_first(unit: Unit, commune: CommunePage, editor: Any, unit_editor: Any) -> None:
    now = timezone.now()
    for level in ("notice", "urgent", "warning"):
        Alert.objects.create(
            unit=commune.unit, level=level, text=f"Mức {level}", ends_at=now + datetime.timedelta(hours=1),
            status="approved", written_by=editor,
        )  # fmt: skip
    page = shown(commune.url)
    assert page.index("Mức urgent") < page.index("Mức warning") < page.index("Mức notice")


def test_alerts_cost_one_query_however_many(commune: CommunePage, editor: Any) -> None:
    index = live_children(NewsIndexPage, commune).get()

    def queries() -> int:
        shown(index.url)
        with CaptureQueriesContext(connection) as captured:
            shown(index.url)
        assert sum("communes_alert" in query["sql"] for query in captured) == 1
        return len(captured)

    none = queries()
    for number in range(4):
        Alert.objects.create(
            unit=commune.unit, text=f"Số {number}", ends_at=timezone.now() + datetime.timedelta(hours=1),
            status="approved", written_by=editor, link_id=index.pk,
        )  # fmt: skip
    assert queries() == none


def test_the_link_leads_to_a_page_of_the_commune_or_the_unit_only(
    commune: CommunePage, other_commune: CommunePage, editor: Any
) -> None:
    own = live_children(NewsIndexPage, commune).get()
    write(editor, commune.unit, "urgent", link=own.pk)
    assert f'<a href="{own.url}">Xem thêm' in shown(commune.url)
    foreign = live_children(NewsIndexPage, other_commune).get()
    draft = own.add_child(instance=NewsPage(title="Nháp", summary="x", live=False))
    for pk in (foreign.pk, draft.pk, 999999, "x", "1 OR 1=1"):
        response = logged_in(editor).post(
            reverse("alerts:new", args=[commune.unit.pk]), values("urgent", link=pk)
        )
        assert response.status_code == 200
        assert "link" in response.context["form"].errors
    assert Alert.objects.count() == 1


# --- Bad input ---


def test_a_second_click_makes_no_second_alert(commune: CommunePage, editor: Any) -> None:
    client, url = logged_in(editor), reverse("alerts:new", args=[commune.unit.pk])
    thread = client.get(url).context["thread"]
    sent = {**values("urgent"), "thread": str(thread)}
    first, second = client.post(url, sent), client.post(url, sent)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Alert.objects.count() == 1


def test_nobody_writes_into_a_thread_of_another_commune(
    commune: CommunePage, other_commune: CommunePage, editor: Any, other_editor: Any
) -> None:
    alert = write(editor, commune.unit, "urgent")
    url = reverse("alerts:new", args=[other_commune.unit.pk])
    sent = {**values("urgent"), "text": "Chiếm chỗ", "thread": str(alert.thread), "version": alert.pk}
    response = logged_in(other_editor).post(url, sent)
    assert not Alert.objects.filter(text="Chiếm chỗ").exists()
    assert TEXT not in response.content.decode()
    assert TEXT in shown(commune.url)


def test_a_stale_form_comes_back_with_its_words(commune: CommunePage, editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    response = client.post(reverse("alerts:new", args=[commune.unit.pk]), values("urgent"))
    assert response.status_code == 403
    assert TEXT in response.content.decode()
    assert "mời bấm nút lần nữa" in response.content.decode()
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "a" * 201}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"level": "panic"}, "level"),
        ({"ends_at": ""}, "ends_at"),
        ({"ends_at": "2020-01-01T00:00"}, "ends_at"),
        ({"ends_at": "9999-12-31T23:59"}, "ends_at"),
        ({"ends_at": "0001-01-01T00:00"}, "ends_at"),
        ({"starts_at": "mai"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at"),
    ],
)
def test_what_cannot_be_is_said_and_the_words_stay(
    changed: dict[str, Any], field: str, commune: CommunePage, editor: Any
) -> None:
    response = logged_in(editor).post(
        reverse("alerts:new", args=[commune.unit.pk]), {**values("notice"), **changed}
    )
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "text" in changed or TEXT in response.content.decode()
    assert not Alert.objects.exists()


# --- Who may ---


@pytest.fixture
def editor_of_another_unit(db: None) -> Any:
    from communes.models import Membership, User

    other, _home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")
    user = User.objects.create_user("huyen-khac")
    Membership.objects.create(user=user, unit=other, role="editor")
    return user


@pytest.mark.parametrize(
    ("who", "own", "of_the_unit"),
    [
        ("editor", 200, 404),
        ("unit_editor", 200, 200),
        ("other_editor", 404, 404),
        ("officer", 404, 404),
        ("superuser", 404, 404),
        ("editor_of_another_unit", 404, 404),
        (None, 302, 302),
    ],
)
def test_who_sees_an_alert_in_the_admin(
    who: str | None,
    own: int,
    of_the_unit: int,
    request: pytest.FixtureRequest,
    unit: Unit,
    commune: CommunePage,
    editor: Any,
    unit_editor: Any,
) -> None:
    communes, units = write(editor, commune.unit), write(unit_editor, unit)
    client = logged_in(request.getfixturevalue(who)) if who else Client()
    for alert, expected in ((communes, own), (units, of_the_unit)):
        url = reverse("alerts:alert", args=[alert.thread])
        for response in (client.get(url), client.post(url, {"act": "save"})):
            assert response.status_code == expected
            assert expected == 200 or TEXT not in response.content.decode()
    new = client.get(reverse("alerts:new", args=[commune.unit.pk])).status_code
    assert new == {"editor": 200, None: 302}.get(who, 404)
    index = client.get(reverse("alerts:index"))
    may_enter = who in ("editor", "unit_editor", "other_editor", "editor_of_another_unit")
    assert index.status_code == (200 if may_enter else 302 if who is None else 404)
    assert (TEXT in index.content.decode()) == (own == 200)


def test_the_list_takes_the_same_queries_for_any_number(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    def queries() -> int:
        client = logged_in(unit_editor)
        client.get(reverse("alerts:index"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("alerts:index"))
        return len(captured)

    write(editor, commune.unit, "urgent")
    few = queries()
    for _number in range(6):
        write(editor, commune.unit, "urgent")
    assert queries() == few
