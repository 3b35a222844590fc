"""`public` is said by a list of views, and the proxy hands out nothing but pictures."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from wagtail.models import PageViewRestriction

from communes.models import CommunePage
from home import checks
from home.documents import KEPT_FOR
from portal.middleware import PublicPageMiddleware
from tests.communes.media import a_document, a_picture, live_post
from tests.communes.posts import logged_in
from tests.matrix.addresses import routes

pytestmark = pytest.mark.django_db

NGINX = Path(__file__).parents[2] / "deploy" / "nginx.conf"


def kept_by(response: Any) -> str:
    return str(response.headers.get("Cache-Control", ""))


def test_pages_search_and_api_are_public(client: Client, commune: CommunePage) -> None:
    post = live_post(commune)
    for address in ("/", post.url, "/tim-kiem/?q=cam", "/api/v2/pages/", f"/api/v2/pages/{post.pk}/"):
        assert "public" in kept_by(client.get(address)), address


def test_nothing_else_that_answers_is(client: Client, commune: CommunePage, superuser: Any) -> None:
    """Every address without an argument, as a stranger and as the one who may do everything."""
    said = set()
    for visitor in (client, logged_in(superuser)):
        visitor.raise_request_exception = False
        for route in routes():
            address = "/" + re.sub(r"\\Z|[$^?]", "", route)
            if not re.search(r"[<(\\]", address) and "public" in kept_by(visitor.get(address)):
                said.add(address)
    # A file of the admin that is the same for everybody; the others are pages, and files for machines.
    pages = {"/tim-kiem/", "/tim-kiem/goi-y/", "/api/v2/pages/", "/khong-co-mang/"}
    files = {"/admin/sprite/", "/robots.txt", "/sitemap.xml", "/site.webmanifest", "/admin.webmanifest"}
    assert said == pages | files


def test_an_answer_that_says_nothing_of_itself_is_not_public_unless_its_view_is_listed() -> None:
    """Whoever adds a view need not think of it."""
    answering = PublicPageMiddleware(lambda request: HttpResponse("ai do"))
    for address, expected in (("/moi/", ""), ("/", "public")):
        request = RequestFactory().get(address)
        request.resolver_match = resolve(address)
        assert expected in kept_by(answering(request))
        assert expected or not kept_by(answering(request))
    assert not kept_by(answering(RequestFactory().get("/khong-co-ten/")))


def test_a_page_that_sets_a_cookie_is_not_public() -> None:
    def with_cookie(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("ai do")
        response.set_cookie("sessionid", "x")
        return response

    request = RequestFactory().get("/")
    request.resolver_match = resolve("/")
    assert not kept_by(PublicPageMiddleware(with_cookie)(request))


def test_a_page_behind_a_log_in_is_never_public(commune: CommunePage, editor: Any) -> None:
    post = live_post(commune)
    PageViewRestriction.objects.create(page=commune, restriction_type="login")
    for visitor in (Client(), logged_in(editor)):
        assert "public" not in kept_by(visitor.get(post.url))
    assert logged_in(editor).get(post.url).status_code == 200


def test_a_preview_of_a_draft_is_never_public(commune: CommunePage, editor: Any) -> None:
    post = live_post(commune)
    post.title = "Bản nháp"
    revision = post.save_revision(user=editor)
    url = reverse("wagtailadmin_pages:revisions_view", args=[post.pk, revision.pk])
    response = logged_in(editor).get(url)
    assert "Bản nháp" in response.content.decode()
    assert "public" not in kept_by(response)
    assert "s-maxage" not in kept_by(response)


def test_no_page_or_api_tells_where_originals_lie(client: Client, commune: CommunePage) -> None:
    picture, document = a_picture(commune), a_document(commune)
    post = live_post(commune, picture, document)
    for address in (post.url, commune.url, f"/api/v2/pages/{post.pk}/"):
        assert "original_images" not in client.get(address).content.decode()


def locations() -> dict[str, str]:
    """The proxy's rules for addresses under /media/, by their pattern."""
    text = re.sub(r"#.*", "", NGINX.read_text(encoding="utf-8"))
    return dict(re.findall(r"location (/media/\S*) \{([^}]*)\}", text))


def test_the_proxy_hands_out_copies_of_pictures_alone_and_for_five_minutes() -> None:
    rules = locations()
    assert set(rules) == {"/media/", "/media/images/"}
    assert rules["/media/"].split() == ["return", "404;"]
    assert f"expires {KEPT_FOR}s;" in rules["/media/images/"]
    assert "alias /var/lib/portal/media/images/;" in rules["/media/images/"]


def test_a_model_that_shows_media_and_is_no_page_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [each for each in run_checks() if each.id == "home.E003"]
    from home.models import ShownPicture

    monkeypatch.delattr(ShownPicture, "wagtail_reference_index_ignore")
    assert [each.id for each in checks.only_pages_show_media()] == ["home.E003"]
