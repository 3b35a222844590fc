"""What communes were called before: found by the search, asked about where it was split, never guessed."""

import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communes.lifecycle.closing import close_commune
from communes.lifecycle.opening import open_commune
from communes.models import CommunePage, FormerName, Unit
from communes.models.former_names import note_former_name
from home import clock
from tests.communes.test_approval import logged_in

pytestmark = pytest.mark.django_db

SEARCH = "/tim-kiem/"
DAY = datetime.date(2025, 7, 1)


def called(unit: Unit, name: str, kind: str = "xa", **values: Any) -> FormerName:
    row = FormerName(unit=unit, kind=kind, name=name, until=values.pop("until", DAY), **values)
    note_former_name(row)
    return row


def asked(query: str) -> list[tuple[str, list[str]]]:
    response = Client().get(SEARCH, {"q": query})
    return [
        (str(before.row), [page.unit.name for page, _row in before.now])
        for before in response.context["found"].former_communes
    ]


def names(query: str) -> list[str]:
    return [page.unit.name for page in Client().get(SEARCH, {"q": query}).context["communes"]]


@pytest.mark.parametrize(
    "query", ["Cẩm Lĩnh", "cam linh", "camlinh", "xã Cẩm Lĩnh", "Công an xã Cẩm Lĩnh", "trực ban xã cẩm lĩnh"]
)
def test_an_old_name_finds_the_commune_of_today(commune: CommunePage, query: str) -> None:
    called(commune.unit, "Cẩm Lĩnh")
    assert names(query) == ["Cẩm Trung"]
    page = Client().get(SEARCH, {"q": query}).content.decode()
    assert "Xã Cẩm Lĩnh nay là xã Cẩm Trung (từ 01/07/2025)." in page


def test_a_name_that_was_split_is_asked_about_with_the_parts(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    called(commune.unit, "Cẩm Lĩnh", part="thôn 1 đến thôn 5")
    called(other_commune.unit, "Cẩm Lĩnh")
    assert asked("cẩm lĩnh") == [("xã Cẩm Lĩnh", ["Cẩm Duệ", "Cẩm Trung"])]
    assert names("cẩm lĩnh") == [], "a guess"
    page = Client().get(SEARCH, {"q": "cẩm lĩnh"}).content.decode()
    assert "Xã Cẩm Lĩnh từ 01/07/2025 chia về nhiều nơi" in page
    assert "thôn 1 đến thôn 5" in page


def test_communes_of_one_former_name_are_told_apart_by_their_district(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    called(commune.unit, "Tân Tiến", district="huyện Kỳ Anh")
    called(other_commune.unit, "Tân Tiến", district="huyện Cẩm Xuyên")
    assert asked("Tân Tiến") == [
        ("xã Tân Tiến (huyện Cẩm Xuyên)", ["Cẩm Duệ"]),
        ("xã Tân Tiến (huyện Kỳ Anh)", ["Cẩm Trung"]),
    ]
    assert names("Tân Tiến") == []
    page = Client().get(SEARCH, {"q": "Tân Tiến"}).content.decode()
    assert "Xã Tân Tiến (huyện Kỳ Anh) nay là xã Cẩm Trung" in page


def test_the_commune_that_is_called_so_today_comes_first_and_is_not_hidden(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    called(other_commune.unit, "Cẩm Trung", kind="thi-tran")
    assert names("Cẩm Trung") == ["Cẩm Trung"]
    assert asked("Cẩm Trung") == [("thị trấn Cẩm Trung", ["Cẩm Duệ"])]
    assert asked("xã Cẩm Trung") == []
    assert asked("thị trấn Cẩm Trung") == [("thị trấn Cẩm Trung", ["Cẩm Duệ"])]


def test_a_part_of_a_longer_name_is_no_name(unit: Unit, commune: CommunePage) -> None:
    called(commune.unit, "Tân Tiến")
    called(commune.unit, "Tân Tiến Đông")
    assert asked("xã tân tiến đông") == [("xã Tân Tiến Đông", ["Cẩm Trung"])]
    open_commune(parent=unit, kind="xã", name="Tân Tiến Tây", phone="0239 000 0113")
    assert asked("tân tiến tây") == []


def test_a_name_of_one_syllable_needs_its_kind(commune: CommunePage) -> None:
    called(commune.unit, "Hạ")
    assert asked("xã Hạ") == [("xã Hạ", ["Cẩm Trung"])]
    assert asked("mùa hạ") == []


def test_a_merger_of_mergers_and_a_split_of_one_lead_to_those_in_service(
    unit: Unit, commune: CommunePage, other_commune: CommunePage
) -> None:
    called(commune.unit, "Cẩm Lĩnh")
    third = open_commune(parent=unit, kind="xã", name="Cẩm Mỹ", phone="0239 000 0113").unit
    close_commune(commune.unit, other_commune.unit, third)
    assert asked("cẩm lĩnh") == [("xã Cẩm Lĩnh", ["Cẩm Duệ", "Cẩm Mỹ"])]
    close_commune(other_commune.unit, third)
    assert asked("cẩm lĩnh") == [("xã Cẩm Lĩnh", ["Cẩm Mỹ"])]
    assert names("cẩm trung") == ["Cẩm Mỹ"]
    # Nothing of the portal makes a circle; a row that somebody put in may.
    FormerName.objects.create(
        unit=commune.unit, kind="xa", name="Cẩm Duệ", until=DAY, closed=other_commune.unit
    )
    assert Client().get(SEARCH, {"q": "cẩm duệ"}).status_code == 200


def test_an_old_name_of_a_commune_that_went_without_a_successor_leads_nowhere(commune: CommunePage) -> None:
    called(commune.unit, "Cẩm Lĩnh")
    close_commune(commune.unit)
    assert asked("cẩm lĩnh") == []


def test_the_pages_of_a_split_commune_lead_to_the_question(
    unit: Unit, commune: CommunePage, other_commune: CommunePage
) -> None:
    third = open_commune(parent=unit, kind="xã", name="Cẩm Mỹ", phone="0239 000 0113").unit
    close_commune(commune.unit, other_commune.unit, third, day=DAY)
    for path in ("", "lien-he/", "gui-tin-bao/"):
        response = Client().get(f"/cam-trung/{path}", follow=True)
        assert response.request["PATH_INFO"] == SEARCH
        page = response.content.decode()
        assert "Xã Cẩm Trung (huyện Cẩm Xuyên) từ 01/07/2025 chia về nhiều nơi" in page
        assert 'href="/cam-due/"' in page and 'href="/cam-my/"' in page
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    assert not FormerName.objects.exists()
    assert Client().get("/cam-trung/lien-he/").status_code == 200


@pytest.mark.parametrize("tu", ["cam-trung", "Cẩm Trung"])
def test_who_comes_by_an_old_address_reads_what_became_of_it_and_others_do_not(
    commune: CommunePage, other_commune: CommunePage, tu: str
) -> None:
    close_commune(commune.unit, other_commune.unit, day=DAY)
    said = "Xã Cẩm Trung nay là xã Cẩm Duệ (từ 01/07/2025)."
    assert said in Client().get("/cam-due/lien-he/", {"tu": tu}).content.decode()
    for other in ("", "cam-due", "<b>", "\0", "x" * 5000):
        assert said not in Client().get("/cam-due/lien-he/", {"tu": other}).content.decode(), other
    assert said not in Client().get("/cam-due/lien-he/").content.decode()


def test_a_commune_says_what_it_was_called_in_vietnamese_order(commune: CommunePage) -> None:
    for name in ("Đức Thọ", "Cẩm Lĩnh", "Em Trai", "Cẩm Lộc"):
        called(commune.unit, name)
    said = "Tên trước đây: xã Cẩm Lĩnh; xã Cẩm Lộc; xã Đức Thọ; xã Em Trai"
    assert said in Client().get("/cam-trung/").content.decode()
    assert 'data-also="xã ' in Client().get("/").content.decode()


# --- The screen ---


def form(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "xa",
        "name": "Xã Cẩm Lĩnh",
        "until": "2025-07-01",
        "district": "huyện Cẩm Xuyên",
    } | changed


def test_a_units_editor_writes_them_down_corrects_and_deletes(commune: CommunePage, unit_editor: Any) -> None:
    desk, url = logged_in(unit_editor), reverse("staff:former_names", args=[commune.unit_id])
    desk.post(url, form())
    desk.post(url, form(part="thôn 1", district=""))
    row = FormerName.objects.get()
    assert (row.name, row.district, row.part, row.until) == ("Cẩm Lĩnh", "huyện Cẩm Xuyên", "thôn 1", DAY)
    assert "Xã Cẩm Lĩnh (huyện Cẩm Xuyên)" in desk.get(url).content.decode()
    assert ModelLogEntry.objects.filter(action="staff.former_name", user=unit_editor).exists()
    desk.post(url, {"delete": row.pk})
    assert not FormerName.objects.exists()
    assert desk.post(url, {"delete": "9" * 30}).status_code == 404


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "Cẩm Trung"}, "Đây là tên hiện nay"),
        ({"name": "xã  CẨM TRUNG"}, "Đây là tên hiện nay"),
        ({"name": "C?m Lĩnh"}, "Xin chỉ ghi bằng chữ"),
        ({"name": ""}, "staff-error"),
        ({"until": "2025-13-01"}, "staff-error"),
        ({"kind": "huyen"}, "staff-error"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    commune: CommunePage, unit_editor: Any, changed: dict[str, Any], told: str
) -> None:
    url = reverse("staff:former_names", args=[commune.unit_id])
    response = logged_in(unit_editor).post(url, form(**changed))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not FormerName.objects.exists()


@pytest.mark.parametrize(("days", "stored"), [(0, 1), (1, 0)])
def test_a_change_of_today_is_taken_and_one_of_tomorrow_is_not(
    commune: CommunePage, unit_editor: Any, days: int, stored: int
) -> None:
    # In Viet Nam the next day has begun.
    with clock.at(timezone.now().replace(hour=17, minute=30)):
        day = timezone.localdate() + datetime.timedelta(days=days)
        url = reverse("staff:former_names", args=[commune.unit_id])
        logged_in(unit_editor).post(url, form(until=f"{day}"))
        assert FormerName.objects.count() == stored
        if not stored:
            with pytest.raises(ValueError, match="chưa đến"):
                close_commune(commune.unit, day=day)


def test_a_town_may_have_become_the_commune_of_its_own_name(commune: CommunePage, unit_editor: Any) -> None:
    url = reverse("staff:former_names", args=[commune.unit_id])
    logged_in(unit_editor).post(url, form(kind="thi-tran", name="Thị trấn Cẩm Trung"))
    assert str(FormerName.objects.get()) == "thị trấn Cẩm Trung (huyện Cẩm Xuyên)"


def test_what_closing_wrote_is_not_deleted_by_hand(
    commune: CommunePage, other_commune: CommunePage, unit_editor: Any
) -> None:
    close_commune(commune.unit, other_commune.unit)
    url = reverse("staff:former_names", args=[other_commune.unit_id])
    desk = logged_in(unit_editor)
    assert desk.post(url, {"delete": FormerName.objects.get().pk}).status_code == 404
    # To say which part of a split commune it is, the line is written again.
    desk.post(url, form(name="Cẩm Trung", part="thôn 1"))
    row = FormerName.objects.get()
    assert (row.part, row.closed) == ("thôn 1", commune.unit)


@pytest.mark.parametrize("who", ["editor", "officer", "other_editor"])
def test_nobody_else_opens_the_screen(commune: CommunePage, who: str, request: pytest.FixtureRequest) -> None:
    desk = logged_in(request.getfixturevalue(who))
    url = reverse("staff:former_names", args=[commune.unit_id])
    assert desk.get(url).status_code == 404
    assert desk.post(url, form()).status_code == 404
    assert not FormerName.objects.exists()


def test_successors_are_chosen_from_the_units_communes_in_service(
    unit: Unit, commune: CommunePage, other_commune: CommunePage, unit_editor: Any
) -> None:
    for name in ("Đông Lĩnh", "Em Lĩnh", "Dương Lĩnh"):
        open_commune(parent=unit, kind="xã", name=name, phone="0239 000 0113")
    closed = open_commune(parent=unit, kind="xã", name="Cẩm Mỹ", phone="0239 000 0113").unit
    close_commune(closed)
    desk, url = logged_in(unit_editor), reverse("staff:close", args=[commune.unit_id])
    choices = [label for _value, label in desk.get(url).context["form"].fields["successors"].choices]
    assert choices == [f"Công an xã {name}" for name in ("Cẩm Duệ", "Dương Lĩnh", "Đông Lĩnh", "Em Lĩnh")]
    for wrong in (closed.pk, commune.unit_id, unit.pk, "Cẩm Duệ", "9" * 30):
        answer = desk.post(url, {"successors": [wrong], "day": "2025-07-01", "sure": "on"})
        assert answer.status_code == 200
        assert Unit.objects.get(pk=commune.unit_id).active, wrong


# --- The list ---

HEAD = "old_name,old_kind,new_name,new_kind,since,old_district,part,source\n"


def load(folder: Path, rows: str, *args: str) -> str:
    path, out = folder / "names.csv", StringIO()
    path.write_text(HEAD + rows, encoding="utf-8-sig")
    call_command("load_former_names", path, *args, stdout=out)
    return out.getvalue()


ROWS = (
    "Cẩm Trung,xã,Cẩm Trung,xã,2025-07-01,,,NQ 1665\n"
    "Cẩm Lĩnh,xã,Cẩm Trung,xã,2025-07-01,,,NQ 1665\n"
    "Cẩm Mỹ,xã,Cẩm Trung,xã,2025-07-01,huyện Cẩm Xuyên,thôn 1,NQ 1665\n"
    "Cẩm Mỹ,xã,Cẩm Duệ,xã,2025-07-01,huyện Cẩm Xuyên,thôn 2,NQ 1665\n"
)


def test_a_list_is_read_once_and_written_only_when_told(
    tmp_path: Path, commune: CommunePage, other_commune: CommunePage
) -> None:
    assert "3 to write, 0 there already, 1 kept their name" in load(tmp_path, ROWS)
    assert not FormerName.objects.exists()
    assert "3 written, 0 there already" in load(tmp_path, ROWS, "--execute")
    assert "0 written, 3 there already" in load(tmp_path, ROWS, "--execute")
    assert asked("cẩm mỹ") == [("xã Cẩm Mỹ (huyện Cẩm Xuyên)", ["Cẩm Duệ", "Cẩm Trung"])]
    assert names("cẩm lĩnh") == ["Cẩm Trung"]


def test_a_part_of_a_commune_that_stays_may_go_elsewhere(
    tmp_path: Path, commune: CommunePage, other_commune: CommunePage
) -> None:
    rows = "Cẩm Trung,xã,Cẩm Trung,xã,2025-07-01,,,\nCẩm Trung,xã,Cẩm Duệ,xã,2025-07-01,,thôn 9,\n"
    load(tmp_path, rows, "--execute")
    assert names("cẩm trung") == ["Cẩm Trung"]
    assert asked("cẩm trung") == [("xã Cẩm Trung", ["Cẩm Duệ"])]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Cẩm Lĩnh,xã,Cẩm Lạ,xã,2025-07-01,,,", "no commune is called"),
        ("Cẩm Lĩnh,làng,Cẩm Trung,xã,2025-07-01,,,", "is not a kind"),
        ("Cẩm Lĩnh,xã,Cẩm Trung,xã,1/7/2025,,,", "1/7/2025"),
        ("Cẩm Lĩnh,xã,Cẩm Trung,xã,2999-07-01,,,", "has not come yet"),
        ("Cẩm Duệ,xã,Cẩm Trung,xã,2025-07-01,,,", "is in service"),
        (",xã,Cẩm Trung,xã,2025-07-01,,,", "line 2"),
        ("Cẩm Lĩnh,huyện,Cẩm Trung,xã,2025-07-01,,,", "line 2"),
        (f"{'x' * 90},xã,Cẩm Trung,xã,2025-07-01,,,", "line 2"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(
    tmp_path: Path, commune: CommunePage, other_commune: CommunePage, row: str, told: str
) -> None:
    good = "Cẩm Lộc,xã,Cẩm Trung,xã,2025-07-01,,,\n"
    with pytest.raises(CommandError, match=told):
        load(tmp_path, f"{row}\n{good}", "--execute")
    assert not FormerName.objects.exists()


def test_the_model_itself_refuses_a_supervising_unit(unit: Unit) -> None:
    with pytest.raises(ValidationError):
        called(unit, "Cẩm Lĩnh")


def test_queries_do_not_grow_with_former_names(commune: CommunePage, other_commune: CommunePage) -> None:
    def count(address: str) -> int:
        Client().get(address)
        with CaptureQueriesContext(connection) as queries:
            Client().get(address)
        return len(queries)

    called(commune.unit, "Cẩm Lĩnh")
    addresses = ("/tim-kiem/?q=cẩm+lĩnh", "/cam-trung/", "/")
    few = [count(address) for address in addresses]
    for number in range(20):
        called(commune.unit, f"Cẩm Lĩnh {number}")
        called(other_commune.unit, "Cẩm Lĩnh", district=f"huyện {number}")
    assert [count(address) for address in addresses] == few
