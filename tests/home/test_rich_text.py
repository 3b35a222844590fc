"""What a notice may be made of: what the editor sends is kept as far as it is allowed, and nothing else."""

import json
import unicodedata
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.test.utils.form_data import streamfield

from communes.models import CommunePage, NewsPage
from tests.communes.test_approval import logged_in, news_of, post_data
from tests.communes.test_references import (
    FOREIGN_PICTURE,
    a_picture,
    add,
    assert_refused,
    collection_of,
    picture_block,
    text_of,
)

pytestmark = pytest.mark.django_db


def contentstate(*blocks: dict[str, Any], **entities: Any) -> tuple[str, str]:
    filled = [{"key": str(n), "depth": 0, "type": "unstyled", **block} for n, block in enumerate(blocks)]
    for block in filled:
        block.setdefault("inlineStyleRanges", [])
        block.setdefault("entityRanges", [])
    return "paragraph", json.dumps({"blocks": filled, "entityMap": entities})


def entity(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "mutability": "MUTABLE", "data": data}


def over(text: str, key: int = 0) -> dict[str, Any]:
    return {"text": text, "entityRanges": [{"key": key, "offset": 0, "length": len(text)}]}


def image_in_text(pk: Any) -> tuple[str, str]:
    picture = {"type": "atomic", **over(" ")}
    data = {"id": pk, "format": "fullwidth", "alt": "Bờ sông", "src": "/x.jpg"}
    return contentstate(
        {"text": "Trước"},
        picture,
        {"text": "Sau"},
        **{"0": {**entity("IMAGE", **data), "mutability": "IMMUTABLE"}},
    )


def saved(editor: Any, commune: CommunePage, *blocks: Any) -> NewsPage:
    response = add(editor, commune, *blocks)
    assert response.status_code == 302, response.context["form"].errors
    return NewsPage.objects.latest("pk").latest_revision.as_object()


def source(editor: Any, commune: CommunePage, *blocks: Any) -> str:
    return str(saved(editor, commune, *blocks).body[1].value.source)


def shown(editor: Any, page: NewsPage) -> str:
    return logged_in(editor).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()


@pytest.mark.parametrize("url", ["tel:+842390000113", "https://bocongan.gov.vn/", "mailto:truc@example.vn"])
def test_a_link_may_call_a_number(url: str, commune: CommunePage, editor: Any) -> None:
    html = source(editor, commune, contentstate(over("Gọi trực ban"), **{"0": entity("LINK", url=url)}))
    assert f'<a href="{url}">Gọi trực ban</a>' in html


def test_the_link_chooser_makes_a_number_one_can_tap(commune: CommunePage, editor: Any) -> None:
    answer = logged_in(editor).post(
        reverse("wagtailadmin_choose_page_phone_link"),
        {"phone-link-chooser-phone_number": "0239 000 0113", "phone-link-chooser-link_text": "Trực ban"},
    )
    assert answer.json()["result"]["url"] == "tel:02390000113"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_a_link_does_nothing_else(url: str, commune: CommunePage, editor: Any) -> None:
    page = saved(editor, commune, contentstate(over("Bấm đây"), **{"0": entity("LINK", url=url)}))
    assert url.split(":")[0] + ":" not in shown(editor, page).split("<main")[1].split("</main")[0]


def test_tags_that_the_editor_does_not_offer_are_dropped(commune: CommunePage, editor: Any) -> None:
    html = source(
        editor,
        commune,
        contentstate(
            {"text": "Tiêu đề lớn", "type": "header-one"},
            {"text": "Trích", "type": "blockquote"},
            {
                "text": "Đậm và gạch chân",
                "inlineStyleRanges": [
                    {"offset": 0, "length": 3, "style": "BOLD"},
                    {"offset": 7, "length": 9, "style": "UNDERLINE"},
                ],
            },
            over("Nhúng", 0),
            {"text": "<script>alert(1)</script>"},
            **{"0": entity("EMBED", url="https://evil.example/", html="<iframe></iframe>")},
        ),
    )
    for words in ("<b>Đậm</b>", "và gạch chân"):
        assert words in html
    for tag in ("<h1", "<blockquote", "<u>", "<script", "<iframe", "style=", "class="):
        assert tag not in html, tag


def test_accents_kept_apart_are_joined(commune: CommunePage, editor: Any) -> None:
    words = "Công an xã Cẩm Trung thông báo"
    html = source(editor, commune, contentstate({"text": unicodedata.normalize("NFD", words)}))
    assert words in html


def test_a_picture_stands_in_the_text_with_its_description(commune: CommunePage, editor: Any) -> None:
    own = a_picture(collection_of(commune))
    page = saved(editor, commune, image_in_text(own.pk))
    assert f'id="{own.pk}"' in page.body[1].value.source
    html = shown(editor, page)
    assert 'alt="Bờ sông"' in html


@pytest.mark.parametrize("action", ["", "submit", "publish"])
def test_a_picture_of_another_commune_in_the_text_is_refused(
    action: str, commune: CommunePage, editor: Any, other_commune: CommunePage
) -> None:
    theirs = a_picture(collection_of(other_commune))
    page = assert_refused(add(editor, commune, image_in_text(theirs.pk), action=action), FOREIGN_PICTURE)
    assert "Trước" in page
    assert get_image_model().objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("model", ["procedurepage"])
def test_pages_of_another_type_refuse_them_too(
    model: str, commune: CommunePage, editor: Any, other_commune: CommunePage
) -> None:
    """Every page type has the same form (test_references); here is one posted to that holds no picture."""
    theirs = a_picture(collection_of(other_commune)).pk
    url = reverse("wagtailadmin_pages:add", args=["communes", model, news_of(commune).pk])
    logged_in(editor).post(url, post_data(body=streamfield([picture_block(theirs)])))
    assert not NewsPage.objects.exists()


def table(**value: Any) -> tuple[str, str]:
    data = {"data": [["Ngày", "Giờ"], ["Thứ hai", "7:30"]], "table_header_choice": "both", **value}
    return "table", json.dumps({"table_caption": "Lịch tiếp dân", **data})


def test_a_table_has_a_caption_headings_and_scrolls_by_keyboard(commune: CommunePage, editor: Any) -> None:
    html = shown(editor, saved(editor, commune, table()))
    assert '<div class="table-scroll" role="region" tabindex="0" aria-label="Lịch tiếp dân">' in html
    assert "<caption>Lịch tiếp dân</caption>" in html
    assert '<th scope="col">Ngày</th>' in html
    assert '<th scope="row">Thứ hai</th>' in html
    assert "<td>7:30</td>" in html


def test_a_cell_is_text_whatever_is_posted(commune: CommunePage, editor: Any) -> None:
    rows = [["<script>alert(1)</script>", None], [1, '<a href="javascript:x">a</a>']]
    extra = {"cell": [{"row": 0, "col": 0, "className": '"><img src=x>'}], "mergeCells": "x", "x": "<b>"}
    page = saved(editor, commune, table(data=rows, **extra))
    assert set(page.body[1].value) <= {
        "data",
        "table_caption",
        "table_header_choice",
        "first_row_is_table_header",
        "first_col_is_header",
    }
    html = shown(editor, page)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<img src=x>" not in html


@pytest.mark.parametrize(
    "value", ["", "x", "[]", "null", '{"data": 5}', '{"data": [1]}', '{"data": "\\u0000"}']
)
def test_a_broken_table_breaks_nothing(value: str, commune: CommunePage, editor: Any) -> None:
    client: Client = logged_in(editor)
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    response = client.post(url, post_data(body=streamfield([("table", value)])))
    assert response.status_code in (200, 302)


def test_a_huge_table_is_refused_in_words_and_kept_on_the_screen(commune: CommunePage, editor: Any) -> None:
    rows = [[f"Ô {row}.{column}" for column in range(9)] for row in range(61)]
    response = add(editor, commune, table(data=rows))
    assert response.status_code == 200
    page = text_of(response)
    assert "nhiều nhất 60 hàng" in page
    assert "60.8" in page
