"""An address for mail is entered and confirmed by the officer himself, and leads nowhere else."""

import datetime
import re
from typing import Any

import pytest
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.models import MailAddress, User
from communes.notices.addresses import address_of, confirmed_address
from home.delivery import Answer, Outcome
from home.delivery import mail as sender
from tests.communes.posts import logged_in, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "truc.cam-trung@example.vn"


def entered(client: Client, address: str = ADDRESS) -> Any:
    return client.post(reverse("bell:enter_address"), {"address": address})


def link_in_mail() -> str:
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_mail_goes_to_the_address_and_its_link_confirms_at_a_press(officer: Any) -> None:
    client = logged_in(officer)
    entered(client)
    assert mail.outbox[0].to == [ADDRESS]
    assert confirmed_address(officer.pk) is None
    assert "chưa xác nhận" in text_of(client.get(reverse("bell:index")))
    link = link_in_mail()
    page = text_of(client.get(link))
    assert ADDRESS in page and "Xác nhận địa chỉ này" in page
    # Programs that look at mails follow their links.
    assert confirmed_address(officer.pk) is None
    client.post(link)
    assert confirmed_address(officer.pk) == ADDRESS
    assert "đã xác nhận" in text_of(client.get(reverse("bell:index")))


def test_the_mail_says_nothing_of_the_person_or_his_unit(officer: Any) -> None:
    entered(logged_in(officer))
    said = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    for word in (officer.username, "Cẩm Trung", "tin báo"):
        assert word not in said


def test_the_address_lies_encrypted(officer: Any) -> None:
    entered(logged_in(officer))
    row = MailAddress.objects.get()
    assert "example" not in row.sealed
    assert address_of(officer.pk) == ADDRESS


@pytest.mark.parametrize(("moment", "holds"), [("2026-11-24 07:59", True), ("2026-11-24 08:01", False)])
def test_the_link_holds_for_a_day(
    officer: Any, monkeypatch: pytest.MonkeyPatch, moment: str, holds: bool
) -> None:
    def clock(text: str) -> None:
        stamp = timezone.make_aware(datetime.datetime.fromisoformat(text)).timestamp()
        monkeypatch.setattr(signing.time, "time", lambda: stamp)

    client = logged_in(officer)
    clock("2026-11-23 08:00")
    entered(client)
    clock(moment)
    page = client.post(link_in_mail())
    assert bool(confirmed_address(officer.pk)) is holds
    if not holds:
        assert "không dùng được nữa" in text_of(page)


def test_another_address_is_unconfirmed_again_and_the_first_link_is_over(officer: Any) -> None:
    client = logged_in(officer)
    entered(client)
    first = link_in_mail()
    client.post(first)
    entered(client, "khac@example.vn")
    assert confirmed_address(officer.pk) is None
    client.post(first)
    assert confirmed_address(officer.pk) is None
    client.post(link_in_mail())
    assert confirmed_address(officer.pk) == "khac@example.vn"


def test_nobody_confirms_for_somebody_else(officer: Any, other_officer: Any) -> None:
    entered(logged_in(officer))
    link = link_in_mail()
    other = logged_in(other_officer)
    entered(other, ADDRESS)
    for client in (other, Client()):
        client.post(link)
        assert ADDRESS not in text_of(client.get(link, follow=True)) or client is other
    assert MailAddress.objects.filter(confirmed_at__isnull=False).count() == 0


def test_an_altered_link_confirms_nothing(officer: Any) -> None:
    client = logged_in(officer)
    entered(client)
    link = link_in_mail()
    for wrong in (link[:-2] + "/", link.replace(f"{officer.pk}.", "999."), link[:-1] + "x/"):
        client.post(wrong)
    assert confirmed_address(officer.pk) is None


def test_it_is_removed_with_a_tap(officer: Any) -> None:
    client = logged_in(officer)
    entered(client)
    client.post(reverse("bell:remove_address"))
    assert not MailAddress.objects.exists()
    assert client.get(reverse("bell:remove_address")).status_code == 405


def test_what_is_no_address_comes_back_with_the_reason_and_no_mail_goes(officer: Any) -> None:
    answer = entered(logged_in(officer), "truc@")
    assert answer.status_code == 422
    assert "truc@" in text_of(answer)
    assert not mail.outbox
    assert not MailAddress.objects.exists()


def test_mails_are_counted_by_person(officer: Any, other_officer: Any) -> None:
    client = logged_in(officer)
    for _time in range(5):
        assert entered(client).status_code == 302
    assert entered(client).status_code == 429
    assert len(mail.outbox) == 5
    assert entered(logged_in(other_officer)).status_code == 302


def test_where_no_mail_can_be_sent_it_is_said(officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "send", lambda *args, **options: Answer(Outcome.LATER, word="timeout"))
    answer = logged_in(officer).post(reverse("bell:enter_address"), {"address": ADDRESS}, follow=True)
    assert "Không gửi được thư" in text_of(answer)


def test_it_is_no_way_into_the_account(officer: Any) -> None:
    client = logged_in(officer)
    entered(client)
    client.post(link_in_mail())
    officer.refresh_from_db()
    assert officer.email == ""
    assert not User.objects.filter(email__contains="example").exists()


@pytest.mark.parametrize("who", ["unit_editor", "superuser", "other_officer", "editor"])
def test_nobody_else_is_shown_it(officer: Any, who: str, request: pytest.FixtureRequest) -> None:
    own = logged_in(officer)
    entered(own)
    own.post(link_in_mail())
    other = logged_in(request.getfixturevalue(who))
    screens = [
        "/admin/",
        "/admin/bell/",
        f"/admin/staff/people/{officer.pk}/",
        f"/admin/users/edit/{officer.pk}/",
    ]
    for screen in screens:
        assert ADDRESS not in text_of(other.get(screen, follow=True)), screen


def test_a_key_that_is_gone_is_no_address(officer: Any, settings: Any) -> None:
    client = logged_in(officer)
    entered(client)
    client.post(link_in_mail())
    settings.TIP_KEYRING = "t2:" + "6b" * 32
    assert confirmed_address(officer.pk) is None
    assert client.get(reverse("bell:index")).status_code == 200
