"""The form as a resident meets it: what it takes, and every way in which it gives the words back."""

import html
import io
import re
import unicodedata
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from communes.models import CommunePage, Unit
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import (
    MESSAGE,
    Resident,
    code_on,
    hidden_fields,
    named,
    photo,
    stored_objects,
    working_day,
)
from tipform import vault
from tipform.kinds import MAX_MESSAGE
from tipform.models import AuditEntry, Category, Tip, TipFormPage, UnitKey, WaitingPiece

pytestmark = pytest.mark.django_db

TYPED = {"message": "Chuyện ở chân cầu <b>", "place": "Chân cầu", "occurred": "tối qua"}


def text(response: Any) -> str:
    return str(response.content.decode())


def gives_the_words_back(response: Any, **typed: str) -> bool:
    page = text(response)
    return all(value.replace("<", "&lt;").replace(">", "&gt;") in page for value in (typed or TYPED).values())


# --- What it takes -------------------------------------------------------------------------------------


def test_a_tip_gets_a_receipt_of_four_by_four_digits(resident: Resident) -> None:
    response = resident.send()
    assert response.status_code == 200
    assert re.search(r' value="\d{4} \d{4} \d{4} \d{4}"', text(response))
    tip = Tip.objects.get()
    assert (tip.unit.name, tip.category.slug, tip.status) == ("Cẩm Trung", "fraud", "new")
    assert tip.day == timezone.localdate()
    assert [entry.action for entry in AuditEntry.objects.filter(tip=tip.uuid)] == ["received"]


@pytest.mark.parametrize("kind", ["question", "appointment"])
def test_the_other_kinds_need_no_category_and_cannot_be_told_by_it(resident: Resident, kind: str) -> None:
    assert code_on(resident.send(kind=kind, category="fraud"))
    assert code_on(resident.send(kind="tip", category="other"))
    assert [tip.category.slug for tip in Tip.objects.all()] == ["other", "other"]


def test_the_address_can_choose_the_kind(resident: Resident) -> None:
    page = text(resident.client.get(resident.url + "?kind=appointment"))
    assert re.search(r'value="appointment"[^>]*checked', page)
    assert "Bạn cần làm giấy tờ gì?" in page


def test_only_what_the_issue_names_is_enough(resident: Resident) -> None:
    """Neither the nonce nor the choice of contact is needed by whoever posts without them."""
    assert code_on(resident.send(nonce=None, contact=None, phone="0912 345 678"))


@pytest.mark.parametrize(
    "sent",
    [
        "0912.345.678",
        "+84 912 345 678",
        "84912345678",
        "０９１２３４５６７８",
        "0239 000 0113",
        "\u202a0912 345 678\u202c",
        "0912\u2011345\u2011678",
    ],
)
def test_phone_numbers_as_people_write_them(resident: Resident, sent: str) -> None:
    assert code_on(resident.send(contact="callback", phone=sent))


def test_a_number_without_its_zero_is_asked_about(resident: Resident) -> None:
    page = text(resident.send(contact="callback", phone="912345678"))
    assert "Số bị mất số 0 ở đầu: có phải là 0912 345 678 không?" in page


def test_a_text_is_as_long_as_its_writer_sees_it(resident: Resident) -> None:
    """On a Mac and in some keyboards each accent is a character of its own."""
    sentence = unicodedata.normalize("NFD", "Em thấy tàu hút cát ở bến. ")
    assert len(sentence * 740) > MAX_MESSAGE > len(unicodedata.normalize("NFC", sentence * 740))
    assert code_on(resident.send(message=sentence * 740))


@pytest.mark.parametrize("seen", ["\u200b\u2060", "\u3164", "\u2800\u00a0", "\u202e\u202c", "\ufe0f"])
def test_a_message_of_which_nothing_can_be_seen_is_empty(resident: Resident, seen: str) -> None:
    assert "Xin viết vài chữ về việc đó" in text(resident.send(message=seen))


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("C«ng an x· ®©u råi", "có phải là “Công” không? Xin chọn bảng mã “Unicode”"),
        ("Coâng an xaõ ñaâu roài", "gõ theo phông cũ (TCVN3 hoặc VNI)"),
        ("Cáº©m Trung có trộm", "có phải là “Cẩm” không?"),
        ("Nhà \ue123 có trộm", "Sau “Nhà” và trước “có trộm” có một ký hiệu"),
    ],
)
def test_a_text_that_officers_could_not_read_comes_back_with_what_to_do(
    resident: Resident, message: str, sentence: str
) -> None:
    page = html.unescape(text(resident.send(message=message)))
    assert sentence in page and message in page
    assert not Tip.objects.exists()


@pytest.mark.parametrize("day", ["%Y-%m-%d", "%d/%m/%Y"])
def test_a_day_in_either_writing(resident: Resident, day: str) -> None:
    sent = working_day().strftime(day)
    assert code_on(resident.send(kind="appointment", preferred_day=sent, preferred_time="morning"))


def test_the_receipt_says_what_happens_next_and_has_no_address(resident: Resident) -> None:
    response = resident.send()
    page, code = text(response), code_on(response)
    assert "redirect" not in str(response.status_code)
    assert 'href="/tra-cuu/"' in page
    assert code not in response.headers.get("Location", "") + response.request["PATH_INFO"]
    assert not re.search(rf"(href|action|src)=\"[^\"]*{code}", page)


# --- Bad input: a clear sentence on the same form, with what was typed ---------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"message": ""}, "Xin viết vài chữ về việc đó"),
        ({"message": " \n\t "}, "Xin viết vài chữ về việc đó"),
        ({"category": "không-có"}, "Loại việc này không có trong danh sách"),
        ({"kind": "khác"}, "Xin chọn việc bạn muốn làm"),
        ({"kind": None}, "Xin chọn việc bạn muốn làm"),
        ({"contact": "x"}, "Xin chọn một trong hai"),
        ({"contact": "callback"}, "Xin ghi số để chúng tôi gọi lại"),
        ({"contact": "callback", "phone": "số nhà tôi"}, "Xin ghi số điện thoại bằng chữ số"),
        ({"contact": "anonymous", "phone": "0912345678"}, "Bạn chọn không để lại tên"),
        ({"kind": "appointment", "preferred_day": "mai"}, "Xin ghi ngày theo mẫu"),
        ({"kind": "appointment", "preferred_day": "2020-01-01"}, "Xin chọn ngày từ hôm nay"),
        ({"kind": "appointment", "preferred_time": "đêm"}, "Xin chọn buổi sáng"),
        ({"place": "x" * 501}, "chỉ gửi được nhiều nhất 500 ký tự"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_typed_is_lost(
    resident: Resident, wrong: dict[str, Any], sentence: str
) -> None:
    response = resident.send(**{**TYPED, "name": "", **wrong})
    page = text(response)
    assert sentence in page
    assert 'role="alert"' in page
    assert gives_the_words_back(
        response, **{name: wrong.get(name) or value for name, value in TYPED.items() if wrong.get(name) != ""}
    )
    for value in wrong.values():
        if isinstance(value, str) and value.strip() and value not in ("khác", "x", "đêm", "không-có"):
            assert value in page
    assert not Tip.objects.exists()


def test_a_megabyte_of_text_comes_back_whole(resident: Resident) -> None:
    long = "Đ" + "a" * 1_000_000
    response = resident.send(message=long)
    assert "chỉ gửi được nhiều nhất 20000 ký tự" in text(response)
    assert long in text(response)
    assert not Tip.objects.exists()


def test_twenty_thousand_characters_are_taken_however_lines_end(resident: Resident) -> None:
    assert code_on(resident.send(message="dòng\r\n" * 4000))  # 20,000 as the writer counts


def test_more_text_than_can_be_read_is_said_on_the_form(resident: Resident) -> None:
    response = resident.send(message="a" * 13 * 1024 * 1024)
    assert response.status_code == 413
    assert "CHƯA gửi được" in text(response)
    assert 'name="message"' in text(response)


def test_too_many_fields_are_said_on_the_form(resident: Resident) -> None:
    response = resident.send(**{f"f{number}": "x" for number in range(1100)})
    assert response.status_code == 413
    assert 'name="message"' in text(response)


def test_malformed_multipart_is_said_on_the_form(resident: Resident) -> None:
    resident.open()
    response = resident.client.post(
        resident.url, b"nothing of the kind", content_type="multipart/form-data; boundary="
    )
    assert response.status_code == 400
    assert "nội dung tới nơi bị hỏng" in text(response)
    assert 'name="message"' in text(response)


def test_a_request_far_too_large_for_any_other_page_still_gives_the_words_back(
    resident: Resident, settings: Any
) -> None:
    settings.REQUEST_MAX_BYTES = 1000
    response = resident.send(attachments=[named(b"x" * 5000, "phim.mp4")], **TYPED, kind="")
    assert gives_the_words_back(response)


@pytest.mark.parametrize("keep", [0.35, 0.6, 0.98])
def test_a_truncated_upload_is_not_taken_for_the_whole(resident: Resident, keep: float) -> None:
    hidden = resident.open()
    fields = [("csrfmiddlewaretoken", hidden["csrfmiddlewaretoken"]), ("message", TYPED["message"])]
    fields += [("kind", "question"), ("place", TYPED["place"]), ("occurred", TYPED["occurred"])]
    body = b"".join(
        f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    )
    picture = b'--xyz\r\nContent-Disposition: form-data; name="attachments"; filename="a.jpg"\r\n\r\n'
    whole = body + picture + photo() + b"\r\n--xyz--\r\n"
    part = whole[: max(len(body), int(len(whole) * keep))]
    kind = "multipart/form-data; boundary=xyz"
    response = resident.client.post(resident.url, part, content_type=kind)
    assert response.status_code == 400
    assert "mạng bị ngắt" in text(response)
    assert gives_the_words_back(response)
    assert not Tip.objects.exists()
    assert code_on(resident.client.post(resident.url, whole, content_type=kind))


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=xyz"])
def test_a_connection_that_breaks_off_is_no_server_error(resident: Resident, kind: str) -> None:
    token = resident.open()["csrfmiddlewaretoken"]
    if kind.startswith("multipart"):
        line = '--xyz\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}'
        body = line.format("csrfmiddlewaretoken", token) + "\r\n" + line.format("message", "nửa chừng")
    else:
        body = f"csrfmiddlewaretoken={token}&message=nửa chừng"
    cut_short = {"wsgi.input": io.BytesIO(body.encode()), "CONTENT_LENGTH": "5000", "CONTENT_TYPE": kind}
    response = resident.client.generic("POST", resident.url, **cut_short)
    assert response.status_code == 400
    assert "nửa chừng" in text(response)
    assert not Tip.objects.exists()


def test_whoever_cannot_tell_what_it_is_about_need_not(resident: Resident) -> None:
    assert "Không rõ" in text(resident.client.get(resident.url))
    for category in ("", None):
        assert code_on(resident.send(**TYPED | {"category": category, "message": f"Việc lạ {category}."}))
    assert {tip.category.slug for tip in Tip.objects.all()} == {Category.NEUTRAL}


def test_a_stale_token_gives_the_words_back_with_a_fresh_one(resident: Resident) -> None:
    hidden = resident.open()
    stale = {**hidden, "csrfmiddlewaretoken": "x" * 64}
    response = resident.send(**TYPED, hidden=stale, attachments=[named(photo(), "anh.jpg")])
    assert response.status_code == 403
    assert "trang để mở quá lâu, xin bấm Gửi lần nữa" in text(response)
    assert "anh.jpg" in text(response) and "Xin chọn lại các tệp" not in text(response)
    assert gives_the_words_back(response)
    assert re.search(r'value="fraud"[^>]* checked', text(response))
    assert not Tip.objects.exists()
    assert code_on(resident.send(**TYPED, hidden=hidden_fields(text(response))))


def test_without_any_cookie_the_words_come_back_too(resident: Resident) -> None:
    hidden = resident.open()
    resident.client.cookies.clear()
    response = resident.send(**TYPED, hidden=hidden)
    assert response.status_code == 403
    assert gives_the_words_back(response)
    assert code_on(resident.send(**TYPED, hidden=hidden_fields(text(response))))


def test_a_second_click_gets_the_same_receipt_and_stores_nothing_twice(
    resident: Resident, sealed_folder: Any
) -> None:
    hidden = resident.open()
    codes = {
        code_on(resident.send(hidden=hidden, attachments=[named(photo(), "anh.jpg")])) for _click in range(3)
    }
    assert len(codes) == 1 and "" not in codes
    assert Tip.objects.count() == 1
    assert len(stored_objects(sealed_folder)) == 2  # the original and its display copy


def test_an_anonymous_choice_wins_over_a_field_that_a_script_left_behind(resident: Resident) -> None:
    response = resident.send(contact="anonymous", phone="0912345678")
    assert 'value="0912345678"' in text(response)
    assert not Tip.objects.exists()


# --- Failing: not stored, and said so ------------------------------------------------------------------


def broken_disk(*args: Any, **kwargs: Any) -> Any:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("failure", ["storage", "database", "vault", "audit"])
def test_whatever_breaks_nothing_is_left_and_the_words_come_back(
    resident: Resident, sealed_folder: Any, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    def fails(error: Exception) -> Any:
        def failing(*args: Any, **kwargs: Any) -> Any:
            raise error

        return failing

    if failure == "storage":
        monkeypatch.setattr(storages["tips"], "_save", broken_disk)
    elif failure == "database":
        monkeypatch.setattr("tipform.models.PartKey.objects.bulk_create", fails(DatabaseError("x")))
    elif failure == "vault":
        monkeypatch.setattr("tipform.vault.seal_json", fails(vault.VaultError("x")))
    else:
        monkeypatch.setattr("tipform.audit.record", fails(DatabaseError("x")))
    response = resident.send(**TYPED, attachments=[named(photo(), "anh.jpg")])
    assert response.status_code == 503
    assert "Tin CHƯA được lưu" in text(response)
    assert "tel:02390000113" in text(response)
    assert gives_the_words_back(response)
    assert not Tip.objects.exists() and not AuditEntry.objects.exists()
    # The file waits for the form that came back.
    there = {path.relative_to(sealed_folder).as_posix() for path in stored_objects(sealed_folder)}
    assert there == set(WaitingPiece.objects.values_list("object_name", flat=True))
    assert len(there) == (failure != "storage")
    monkeypatch.undo()


def test_after_a_failure_the_same_page_can_be_sent_again(
    resident: Resident, sealed_folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(storages["tips"], "_save", broken_disk)
        response = resident.send(attachments=[named(photo(), "anh.jpg")])
    hidden = hidden_fields(text(response))
    assert code_on(resident.send(hidden=hidden, attachments=[named(photo(), "anh.jpg")]))


def test_a_box_without_a_key_shows_the_phone_and_takes_nothing(commune: CommunePage) -> None:
    resident = Resident()
    page = text(resident.client.get(resident.url))
    assert "Hộp tin chưa mở" in page
    assert "tel:02390000113" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_a_box_that_closed_meanwhile_gives_the_words_back(resident: Resident) -> None:
    hidden = resident.open()
    UnitKey.objects.all().delete()
    response = resident.send(hidden=hidden, **TYPED)
    assert response.status_code == 503
    assert "CHƯA được gửi" in text(response)
    assert gives_the_words_back(response)
    assert not Tip.objects.exists()


@pytest.mark.parametrize("why", ["keyring", "forged key", "unit out of service"])
def test_a_box_that_cannot_be_trusted_is_closed(resident: Resident, settings: Any, why: str) -> None:
    if why == "keyring":
        settings.TIP_KEYRING = "not a keyring"
    elif why == "forged key":
        UnitKey.objects.update(public_key=vault.KeyPair.generate().public)
    else:
        Unit.objects.filter(name="Cẩm Trung").update(active=False)
    response = resident.client.get(resident.url)
    assert response.status_code == 200
    assert "Hộp tin chưa mở" in text(response)


# --- What travels around it ----------------------------------------------------------------------------


def test_form_and_receipt_are_kept_by_no_cache_and_no_search_engine(resident: Resident) -> None:
    form, receipt = resident.client.get(resident.url), resident.send()
    for response in (form, receipt, resident.send(message=""), resident.send(hidden={"nonce": ""})):
        assert response.headers["Cache-Control"] == "no-store"
    assert receipt.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_the_only_cookie_is_the_token_and_it_goes_with_the_browser(resident: Resident) -> None:
    resident.send()
    assert set(resident.client.cookies) == {"csrftoken"}
    assert resident.client.cookies["csrftoken"]["max-age"] == ""


def test_the_pages_have_no_inline_script_or_style(resident: Resident) -> None:
    receipt = resident.send()
    for response in (resident.client.get(resident.url), receipt, resident.send(message="")):
        page = text(response)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
        assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_it_says_who_reads_and_to_call_first_in_danger(resident: Resident) -> None:
    page = text(resident.client.get(resident.url))
    assert "Chỉ cán bộ tiếp nhận tin của Công an xã Cẩm Trung đọc được trên cổng này." in page
    assert "Không cần để lại tên, trang không lưu địa chỉ mạng." in page
    assert page.index("tel:113", page.index("<main")) < page.index('name="message"')


def test_the_two_choices_are_equal(resident: Resident) -> None:
    page = text(resident.client.get(resident.url))
    cards = re.findall(r'<label class="choice choice--card"[^>]*>.*?</label>', page, re.S)
    assert [re.sub(r"<[^>]+>", "", card).strip() for card in cards] == [
        "Không để lại tên",
        "Để lại số để gọi lại",
    ]


def test_a_category_that_is_no_longer_offered_is_not_taken(resident: Resident) -> None:
    Category.objects.filter(slug="fraud").update(active=False)
    assert "Loại việc này không có trong danh sách" in text(resident.send())


def test_a_robot_that_only_posts_gets_a_form_and_stores_nothing(commune: CommunePage) -> None:
    assert (
        Client(enforce_csrf_checks=True).post("/cam-trung/gui-tin-bao/", {"message": MESSAGE}).status_code
        == 403
    )
    assert not Tip.objects.exists()


def test_an_editor_sees_the_form_in_the_preview(resident: Resident) -> None:
    response = TipFormPage.objects.first().make_preview_request()
    assert response.status_code == 200
    assert 'name="message"' in text(response)


def test_without_cookies_he_is_told_so_and_keeps_his_words(commune: CommunePage) -> None:
    ensure_unit_key(commune.unit)
    client = Client(enforce_csrf_checks=True)
    response = client.post("/cam-trung/gui-tin-bao/", {"kind": "tip", "message": "Có thuyền hút cát."})
    assert response.status_code == 403
    assert "không giữ cookie" in response.content.decode()
    assert "Có thuyền hút cát." in response.content.decode()


@pytest.mark.parametrize("message", ["\u200b\u200b", "\u2060 \n\t", "\0"])
def test_a_message_that_nobody_can_see_is_no_message(resident: Resident, message: str) -> None:
    resident.send(message=message)
    assert not Tip.objects.exists()


def test_going_back_brings_no_word_to_the_next_who_holds_the_phone(resident: Resident) -> None:
    html = text(resident.client.get(resident.url))
    assert re.search(r"<form [^>]*autocomplete=\"off\"", html)
    assert re.search(r"<textarea [^>]*autocomplete=\"off\"", html)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_the_form_takes_posts_only(resident: Resident, method: str) -> None:
    assert getattr(resident.client, method)(resident.url).status_code == 405


@pytest.mark.parametrize("charset", ["hex", "rot13", "khong-co"])
def test_a_body_in_no_known_writing_is_answered_in_words(resident: Resident, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="message"\r\n\r\nabc\r\n--x--\r\n'
    response = resident.client.generic(
        "POST", resident.url, body, content_type=f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert response.status_code in (200, 400, 403, 413)
    assert "<textarea" in text(response)
