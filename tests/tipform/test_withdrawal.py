"""Taken back: in two steps, for every unit that had it, keys first, and not a word in the log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError
from django.db.models.signals import pre_delete
from django.test import Client
from django.urls import reverse

from tests.tipform.officers import hand, press, read, thread_of
from tests.tipform.residents import Resident, code_on, named, photo, stored_objects
from tipform import vault
from tipform.box import withdrawal
from tipform.models import AuditEntry, Leftover, Part, PartKey, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
WORDS = "Hai tàu hút cát dưới chân cầu"


@pytest.fixture
def code(resident: Resident, sealed_folder: Path) -> str:
    return code_on(resident.send(message=WORDS, attachments=[named(photo(), "a.jpg")]))


def body(response: Any) -> str:
    return str(response.content.decode())


def take_back(resident: Resident, code: str) -> Any:
    return resident.look_up(code, act="erase", sure="on")


def test_it_is_explained_first_and_nothing_is_erased_without_the_tick(
    resident: Resident, code: str, settings: Any
) -> None:
    settings.BACKUP_DAYS = 41
    assert "Rút lại tin" in body(resident.look_up(code))
    page = body(resident.look_up(code, act="withdraw", message="Viết dở"))
    for words in ("Công an xã Cẩm Trung", "tối đa 41 ngày", "Điều cán bộ đã đọc", "Viết dở"):
        assert words in page
    page = body(resident.look_up(code, act="erase", message="Viết dở"))
    assert "xin đánh dấu vào ô này" in page
    assert "Viết dở" in body(resident.look_up(code, act="back", message="Viết dở"))
    assert Tip.objects.get().parts.count() == 6
    assert not Part.objects.filter(label="entry").exists()


def test_keys_parts_files_and_code_are_gone_and_a_shell_stays(
    resident: Resident, code: str, sealed_folder: Path, officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    press(as_user(officer), tip, "reply", text="Cảm ơn.")
    assert "Đã rút lại tin" in body(take_back(resident, code))
    assert not PartKey.objects.exists() and not Part.objects.exists() and not Leftover.objects.exists()
    assert stored_objects(sealed_folder) == []
    tip.refresh_from_db()
    assert (tip.status, tip.outcome, tip.category.slug) == ("withdrawn", "", "other")
    assert tip.receipt_lookup is None
    assert bytes(tip.reporter_public_key) == bytes(tip.reporter_wrapped_key) == b""
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor, entry.detail) == ("withdrawn", None, "")


def test_the_code_is_then_like_one_that_never_was(resident: Resident, code: str) -> None:
    take_back(resident, code)
    pages = [body(resident.look_up(given)).replace(given, "") for given in (code, "1234567890123456")]
    assert "Không có tin nào mang mã này" in pages[0]
    assert resident_text(pages[0]) == resident_text(pages[1])
    assert "việc đó đã xong" in body(take_back(resident, code))  # a second click


def resident_text(page: str) -> str:
    """Without what each page draws by lot."""
    drawn = ("csrf", "nonce", "sitting")
    return "\n".join(line for line in page.splitlines() if not any(name in line for name in drawn))


def test_officers_of_every_unit_that_had_it_see_that_it_was_taken_back_and_no_word_of_it(
    resident: Resident, code: str, officer: Any, unit: Any, unit_officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    hand(as_user(officer), tip, unit)
    take_back(resident, code)
    for user in (officer, unit_officer):
        client = as_user(user)
        page = read(client, tip)
        assert "Người báo đã rút lại tin này" in page
        assert WORDS not in page and "Việc ngoài địa bàn" not in page and "không mở được" not in page
        for name in ({}, {"handed-away": "1"}):
            assert client.get(reverse("tips:index"), name).status_code == 200
    assert "Đã rút lại (1)" in body(as_user(unit_officer).get(reverse("tips:index")))
    assert AuditEntry.objects.filter(action="withdrawn").count() == 2


@pytest.mark.parametrize("act", ["reply", "status", "identity"])
def test_an_officer_who_is_answering_is_told_and_keeps_his_words(
    act: str, resident: Resident, code: str, officer: Any, as_user: Log
) -> None:
    tip = Tip.objects.get()
    take_back(resident, code)
    page = body(press(as_user(officer), tip, act, text="Câu trả lời muộn", status="accepted"))
    assert "Người báo đã rút lại tin này" in page
    assert "Câu trả lời chưa được gửi" in page and "Câu trả lời muộn" in page
    assert Tip.objects.get().status == "withdrawn"
    assert not Part.objects.exists()


def test_one_taken_back_between_opening_and_sending_takes_no_answer(
    resident: Resident, code: str, officer: Any, as_user: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipform.desk.inbox.views import TipView

    post = TipView.post

    def after_the_reporter(self: TipView, *args: Any, **kwargs: Any) -> Any:
        take_back(resident, code)
        return post(self, *args, **kwargs)

    monkeypatch.setattr(TipView, "post", after_the_reporter)
    page = body(press(as_user(officer), Tip.objects.get(), "reply", text="Câu trả lời muộn"))
    assert "Người báo đã rút lại tin này" in page and "Câu trả lời muộn" in page
    assert not Part.objects.exists()


def test_nobody_else_can_take_it_back(resident: Resident, code: str, officer: Any, as_user: Log) -> None:
    for given in ("1" * 16, "", code[:-1] + str((int(code[-1]) + 1) % 10)):
        take_back(resident, given)
    assert as_user(officer).post(thread_of(Tip.objects.get()), {"act": "erase", "sure": "on"})
    resident.client.get(f"/tra-cuu/?act=erase&sure=on&code={code}")
    assert Tip.objects.get().status == "new"
    stale = {"csrfmiddlewaretoken": "x" * 64, "code": code, "act": "erase", "sure": "on"}
    response = resident.client.post("/tra-cuu/", stale)
    assert response.status_code == 403
    assert 'name="act" value="withdraw"' in body(response)  # it is explained again
    assert Tip.objects.get().status == "new"


def test_the_keys_are_gone_even_when_the_rest_fails_and_the_job_erases_it(
    resident: Resident, code: str, sealed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise OSError("the store does not answer")

    pre_delete.connect(fails, sender=Part)
    try:
        assert "Đã rút lại tin" in body(take_back(resident, code))
    finally:
        pre_delete.disconnect(fails, sender=Part)
    assert Part.objects.exists() and not PartKey.objects.exists()
    with monkeypatch.context() as patched:
        patched.setattr(storages["tips"], "delete", fails)
        withdrawal.erase_leftovers()
    assert not Part.objects.exists()
    assert Leftover.objects.count() == len(stored_objects(sealed_folder)) == 2
    withdrawal.erase_leftovers()
    assert not Leftover.objects.exists() and stored_objects(sealed_folder) == []


def test_when_the_keys_cannot_be_erased_it_is_said_and_nothing_is_half_done(
    resident: Resident, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("x")

    with monkeypatch.context() as patched:
        patched.setattr("tipform.box.withdrawal.audit.record", fails)
        response = take_back(resident, code)
    assert response.status_code == 503
    assert "CHƯA rút lại được" in body(response)
    assert WORDS in body(resident.look_up(code))


def test_an_old_copy_of_a_part_opens_with_no_key_that_is_left(resident: Resident, code: str) -> None:
    """Whoever kept the sealed bytes, but not the rows of keys, has nothing."""
    part = Part.objects.get(label="message")
    take_back(resident, code)
    context = vault.Context(part.tip.uuid, part.tip.received_by, part.uuid, part.label, part.version)
    with pytest.raises(vault.OpenError):
        vault.open_json(bytes(part.sealed), context, vault.new_part_key())
