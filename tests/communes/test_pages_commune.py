"""What a resident sees on the pages of a commune."""

import datetime
import io
import re
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Pillow
from wagtail.images import get_image_model

from communes.models import (
    CommunePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
)
from home.tree import live_children

pytestmark = pytest.mark.django_db

QUERIES = {"commune": 19, "news": 19, "post": 20, "guides": 20, "guide": 21, "contact": 18}


def picture() -> Any:
    """A picture in the library."""
    file = io.BytesIO()
    Pillow.new("RGB", (90, 60), "#2f6b4f").save(file, "JPEG")
    return get_image_model().objects.create(title="Ruộng lúa", file=ImageFile(file, name="ruong.jpg"))


def publish_posts(commune: CommunePage, count: int, **values: Any) -> list[NewsPage]:
    """Posts with a picture each, one a day, the newest first in the list returned."""
    index = live_children(NewsIndexPage, commune).get()
    posts = []
    for number in range(count):
        post = NewsPage(
            title=f"Bài số {number}",
            summary="Bà con khóa cửa cẩn thận.",
            date=datetime.date(2026, 3, 30) - datetime.timedelta(days=number),
            first_published_at=datetime.datetime(2026, 3, 30, 5, tzinfo=datetime.UTC)
            - datetime.timedelta(days=number),
            image=picture(),
            **values,
        )
        posts.append(index.add_child(instance=post))
    return posts


def shared_guide(commune: CommunePage) -> ProcedurePage:
    """A guide of the unit's, which every commune shows."""
    index = live_children(ProcedureIndexPage, commune.get_parent()).get()
    return index.add_child(
        instance=ProcedurePage(
            title="Đăng ký tạm trú",
            slug="dang-ky-tam-tru",
            notice="Văn bản mẫu.",
            summary="Ở nơi khác từ 30 ngày.",
            where="Tại {full_name}.",
            steps=[
                ("step", {"title": "Nộp hồ sơ", "text": ""}),
                ("step", {"title": "Nhận kết quả", "text": ""}),
            ],
            documents=[("document", {"name": "Tờ khai CT01", "note": "Có sẵn tại nơi nộp"})],
            last_reviewed=datetime.date(2026, 11, 2),
        )
    )


def html(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_commune_opens_on_its_full_name_its_duty_phone_and_four_doors(
    client: Client, commune: CommunePage
) -> None:
    page = html(client, commune.url)
    assert re.search(r"<h1>\s*Công an xã Cẩm Trung\s*</h1>", page)
    assert 'href="tel:02390000113"' in page and 'href="tel:113"' in page
    for slug, name in {
        "tin-tuc": "Tin tức",
        "thu-tuc": "Thủ tục hành chính",
        "lien-he": "Liên hệ",
        "gui-tin-bao": "Gửi tin báo",
    }.items():
        assert re.search(rf'<a class="door[^"]*" href="{commune.url}{slug}/">.*?{name}', page, re.S), name
    assert "Không cần để lại tên" in page


def test_the_doors_stand_in_the_menu_of_every_inner_page_and_the_open_one_is_marked(
    client: Client, commune: CommunePage
) -> None:
    page = html(client, f"{commune.url}lien-he/")
    for slug in ("tin-tuc", "thu-tuc", "gui-tin-bao"):
        assert f'href="{commune.url}{slug}/">' in page
    assert f'href="{commune.url}lien-he/" aria-current="page"' in page


def test_the_door_to_a_post_or_a_guide_is_marked_on_its_page(client: Client, commune: CommunePage) -> None:
    (post,) = publish_posts(commune, 1)
    guide = shared_guide(commune)
    assert f'href="{commune.url}tin-tuc/" aria-current="true"' in html(client, post.url)
    page = html(client, f"{commune.url}thu-tuc/{guide.slug}/")
    assert f'href="{commune.url}thu-tuc/" aria-current="true"' in page
    # In the row of a wide screen and in the menu of a phone.
    assert page.count('aria-current="true"') == 2


def test_every_page_of_a_commune_has_its_name_and_phone_and_says_where_it_stands(
    client: Client, commune: CommunePage
) -> None:
    (post,) = publish_posts(commune, 1)
    guide = shared_guide(commune)
    for url in (
        f"{commune.url}tin-tuc/",
        post.url,
        f"{commune.url}thu-tuc/",
        f"{commune.url}thu-tuc/{guide.slug}/",
        f"{commune.url}lien-he/",
    ):
        page = html(client, url)
        assert "<title>Công an xã Cẩm Trung – " in page, url
        assert page.count('href="tel:02390000113"') >= 2, url
        assert f'<a href="{commune.url}">Xã Cẩm Trung</a>' in page, url
        assert "Công an huyện Cẩm Xuyên" in page, url


def test_a_post_shows_date_author_kind_picture_and_the_way_back(client: Client, commune: CommunePage) -> None:
    post, other = publish_posts(commune, 2, kind="warning")
    page = html(client, post.url)
    assert "30/03/2026" in page and 'datetime="2026-03-30"' in page
    assert "Cảnh báo" in page
    assert re.search(r'class="post__author">\s*Công an xã Cẩm Trung', page)
    assert 'type="image/webp"' in page
    assert f'<a class="more" href="{commune.url}tin-tuc/">' in page
    assert other.title in page, "more posts below"


def test_a_post_with_an_author_of_its_own_names_him(client: Client, commune: CommunePage) -> None:
    (post,) = publish_posts(commune, 1, author="Đoàn thanh niên xã")
    assert "Đoàn thanh niên xã" in html(client, post.url)


def test_the_news_list_is_cut_into_pages(client: Client, commune: CommunePage) -> None:
    publish_posts(commune, 13)
    first = html(client, f"{commune.url}tin-tuc/")
    assert "Bài số 11" in first and "Bài số 12" not in first
    assert 'rel="next" href="?page=2"' in first and "Trang 1/2" in first
    second = html(client, f"{commune.url}tin-tuc/?page=2")
    assert "Bài số 12" in second
    assert 'rel="canonical"' in second and "?page=2" in second.split('rel="canonical"')[1][:80]


@pytest.mark.parametrize(("days", "new"), [(0, True), (2, True), (3, False)])
def test_a_post_is_marked_new_for_three_days(
    days: int, new: bool, client: Client, commune: CommunePage
) -> None:
    (post,) = publish_posts(commune, 1)
    post.date = timezone.localdate() - datetime.timedelta(days=days)
    post.first_published_at = timezone.now()
    post.save()
    assert ("tag--new" in html(client, commune.url)) is new


def test_a_shared_guide_read_in_a_commune_names_its_police_and_phone(
    client: Client, commune: CommunePage, other_commune: CommunePage
) -> None:
    other_commune.duty_phone = "0239 000 0222"
    other_commune.save()
    guide = shared_guide(commune)
    here, there = (html(client, f"{page.url}thu-tuc/{guide.slug}/") for page in (commune, other_commune))
    assert "Tại Công an xã Cẩm Trung." in here and "tel:02390000113" in here
    assert "Tại Công an xã Cẩm Duệ." in there and "tel:02390000222" in there
    assert "tel:02390000113" not in there
    for page in (here, there):
        assert f'<link rel="canonical" href="{guide.full_url}">' in page
    assert "Rà soát ngày 02/11/2026" in here


def test_a_communes_first_page_shows_its_three_newest_posts(client: Client, commune: CommunePage) -> None:
    posts = publish_posts(commune, 4)
    page = html(client, commune.url)
    assert [post.title in page for post in posts] == [True, True, True, False]


def test_a_guide_is_a_checklist_and_numbered_steps(client: Client, commune: CommunePage) -> None:
    guide = shared_guide(commune)
    page = html(client, f"{commune.url}thu-tuc/{guide.slug}/")
    assert "Văn bản mẫu." in page
    assert re.search(r'type="checkbox"[^>]*> <span>Tờ khai CT01', page)
    steps = page.split('<ol class="steps')[1].split("</ol>")[0]
    assert steps.index("Nộp hồ sơ") < steps.index("Nhận kết quả")
    assert f'href="{commune.url}gui-tin-bao/"' in page, "to ask, or to make an appointment"


def test_a_commune_lists_shared_guides_under_its_own_address(client: Client, commune: CommunePage) -> None:
    guide = shared_guide(commune)
    assert f'href="{commune.url}thu-tuc/{guide.slug}/"' in html(client, f"{commune.url}thu-tuc/")


def test_contact_shows_hours_with_the_lunch_break_officers_and_emergency_numbers(
    client: Client, commune: CommunePage
) -> None:
    contact = live_children(ContactPage, commune).get()
    mornings = {"first_day": "0", "last_day": "4", "opens": "07:30", "closes": "11:30"}
    contact.hours = [
        ("hours", {**mornings, "opens": datetime.time(13, 30), "closes": datetime.time(17)}),
        ("hours", {**mornings, "opens": datetime.time(7, 30), "closes": datetime.time(11, 30)}),
    ]
    contact.officers = [
        ("officer", {"name": "Nguyễn Văn Mẫu", "position": "Trưởng Công an xã", "phone": "0900 000 001"})
    ]
    contact.save()
    page = html(client, contact.url)
    assert page.count("Thứ Hai – Thứ Sáu") == 1
    assert page.index("07:30 – 11:30") < page.index("13:30 – 17:00")
    assert "Nguyễn Văn Mẫu" in page and 'href="tel:0900000001"' in page
    for number in ("113", "114", "115"):
        assert f'href="tel:{number}"' in page
    assert "Đang giờ làm việc" in page or "Ngoài giờ, vẫn có trực ban" in page


def test_pages_set_no_cookie_and_hold_no_inline_script_or_style(client: Client, commune: CommunePage) -> None:
    (post,) = publish_posts(commune, 1)
    guide = shared_guide(commune)
    for url in (commune.url, post.url, f"{commune.url}thu-tuc/{guide.slug}/", f"{commune.url}lien-he/", "/"):
        response = client.get(url)
        assert not response.cookies, url
        page = response.content.decode()
        # What is told to search engines is no script: no browser runs it.
        run = page.replace('<script type="application/ld+json">', "")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", run), url


@pytest.mark.parametrize("posts", [3, 10])
def test_queries_do_not_grow_with_posts(
    client: Client, commune: CommunePage, posts: int, django_assert_max_num_queries: Any
) -> None:
    newest = publish_posts(commune, posts)[0]
    guide = shared_guide(commune)
    urls = {
        "commune": commune.url,
        "news": f"{commune.url}tin-tuc/",
        "post": newest.url,
        "guides": f"{commune.url}thu-tuc/",
        "guide": f"{commune.url}thu-tuc/{guide.slug}/",
        "contact": f"{commune.url}lien-he/",
    }
    for name, url in urls.items():
        client.get(url)  # cuts the pictures to size, once
        with django_assert_max_num_queries(QUERIES[name]):
            client.get(url)
