"""What every response carries: public pages the same for everybody, the admin with its own policy."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from communes.models import CommunePage
from portal.middleware import AdminPolicyMiddleware, CompressionMiddleware, PublicPageMiddleware

pytestmark = pytest.mark.django_db


def policy(response: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {words[0]: words[1:] for words in parts if words}


def test_public_pages_are_the_same_for_everybody(client: Any, commune: CommunePage, superuser: Any) -> None:
    addresses = [
        "/",
        "/cam-trung/",
        "/cam-trung/tin-tuc/",
        "/cam-trung/lien-he/",
        "/thu-tuc/",
        "/tim-kiem/?q=cam",
    ]
    anonymous = {address: client.get(address) for address in addresses}
    client.force_login(superuser)
    for address, response in anonymous.items():
        assert response.status_code == 200, address
        assert not response.cookies
        assert response.headers.get("Vary") in (None, "Accept-Encoding")
        assert "s-maxage=1" in response.headers["Cache-Control"]
        assert client.get(address).content == response.content, address


def test_public_pages_allow_no_inline_script_or_style(client: Any, commune: CommunePage) -> None:
    for address in ("/", "/cam-trung/", "/cam-trung/gui-tin-bao/", "/tra-cuu/", "/accounts/login/"):
        allowed = policy(client.get(address))
        assert allowed["default-src"] == ["'none'"], address
        assert allowed["script-src"] == allowed["style-src"] == ["'self'"]
        assert allowed["frame-ancestors"] == allowed["base-uri"] == ["'none'"]
        assert not any(
            "unsafe" in source or source in ("*", "data:", "https:")
            for sources in allowed.values()
            for source in sources
        )


def test_the_admin_has_its_own_looser_policy(client: Any, superuser: Any) -> None:
    client.force_login(superuser)
    response = client.get("/admin/")
    assert "'unsafe-inline'" in policy(response)["script-src"]
    assert policy(response)["default-src"] == ["'self'"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "public" not in response.headers.get("Cache-Control", "")


def test_an_address_that_only_begins_like_the_admins_gets_the_strict_policy(
    client: Any, commune: CommunePage
) -> None:
    for address in ("/administrator/", "/cam-trung/admin/", "/en/admin/"):
        assert "'unsafe-inline'" not in client.get(address).headers["Content-Security-Policy"]


def test_form_and_look_up_are_never_kept(client: Any, commune: CommunePage) -> None:
    for address in ("/cam-trung/gui-tin-bao/", "/tra-cuu/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


def test_redirects_and_refusals_are_not_marked_public(client: Any, commune: CommunePage) -> None:
    for address in ("/cam-trung", "/khong-co/", "/admin/"):
        response = client.get(address)
        assert response.status_code != 200
        assert "public" not in response.headers.get("Cache-Control", ""), address


def test_headers_that_keep_a_page_to_itself(client: Any, commune: CommunePage) -> None:
    response = client.get("/")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_there_is_one_log_in(client: Any) -> None:
    response = client.get("/admin/login/", {"next": "/admin/pages/"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=%2Fadmin%2Fpages%2F"
    assert client.get("/admin/").headers["Location"].startswith("/accounts/login/")


def test_nobody_signs_up_or_resets_a_password_by_mail(client: Any) -> None:
    from communes.models import User

    data = {"username": "ai-do", "password1": "mật khẩu dài 2026", "password2": "mật khẩu dài 2026"}
    client.post("/accounts/signup/", data)
    assert not User.objects.exists()
    assert client.get("/admin/password_reset/").status_code == 404


def test_staff_without_a_second_factor_set_one_up_first(client: Any, superuser: Any, settings: Any) -> None:
    client.force_login(superuser)
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    for address in ("/admin/", "/admin/pages/", "/admin/users/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"] == "/accounts/2fa/totp/activate/"
    # The page it leads to, and log-out, stay open; a stranger goes to the log-in as ever.
    assert client.get("/accounts/logout/").status_code == 200
    client.logout()
    assert client.get("/admin/").headers["Location"].startswith("/accounts/login/")


def test_public_pages_travel_compressed_and_private_ones_do_not(client: Any, commune: CommunePage) -> None:
    headers = {"Accept-Encoding": "gzip"}
    assert client.get("/cam-trung/", headers=headers).headers["Content-Encoding"] == "gzip"
    for path in ("/cam-trung/gui-tin-bao/", "/tra-cuu/"):
        assert "Content-Encoding" not in client.get(path, headers=headers).headers


def test_screens_of_posts_travel_compressed_and_those_of_staff_do_not(client: Any, superuser: Any) -> None:
    client.force_login(superuser)
    headers = {"Accept-Encoding": "gzip"}
    assert client.get("/admin/images/", headers=headers).headers["Content-Encoding"] == "gzip"
    for path in ("/admin/staff/", "/admin/users/", "/admin/"):
        assert "Content-Encoding" not in client.get(path, headers=headers).headers, path


@pytest.mark.parametrize(
    ("middleware", "address", "changes"),
    [
        (PublicPageMiddleware, "/", {"Cache-Control"}),
        (PublicPageMiddleware, "/admin/", set()),
        (AdminPolicyMiddleware, "/", set()),
        (AdminPolicyMiddleware, "/admin/", {"X-Frame-Options"}),
        (CompressionMiddleware, "/", set()),  # it does not say that it is for everybody
        (CompressionMiddleware, "/admin/images/", {"Content-Encoding", "Content-Length", "Vary"}),
        (CompressionMiddleware, "/admin/tips/", set()),
    ],
)
def test_each_middleware_has_one_duty(middleware: Any, address: str, changes: set[str]) -> None:
    request = RequestFactory().get(address, headers={"Accept-Encoding": "gzip"})
    request.resolver_match = resolve(address)
    response = middleware(lambda request: HttpResponse("chữ " * 200))(request)
    assert set(response.headers) - {"Content-Type"} == changes


def test_a_log_in_that_is_refused_says_why(commune: CommunePage) -> None:
    strict = Client(enforce_csrf_checks=True)
    typed = {"login": "ai-do", "password": "mật khẩu"}
    assert "không gửi kèm cookie" in strict.post("/accounts/login/", typed).content.decode()
    strict.get("/accounts/login/")
    assert "Trang mở đã quá lâu" in strict.post("/accounts/login/", typed).content.decode()
    hidden = strict.post("/accounts/login/", typed, headers={"Origin": "null"}).content.decode()
    assert "trình duyệt này giấu địa chỉ" in hidden
    assert "quá lâu" not in hidden
