"""The look-up: the code opens the thread, a wrong one says so, and what is typed is never lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from communes.models import CommunePage
from tests.tipform.officers import ensure_unit_key
from tests.tipform.residents import Resident, code_on, hidden_fields, named, photo
from tipform import vault
from tipform.box.entries import add_entry
from tipform.models import AuditEntry, Holding, Part, Tip, UnitKey

pytestmark = pytest.mark.django_db

TYPED = "Tàu lại vào, <hai chiếc>."
SHOWN = "Tàu lại vào, &lt;hai chiếc&gt;."


@pytest.fixture
def code(resident: Resident) -> str:
    return code_on(
        resident.send(
            message="Hai tàu hút cát",
            place="Chân cầu",
            occurred="tối qua",
            attachments=[named(photo(), "tau đêm.jpg")],
            contact="callback",
            name="Hải Đường",
            phone="0912345678",
        )
    )


def text(response: Any) -> str:
    return str(response.content.decode())


def entries() -> int:
    return Part.objects.filter(label="entry").count()


def test_the_page_asks_for_the_code(resident: Resident) -> None:
    response = resident.client.get("/tra-cuu/")
    assert 'name="code"' in text(response)
    assert response.headers["Cache-Control"] == "no-store"


AS_TYPED: dict[str, Callable[[str], str]] = {
    "without a space": str,
    "four by four": lambda code: " - ".join(re.findall("....", code)),
    "with no-break hyphens": lambda code: "\u2011".join(re.findall("....", code)),
    "with a full stop": lambda code: f"{code}.",
    "with stops between": lambda code: ".".join(re.findall("....", code)),
    "full width": lambda code: code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "pasted with marks of direction": lambda code: f"\u202a{code}\u202c\u200b",
}


@pytest.mark.parametrize("as_typed", AS_TYPED)
def test_the_code_opens_the_thread_however_it_is_typed(resident: Resident, code: str, as_typed: str) -> None:
    page = text(resident.look_up(AS_TYPED[as_typed](code)))
    for words in ("Hai tàu hút cát", "Chân cầu", "tối qua", "tau đêm.jpg", "Lừa đảo", "Mới"):
        assert words in page


def test_name_and_number_are_not_shown_to_whoever_holds_the_code(resident: Resident, code: str) -> None:
    page = text(resident.look_up(code))
    assert "Hải Đường" not in page and "0912345678" not in page


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        ("new", "", "Mới"),
        ("accepted", "", "Đã tiếp nhận"),
        ("in-progress", "", "Đang xác minh"),
        ("closed", "resolved", "Có kết quả: Đã giải quyết"),
    ],
)
def test_status_and_outcome_stand_there_in_words(
    resident: Resident, code: str, status: str, outcome: str, words: str
) -> None:
    Tip.objects.update(status=status, outcome=outcome)
    assert words in text(resident.look_up(code))


def test_both_sides_are_read_in_their_order(resident: Resident, code: str, commune: CommunePage) -> None:
    add_entry(Tip.objects.get(), "officer", "Ở bến nào?", "n1")
    page = text(resident.look_up(code, message="Bến dưới"))
    assert "Đã gửi phần viết thêm" in page
    first, second, third = (page.index(words) for words in ("Hai tàu", "Ở bến nào?", "Bến dưới"))
    assert first < second < third
    assert "Công an xã Cẩm Trung, " in page


def test_every_visit_and_every_entry_is_in_the_audit_log(resident: Resident, code: str) -> None:
    resident.look_up(code)
    resident.look_up(code, message="thêm")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == [
        "received",
        "reporter-read",
        "reporter-wrote",
        "reporter-read",
    ]
    assert not AuditEntry.objects.exclude(actor=None).exists()


def test_a_second_click_writes_once_and_another_text_twice(resident: Resident, code: str) -> None:
    hidden = hidden_fields(text(resident.look_up(code)))
    token = resident.open("/tra-cuu/")
    for words in ("một", "một", "hai"):
        resident.client.post("/tra-cuu/", {**token, **hidden, "message": words, **token})
    assert entries() == 2


def test_the_same_words_from_a_page_opened_anew_are_another_entry(resident: Resident, code: str) -> None:
    for _time in range(2):
        hidden = hidden_fields(text(resident.look_up(code)))
        resident.client.post("/tra-cuu/", {**hidden, **resident.open("/tra-cuu/"), "message": "vẫn thế"})
    assert entries() == 2


def test_an_entry_goes_to_every_unit_that_holds_the_tip(
    resident: Resident, code: str, commune: CommunePage, other_commune: CommunePage
) -> None:
    other = ensure_unit_key(other_commune.unit)
    Holding.objects.create(tip=Tip.objects.get(), unit=other_commune.unit)
    resident.look_up(code, message="cho cả hai")
    entry = Part.objects.get(label="entry")
    assert {row.unit_key for row in entry.keys.all()} == {ensure_unit_key(commune.unit), other, None}


def test_a_key_that_somebody_wrote_into_the_database_gets_nothing(resident: Resident, code: str) -> None:
    UnitKey.objects.update(public_key=vault.KeyPair.generate().public)
    response = resident.look_up(code, message=TYPED)
    assert response.status_code == 503
    assert SHOWN in text(response)
    assert entries() == 0


def test_a_long_thread_takes_no_more_queries(resident: Resident, code: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            resident.look_up(code)
        return len(captured)

    add_entry(Tip.objects.get(), "officer", "Ở bến nào?", "n1")
    queries()
    few = queries()
    for number in range(20):
        add_entry(Tip.objects.get(), "officer", "Thêm", f"m{number}")
    assert queries() == few <= 40


# --- Wrong codes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["", "1234", "1234 5678 9012 345", "12345678901234567", "mã của tôi", "1" * 500]
)
def test_what_is_no_code_is_told_how_many_digits_it_has(resident: Resident, code: str, typed: str) -> None:
    page = text(resident.look_up(typed))
    assert "Mã tra cứu có 16 chữ số" in page
    assert f'value="{typed}"' in page or not typed
    assert "Hai tàu" not in page


def test_an_unknown_code_gets_one_sentence_and_stays_in_the_field(resident: Resident, code: str) -> None:
    page = text(resident.look_up("1234 5678 9012 3456"))
    assert "Không có tin nào mang mã này" in page
    assert 'value="1234 5678 9012 3456"' in page


def test_a_message_typed_with_a_wrong_code_is_still_there(resident: Resident, code: str) -> None:
    page = text(resident.look_up("1234 5678 9012 3456", message=TYPED))
    assert SHOWN in page
    assert entries() == 0
    hidden = hidden_fields(page)
    resident.client.post("/tra-cuu/", {**hidden, "code": code, "message": TYPED})
    assert entries() == 1


def test_a_code_of_before_the_keyring_was_renewed_still_opens(
    resident: Resident, code: str, settings: Any
) -> None:
    settings.TIP_KEYRING = "t2:" + "6b" * 32 + "," + settings.TIP_KEYRING
    assert "Hai tàu hút cát" in text(resident.look_up(code))


# --- Failing ---------------------------------------------------------------------------------------------


def test_an_empty_entry_is_said_on_the_thread(resident: Resident, code: str) -> None:
    page = text(resident.look_up(code, message="  "))
    assert "Xin viết vài chữ hoặc chọn tệp rồi gửi" in page
    assert "Hai tàu hút cát" in page
    assert entries() == 0


def test_an_entry_too_long_comes_back_whole(resident: Resident, code: str) -> None:
    long = "a" * 20_001
    page = text(resident.look_up(code, message=long))
    assert "chỉ gửi được nhiều nhất 20000 ký tự" in page and long in page
    assert entries() == 0


@pytest.mark.parametrize("broken", ["tipform.box.sealing.vault.seal_json", "tipform.audit.record"])
def test_an_entry_that_cannot_be_stored_comes_back(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("x")

    with monkeypatch.context() as patched:
        patched.setattr(broken, fails)
        response = resident.look_up(code, message=TYPED)
    assert response.status_code == 503
    assert SHOWN in text(response)
    assert code[:4] in text(response)
    assert entries() == 0


def test_a_tip_that_was_altered_is_not_shown_and_is_no_server_error(resident: Resident, code: str) -> None:
    Part.objects.filter(label="message").update(sealed=b"\x01" + bytes(300))
    response = resident.look_up(code)
    assert response.status_code == 503
    assert "Hiện chưa mở được tin" in text(response)


def test_a_stale_token_gives_code_and_words_back_with_a_fresh_one(resident: Resident, code: str) -> None:
    stale = {"csrfmiddlewaretoken": "x" * 64, "code": code, "message": TYPED}
    response = resident.client.post("/tra-cuu/", stale)
    page = text(response)
    assert response.status_code == 403
    assert "Trang để mở quá lâu" in page
    assert f'value="{code}"' in page and SHOWN in page
    assert "Hai tàu" not in page  # the thread itself is not opened
    assert entries() == 0
    resident.client.post("/tra-cuu/", {**hidden_fields(page), "code": code, "message": TYPED})
    assert entries() == 1


def test_more_than_can_be_read_is_said_on_the_form(resident: Resident, code: str) -> None:
    response = resident.look_up(code, message="a" * 13 * 1024 * 1024)
    assert response.status_code == 413
    assert 'name="code"' in text(response)


# --- What travels around it ------------------------------------------------------------------------------


def test_the_thread_is_kept_by_no_cache_and_no_search_engine_and_sets_no_session(
    resident: Resident, code: str
) -> None:
    for response in (resident.look_up(code), resident.look_up("1" * 16), resident.look_up("x")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert set(resident.client.cookies) == {"csrftoken"}


def test_the_code_travels_in_no_address(resident: Resident, code: str) -> None:
    page = text(resident.look_up(code))
    assert 'name="code"' in page
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', page):
        assert not any(group in address for group in re.findall("....", code))


def test_a_code_in_the_address_opens_nothing(resident: Resident, code: str) -> None:
    assert "Hai tàu" not in text(resident.client.get(f"/tra-cuu/?code={code}"))
