"""What staff type and paste is cleaned at every door, and what nobody could read comes back with words."""

import html
import json
import unicodedata
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import streamfield

from communes.models import Alert, CommunePage, Invitation, NewsPage, Unit
from communes.staff.forms import PlaceField
from tests.communes.quickposts import WRITE, only_post, typed
from tests.communes.test_alerts import values
from tests.communes.test_approval import logged_in, news_of, post_data
from tests.communes.test_references import add
from tests.home.test_rich_text import contentstate, table

pytestmark = pytest.mark.django_db

PASTED = unicodedata.normalize("NFD", "Họp ở\u00a0nhà\u200b văn hóa \u202exã\u202c Ðức Thọ")
CLEAN = "Họp ở nhà văn hóa xã Đức Thọ"
UNREADABLE = {
    "C«ng an x· mêi häp": "gõ theo phông cũ (TCVN3 hoặc VNI)",
    "Coâng an xaõ môøi hoïp": "gõ theo phông cũ (TCVN3 hoặc VNI)",
    "CÃ´ng an xÃ£": "bị hỏng phông",
    "Họp \ue000 ở xã": "máy khác không hiện được",
}


def test_all_that_a_page_is_made_of_is_cleaned(commune: CommunePage, editor: Any) -> None:
    quote = ("quote", {"text": PASTED})
    rows = table(data=[[PASTED, "Giờ"]], table_caption=PASTED)
    response = add(editor, commune, contentstate({"text": PASTED}), quote, rows, title=PASTED, summary=PASTED)
    assert response.status_code == 302, response.context["form"].errors
    page = NewsPage.objects.latest("pk").latest_revision.as_object()
    _heading, paragraph, said, cells = [child.value for child in page.body]
    assert page.title == page.summary == said["text"] == CLEAN
    assert CLEAN in paragraph.source
    assert cells["data"][0][0] == cells["table_caption"] == CLEAN
    assert page.slug == "hop-o-nha-van-hoa-xa-duc-tho"


OLD_FONT = "C«ng an x· mêi häp"


@pytest.mark.parametrize(
    "part",
    [
        {"title": OLD_FONT},
        {"summary": OLD_FONT},
        {"body": streamfield([contentstate({"text": OLD_FONT})])},
        {"body": streamfield([("quote", {"text": OLD_FONT})])},
        {"body": streamfield([table(data=[[OLD_FONT]])])},
        {"body": streamfield([table(table_caption=OLD_FONT)])},
    ],
)
def test_a_page_that_nobody_could_read_is_not_saved(
    commune: CommunePage, editor: Any, part: dict[str, Any]
) -> None:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    response = logged_in(editor).post(url, post_data("submit", **part))
    page, said = html.unescape(response.content.decode()), UNREADABLE[OLD_FONT]
    # The errors of blocks are for Wagtail's script.
    assert said in page or json.dumps(said)[1:-1] in page
    assert not NewsPage.objects.exists()


def test_a_quick_post_is_cleaned(commune: CommunePage, editor: Any) -> None:
    logged_in(editor).post(WRITE, typed(title=PASTED, text=f"{PASTED}\r\n\r\nGọi 0239\u2011000\u20110113"))
    post = only_post()
    assert post.title == CLEAN
    source = post.body[0].value.source
    assert CLEAN in source and 'href="tel:02390000113"' in source


def test_a_quick_post_that_nobody_could_read_comes_back(commune: CommunePage, editor: Any) -> None:
    for words, said in UNREADABLE.items():
        for part in ("title", "text", "alt"):
            response = logged_in(editor).post(WRITE, typed(**{part: words}))
            assert said in html.unescape(response.content.decode()), part
    assert not NewsPage.objects.exists()


def test_what_is_told_of_a_quick_post_before_it_is_sent_reads_separate_accents(
    commune: CommunePage, editor: Any
) -> None:
    child = unicodedata.normalize("NFD", "Cháu Nguyễn Thị Mẫu, trú tại thôn 4")
    response = logged_in(editor).post(reverse("quick_post:check"), {"title": "Tìm trẻ lạc", "text": child})
    assert [warning["code"] for warning in json.loads(response.content)["warnings"]] == ["child"]


def test_an_alert_is_cleaned_or_comes_back(commune: CommunePage, editor: Any) -> None:
    new = reverse("alerts:new", args=[commune.unit.pk])
    logged_in(editor).post(new, values(text=PASTED))
    assert Alert.objects.get().text == CLEAN
    for words, said in UNREADABLE.items():
        assert said in html.unescape(logged_in(editor).post(new, values(text=words)).content.decode())
    assert Alert.objects.count() == 1


def test_an_alert_of_which_nothing_can_be_seen_is_empty(commune: CommunePage, editor: Any) -> None:
    logged_in(editor).post(reverse("alerts:new", args=[commune.unit.pk]), values(text="\u200b\u3164"))
    assert not Alert.objects.exists()


def test_a_picture_in_the_library_has_a_clean_title(commune: CommunePage, editor: Any) -> None:
    image = get_image_model()(title="x", file=get_test_image_file())
    posted = get_image_form(get_image_model())({"title": PASTED}, instance=image, user=editor)
    posted.is_valid()
    assert posted.cleaned_data["title"] == CLEAN


@pytest.mark.parametrize("name", ["Xã Cẩm Thử", "xa. Cẩm Thử", "Công an xã Cẩm Thử", "Ｃẩｍ Thử"])
def test_the_wizard_opens_a_commune_by_its_name_alone(unit: Unit, unit_editor: Any, name: str) -> None:
    client, address = logged_in(unit_editor), reverse("staff:open")
    form = {
        "parent": unit.pk,
        "kind": "xa",
        "name": name,
        "phone": "ĐT: 0239.386.1113",
        "people-TOTAL_FORMS": "0",
        "people-INITIAL_FORMS": "0",
    }
    assert "Công an xã Cẩm Thử" in client.post(address, form).content.decode()
    assert not Unit.objects.filter(name="Cẩm Thử").exists()
    client.post(address, {**form, "step": "open"})
    page = CommunePage.objects.get(slug="cam-thu")
    assert (page.unit.name, page.duty_phone) == ("Cẩm Thử", "0239 386 1113")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "2393861113"}, "có phải là 0239 386 1113 không?"),
        ({"name": "C?m Thử"}, "Tên không có ký hiệu “?”"),
        ({"name": "CÈm Thö"}, "gõ theo phông cũ"),
    ],
)
def test_the_wizard_says_what_is_spoilt(
    unit: Unit, unit_editor: Any, wrong: dict[str, str], said: str
) -> None:
    form = {"parent": unit.pk, "kind": "xa", "name": "Cẩm Thử", "phone": "0239 386 1113", "step": "open"}
    forms = {"people-TOTAL_FORMS": "0", "people-INITIAL_FORMS": "0"}
    response = logged_in(unit_editor).post(reverse("staff:open"), {**form, **forms, **wrong})
    assert said in html.unescape(response.content.decode())
    assert not Unit.objects.filter(kind="xa", name__contains="Th").exists()


@pytest.mark.parametrize("again", ["LÊ AN", "lê an", "Lê  An", unicodedata.normalize("NFD", "Lê An")])
def test_a_person_is_invited_once_however_the_name_is_typed(
    commune: CommunePage, unit_editor: Any, again: str
) -> None:
    client, address = logged_in(unit_editor), reverse("staff:invite", args=[commune.unit.pk])
    client.post(address, {"full_name": "Lê An", "roles": ["officer"], "nonce": "n"})
    response = client.post(address, {"full_name": again, "roles": ["officer"], "nonce": "m"})
    assert "đã có phiếu chưa dùng" in response.content.decode()
    assert Invitation.objects.get().full_name == "Lê An"


def test_signs_alone_name_no_commune(unit: Unit) -> None:
    field = PlaceField()
    field.units = Unit.objects.all()
    with pytest.raises(ValidationError):
        field.clean("%")
