"""The villages of a commune: one approved list, of which posts, search, finder and contact page tell."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communes.lifecycle.closing import close_commune
from communes.models import CommunePage, Hamlet, PlaceList, Unit, User
from communes.models.villages import Village, villages_in
from tests.communes.test_approval import logged_in

pytestmark = pytest.mark.django_db

SEARCH = "/tim-kiem/"
LIST = "thôn Trung Đoài, Nguyễn Văn Mẫu, 0900000801\ntổ dân phố 3, 0900 000 802\nthôn Hòa Bình"


def in_force(unit: Unit, user: User, places: str = LIST) -> PlaceList:
    row = PlaceList(unit=unit, thread=unit.uuid, places=places, written_by=user)
    row.status, row.decided_by, row.decided_at = PlaceList.Status.APPROVED, user, timezone.now()
    row.save()
    return row


@pytest.fixture
def villages(commune: CommunePage, unit_editor: Any) -> PlaceList:
    return in_force(commune.unit, unit_editor)


def found(query: str) -> list[tuple[str, str]]:
    response = Client().get(SEARCH, {"q": query})
    return [(each.village.name, each.commune.unit.name) for each in response.context["found"].villages]


@pytest.mark.parametrize(
    "query",
    [
        "thôn Trung Đoài",
        "Trung Đoài",
        "trungdoai",
        "thon trung doai xa cam trung",
        "trung đoài cẩm trung",
        "số điện thoại thôn Trung Đoài",
    ],
)
def test_a_village_finds_its_commune_and_who_is_in_charge(villages: PlaceList, query: str) -> None:
    assert found(query) == [("thôn Trung Đoài", "Cẩm Trung")]
    page = Client().get(SEARCH, {"q": query}).content.decode()
    assert 'href="/cam-trung/"' in page
    assert "Nguyễn Văn Mẫu" in page and 'href="tel:0900000801"' in page


@pytest.mark.parametrize("query", ["tổ dân phố 3", "tdp 3", "TDP 3 Cẩm Trung"])
def test_a_kind_is_known_by_its_short_form(villages: PlaceList, query: str) -> None:
    assert found(query) == [("tổ dân phố 3", "Cẩm Trung")]


@pytest.mark.parametrize(
    "query", ["3", "tuyến cáp hòa bình hỏng", "làm căn cước ở đâu", "thôn", "", "Đ", "\0"]
)
def test_ordinary_words_are_no_village(villages: PlaceList, query: str) -> None:
    assert found(query) == []


def test_a_name_of_several_villages_is_asked_about_unless_the_commune_is_named(
    villages: PlaceList, other_commune: CommunePage, unit_editor: Any
) -> None:
    in_force(other_commune.unit, unit_editor, "thôn Trung Đoài")
    both = [("thôn Trung Đoài", "Cẩm Duệ"), ("thôn Trung Đoài", "Cẩm Trung")]
    assert found("thôn trung đoài") == both
    page = Client().get(SEARCH, {"q": "thôn trung đoài"}).content.decode()
    assert "Nhiều nơi có tên này" in page
    assert "Công an xã Cẩm Duệ (huyện Cẩm Xuyên)" in page
    assert found("thôn trung đoài cẩm trung") == both[1:]
    assert found("trung đoài xã cẩm duệ") == both[:1]


def test_what_waits_or_was_replaced_is_not_found_and_a_closed_communes_neither(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    url = reverse("urgent:places", args=[commune.unit_id])
    logged_in(editor).post(url, {"act": "save", "version": "", "places": "thôn Cũ Kỹ"})
    assert found("thôn cũ kỹ") == []
    row = PlaceList.objects.get()
    logged_in(unit_editor).post(url, {"act": "approve", "version": row.pk})
    assert found("thôn cũ kỹ") == [("thôn Cũ Kỹ", "Cẩm Trung")]
    logged_in(unit_editor).post(url, {"act": "save", "version": row.pk, "places": "thôn Mới Mẻ"})
    assert found("thôn cũ kỹ") == []
    assert found("thôn mới mẻ") == [("thôn Mới Mẻ", "Cẩm Trung")]
    close_commune(commune.unit)
    assert found("thôn mới mẻ") == []


def test_the_contact_page_and_the_finder_tell_of_them(villages: PlaceList) -> None:
    contact = Client().get("/cam-trung/lien-he/").content.decode()
    assert contact.index("Thôn Trung Đoài") < contact.index("Tổ dân phố 3") < contact.index("Thôn Hòa Bình")
    assert 'href="tel:0900000801"' in contact
    assert 'data-also="thôn Trung Đoài;tổ dân phố 3;thôn Hòa Bình"' in Client().get("/").content.decode()


def test_a_line_may_lack_the_officer_or_the_phone() -> None:
    assert villages_in("thôn 1\nthôn 2, Lê Văn Mẫu\nthôn 3; Lê Văn Mẫu; 0900000803\nthôn 4, 0900000804") == [
        Village("thôn 1"),
        Village("thôn 2", "Lê Văn Mẫu"),
        Village("thôn 3", "Lê Văn Mẫu", "0900 000 803"),
        Village("thôn 4", "", "0900 000 804"),
    ]


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ("thôn 1\nTHÔN  1, Lê Văn Mẫu", "hai lần"),
        ("thôn 1, Lê Văn Mẫu, 09", "thôn 1"),
        ("thôn 1, a, b, c", "dấu phẩy"),
        (", Lê Văn Mẫu", "dấu phẩy"),
        ("x" * 81, "80"),
        ("thôn 1, " + "x" * 81, "80"),
        ("thôn {a}", "80"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_words(
    commune: CommunePage, editor: Any, places: str, told: str
) -> None:
    with pytest.raises(ValidationError):
        villages_in(places)
    url = reverse("urgent:places", args=[commune.unit_id])
    response = logged_in(editor).post(url, {"act": "save", "version": "", "places": places})
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not PlaceList.objects.exists() and not Hamlet.objects.exists()


def test_a_sign_that_stands_for_many_letters_breaks_nothing(commune: CommunePage, unit_editor: Any) -> None:
    in_force(commune.unit, unit_editor, "\ufdfa" * 80)
    assert Hamlet.objects.count() == 1


def test_queries_do_not_grow_with_villages(
    villages: PlaceList, other_commune: CommunePage, unit_editor: Any
) -> None:
    def count(address: str) -> int:
        Client().get(address)
        with CaptureQueriesContext(connection) as queries:
            Client().get(address)
        return len(queries)

    addresses = ("/tim-kiem/?q=thôn+trung+đoài", "/cam-trung/lien-he/", "/")
    few = [count(address) for address in addresses]
    in_force(
        other_commune.unit, unit_editor, "\n".join(["thôn Trung Đoài", *(f"thôn {n}" for n in range(40))])
    )
    assert [count(address) for address in addresses] == few
