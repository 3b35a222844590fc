from typing import Any

import pytest

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
