from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from communes.models import CommunePage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/key/x-y/",
        "/accounts/email/",
    ],
)
def test_nobody_signs_up_or_resets_a_password_by_mail(client: Any, commune: CommunePage, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, {"email": "a@b.invalid"}).status_code == 404


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", ["/_util/login/", "/_util/authenticate_with_password/1/3/"])
def test_wagtails_log_in_for_visitors_is_shut(client: Any, editor: Any, language: str, path: str) -> None:
    data = {"username": "bientap", "password": "mật khẩu thử 2026", "next": "/admin/"}
    for response in (client.get(language + path), client.post(language + path, data)):
        assert response.status_code == 404
    assert client.get("/admin/").status_code == 302
    # Wagtail itself asks for the addresses.
    assert reverse("wagtailcore_login") == "/_util/login/"


def test_a_page_behind_a_log_in_leads_to_the_one_log_in(client: Any, commune: CommunePage) -> None:
    PageViewRestriction.objects.create(page=commune, restriction_type="login")
    response = client.get("/cam-trung/lien-he/")
    assert response.headers["Location"] == "/accounts/login/?next=/cam-trung/lien-he/"


def test_no_collection_of_files_has_a_password_of_its_own(client: Any, superuser: Any) -> None:
    """Many would share it, and it could be guessed as often as anybody liked."""
    client.force_login(superuser)
    collection = Collection.get_first_root_node().add_child(name="Nội bộ")
    address = f"/admin/collections/{collection.pk}/privacy/"
    page = client.get(address).json()["html"]
    assert 'value="login"' in page
    assert 'value="password"' not in page
    client.post(address, {"restriction_type": "password", "password": "sông Rác"})
    assert not CollectionViewRestriction.objects.exists()
    assert client.get("/documents/authenticate_with_password/1/").status_code == 404


def test_wagtails_own_log_in_leads_to_the_portals(client: Any, commune: CommunePage) -> None:
    response = client.get("/admin/login/?next=/admin/pages/")
    assert response.status_code in (301, 302)
    assert response["Location"] == "/accounts/login/?next=/admin/pages/"


def test_staff_log_in_and_reach_their_work(client: Any, editor: Any) -> None:
    response = client.post("/accounts/login/", {"login": "bientap", "password": "mật khẩu thử 2026"})
    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_is_refused_in_vietnamese(client: Any, editor: Any) -> None:
    html = client.post("/accounts/login/", {"login": "bientap", "password": "sai"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng." in html
    assert client.get("/admin/").status_code == 302
