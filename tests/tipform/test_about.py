"""A question about a post or guide: asked from its page, sealed with it, told to officer and resident."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from communes.models import CommunePage, NewsIndexPage, NewsPage, ProcedureIndexPage, ProcedurePage
from home.models import HomePage
from home.tree import live_children
from tests.tipform.officers import hand, key_holder, read
from tests.tipform.residents import Resident, code_on, state_of
from tipform.models import AuditEntry, Part, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
GUIDE, POST = "Đăng ký tạm trú <mới>", "Bán lúa phải coi chừng"
FORM = "/cam-trung/gui-tin-bao/"


def news(parent: Any, title: str = POST, **values: Any) -> NewsPage:
    index = live_children(NewsIndexPage, parent).get()
    return index.add_child(instance=NewsPage(title=title, summary="Tóm tắt", slug="ban-lua", **values))


def guide(parent: Any, slug: str = "tam-tru") -> ProcedurePage:
    index = live_children(ProcedureIndexPage, parent).get()
    return index.add_child(instance=ProcedurePage(title=GUIDE, summary="Ở đâu, mang gì", slug=slug))


@pytest.fixture
def home(resident: Resident) -> HomePage:
    return HomePage.objects.get()


@pytest.fixture
def shared(home: HomePage) -> ProcedurePage:
    return guide(home)


def text(response: Any) -> str:
    return str(response.content.decode())


def link_on(client: Client, url: str) -> str:
    """Where "ask in private about this page" leads to; the test fails without it."""
    page = text(client.get(url))
    found = re.search(r'href="([^"]+\?kind=question&amp;about=[^"]+)">', page)
    assert found, url
    return html.unescape(found[1])


def box(page: str) -> str:
    """The checkbox that sends the page along; "" where none is offered."""
    found = re.search(r'<input type="checkbox" name="about"[^>]*>', page)
    return found[0] if found else ""


def ask(resident: Resident, page: Any, **fields: Any) -> Any:
    return resident.send(kind="question", about=str(page.pk), **fields)


def shown_to(client: Client) -> str:
    """The line with the page in the officer's thread, without tags."""
    found = re.search(r"Về bài:(.*?)</p>", read(client, Tip.objects.get()), re.S)
    return " ".join(found[1].split()) if found else ""


# --- From the page to the form ---------------------------------------------------------------------------


def test_each_page_of_a_commune_leads_to_the_question_about_it(
    resident: Resident, commune: CommunePage, home: HomePage, shared: ProcedurePage
) -> None:
    own, own_guide = news(commune), guide(commune, "rieng")
    everywhere = news(home, "Tin chung", everywhere=True)
    addresses = {
        "/cam-trung/tin-tuc/ban-lua/": own,
        "/cam-trung/thu-tuc/rieng/": own_guide,
        "/cam-trung/thu-tuc/tam-tru/": shared,
        f"/cam-trung/tin-tuc/ban-lua-{everywhere.pk}/": everywhere,  # a namesake of the commune's own
    }
    for address, page in addresses.items():
        link = link_on(resident.client, address)
        assert link == f"{FORM}?kind=question&about={page.pk}"
        assert "Hỏi riêng Công an xã Cẩm Trung về bài này" in text(resident.client.get(address))
        form = text(resident.client.get(link))
        assert f'value="{page.pk}"' in box(form) and "checked" in box(form)
        assert f"Về bài: <strong>{html.escape(page.title)}</strong>" in form
        assert re.search(r'value="question"[^>]*checked', form)


def test_under_the_link_it_says_that_there_are_no_public_comments(
    resident: Resident, shared: ProcedurePage
) -> None:
    assert "Ở đây không có bình luận công khai" in text(resident.client.get("/cam-trung/thu-tuc/tam-tru/"))


def test_at_its_shared_address_the_commune_is_chosen_first_and_knows_the_guide(
    resident: Resident, shared: ProcedurePage
) -> None:
    page = text(resident.client.get("/thu-tuc/tam-tru/"))
    assert "Chọn nơi ông/bà ở để hỏi riêng" in page
    assert f'href="/?about={shared.pk}#cac-xa"' in page
    chosen = text(resident.client.get(f"/?about={shared.pk}"))
    assert f"để hỏi riêng về bài: <strong>{html.escape(GUIDE)}" in chosen
    links = re.findall(r'href="(/cam-trung/[^"]*about=[^"]*)"', chosen)
    assert links and box(text(resident.client.get(html.unescape(links[0]))))


@pytest.mark.parametrize("number", ["", "0", "999999", "abc", "-1", "1" * 40, "\0", "١"])
def test_a_list_asked_for_with_another_number_is_the_plain_list(
    resident: Resident, shared: ProcedurePage, number: str
) -> None:
    page = text(resident.client.get("/", {"about": number}))
    assert 'href="/cam-trung/"' in page and "hỏi riêng" not in page


@pytest.mark.parametrize("number", ["", "0", "999999", "abc", "-1", "1.0", "1" * 40, "\0", "١", " 5"])
def test_what_is_no_page_is_not_offered_and_does_no_harm(resident: Resident, number: str) -> None:
    assert not box(text(resident.client.get(FORM, {"about": number})))
    assert code_on(resident.send(kind="question", about=number))


def test_only_live_public_pages_read_in_this_commune_are_offered(
    resident: Resident,
    commune: CommunePage,
    other_commune: CommunePage,
    home: HomePage,
    shared: ProcedurePage,
) -> None:
    hidden = guide(commune, "rieng")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    gone = news(commune)
    gone.unpublish()
    of_another, of_the_unit_alone = guide(other_commune, "cua-xa-khac"), news(home, "Tin của huyện")
    wrong = [hidden, gone, of_another, of_the_unit_alone, home, commune, commune.doors["tip"]]
    for page in wrong:
        assert not box(text(resident.client.get(FORM, {"about": page.pk}))), page
    guide(commune, "tam-tru")  # hides the unit's
    assert not box(text(resident.client.get(FORM, {"about": shared.pk})))


# --- Sent, or given back ---------------------------------------------------------------------------------


def test_the_officer_reads_it_with_a_link_to_the_page_as_the_commune_shows_it(
    resident: Resident, shared: ProcedurePage, officer: Any, as_user: Log
) -> None:
    code = code_on(ask(resident, shared))
    for page in (shown_to(as_user(officer)), text(resident.look_up(code))):
        assert 'href="/cam-trung/thu-tuc/tam-tru/"' in page and html.escape(GUIDE) in page


def test_a_page_that_moved_is_found_and_one_that_is_gone_is_still_named(
    resident: Resident, commune: CommunePage, officer: Any, as_user: Log
) -> None:
    page = guide(commune)
    code = code_on(ask(resident, page))
    desk = as_user(officer)
    ProcedurePage.objects.filter(pk=page.pk).update(slug="tam-tru-moi", title="Tên khác")
    assert 'href="/cam-trung/thu-tuc/tam-tru-moi/"' in shown_to(desk)
    page.refresh_from_db()
    page.unpublish()
    assert shown_to(desk) == f"{html.escape(GUIDE)} (bài này không còn)"
    page.delete()
    assert shown_to(desk) == f"{html.escape(GUIDE)} (bài này không còn)"
    assert "bài này không còn" in text(resident.look_up(code))


def test_without_the_tick_it_is_not_sent(
    resident: Resident, shared: ProcedurePage, officer: Any, as_user: Log
) -> None:
    resident.url = f"{FORM}?kind=question&about={shared.pk}"
    assert code_on(resident.send(kind="question"))
    assert shown_to(as_user(officer)) == ""


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize("broken", [{"message": " "}, {"csrfmiddlewaretoken": "stale"}])
def test_a_form_given_back_keeps_it_as_it_was(
    resident: Resident, shared: ProcedurePage, ticked: bool, broken: dict[str, str]
) -> None:
    resident.url = f"{FORM}?kind=question&about={shared.pk}"
    about = str(shared.pk) if ticked else None
    page = text(resident.send(**{"kind": "question", "about": about, **broken}))
    assert 'name="message"' in page
    assert ("checked" in box(page)) is ticked
    assert box(page).count("value=") == 1


def test_from_one_form_the_same_words_about_another_page_are_other_words(
    resident: Resident, shared: ProcedurePage
) -> None:
    hidden = resident.open()
    states = [
        state_of(resident.send(hidden=hidden, kind="question", about=about))
        for about in (str(shared.pk), str(shared.pk), None)
    ]
    assert states == ["stored", "again", "changed"]


# --- Sealed ----------------------------------------------------------------------------------------------


def test_no_column_and_no_log_line_names_it(
    resident: Resident, shared: ProcedurePage, caplog: pytest.LogCaptureFixture
) -> None:
    ask(resident, shared)
    rows = [*Tip.objects.values(), *AuditEntry.objects.values(), *Part.objects.values()]
    stored = " ".join(str(value) for row in rows for value in row.values())
    for words in ("tam-tru", "tạm trú", "thu-tuc"):
        assert words not in stored and words not in caplog.text
        assert all(words.encode() not in bytes(part.sealed) for part in Part.objects.all())


def test_handed_on_without_the_words_the_page_does_not_go_along(
    resident: Resident, shared: ProcedurePage, other_commune: CommunePage, officer: Any, as_user: Log
) -> None:
    holder = key_holder(other_commune.unit)
    ask(resident, shared)
    receiver = as_user(holder)
    assert hand(as_user(officer), Tip.objects.get(), other_commune.unit, parts=["place"]).status_code == 302
    assert "tạm trú" not in read(receiver, Tip.objects.get()).lower()
