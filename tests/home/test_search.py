"""The search page: communes by name, pages by text, nothing that is not public, no error for any input."""

import re
import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, PageViewRestriction

from communes.lifecycle.closing import close_commune
from communes.lifecycle.opening import open_commune
from communes.models import (
    CommunePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
)
from communes.search.names import MOST_COMMUNES, name_rank
from communes.search.results import MOST_RESULTS
from communes.search.site import QUERY_LENGTH
from home.models import HomePage, InfoPage
from home.text import fold
from home.tree import live_children

from .test_search_backend import WEIRD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_starter_pages")]

URL = "/tim-kiem/"


def post(parent: Page, title: str, **values: Any) -> NewsPage:
    index = live_children(NewsIndexPage, parent).get()
    page = NewsPage(title=title, summary=f"Tóm tắt: {title}", **values)
    index.add_child(instance=page)
    if values.get("live", True):
        page.save_revision().publish()
    return page


def guide(parent: Page, title: str) -> ProcedurePage:
    page = ProcedurePage(title=title, summary="Hướng dẫn mẫu")
    live_children(ProcedureIndexPage, parent).get().add_child(instance=page)
    page.save_revision().publish()
    return page


def titles(response: Any) -> list[str]:
    return [page.title for page in response.context["results"].object_list]


def names(response: Any) -> list[str]:
    return [page.unit.name for page in response.context["communes"]]


TYPED = [
    "Cẩm Trung",
    "cam trung",
    "xa cam trung",
    "Công an xã Cẩm Trung",
    "cong an xa cam trung",
    "CẨM  TRUNG ",
    "số điện thoại Công an xã Cẩm Trung",
    unicodedata.normalize("NFD", "Cẩm Trung"),
    "cẩm tr",
]


def test_a_commune_is_found_however_it_is_typed(
    client: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    for query in TYPED:
        response = client.get(URL, {"q": query})
        assert names(response) == ["Cẩm Trung"], query
        assert "/cam-trung/" in response.content.decode()


OTHER_NAMES = {
    "Cư M'gar": ["Cư M'gar", "Cư M’gar", "cu mgar", "cu m gar", "xã Cư M'gar"],
    "Ea H’leo": ["Ea H'leo", "Ea H’leo", "ea hleo", "ea h leo"],
    "Phan Rang-Tháp Chàm": ["phan rang thap cham", "Phan Rang - Tháp Chàm", "phan rang-thap cham"],
    "Đức Thọ": ["Ðức Thọ", "Ɖức Thọ", "duc tho"],
    "Cẩm Mỹ": ["Cẩm Mĩ", "cẩm mĩ", "cam mi", "xã Cẩm Mỹ"],
    "Kỳ Anh": ["Kì Anh", "ki anh"],
    "Lý Hòa": ["Lí Hoà"],
    "Quý Lộc": ["Quí Lộc"],
    "Cẩm Trung": ["𝐂𝐚𝐦 𝐓𝐫𝐮𝐧𝐠", "𝖢𝖺𝗆 𝖳𝗋𝗎𝗇𝗀", "Ｃａｍ　Ｔｒｕｎｇ", "Cẩm\u200b Trung"],
}


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_a_name_is_found_by_its_other_spellings_signs_and_letters(client: Any, unit: Any, name: str) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Minh", phone="0239 000 0113")
    open_commune(parent=unit, kind="xã", name=name, phone="0239 000 0113")
    for query in OTHER_NAMES[name]:
        assert names(client.get(URL, {"q": query}))[0] == name, query


def test_the_old_name_of_a_merged_commune_finds_the_one_it_is_part_of(client: Any, unit: Any) -> None:
    units = [
        open_commune(parent=unit, kind="xã", name=name, phone="0239 000 0113").unit
        for name in ("Cẩm Dương", "Cẩm Nhượng", "Thiên Cầm")
    ]
    close_commune(units[0], units[1])
    for query in ("Cẩm Dương", "cam duong", "xã Cẩm Dương"):
        assert names(client.get(URL, {"q": query})) == ["Cẩm Nhượng"], query
    close_commune(units[1], units[2])
    assert names(client.get(URL, {"q": "cam duong"})) == ["Thiên Cầm"]


def test_words_with_an_apostrophe_are_found_in_posts_with_and_without_it(
    client: Any, commune: CommunePage
) -> None:
    post(commune, "Lễ hội ở Cư M'gar và Kỳ Anh")
    for query in ("mgar", "m gar", "M’gar", "cu m'gar ki anh"):
        assert titles(client.get(URL, {"q": query})) == ["Lễ hội ở Cư M'gar và Kỳ Anh"], query


def test_part_of_a_name_offers_all_communes_that_have_it(
    client: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    assert names(client.get(URL, {"q": "cam"})) == ["Cẩm Duệ", "Cẩm Trung"]
    assert names(client.get(URL, {"q": "trung"})) == ["Cẩm Trung"]
    assert names(client.get(URL, {"q": "hà nội"})) == []
    assert names(client.get(URL, {"q": "công an"})) == []


def test_the_best_match_comes_first() -> None:
    def rank(query: str, kind: str, name: str) -> int | None:
        return name_rank(fold(query).split(), fold(kind), fold(name))

    assert rank("hà", "xã", "Hà") == 0
    assert rank("hà", "xã", "Hà Linh") == 1
    assert rank("hà", "xã", "Cẩm Hà") == 2
    assert rank("tin của thị trấn Thiên Cầm", "thị trấn", "Thiên Cầm") == 3
    assert rank("hà", "xã", "Cẩm Duệ") is None
    # One syllable alone is an ordinary word.
    assert rank("làm căn cước ở đâu", "xã", "Đâu") is None
    assert rank("làm căn cước ở xã Đâu", "xã", "Đâu") == 3
    # Folded, a name may be a piece of ordinary words: it counts at the end, or with its kind.
    assert rank("đăng ký tạm trú", "xã", "Kỳ Tam") is None
    assert rank("đăng ký xe xã Kỳ Tam ở đâu", "xã", "Kỳ Tam") == 3
    assert rank("hút cát Cẩm Trung", "xã", "Cẩm Trung") == 3


def test_no_more_communes_than_a_reader_looks_through(client: Any, unit: Any) -> None:
    from communes.models import Unit

    home = HomePage.objects.get()
    for number in range(MOST_COMMUNES + 5):
        row = Unit.objects.create(kind="xa", name=f"Cẩm {number}", parent=unit)
        home.add_child(
            instance=CommunePage(
                title=row.full_name, slug=f"cam-{number}", unit=row, duty_phone="0239 000 0113"
            )
        )
    assert len(names(client.get(URL, {"q": "cẩm"}))) == MOST_COMMUNES


def test_a_commune_out_of_service_is_not_offered(client: Any, commune: CommunePage) -> None:
    commune.unit.active = False
    commune.unit.save()
    assert names(client.get(URL, {"q": "cẩm trung"})) == []


def test_posts_guides_contacts_and_information_are_found(client: Any, commune: CommunePage) -> None:
    home = HomePage.objects.get()
    post(commune, "Cảnh báo lừa đảo qua điện thoại")
    guide(home, "Đăng ký tạm trú lừa")
    info = InfoPage(title="Quyền riêng tư lừa", slug="quyen-rieng-tu")
    home.add_child(instance=info)
    contact = live_children(ContactPage, commune).get()
    contact.title = "Liên hệ lừa"
    contact.save()
    found = titles(client.get(URL, {"q": "lua"}))
    assert sorted(found) == sorted(
        ["Cảnh báo lừa đảo qua điện thoại", "Đăng ký tạm trú lừa", "Quyền riêng tư lừa", "Liên hệ lừa"]
    )


def test_a_post_says_of_which_commune_it_is(
    client: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    post(commune, "Mất trộm xe")
    guide(HomePage.objects.get(), "Mất giấy tờ")
    found = {
        page.title: page.commune for page in client.get(URL, {"q": "mat"}).context["results"].object_list
    }
    assert found == {"Mất trộm xe": commune, "Mất giấy tờ": None}


def test_newest_first_ten_on_a_page_and_at_most_fifty(client: Any, commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    for number in range(MOST_RESULTS + 5):
        index.add_child(instance=NewsPage(title=f"Bài cát {number:02}", summary="x"))
    last = post(commune, "Bài cát mới nhất")
    response = client.get(URL, {"q": "cat"})
    assert titles(response)[0] == last.title
    assert len(titles(response)) == 10
    assert response.context["results"].paginator.count == MOST_RESULTS
    assert len(titles(client.get(URL, {"q": "cat", "page": "5"}))) == 10
    for page in ("0", "-1", "99", "x", ""):
        assert client.get(URL, {"q": "cat", "page": page}).status_code == 200


@pytest.mark.parametrize("entries", [0, 1, 3, 5000])
def test_old_posts_are_found_however_few_of_the_newest_entries_hold_the_words(
    client: Any, commune: CommunePage, monkeypatch: pytest.MonkeyPatch, entries: int
) -> None:
    """PostgreSQL is asked among the newest entries first, and among all where those are not enough."""
    monkeypatch.setattr("home.search_backend.newest.NEWEST", entries)
    wanted = [post(commune, f"Cát {number}").title for number in range(3)]
    for number in range(3):
        post(commune, f"Khác {number}")
    wanted.append(post(commune, "Cát sau cùng").title)
    assert titles(client.get(URL, {"q": "cat"})) == wanted[::-1]


def test_drafts_private_pages_and_other_types_are_not_found(client: Any, commune: CommunePage) -> None:
    post(commune, "Bí mật bản nháp", live=False)
    private = post(commune, "Bí mật nội bộ")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    commune.intro = "Bí mật"
    commune.save()
    response = client.get(URL, {"q": "bi mat"})
    assert titles(response) == []
    assert "nội bộ" not in response.content.decode()


def test_pages_of_another_units_site_are_not_found(client: Any, commune: CommunePage) -> None:
    from communes.lifecycle.opening import open_unit

    _unit, home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.example")
    post(home, "Tin của huyện khác")
    post(commune, "Tin của xã")
    assert titles(client.get(URL, {"q": "tin cua"})) == ["Tin của xã"]


def test_the_english_search_finds_english_pages_and_communes_without_one(
    client: Any, commune: CommunePage
) -> None:
    english = Locale.objects.create(language_code="en")
    home = HomePage.objects.get().copy_for_translation(english)
    home.save_revision().publish()
    home.add_child(instance=InfoPage(title="Privacy cam trung", slug="privacy", locale=english))
    post(commune, "Tin Cẩm Trung")
    response = client.get("/en" + URL, {"q": "cam trung"})
    assert titles(response) == ["Privacy cam trung"]
    assert names(response) == ["Cẩm Trung"]


def test_the_english_search_finds_guides_that_nobody_has_translated(
    client: Any, commune: CommunePage
) -> None:
    english = Locale.objects.create(language_code="en")
    vietnamese = HomePage.objects.get()
    home = vietnamese.copy_for_translation(english)
    home.save_revision().publish()
    page = guide(vietnamese, "Nuôi bạch tuộc")
    response = client.get("/en" + URL, {"q": "bach tuoc"})
    assert titles(response) == ["Nuôi bạch tuộc"]
    # What reads it aloud is told in which language.
    assert re.search(r'<h3 lang="vi"[^>]*><a href="/thu-tuc/nuoi-bach-tuoc/">', response.content.decode())
    live_children(ProcedureIndexPage, vietnamese).get().copy_for_translation(
        english
    ).save_revision().publish()
    translated = page.copy_for_translation(english)
    translated.title = "Keeping an octopus (bạch tuộc)"
    translated.save_revision().publish()
    response = client.get("/en" + URL, {"q": "bach tuoc"})
    assert titles(response) == ["Keeping an octopus (bạch tuộc)"]
    assert '<h3 lang="en"' in response.content.decode()
    assert titles(client.get(URL, {"q": "bach tuoc"})) == ["Nuôi bạch tuộc"]


def test_denunciation_leads_to_the_page_that_says_where_to_take_it(client: Any, commune: CommunePage) -> None:
    asked = ("tố cáo", "to cao can bo", "Tố giác tội phạm")
    for query in asked:
        assert client.get(URL, {"q": query}).context["other_way"] == {"page": None}
    page = InfoPage(title="Tố cáo nộp ở đâu", slug="to-cao")
    HomePage.objects.get().add_child(instance=page)
    for query in asked:
        assert client.get(URL, {"q": query}).context["other_way"] == {"page": page}


def test_other_words_lead_nowhere_else(client: Any, commune: CommunePage) -> None:
    for query in ("quảng cáo", "cáo", "tố", "cẩm trung", "môtô cao tốc"):
        assert client.get(URL, {"q": query}).context["other_way"] is None


def test_any_input_gets_a_page(client: Any, commune: CommunePage) -> None:
    for query in [*WEIRD, "", "<script>alert(1)</script>"]:
        response = client.get(URL, {"q": query})
        assert response.status_code == 200, query
        assert len(response.context["query"]) <= QUERY_LENGTH
        assert "<script>alert" not in response.content.decode()
        assert "\x00" not in response.content.decode()


def test_the_page_without_a_query_and_other_methods(client: Any, commune: CommunePage) -> None:
    response = client.get(URL)
    assert response.status_code == 200
    assert titles(response) == names(response) == []
    assert client.head(URL, {"q": "cam"}).status_code == 200
    assert client.post(URL, {"q": "cam"}).status_code in (403, 405)


def test_before_any_unit_is_open(client: Any) -> None:
    assert client.get(URL, {"q": "cam"}).status_code == 200


def test_results_stay_out_of_search_engines_and_set_no_cookie(client: Any, commune: CommunePage) -> None:
    response = client.get(URL, {"q": "cam"})
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert response.headers.get("Vary") in (None, "Accept-Encoding")


def test_the_number_of_queries_does_not_grow(
    client: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    def count() -> int:
        client.get(URL, {"q": "cẩm"})
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"q": "cẩm"})
        # PostgreSQL is told besides how to go about it.
        return sum(query["sql"].startswith("SELECT") for query in queries)

    post(commune, "Cẩm 1")
    guide(HomePage.objects.get(), "Cẩm hướng dẫn")
    few = count()
    for number in range(8):
        post(other_commune if number % 2 else commune, f"Cẩm {number + 2}")
    assert count() == few

    assert few <= 21
