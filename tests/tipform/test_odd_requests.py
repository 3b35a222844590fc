"""What browsers and proxies do to a request on its way: no word is lost, and the reason told is true."""

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.test.client import encode_multipart

from communes.models import Alert, CommunePage, User
from communes.staff.invitations import invite
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import MESSAGE, Resident, code_on, hidden_fields, named, photo
from tipform.models import Tip

pytestmark = pytest.mark.django_db

HIDES = "giấu địa chỉ"
TOO_LONG = "quá lâu"


@pytest.fixture
def resident(commune: CommunePage) -> Resident:
    ensure_unit_key(commune.unit)
    return Resident()


@pytest.fixture
def over_https(commune: CommunePage, settings: Any) -> Resident:
    ensure_unit_key(commune.unit)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"X-Forwarded-Proto": "https", "Host": "testserver"}
    return Resident(client=Client(enforce_csrf_checks=True, headers=headers))


def text(response: Any) -> str:
    return str(response.content.decode())


# --- A browser that hides from which page it comes --------------------------------------------------------


@pytest.mark.parametrize(
    "headers", [{"Origin": "null"}, {"Origin": "null", "Referer": "https://x.test/"}, {}]
)
def test_a_resident_whose_browser_hides_the_page_sends_and_looks_up(
    over_https: Resident, headers: dict[str, str]
) -> None:
    hidden = over_https.open()
    fields = {"kind": "tip", "category": "fraud", "message": MESSAGE, "contact": "anonymous"}
    code = code_on(over_https.client.post(over_https.url, {**hidden, **fields}, headers=headers))
    assert code
    looked_up = {**over_https.open("/tra-cuu/"), "code": code}
    assert MESSAGE in text(over_https.client.post("/tra-cuu/", looked_up, headers=headers))


@pytest.mark.parametrize("missing", ["cookie", "token"])
def test_without_cookie_or_token_a_hidden_origin_is_refused_and_the_words_stay(
    over_https: Resident, missing: str
) -> None:
    hidden = over_https.open()
    if missing == "cookie":
        over_https.client.cookies.clear()
    else:
        hidden["csrfmiddlewaretoken"] = "x" * 64
    fields = {"kind": "tip", "category": "fraud", "message": MESSAGE}
    response = over_https.client.post(over_https.url, {**hidden, **fields}, headers={"Origin": "null"})
    assert response.status_code == 403
    assert MESSAGE in text(response)
    assert ("không giữ cookie" if missing == "cookie" else TOO_LONG) in text(response)
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://congan-xuyen.translate.example"},
        {"Origin": "http://testserver"},
        {"Referer": "https://evil.example/"},
        {"Referer": "http://testserver/"},
        {"Origin": ""},
    ],
)
def test_another_site_that_is_named_is_refused_with_the_words_and_the_true_reason(
    over_https: Resident, headers: dict[str, str]
) -> None:
    fields = {"kind": "tip", "category": "fraud", "message": MESSAGE}
    response = over_https.client.post(over_https.url, {**over_https.open(), **fields}, headers=headers)
    assert response.status_code == 403
    assert HIDES in text(response) and TOO_LONG not in text(response)
    assert MESSAGE in text(response)
    assert not Tip.objects.exists()


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {}])
def test_no_form_of_staff_takes_a_hidden_origin_but_it_keeps_the_words(
    over_https: Resident, headers: dict[str, str], commune: CommunePage, editor: Any
) -> None:
    client = over_https.client
    client.force_login(editor)
    url = f"/admin/alerts/new/{commune.unit.pk}/"
    token = client.get(url).context["csrf_token"]
    fields = {"csrfmiddlewaretoken": str(token), "level": "urgent", "text": "Nước lên nhanh"}
    for _again in range(2):
        response = client.post(url, fields, headers=headers)
        assert response.status_code == 403
        assert "Nước lên nhanh" in text(response)
        assert HIDES in text(response) and TOO_LONG not in text(response)
    assert not Alert.objects.exists()
    allowed = client.post(url, fields, headers={"Origin": "https://testserver"})
    assert HIDES not in text(allowed)


def test_a_slip_is_of_staff_and_takes_no_hidden_origin(over_https: Resident, commune: CommunePage) -> None:
    slip = invite(unit=commune.unit, full_name="Nguyễn Văn An", roles=["officer"], by=None)
    password = {"password1": "mật khẩu dài 2026", "password2": "mật khẩu dài 2026"}
    typed = {**over_https.open("/moi/"), "code": slip.code, **password}
    response = over_https.client.post("/moi/", typed, headers={"Origin": "null"})
    assert response.status_code == 403
    assert not User.objects.filter(first_name__contains="An").exists()
    assert HIDES in text(response) and TOO_LONG not in text(response)


# --- A body that comes in chunks --------------------------------------------------------------------------


def in_chunks(client: Client, url: str, body: bytes, kind: str) -> Any:
    """As the server hands it over: no length, and a stream that ends by itself."""
    environ = {"wsgi.input": io.BytesIO(body), "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": kind}
    return client.generic("POST", url, **environ)


def multipart(fields: dict[str, Any]) -> tuple[bytes, str]:
    return encode_multipart("ranh", fields), "multipart/form-data; boundary=ranh"


def filled_in(resident: Resident, **more: Any) -> dict[str, Any]:
    fields = {"kind": "tip", "category": "fraud", "message": MESSAGE, "contact": "anonymous"}
    return {**fields, **resident.open(), **more}


def test_a_tip_in_chunks_is_taken_with_its_photo(resident: Resident) -> None:
    body, kind = multipart(filled_in(resident, attachments=[named(photo(size=(900, 900)), "anh.jpg")]))
    assert code_on(in_chunks(resident.client, resident.url, body, kind))
    assert Tip.objects.get().parts.filter(label="file").exists()


def test_a_look_up_in_chunks_opens_the_thread(resident: Resident) -> None:
    code = code_on(resident.send())
    body = urlencode({**resident.open("/tra-cuu/"), "code": code}).encode()
    assert MESSAGE in text(in_chunks(resident.client, "/tra-cuu/", body, "application/x-www-form-urlencoded"))


def test_chunks_with_a_stale_token_give_the_words_back(resident: Resident) -> None:
    body, kind = multipart({**filled_in(resident), "csrfmiddlewaretoken": "x" * 64})
    response = in_chunks(resident.client, resident.url, body, kind)
    assert response.status_code == 403
    assert MESSAGE in text(response) and TOO_LONG in text(response)
    fresh = {**filled_in(resident), **hidden_fields(text(response))}
    assert code_on(in_chunks(resident.client, resident.url, *multipart(fresh)))


def test_chunks_that_break_off_give_the_words_back(resident: Resident) -> None:
    body, kind = multipart(filled_in(resident, attachments=[named(photo(size=(900, 900)), "anh.jpg")]))
    response = in_chunks(resident.client, resident.url, body[:-200], kind)
    assert response.status_code == 400
    assert MESSAGE in text(response) and "mạng bị ngắt" in text(response)
    assert not Tip.objects.exists()


@pytest.mark.parametrize(("room", "status"), [(0, 200), (-1, 413)])
def test_chunks_are_measured_by_the_same_limit_as_every_body(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, room: int, status: int
) -> None:
    body, kind = multipart(filled_in(resident))
    monkeypatch.setattr("portal.bodies.KEPT_MAX_BYTES", len(body) + room)
    response = in_chunks(resident.client, resident.url, body, kind)
    assert response.status_code == status
    assert Tip.objects.exists() is (status == 200)
    assert status == 200 or "quá lớn để gửi một lần" in text(response)


def test_a_long_body_in_chunks_lies_on_no_disk_in_the_clear(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    import tempfile

    real = tempfile.TemporaryFile

    def noted(*args: Any, **kwargs: Any) -> Any:
        file = real(*args, **kwargs)
        write = file.write
        monkeypatch.setattr(
            file, "write", lambda data: written.append(bytes(data)) or write(data), raising=False
        )
        return file

    monkeypatch.setattr(tempfile, "TemporaryFile", noted)
    body, kind = multipart(filled_in(resident, attachments=[named(MESSAGE.encode() * 9000, "ghi.txt")]))
    in_chunks(resident.client, resident.url, body, kind)
    assert sum(map(len, written)) > len(body)
    assert MESSAGE.encode() not in b"".join(written)
