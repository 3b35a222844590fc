"""What a phone may keep for no network, and that it is told to keep nothing else."""

import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from communes.models import CommunePage, ProcedureIndexPage, ProcedurePage
from home.tree import live_children
from tests.tipform.officers import ensure_unit_key

pytestmark = pytest.mark.django_db

MARK = "X-Offline"


@pytest.fixture
def guide(commune: CommunePage) -> ProcedurePage:
    index = live_children(ProcedureIndexPage, commune.get_parent()).get()
    return index.add_child(instance=ProcedurePage(title="Đăng ký tạm trú", summary="Ở nơi khác từ 30 ngày."))


def test_a_phone_may_keep_first_page_contact_and_guides(client: Client, guide: ProcedurePage) -> None:
    for path, kind in (
        ("/cam-trung/", "place"),
        ("/cam-trung/lien-he/", "place"),
        ("/cam-trung/thu-tuc/dang-ky-tam-tru/", "guide"),
        ("/thu-tuc/dang-ky-tam-tru/", "guide"),
    ):
        response = client.get(path)
        assert response.headers[MARK] == kind
        assert "public" in response.headers["Cache-Control"]
        # The script comes with contact and guides: the first page's own first view has no room for it.
        assert ("js/offline.js" in response.content.decode()) == (path != "/cam-trung/")


def test_and_nothing_else(client: Client, commune: CommunePage, superuser: Any) -> None:
    ensure_unit_key(commune.unit)
    paths = (
        "/",
        "/cam-trung/tin-tuc/",
        "/cam-trung/thu-tuc/",
        "/tim-kiem/?q=cam",
        "/quyen-rieng-tu/",
        "/khong/",
    )
    never = ("/cam-trung/gui-tin-bao/", "/tra-cuu/", "/accounts/login/", "/moi/", "/api/v2/pages/")
    for path in (*paths, *never):
        response = client.get(path)
        assert MARK not in response.headers, path
        assert "data-keep-page" not in response.content.decode(), path
    # These say so twice: they are not `public` either.
    for path in never[:3]:
        assert "no-store" in client.get(path).headers["Cache-Control"], path
    assert MARK not in client.post("/cam-trung/gui-tin-bao/", {"message": "Bí mật"}).headers
    assert MARK not in client.post("/tra-cuu/", {"code": "1234"}).headers
    client.force_login(superuser)
    assert MARK not in client.get("/admin/").headers


def test_a_kept_page_brings_the_duty_phone(client: Client, commune: CommunePage) -> None:
    page = client.get("/cam-trung/lien-he/").content.decode()
    script = re.search(r"<script[^>]*data-keep-page[^>]*>", page)
    assert script
    assert f'data-phone="{commune.duty_phone}"' in script[0]
    assert 'data-police="Công an xã Cẩm Trung"' in script[0] and " defer " in script[0]


def test_the_service_worker_stands_at_the_root_and_in_no_cache(client: Client, commune: CommunePage) -> None:
    response = client.get("/service-worker.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert not response.cookies
    # Asked for with every page, it is sent once.
    again = client.get("/service-worker.js", headers={"if-none-match": response.headers["ETag"]})
    assert again.status_code == 304
    kit = re.search(r"const KIT = (\[.*\]);", response.content.decode())
    assert kit and kit[1].startswith('["/khong-co-mang/", "/en/khong-co-mang/"')


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/khong-co-mang/", "Điện thoại đang không có mạng"),
        ("/en/khong-co-mang/", "The phone has no network"),
    ],
)
def test_the_page_for_no_network_needs_none(
    client: Client, commune: CommunePage, address: str, says: str
) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert says in page
    assert 'href="tel:113"' in page and not response.cookies
    assert '<meta name="robots" content="noindex">' in page


def test_all_that_a_phone_keeps_from_the_start_is_there(client: Client, commune: CommunePage) -> None:
    """Of a list in which one is missing a phone would keep nothing at all."""
    kit = re.search(r"const KIT = (\[.*\]);", client.get("/service-worker.js").content.decode())
    assert kit
    for address in json.loads(kit[1]):
        found = client.get(address).status_code == 200 or finders.find(address.removeprefix("/static/"))
        assert found, address
