"""What a unit sets of its bell: minutes in their order, and when it is night."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.models import CommunePage, RingRules, Unit, User
from communes.notices import duty
from tests.communes.posts import logged_in

pytestmark = pytest.mark.django_db

DEFAULTS = {
    "again_after": "15",
    "everyone_after": "60",
    "above_after": "240",
    "day_from": "06:30",
    "night_from": "21:00",
}


def address(of: Unit) -> str:
    return f"/admin/approval/units/{of.pk}/bell/"


def save(client: Client, of: Unit, **values: str) -> Any:
    return client.post(address(of), {**DEFAULTS, **values}, follow=True)


def shown(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_it_shows_the_defaults_until_something_is_set_and_stores_nothing_by_that(
    unit: Unit, unit_editor: User
) -> None:
    form = logged_in(unit_editor).get(address(unit)).context["form"]
    drawn = {name: str(form[name].as_widget()) for name in DEFAULTS}
    assert all(f'value="{value}"' in drawn[name] for name, value in DEFAULTS.items())
    assert not RingRules.objects.exists()


def test_what_is_set_holds_for_the_communes_at_once_and_is_written_down(
    unit: Unit, commune: CommunePage, unit_editor: User
) -> None:
    client = logged_in(unit_editor)
    page = shown(save(client, unit, again_after="10", day_from="07:00", night_from="22:15"))
    assert "Đã lưu. Chuông theo ngay." in page
    rules = duty.rules_of(commune.unit)
    assert (rules.again_after, rules.everyone_after, rules.above_after) == (10, 60, 240)
    assert (rules.day_from, rules.night_from) == (datetime.time(7), datetime.time(22, 15))
    night = timezone.make_aware(datetime.datetime(2026, 12, 1, 22, 15))
    assert not duty.is_day(commune.unit, night)
    assert ModelLogEntry.objects.get(action="communes.bell_set").user == unit_editor
    save(client, unit, again_after="20")
    assert RingRules.objects.get().again_after == 20


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"everyone_after": "15"}, "Phải lâu hơn thời gian reo lại."),
        ({"everyone_after": "14"}, "Phải lâu hơn thời gian reo lại."),
        ({"above_after": "60"}, "Phải lâu hơn thời gian reo cho mọi cán bộ tiếp nhận tin."),
        ({"above_after": "59"}, "Phải lâu hơn thời gian reo cho mọi cán bộ tiếp nhận tin."),
        ({"night_from": "06:30"}, "Giờ bắt đầu ban đêm phải sau giờ bắt đầu ban ngày."),
        ({"day_from": "21:00", "night_from": "06:30"}, "Giờ bắt đầu ban đêm phải sau giờ bắt đầu ban ngày."),
        ({"night_from": "00:00"}, "Giờ bắt đầu ban đêm phải sau giờ bắt đầu ban ngày."),
        ({"night_from": "25:00"}, "giờ"),
        ({"day_from": ""}, "bắt buộc"),
        ({"again_after": "0"}, "1"),
        ({"above_after": "721"}, "720"),
        ({"again_after": "-5"}, "0"),
        ({"again_after": "mười"}, "số"),
        ({"again_after": ""}, "bắt buộc"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(
    unit: Unit, unit_editor: User, values: dict[str, str], says: str
) -> None:
    response = save(logged_in(unit_editor), unit, **values)
    assert response.status_code == 422
    field = next(iter(response.context["form"].errors.values()))
    assert says in " ".join(field)
    assert not RingRules.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"everyone_after": "16"},
        {"above_after": "61"},
        {"above_after": "720"},
        {"again_after": "1", "everyone_after": "2", "above_after": "3"},
        {"day_from": "00:00", "night_from": "23:59"},
        {"night_from": "06:31"},
    ],
)
def test_what_only_just_can_be_is_stored(unit: Unit, unit_editor: User, values: dict[str, str]) -> None:
    assert save(logged_in(unit_editor), unit, **values).status_code == 200
    assert RingRules.objects.exists()


@pytest.mark.parametrize("role", ["officer", "editor", "superuser"])
def test_to_everybody_but_the_unit_s_editors_it_is_not_there(
    role: str, unit: Unit, request: pytest.FixtureRequest
) -> None:
    client = logged_in(request.getfixturevalue(role))
    assert client.get(address(unit)).status_code == 404
    assert save(client, unit).status_code == 404
    assert not RingRules.objects.exists()


def test_a_commune_has_none_of_its_own(commune: CommunePage, unit_editor: User) -> None:
    assert logged_in(unit_editor).get(address(commune.unit)).status_code == 404


def test_the_way_to_it_is_on_the_first_page_of_the_admin(unit: Unit, unit_editor: User) -> None:
    assert f'href="{address(unit)}"' in shown(logged_in(unit_editor).get("/admin/"))
