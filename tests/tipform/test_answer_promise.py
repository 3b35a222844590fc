"""By when an answer comes: the unit says it on its front page, receipt and look-up repeat it."""

from typing import Any

import pytest
from wagtail.models import Locale

from home.models import HomePage
from tests.tipform.residents import Resident, code_on
from tipform.box.entries import add_entry
from tipform.models import Tip

pytestmark = pytest.mark.django_db

USUAL = "Cán bộ đọc trong ngày làm việc và trả lời trong vòng 3 ngày làm việc. Việc gấp: gọi, đừng chờ."
OWN = "Trả lời trong <2> ngày làm việc & nghỉ chiều thứ Bảy."
SHOWN = "Trả lời trong &lt;2&gt; ngày làm việc &amp; nghỉ chiều thứ Bảy."


@pytest.fixture
def home(resident: Resident) -> HomePage:
    return HomePage.objects.get()


def html(response: Any) -> str:
    return str(response.content.decode())


def test_without_a_promise_of_the_unit_the_portals_own_is_made(resident: Resident) -> None:
    receipt = resident.send()
    assert USUAL in html(receipt)
    assert USUAL in html(resident.look_up(code_on(receipt)))


def test_the_unit_says_its_own_on_receipt_and_lookup(resident: Resident, home: HomePage) -> None:
    home.answer_promise = OWN
    home.save()
    receipt = resident.send()
    for page in (html(receipt), html(resident.look_up(code_on(receipt)))):
        assert SHOWN in page
        assert USUAL not in page


def test_a_page_in_english_says_the_english_one(resident: Resident, home: HomePage) -> None:
    home.answer_promise = OWN
    home.save()
    english = home.copy_for_translation(Locale.objects.get_or_create(language_code="en")[0])
    english.live, english.answer_promise = True, "Within two working days."
    english.save()
    code = code_on(resident.send())
    page = html(resident.client.post("/en/tra-cuu/", {**resident.open("/en/tra-cuu/"), "code": code}))
    assert "Within two working days." in page and SHOWN not in page
    HomePage.objects.filter(pk=english.pk).update(answer_promise="")
    page = html(resident.client.post("/en/tra-cuu/", {**resident.open("/en/tra-cuu/"), "code": code}))
    assert "answers within 3 working days" in page and SHOWN not in page


def test_it_is_short_cleaned_and_approved_as_the_front_pages_other_texts(home: HomePage) -> None:
    form_class = home.get_edit_handler().get_form_class()
    form = form_class({"answer_promise": "Trong\u200b 2 nga\u0300y"}, instance=home)
    form.is_valid()
    assert form.cleaned_data["answer_promise"] == "Trong 2 ngày"
    form = form_class({"answer_promise": "x" * 301}, instance=home)
    assert "answer_promise" in form.errors


@pytest.mark.parametrize("by", ["officer", "reporter"])
def test_it_waits_until_an_officer_has_written(resident: Resident, by: Any) -> None:
    code = code_on(resident.send())
    add_entry(Tip.objects.get(), by, "Một câu", "n1")
    assert (USUAL in html(resident.look_up(code))) is (by == "reporter")


def test_of_a_closed_tip_nothing_more_is_promised(resident: Resident) -> None:
    code = code_on(resident.send())
    Tip.objects.update(status="closed", outcome="resolved")
    assert USUAL not in html(resident.look_up(code))
