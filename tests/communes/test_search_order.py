"""The page of results: what comes first, what each result says, what is offered where nothing was found."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import (
    CommunePage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    SearchWords,
    Unit,
)
from communes.search.vocabulary import shipped_lines
from home.models import HomePage
from home.tree import live_children

pytestmark = pytest.mark.django_db
URL = "/tim-kiem/"


def post(parent: Any, title: str, **values: Any) -> NewsPage:
    page = NewsPage(title=title, summary=values.pop("summary", "Tóm tắt"), **values)
    live_children(NewsIndexPage, parent).get().add_child(instance=page)
    page.save_revision().publish()
    return page


def guide(parent: Any, title: str, **values: Any) -> ProcedurePage:
    page = ProcedurePage(title=title, summary=values.pop("summary", "Hướng dẫn"), **values)
    live_children(ProcedureIndexPage, parent).get().add_child(instance=page)
    page.save_revision().publish()
    return page


def shown(client: Any, query: str) -> str:
    response = client.get(URL, {"q": query})
    assert response.status_code == 200
    return str(response.content.decode())


def headings(client: Any, query: str) -> list[str]:
    found = re.findall(r'result__title[^"]*">(.*?)</(?:h2|h3|p)>', shown(client, query), re.DOTALL)
    return [re.sub(r"<svg.*?</svg>|<[^>]+>", "", text, flags=re.DOTALL).strip() for text in found]


def test_a_commune_found_by_name_shows_its_phone_and_four_doors_before_anything_else(
    client: Any, commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Thủ tục ở Cẩm Trung")
    content = shown(client, "cam trung")
    main = content[content.index("<main") : content.index("Thủ tục ở")]
    assert "Công an xã Cẩm Trung" in main
    assert 'href="tel:02390000113"' in main
    for door in ("tin-tuc", "thu-tuc", "lien-he", "gui-tin-bao"):
        assert f'href="/cam-trung/{door}/"' in main


def test_a_guide_comes_before_newer_news_about_it_and_newer_news_before_older(
    client: Any, commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    older = post(commune, "Bạch tuộc thả rông")
    newer = post(commune, "Đã bắt bạch tuộc")
    assert headings(client, "bach tuoc") == ["Nuôi bạch tuộc", newer.title, older.title]


def test_a_post_with_the_words_in_its_title_comes_before_a_newer_one_that_mentions_them(
    client: Any, commune: CommunePage
) -> None:
    titled = post(commune, "Đò ngang chở quá người")
    mentions = post(commune, "Việc khác", summary="Về đò ngang")
    assert headings(client, "do ngang") == [titled.title, mentions.title]


DOORS = {
    "tố giác": "#cac-xa",
    "báo tin": "#cac-xa",
    "tra cứu": "/tra-cuu/",
    "113": "tel:113",
    "số điện thoại": "tel:02390000100",
    "tố giác ở xã cẩm trung": "/cam-trung/gui-tin-bao/",
    "hẹn ở cẩm trung": "/cam-trung/gui-tin-bao/?kind=appointment",
}


@pytest.mark.parametrize("query", DOORS)
def test_words_for_what_people_come_to_do_lead_to_the_door_itself(
    client: Any, commune: CommunePage, query: str
) -> None:
    content = shown(client, query)
    door = content[content.index("result--door") :]
    assert door.split('href="', 1)[1].split('"', 1)[0].endswith(DOORS[query])


def test_a_shared_guide_is_one_result_and_is_read_in_the_commune_that_was_named(
    client: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc", slug="nuoi-bach-tuoc")
    assert headings(client, "nuôi bạch tuộc") == ["Nuôi bạch tuộc"]
    content = shown(client, "nuôi bạch tuộc ở cẩm trung")
    assert 'href="/cam-trung/thu-tuc/nuoi-bach-tuoc/"' in content
    assert headings(client, "nuôi bạch tuộc ở cẩm trung")[0] == "Nuôi bạch tuộc"


def test_what_a_result_is_and_where_it_belongs_stand_above_it(client: Any, commune: CommunePage) -> None:
    post(commune, "Bạch tuộc thả rông")
    content = shown(client, "bach tuoc")
    about = re.search(r"result__kind[^>]*>(.*?)<h3", content, re.DOTALL)
    assert about and "bài" in about[1] and "Công an xã Cẩm Trung" in about[1]


def test_matched_words_are_marked_in_their_own_spelling(client: Any, commune: CommunePage) -> None:
    post(commune, "Đăng ký <b>tàu</b> cá", summary="Đã đăng ký")
    content = shown(client, "dang ky")
    assert "<mark>Đăng ký</mark> &lt;b&gt;tàu&lt;/b&gt; cá" in content
    assert "Đã <mark>đăng ký</mark>" in content


def test_a_word_is_marked_whole_or_not_at_all(client: Any, commune: CommunePage) -> None:
    post(commune, "Đò ngang, ngan và bangan")
    content = shown(client, "ngan")
    assert "Đò ngang, <mark>ngan</mark> và bangan" in content


def test_words_with_a_sign_between_them_are_two_marks(client: Any, commune: CommunePage) -> None:
    post(commune, "Bạch tuộc; tuộc <bạch>")
    assert "<mark>Bạch tuộc</mark>; <mark>tuộc</mark> &lt;<mark>bạch</mark>&gt;" in shown(client, "bach tuoc")


def test_words_that_lead_elsewhere_are_marked_there_and_as_they_were_typed(
    client: Any, commune: CommunePage
) -> None:
    post(commune, "Làm CCCD, tức căn cước")
    assert "Làm <mark>CCCD</mark>, tức <mark>căn cước</mark>" in shown(client, "cccd")


def test_a_long_text_is_cut_before_it_is_marked(client: Any, commune: CommunePage) -> None:
    post(commune, "Con vật", summary="Có mực, " * 36)
    text = re.search(r"<p [^>]*>(.*mực.*)</p>", shown(client, "mực"))
    assert text
    assert text[1] == "Có <mark>mực</mark>, " * 14 + "Có <mark>mực</mark>,…"


def test_shipped_words_lead_one_way(client: Any, commune: CommunePage) -> None:
    """Who rents a room has to do with "tạm trú"; who asks about that did not ask about a room."""
    stay = post(commune, "Đợt kiểm tra tạm trú")
    rooms = post(commune, "Nhà trọ bốc cháy")
    assert {stay.title, rooms.title} <= set(headings(client, "nhà trọ"))
    asked = headings(client, "tạm trú")
    assert stay.title in asked and rooms.title not in asked


def test_one_wrong_letter_is_asked_about_and_never_replaced(client: Any, commune: CommunePage) -> None:
    response = client.get(URL, {"q": "cam trunh"})
    assert response.context["communes"] == []
    content = response.content.decode()
    assert "Có phải ông/bà tìm" in content
    assert '?q=x%C3%A3%20C%E1%BA%A9m%20Trung"' in content


def test_nobody_is_asked_about_what_would_find_nothing_either(client: Any, commune: CommunePage) -> None:
    assert headings(client, "phoii lua") == []
    post(commune, "Phơi lúa")
    assert headings(client, "phoii lua") == ["Có phải ông/bà tìm “phơi lúa”?"]


def test_telex_and_vni_are_read_only_where_the_words_as_they_stand_find_nothing(
    client: Any, commune: CommunePage
) -> None:
    assert headings(client, "caamr trung")[0] == "Công an xã Cẩm Trung"
    assert headings(client, "ca63m trung")[0] == "Công an xã Cẩm Trung"
    gas = post(commune, "Bình gas nổ ở quán bar")
    post(commune, "Ga và ba")
    assert headings(client, "gas bar") == [gas.title]


def test_words_typed_without_spaces_find_the_guide(client: Any, commune: CommunePage) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    assert headings(client, "nuoibachtuoc")[0] == "Nuôi bạch tuộc"


def test_common_words_do_not_keep_a_guide_from_being_found(client: Any, commune: CommunePage) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    assert headings(client, "tôi muốn nuôi bạch tuộc thì làm thế nào ở đâu")[0] == "Nuôi bạch tuộc"


def test_of_what_the_police_do_not_do_it_says_who_does(client: Any, commune: CommunePage) -> None:
    post(commune, "Số nhà đỏ")
    assert headings(client, "làm sổ đỏ ở đâu")[0].startswith("Văn phòng đăng ký đất đai")


def test_where_nothing_is_found_there_is_somebody_to_ask(client: Any, commune: CommunePage) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc trong nhà")
    content = shown(client, "nuôi mực trong nhà")
    assert "<mark>Nuôi</mark> bạch tuộc <mark>trong nhà</mark>" in content
    ask = content[content.index('id="hoi-nguoi"') :].split("</section>")[0]
    assert 'href="tel:02390000100"' in ask
    assert 'href="/#cac-xa">Hỏi Công an nơi ông/bà ở' in ask


def test_no_more_than_three_guides_are_offered_instead_and_nothing_where_something_was_found(
    client: Any, commune: CommunePage
) -> None:
    for number in range(5):
        guide(HomePage.objects.get(), f"Nuôi bạch tuộc trong bể kính {number}")
    query = "nuôi bạch tuộc trong bể kính nhỏ"
    assert "Không tìm thấy." in shown(client, query)
    assert sum(heading.startswith("Nuôi bạch tuộc") for heading in headings(client, query)) == 3
    content = shown(client, "nuôi bạch tuộc")
    assert "Không tìm thấy." not in content and 'id="hoi-nguoi"' not in content


def test_where_a_commune_is_named_its_own_phone_is_the_one_to_ask(client: Any, commune: CommunePage) -> None:
    content = shown(client, "nuôi mực ở cẩm trung")
    main = content[content.index("<main") : content.index("</main")]
    assert 'href="tel:02390000113"' in main and 'href="/cam-trung/gui-tin-bao/"' in main
    assert 'id="hoi-nguoi"' not in main and "tel:02390000100" not in main


def test_an_office_that_does_it_instead_is_called_and_opened_from_there(
    client: Any, commune: CommunePage, unit: Unit
) -> None:
    row = {"unit": unit, "words": "nuôi mực", "office": "Trạm thủy sản"}
    SearchWords.objects.create(**row, phone="1900 0909", link="https://thuy-san.example/")
    content = shown(client, "nuôi mực")
    assert content.index("Trạm thủy sản") < content.index('href="tel:19000909"')
    assert 'href="https://thuy-san.example/"' in content
    assert "Không tìm thấy." not in content


def test_where_the_police_have_a_guide_it_stands_before_the_other_office(
    client: Any, commune: CommunePage, unit: Unit
) -> None:
    SearchWords.objects.create(unit=unit, words="mực", office="Trạm thủy sản")
    guide(HomePage.objects.get(), "Đăng kiểm trại mực")
    assert headings(client, "trại mực") == ["Đăng kiểm trại mực", "Trạm thủy sản"]
    # Asked for that alone, what only mentions it is no answer.
    post(commune, "Trộm vào trại", summary="Mất nhiều mực.")
    assert headings(client, "mực")[0] == "Trạm thủy sản"
    assert "Trộm vào trại" not in headings(client, "mực")


def test_a_guide_that_comes_or_goes_is_known_at_once(client: Any, commune: CommunePage) -> None:
    page = guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    assert headings(client, "nuôi bạch tuộc") == ["Nuôi bạch tuộc"]
    page.unpublish()
    assert headings(client, "nuôi bạch tuộc") == []


def test_suggestions_come_from_memory_in_two_queries(client: Any, commune: CommunePage) -> None:
    guide(HomePage.objects.get(), "Nuôi bạch tuộc")
    client.get(f"{URL}goi-y/", {"q": "cam"})
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{URL}goi-y/", {"q": "nuoi b"})
    assert len(queries) <= 2
    assert json.loads(response.content) == {"suggestions": ["Nuôi bạch tuộc"]}
    assert client.get(f"{URL}goi-y/", {"q": "cam t"}).json() == {"suggestions": ["xã Cẩm Trung"]}
    for query in ("", "?", "\x00", "a" * 5000):
        assert client.get(f"{URL}goi-y/", {"q": query}).json() == {"suggestions": []}


def test_a_site_without_a_unit_suggests_nothing(client: Any, nothing_open: None) -> None:
    assert client.get(f"{URL}goi-y/", {"q": "cam"}).json() == {"suggestions": []}


def test_the_shipped_words_are_enough_and_each_leads_to_one_thing() -> None:
    lines = shipped_lines()
    assert sum(line["leads"] == "means" for line in lines) >= 120
    assert {line["leads"] for line in lines} == {"means", "door", "elsewhere"}
    assert all(line["target"] and line["words"] for line in lines)


def test_names_that_units_share_say_which_is_meant(client: Any, commune: CommunePage, unit: Unit) -> None:
    from communes.lifecycle.opening import open_commune

    open_commune(parent=unit, kind="phường", name="Cẩm Trung", slug="phuong-cam-trung", phone="0239 000 0114")
    assert set(headings(client, "cam trung")[:2]) == {"Công an phường Cẩm Trung", "Công an xã Cẩm Trung"}
    assert headings(client, "phuong cam trung")[0] == "Công an phường Cẩm Trung"
