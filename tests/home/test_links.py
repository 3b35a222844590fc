"""A link leads where it looks as if it led, in every browser."""

import html
import string
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from hypothesis import example, given
from hypothesis import strategies as st

from communes.blocks import FormBlock, LegalBasisBlock
from communes.models import CommunePage, ContactPage
from home.links import plain_link, web_address
from tests.communes.test_approval import logged_in
from tests.home.test_rich_text import contentstate, entity, over, source

FOREIGN = [
    "//evil.example/a",
    "///evil.example/a",
    "/////evil.example/a",
    "/\\evil.example/a",
    "\\\\evil.example/a",
    "\\/evil.example/a",
    "/\t/evil.example/a",
    "/\n\\evil.example/a",
    "\x01 //evil.example/a",
    "  //evil.example/a",
    "//EVIL.example/a",
    "//evil%2Eexample/a",
    "//evil。example/a",
    "//ｅｖｉｌ.example/a",
    "https:///evil.example/a",
    "https:\\\\evil.example/a",
    "hTTps://evil.example/a",
    "ht\ttps://evil.example/a",
    "https:/\n/evil.example\\a",
]
REFUSED = [
    "",
    "javascript:alert(1)",
    "JaVaScript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    " \t javascript:alert(1)",
    "java script:alert(1)",
    "java\x01script:alert(1)",
    "\u00a0javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "d\tata:text/html,x",
    "file:///etc/passwd",
    "ftp://evil.example/",
    "blob:https://evil.example/x",
    "http:evil.example",
    "https:evil.example",
    "http:/evil.example",
    "https:\\evil.example",
    "evil.example",
    "//",
    "https://",
    "https://bocongan.gov.vn@evil.example/",
    "//bocongan.gov.vn@evil.example/",
    "https://bocongan.gov.vn%40evil.example/",
    "https://bocongan.gov.vn:443@evil.example/",
    "https://bocongan.gov.vn／@evil.example/",
    "https://evil.example:/",
    "https://evil.example:80a/",
    "https://evil .example/",
]
KEPT = [
    "/",
    "/cam-trung/tin-tuc/",
    "/tim-kiem/?q=//evil.example",
    "/a?b=\\\\c#//d",
    "#noi-dung",
    "https://bocongan.gov.vn/",
    "http://127.0.0.1:8000/cam-trung/",
    "https://dichvucong.gov.vn/p/home/dvc-trang-chu.html?a=b&c=d#e",
    "tel:+842390000113",
    "mailto:truc@example.vn",
    "https://vi.wikipedia.org/wiki/Cẩm_Xuyên",
]


@pytest.mark.parametrize("link", FOREIGN)
def test_another_host_is_named_however_it_is_written(link: str) -> None:
    assert plain_link(link) == "https://evil.example/a"


@pytest.mark.parametrize("link", REFUSED)
def test_what_leads_nowhere_or_hides_where_it_leads_is_refused(link: str) -> None:
    assert plain_link(link) is None


@pytest.mark.parametrize("link", KEPT)
def test_a_plain_link_stays_as_it_is(link: str) -> None:
    assert plain_link(link) == link


def test_a_path_stays_with_the_portal() -> None:
    assert plain_link("\\cam-trung\\lien-he") == "/cam-trung/lien-he"
    assert plain_link("/ /evil.example") == "/%20/evil.example"
    assert plain_link(" \t/cam-trung/ ") == "/cam-trung/"


def test_a_backslash_ends_the_host() -> None:
    assert plain_link("https://evil.example\\@bocongan.gov.vn/") == "https://evil.example/@bocongan.gov.vn/"


def test_a_host_in_other_letters_is_shown_in_those_that_are_asked_for() -> None:
    assert plain_link("https://bộcôngan.vn/") == "https://xn--bcngan-jxa6332d.vn/"
    # Cyrillic letters that look like Latin ones
    assert "xn--" in (plain_link("//bосоngаn.vn") or "")


PIECES = st.sampled_from(
    [
        *"/\\:@?#.% \t\n\r\x00\x0b\x1f\u00a0\u3000。／",
        "http",
        "https",
        "HTTPS",
        "javascript",
        "data",
        "evil",
        "%2e",
        "%2F",
    ]
)
LINKS = st.lists(PIECES | st.text(string.ascii_letters, max_size=3), max_size=10).map("".join)


@given(LINKS)
@example("/\t/evil.example")
@example("http:\\/evil.example")
@example("/.\\/evil.example")
def test_what_is_kept_says_plainly_where_it_leads(link: str) -> None:
    plain = plain_link(link)
    if plain is None:
        return
    assert plain_link(plain) == plain
    assert not any(char <= " " or char == "\x7f" for char in plain)
    if plain.startswith("/"):
        assert not plain.startswith(("//", "/\\"))
        # Django's own check, made for redirects, agrees that this is no other host.
        assert url_has_allowed_host_and_scheme(plain.split("?")[0].split("#")[0], allowed_hosts=set())
    elif not plain.startswith(("#", "tel:", "mailto:")):
        parts = urlsplit(plain)
        assert parts.scheme in ("http", "https")
        assert parts.hostname and parts.username is None
        assert plain.startswith(f"{parts.scheme}://{parts.hostname}")


@pytest.mark.parametrize(
    "link", ["/cam-trung/", "https://bocongan.gov.vn@evil.example/", "tel:113", "ftp://a.vn/"]
)
def test_a_field_for_an_official_address_takes_a_plain_one_only(link: str) -> None:
    web_address("https://dichvucong.gov.vn/")
    with pytest.raises(ValidationError):
        web_address(link)


@pytest.mark.django_db
def test_a_link_in_a_text_is_written_out(commune: CommunePage, editor: Any) -> None:
    def stored(url: str) -> str:
        return source(editor, commune, contentstate(over("Bấm đây"), **{"0": entity("LINK", url=url)}))

    assert '<a href="https://evil.example/a">Bấm đây</a>' in stored("/\\evil.example/a")
    assert '<a href="/cam-trung/">Bấm đây</a>' in stored("/cam-trung/")
    refused = stored("https://bocongan.gov.vn@evil.example/")
    assert "Bấm đây" in refused and "href" not in refused


@pytest.mark.django_db
def test_the_link_chooser_says_where_a_link_leads_or_refuses_it_in_words(
    commune: CommunePage, editor: Any
) -> None:
    client: Client = logged_in(editor)

    def choose(url: str) -> Any:
        data = {"external-link-chooser-url": url, "external-link-chooser-link_text": "Bấm đây"}
        return client.post(reverse("wagtailadmin_choose_page_external_link"), data).json()

    assert choose("//evil.example/a")["result"]["url"] == "https://evil.example/a"
    assert choose("/cam-trung/khong-co/")["result"]["url"] == "/cam-trung/khong-co/"
    for refused in ("https://bocongan.gov.vn@evil.example/", "/\\bocongan.gov.vn@evil.example/"):
        assert "Liên kết này chưa rõ" in html.unescape(choose(refused)["html"])


@pytest.mark.django_db
def test_the_map_and_the_official_service_are_no_disguise(commune: CommunePage) -> None:
    page = ContactPage.objects.child_of(commune).get()
    page.map_url = "https://maps.app.goo.gl@evil.example/"
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert "map_url" in refused.value.message_dict


@pytest.mark.parametrize("block", [FormBlock, LegalBasisBlock])
def test_nor_are_the_law_and_the_form_of_a_guide(block: Any) -> None:
    address = block().child_blocks["url"]
    assert address.clean("https://vbpl.vn/") == "https://vbpl.vn/"
    with pytest.raises(ValidationError):
        address.clean("https://vbpl.vn@evil.example/")


AFTER = [
    "//evil.example/",
    "/\\evil.example/",
    "///evil.example",
    "https://evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "http:evil.example",
    "https://testserver@evil.example/",
    "javascript:alert(1)",
]


@pytest.mark.django_db
@pytest.mark.parametrize("link", AFTER)
def test_no_log_in_leads_to_another_site(link: str, editor: Any) -> None:
    from tests.conftest import PASSWORD

    client = Client()
    data = {"login": editor.username, "password": PASSWORD, "next": link}
    assert client.post("/accounts/login/", data).headers["Location"] == "/admin/"
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": link})
    assert answer.headers["Location"] == "/admin/"
    assert client.post("/accounts/logout/", {"next": link}).headers["Location"] == "/accounts/login/"
