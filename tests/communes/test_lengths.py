"""What staff type may be as long as its field says; beyond that the field says so, not the database."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from communes.lifecycle.closing import close_commune
from communes.lifecycle.forms import OpenForm
from communes.models import CommunePage, NewsPage, Unit
from communes.staff.forms import NameField
from home.models import ADDRESS_LENGTH, HomePage, InfoPage

from .posts import decide, is_live, logged_in, news_of
from .quickposts import WRITE, photo, typed

pytestmark = pytest.mark.django_db

LONGEST = ("Cảnh báo thủ đoạn lừa đảo mới " * 10)[:255].strip()
# One sign of Unicode that stands for eight letters.
LIGATURE = "\ufdfb"


def post_under(commune: CommunePage, title: str) -> NewsPage:
    return news_of(commune).add_child(instance=NewsPage(title=title, summary="Một câu."))


def sent_by_the_full_editor(editor: Any, commune: CommunePage, **values: Any) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    data = {
        "title": LONGEST,
        "kind": "notice",
        "summary": "Một câu tóm tắt.",
        "date": "2026-11-27",
        "body-count": 0,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-submit": "1",
    }
    return logged_in(editor).post(url, data | values)


def test_the_longest_title_may_come_twice_and_both_posts_go_live(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    for _time in range(2):
        assert sent_by_the_full_editor(editor, commune).status_code == 302
    posts = list(NewsPage.objects.filter(title=LONGEST).order_by("pk"))
    for post in posts:
        assert decide(logged_in(unit_editor), post).status_code == 302
        assert is_live(post)
        assert logged_in(editor).get(post.url).status_code == 200
    first, second = (post.slug for post in posts)
    assert first == "canh-bao-thu-doan-lua-dao-moi-canh-bao-thu-doan-lua-dao-moi-canh-bao-thu-doan"
    assert second == f"{first}-2"


@pytest.mark.parametrize("length", [ADDRESS_LENGTH - 1, ADDRESS_LENGTH, ADDRESS_LENGTH + 1, 255])
def test_an_address_of_one_word_is_cut_where_it_must_be(length: int, commune: CommunePage) -> None:
    slug = post_under(commune, "a" * length).slug
    assert slug == "a" * min(length, ADDRESS_LENGTH)


def test_an_address_is_cut_between_words(commune: CommunePage) -> None:
    just = f"{'a' * (ADDRESS_LENGTH - 3)} bb"
    assert post_under(commune, f"{just} c").slug == just.replace(" ", "-")
    assert post_under(commune, f"{just}b c").slug == "a" * (ADDRESS_LENGTH - 3)


def test_signs_that_stand_for_many_letters_make_no_longer_address(commune: CommunePage) -> None:
    assert len(post_under(commune, "㍿ ½ ﬃ " * 40).slug) <= ADDRESS_LENGTH


def test_the_hundredth_post_of_a_title_costs_no_more_than_the_second(commune: CommunePage) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            post_under(commune, "Thông báo khẩn")
        return len(captured)

    post_under(commune, "Thông báo khẩn")
    second = queries()
    for _time in range(8):
        post_under(commune, "Thông báo khẩn")
    assert queries() == second
    slugs = set(news_of(commune).get_children().values_list("slug", flat=True))
    assert slugs == {"thong-bao-khan", *(f"thong-bao-khan-{number}" for number in range(2, 12))}


def test_a_page_called_like_an_address_of_the_portal_gets_another_one(unit: Unit) -> None:
    page = HomePage.objects.get(translation_key=unit.page_key).add_child(instance=InfoPage(title="Tra cứu"))
    page.save_revision().publish()
    assert page.slug == "tra-cuu-2"


def test_a_summary_that_is_too_long_is_said_at_the_field(editor: Any, commune: CommunePage) -> None:
    response = sent_by_the_full_editor(editor, commune, title="Bài", summary="x" * 301)
    assert response.status_code == 200
    assert "summary" in response.context["form"].errors
    assert not NewsPage.objects.filter(title="Bài").exists()
    assert sent_by_the_full_editor(editor, commune, title="Bài", summary="x" * 300).status_code == 302


@pytest.mark.parametrize(("length", "taken"), [(200, True), (201, False)])
def test_the_words_for_a_photo_are_taken_whole_or_not_at_all(
    length: int, taken: bool, editor: Any, commune: CommunePage
) -> None:
    response = logged_in(editor).post(WRITE, typed(photos=[photo()], alt=["x" * length]))
    posts = NewsPage.objects.filter(image_alt="x" * 200)
    assert posts.exists() == taken
    assert ("có 201 ký tự" in response.content.decode()) != taken
    assert NewsPage.objects.count() == int(taken)


def test_a_photo_with_a_long_name_is_taken(editor: Any, commune: CommunePage) -> None:
    logged_in(editor).post(WRITE, typed(photos=[photo(f"{'ảnh ' * 60}.jpg")], alt=["Cổng"]))
    image = NewsPage.objects.get().image
    assert len(image.file.name) < 100


@pytest.mark.parametrize(("times", "fits"), [(18, True), (19, False)])
def test_a_name_of_staff_is_counted_as_it_is_stored(times: int, fits: bool) -> None:
    from django.core.exceptions import ValidationError

    name = LIGATURE * times
    if fits:
        assert len(NameField().clean(name)) <= 150
    else:
        with pytest.raises(ValidationError, match="150"):
            NameField().clean(name)


def test_a_name_of_a_commune_is_counted_as_it_is_stored(unit: Unit) -> None:
    data = {"parent": unit.pk, "kind": "xa", "name": f"An {LIGATURE * 20}", "phone": "0239 000 0114"}
    form = OpenForm(data, parents=Unit.objects.filter(pk=unit.pk))
    assert "name" in form.errors
    assert "80" in str(form.errors["name"])


def test_addresses_that_lead_on_from_a_closed_commune_fit_their_column(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    for _time in range(2):
        post_under(commune, LONGEST)
    close_commune(commune.unit, other_commune.unit)
    longest = Redirect._meta.get_field("old_path").max_length
    assert all(len(path) <= longest for path in Redirect.objects.values_list("old_path", flat=True))
