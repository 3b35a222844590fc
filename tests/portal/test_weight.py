"""What the admin transfers at first view is no more than Wagtail's own would, and is kept afterwards."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import wagtail.admin
from django.contrib.staticfiles import finders
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override
from wagtail.admin.icons import get_icon_sprite_url
from wagtail.admin.views.home import sprite
from wagtail.admin.views.i18n import js_catalog

from communes.models import CommunePage, NewsPage
from tests.communes.posts import submitted
from tests.tipform.officers import ensure_unit_key, unlocked

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip"}
PACKAGE = Path(wagtail.admin.__file__).parents[1]
TEMPLATES = PACKAGE / "admin" / "templates" / "wagtailadmin"
OURS = Path(__file__).parents[2] / "templates" / "wagtailadmin"
# Left out of every page: they are for tags, which nobody has here.
FOR_TAGS = {"wagtailadmin/js/vendor/jquery-ui-1.13.2.min.js", "wagtailadmin/js/vendor/tag-it.js"}


def named_in(template: Path) -> list[str]:
    return re.findall(r"versioned_static '([^']+)'", template.read_text())


def assets_of(page: str) -> set[str]:
    """The static files that a browser fetches with this page."""
    return set(re.findall(r'<(?:script|link|img)\b[^>]*?(?:src|href)="/static/([^"?]+)', page))


def file_of(asset: str) -> Path:
    path = finders.find(asset)
    assert path, asset
    return Path(path)


def transferred(asset: str) -> int:
    """As a server sends it that keeps the file compressed, where that is smaller."""
    content = file_of(asset).read_bytes()
    return min(len(content), len(gzip.compress(content, 9)))


@pytest.fixture
def as_editor(editor: Any) -> Client:
    client = Client(headers=GZIP)
    client.force_login(editor)
    return client


@pytest.fixture
def post(commune: CommunePage, editor: Any) -> NewsPage:
    return submitted(editor, commune, "Mưa lũ về nhanh")


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(lambda post: "/admin/", id="first page"),
        pytest.param(lambda post: reverse("wagtailadmin_explore", args=[post.get_parent().pk]), id="list"),
        pytest.param(lambda post: reverse("wagtailadmin_pages:edit", args=[post.pk]), id="editor"),
        pytest.param(lambda post: reverse("wagtailimages:index"), id="pictures"),
        pytest.param(lambda post: reverse("quick_post:write"), id="quick post"),
    ],
)
def test_a_first_view_transfers_no_more_than_wagtails_own(
    address: Callable[[NewsPage], str], as_editor: Client, post: NewsPage
) -> None:
    """Against a Wagtail that compressed its icons and its (English, so nearly empty) catalogue as well."""
    response = as_editor.get(address(post))
    assert response.status_code == 200
    page = gzip.decompress(response.content) if "Content-Encoding" in response.headers else response.content
    on_page = assets_of(page.decode())
    wagtails = {asset for asset in on_page if file_of(asset).is_relative_to(PACKAGE)}
    base = {*named_in(TEMPLATES / "admin_base.html"), *named_in(TEMPLATES / "skeleton.html")}
    assert wagtails >= base - FOR_TAGS - {"wagtailadmin/images/favicon.ico"}

    request = RequestFactory().get("/")
    with override("en"):
        catalogue = js_catalog(request).content
    stock = sum(map(transferred, wagtails | base))
    stock += sum(len(gzip.compress(content, 9)) for content in (sprite(request).content, catalogue))
    ours = sum(map(transferred, on_page))
    for shared in (get_icon_sprite_url(), reverse("wagtailadmin_javascript_catalog")):
        ours += len(as_editor.get(shared).content)
    assert ours <= stock, f"{ours} bytes, and Wagtail's own {stock}: {sorted(on_page - wagtails)}"


def test_the_scripts_are_wagtails_own_but_for_those_of_tags() -> None:
    """The list is repeated in our template: a new release may change it."""
    stock = [name for name in named_in(TEMPLATES / "admin_base.html") if name.endswith(".js")]
    assert [name for name in stock if name not in FOR_TAGS] == named_in(OURS / "admin_base.html")


@pytest.mark.parametrize("address", ["wagtailimages:add_multiple", "wagtaildocs:add_multiple"])
def test_uploading_several_files_has_the_script_that_it_needs(address: str, unit_editor: Any) -> None:
    client = Client()
    client.force_login(unit_editor)
    page = client.get(reverse(address)).content.decode()
    assert page.index("jquery-ui") < page.index("jquery.fileupload.js")


def test_icons_and_words_of_the_scripts_travel_compressed_and_are_kept(as_editor: Client) -> None:
    icons = as_editor.get(get_icon_sprite_url())
    words = as_editor.get(reverse("wagtailadmin_javascript_catalog"))
    for response in (icons, words):
        assert response.headers["Content-Encoding"] == "gzip"
        assert "no-store" not in response.headers["Cache-Control"]
    assert "immutable" in icons.headers["Cache-Control"]
    assert "private" in words.headers["Cache-Control"]
    assert "Cookie" in words.headers["Vary"]


def test_screens_of_posts_travel_compressed_and_those_of_people_and_tips_do_not(
    as_editor: Client, officer: Any
) -> None:
    for address in ("/admin/pages/", "/admin/images/", "/admin/quick-post/"):
        response = as_editor.get(address, follow=True)
        assert response.headers["Content-Encoding"] == "gzip", address
        assert "no-store" in response.headers["Cache-Control"]
    ensure_unit_key(officer.memberships.get().unit)
    as_officer = unlocked(officer)
    for client, address in (
        (as_editor, "/admin/"),
        (as_editor, "/admin/staff/"),
        (as_editor, "/admin/account/"),
        (as_officer, "/admin/tips/"),
        (as_officer, "/admin/keys/"),
        (as_officer, "/accounts/password/change/"),
    ):
        response = client.get(address, headers=GZIP)
        assert response.status_code == 200, address
        assert "Content-Encoding" not in response.headers, address
