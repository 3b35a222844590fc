"""What the unit's editors teach the search, and what is kept of searches that found nothing."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, MissedSearch, SearchWords, Unit
from communes.search.missed import MOST_KEPT, forget_old, kept_words
from home.clock import at
from home.models import HomePage

from .test_search_order import guide, headings, post

pytestmark = pytest.mark.django_db


def address(unit: Unit) -> str:
    return f"/admin/approval/units/{unit.pk}/search-words/"


@pytest.fixture
def editor_of_unit(client: Any, unit_editor: Any) -> Any:
    client.force_login(unit_editor)
    return client


def test_an_editor_of_the_unit_gives_words_a_meaning(
    editor_of_unit: Any, unit: Unit, commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    assert headings(editor_of_unit, "octopus") == []
    answer = editor_of_unit.post(address(unit), {"words": "vòi rồng; octopus", "means": "bạch tuộc"})
    assert answer.status_code == 302
    assert headings(editor_of_unit, "voi rong") == headings(editor_of_unit, "OCTOPUS") == ["Nuôi bạch tuộc"]
    # One direction: what pages say does not lead to what somebody typed.
    post(commune, "Octopus")
    assert headings(editor_of_unit, "bạch tuộc") == ["Nuôi bạch tuộc"]


def test_a_pinned_page_comes_first_until_its_last_day(
    editor_of_unit: Any, unit: Unit, commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    pinned = post(commune, "Đợt tiêm phòng")
    today = timezone.localdate()
    form = {"words": "bạch tuộc", "page": pinned.pk, "until": f"{today}"}
    assert editor_of_unit.post(address(unit), form).status_code == 302
    assert headings(editor_of_unit, "bạch tuộc") == [pinned.title, "Nuôi bạch tuộc"]
    with at(timezone.now() + datetime.timedelta(days=1)):
        assert headings(editor_of_unit, "bạch tuộc") == ["Nuôi bạch tuộc"]


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        ("2026-12-01 23:59", "Đợt tiêm phòng"),
        ("2026-12-02 00:00", "Nuôi bạch tuộc"),
        ("2026-12-02 06:59", "Nuôi bạch tuộc"),
    ],
)
@pytest.mark.parametrize("asked_before", [True, False])
def test_the_last_day_of_a_pin_ends_at_midnight_in_viet_nam(
    unit: Unit, commune: CommunePage, moment: str, first: str, asked_before: bool
) -> None:
    """Also where the words were read into memory while it held."""
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    pinned = post(commune, "Đợt tiêm phòng")
    SearchWords.objects.create(unit=unit, words="bạch tuộc", page=pinned, until=datetime.date(2026, 12, 1))
    if asked_before:
        with at(timezone.make_aware(datetime.datetime(2026, 12, 1, 12))):
            assert headings(Client(), "bạch tuộc")[0] == "Đợt tiêm phòng"
    with at(timezone.make_aware(datetime.datetime.fromisoformat(moment))):
        assert headings(Client(), "bạch tuộc")[0] == first


def test_a_pinned_page_that_was_taken_down_is_not_shown(
    editor_of_unit: Any, unit: Unit, commune: CommunePage
) -> None:
    pinned = post(commune, "Đợt tiêm phòng")
    SearchWords.objects.create(unit=unit, words="bạch tuộc", page=pinned)
    pinned.unpublish()
    assert headings(editor_of_unit, "bạch tuộc") == []


def test_words_of_the_unit_go_before_the_shipped_ones(
    editor_of_unit: Any, unit: Unit, commune: CommunePage
) -> None:
    SearchWords.objects.create(unit=unit, words="sổ đỏ", office="Bộ phận một cửa", phone="1022")
    assert headings(editor_of_unit, "sổ đỏ") == ["Bộ phận một cửa"]


@pytest.mark.parametrize(
    "form",
    [
        {"words": "bạch tuộc"},
        {"words": "bạch tuộc", "means": "chó", "office": "Trạm thú y"},
        {"words": "?!", "means": "chó"},
        {"words": "chó", "office": "Trạm", "link": "javascript:alert(1)"},
    ],
)
def test_words_lead_to_exactly_one_thing(editor_of_unit: Any, unit: Unit, form: dict[str, str]) -> None:
    answer = editor_of_unit.post(address(unit), form)
    assert answer.status_code == 422
    assert form["words"] in answer.content.decode()
    assert not SearchWords.objects.exists()


def test_editors_of_a_commune_and_of_another_unit_find_no_such_screen(
    client: Any, unit: Unit, editor: Any, officer: Any
) -> None:
    for user in (editor, officer):
        client.force_login(user)
        assert client.get(address(unit)).status_code in (302, 404)
        assert client.post(address(unit), {"words": "a", "means": "b"}).status_code in (302, 403, 404)
    assert not SearchWords.objects.exists()


# --- Words that found nothing ---


def search_on(query: str, *days: int) -> None:
    client = Client()  # not that of a member of staff, whose session ends meanwhile
    for day in days:
        with at(timezone.make_aware(datetime.datetime(2026, 12, day, 12))):
            client.get("/tim-kiem/", {"q": query})


def test_words_are_a_hash_until_they_came_on_three_days(client: Any, commune: CommunePage) -> None:
    search_on("trồng bạch tuộc", 1, 1, 1, 2)
    row = MissedSearch.objects.get()
    assert (row.words, row.days) == ("", 2)
    assert "bạch" not in str(vars(row)) and "bach" not in str(vars(row))
    search_on("trong bach tuoc", 4)
    row.refresh_from_db()
    assert (row.words, row.days) == ("trong bach tuoc", 3)


def test_a_day_ends_at_midnight_in_viet_nam(client: Any, commune: CommunePage) -> None:
    for moment in ("2026-12-01 23:59", "2026-12-02 00:00"):
        with at(timezone.make_aware(datetime.datetime.fromisoformat(moment))):
            client.get("/tim-kiem/", {"q": "bạch tuộc"})
    assert MissedSearch.objects.get().days == 2


NEVER_KEPT = [
    "tối qua ông Bảy đánh vợ ở xóm trên",  # more than four words
    "ông bảy 0912345678",
    "0912 345 678",
    "001 203 004 567",
    "51A-12345",
    "số nhà 12345",
    "bay@example.com",
    "https://example.com/a",
    "đánh vợ. Xóm trên",
    "đánh vợ, xóm trên",
    "???",
    "12 34",
]


@pytest.mark.parametrize("query", NEVER_KEPT)
def test_nothing_is_kept_of_what_could_be_a_tip_a_number_or_an_address(
    client: Any, commune: CommunePage, query: str
) -> None:
    search_on(query, 1, 2, 3, 4)
    assert not MissedSearch.objects.exists()


def test_digits_are_left_out_of_what_is_kept() -> None:
    assert kept_words("Bạch tuộc 12") == "bạch tuộc"
    assert kept_words("kt3") == ""


def test_no_more_than_four_words_are_kept() -> None:
    assert kept_words("trồng bạch tuộc nhà") == "trồng bạch tuộc nhà"
    assert kept_words("trồng bạch tuộc nhà ai") == ""


def test_nobody_without_the_portals_key_can_try_words_against_the_hashes(
    client: Any, commune: CommunePage, settings: Any
) -> None:
    search_on("bạch tuộc", 1)
    settings.SECRET_KEY = "another" * 10
    search_on("bạch tuộc", 1)
    assert len(set(MissedSearch.objects.values_list("digest", flat=True))) == 2


def test_what_found_something_is_not_kept(client: Any, commune: CommunePage) -> None:
    search_on("cẩm trung", 1, 2, 3)
    assert not MissedSearch.objects.exists()


def test_nobody_fills_the_table(client: Any, commune: CommunePage, unit: Unit) -> None:
    MissedSearch.objects.bulk_create(MissedSearch(unit=unit, digest=f"{n}") for n in range(MOST_KEPT))
    search_on("bạch tuộc", 1)
    assert MissedSearch.objects.count() == MOST_KEPT


def test_old_ones_are_forgotten(client: Any, commune: CommunePage) -> None:
    search_on("bạch tuộc", 1)
    with at(timezone.make_aware(datetime.datetime(2027, 1, 30, 12))):
        forget_old()
        assert MissedSearch.objects.exists()
    with at(timezone.make_aware(datetime.datetime(2027, 1, 31, 12))):
        forget_old()
        assert not MissedSearch.objects.exists()


def test_the_editor_sees_them_and_gives_them_a_meaning_with_one_tap(
    editor_of_unit: Any, unit: Unit, commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Nuôi trâu")
    search_on("nuooij traauj bò", 1, 2)
    assert "nuooij" not in editor_of_unit.get(address(unit)).content.decode()
    search_on("nuooij traauj bò", 3)
    content = editor_of_unit.get(address(unit)).content.decode()
    assert "nuooij traauj bò" in content
    form = {"words": "nuooij traauj bò", "means": "Nuôi trâu"}
    assert editor_of_unit.post(address(unit), form).status_code == 302
    assert not MissedSearch.objects.exists()
    assert headings(editor_of_unit, "nuooij traauj bò") == ["Nuôi trâu"]


def test_an_editor_forgets_one(editor_of_unit: Any, unit: Unit) -> None:
    row = MissedSearch.objects.create(unit=unit, digest="x", words="bạch tuộc", days=3)
    assert editor_of_unit.post(address(unit), {"forget": row.pk}).status_code == 302
    assert not MissedSearch.objects.exists()
