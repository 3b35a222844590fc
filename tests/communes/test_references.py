"""What a posted page may show and link to, as the real roles: own, shared, public, or there already."""

import html
import json
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, get_page_models
from wagtail.test.utils.form_data import streamfield

from communes.groups import SHARED_COLLECTION
from communes.models import CommunePage, NewsPage
from home.forms import ScopedChoiceForm
from home.models import BasePage
from tests.communes.posts import drawn_now
from tests.communes.test_approval import decide, logged_in, news_of, post_data, write

pytestmark = pytest.mark.django_db

POST = "Tin trong ngày"
FOREIGN_PICTURE = "ảnh thuộc đơn vị khác hoặc không còn nữa"
FOREIGN_DOCUMENT = "tệp thuộc đơn vị khác hoặc không còn nữa"
HIDDEN_PAGE = "Trang được liên kết chưa đăng hoặc không còn nữa"
SECRETS = ["Ảnh hiện trường", "hien-truong", "Danh sách mật", "danh-sach-mat", "Bí mật", "bi-mat"]
ACTIONS = ["", "submit", "publish"]
AUTOSAVE = {"headers": {"accept": "application/json"}}


def collection_of(commune: CommunePage) -> Collection:
    return Collection.objects.get(name=commune.unit.qualified_name)


def a_picture(collection: Collection) -> Any:
    file = get_test_image_file(filename="hien-truong.png")
    return get_image_model().objects.create(title="Ảnh hiện trường", file=file, collection=collection)


def a_document(collection: Collection) -> Any:
    file = ContentFile(b"%PDF-1.4", name="danh-sach-mat.pdf")
    return get_document_model().objects.create(title="Danh sách mật", file=file, collection=collection)


def picture_block(pk: Any) -> tuple[str, Any]:
    return "picture", {
        "image": {"image": pk, "alt_text": "Bờ sông", "decorative": ""},
        "caption": "Chú thích",
    }


def document_block(pk: Any) -> tuple[str, Any]:
    return "document", {"document": pk}


def links(kind: str, *pks: Any) -> tuple[str, Any]:
    """What Draftail sends for a paragraph with links to pages ("LINK") or documents ("DOCUMENT")."""
    text = "Xem kỹ trước khi làm việc"
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    block["entityRanges"] = [{"key": n, "offset": n, "length": 1} for n in range(len(pks))]
    entities = {
        str(n): {"type": kind, "mutability": "MUTABLE", "data": {"id": pk}} for n, pk in enumerate(pks)
    }
    return "paragraph", json.dumps({"blocks": [block], "entityMap": entities})


def text_of(response: Any) -> str:
    """The page with the escapes of HTML and of the JSON within it undone."""
    page = html.unescape(response.content.decode())
    return re.sub(r"\\+u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), page)


def add(user: Any, commune: CommunePage, *blocks: Any, action: str = "", **values: Any) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
    body = streamfield([("heading", "Bên bờ sông"), *blocks])
    return logged_in(user).post(url, post_data(action, **{"title": POST, "body": body, **values}))


def edit(user: Any, page: Page, *blocks: Any, action: str = "", **values: Any) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return logged_in(user).post(
        url, post_data(action, **{"title": POST, "body": streamfield(blocks), **values}) | drawn_now(page)
    )


def assert_refused(response: Any, message: str) -> str:
    """The form comes again, says why, and shows nothing of what was refused; nothing was written."""
    assert response.status_code == 200
    assert not NewsPage.objects.filter(title=POST).exists()
    page = text_of(response)
    assert message in page
    for secret in SECRETS:
        assert secret not in page, secret
    return page


@pytest.mark.parametrize(
    "name", ["wagtailimages_chooser:chosen_multiple", "wagtaildocs_chooser:chosen_multiple"]
)
def test_of_several_chosen_at_once_each_has_to_be_choosable(
    name: str, commune: CommunePage, other_commune: CommunePage, editor: Any
) -> None:
    made = a_picture if "images" in name else a_document
    own, foreign = made(collection_of(commune)), made(collection_of(other_commune))
    client = logged_in(editor)
    assert client.get(reverse(name), {"id": [own.pk]}).status_code == 200
    assert client.get(reverse(name), {"id": [own.pk, foreign.pk]}).status_code == 404


def test_every_page_type_has_the_form() -> None:
    models = [model for model in get_page_models() if issubclass(model, BasePage)]
    assert NewsPage in models
    for model in models:
        assert issubclass(model.get_edit_handler().get_form_class(), ScopedChoiceForm), model


@pytest.mark.parametrize("action", ACTIONS)
def test_pictures_and_documents_of_another_commune_are_refused(
    action: str, commune: CommunePage, editor: Any, other_commune: CommunePage
) -> None:
    picture, document = (make(collection_of(other_commune)).pk for make in (a_picture, a_document))
    assert_refused(add(editor, commune, action=action, image=picture), FOREIGN_PICTURE)
    page = assert_refused(add(editor, commune, picture_block(picture), action=action), FOREIGN_PICTURE)
    assert "Bên bờ sông" in page
    assert "Chú thích" in page
    assert_refused(add(editor, commune, document_block(document), action=action), FOREIGN_DOCUMENT)
    page = assert_refused(add(editor, commune, links("DOCUMENT", document), action=action), FOREIGN_DOCUMENT)
    assert "Xem kỹ trước khi làm việc" in page


@pytest.mark.parametrize("action", ACTIONS)
def test_a_link_to_another_communes_draft_is_refused(
    action: str, commune: CommunePage, editor: Any, other_commune: CommunePage, other_editor: Any
) -> None:
    draft = write(logged_in(other_editor), news_of(other_commune), "draft", title="Bí mật")
    page = assert_refused(add(editor, commune, links("LINK", draft.pk), action=action), HIDDEN_PAGE)
    assert "Xem kỹ trước khi làm việc" in page


def test_live_pages_and_own_drafts_may_be_linked_to(
    commune: CommunePage, editor: Any, other_commune: CommunePage, other_editor: Any, unit_editor: Any
) -> None:
    live = write(logged_in(other_editor), news_of(other_commune), "submit", title="Đã đăng")
    decide(logged_in(unit_editor), live)
    own = write(logged_in(editor), news_of(commune), "draft", title="Nháp của mình")
    assert add(editor, commune, links("LINK", live.pk, own.pk, commune.pk)).status_code == 302


def test_own_and_shared_pictures_and_documents_may_be_used(
    commune: CommunePage, editor: Any, other_commune: CommunePage, other_editor: Any
) -> None:
    shared = Collection.objects.get(name=SHARED_COLLECTION)
    for user, page in ((editor, commune), (other_editor, other_commune)):
        for collection in (collection_of(page), shared):
            picture, document = (make(collection).pk for make in (a_picture, a_document))
            blocks = [picture_block(picture), document_block(document), links("DOCUMENT", document)]
            title = f"Ảnh trong {collection.name}"
            assert add(user, page, *blocks, image=picture, title=title).status_code == 302


def test_what_a_unit_editor_put_into_a_post_stays_but_spreads_no_further(
    commune: CommunePage, editor: Any, other_commune: CommunePage, unit_editor: Any
) -> None:
    theirs, another = (a_picture(collection_of(other_commune)).pk for _ in range(2))
    post = write(logged_in(editor), news_of(commune), "draft", title="Tin của xã")
    assert edit(editor, post, image=theirs).status_code == 200
    assert edit(unit_editor, post, image=theirs).status_code == 302
    sent = edit(editor, post, picture_block(theirs), image=theirs, image_alt="Bờ sông", action="submit")
    assert sent.status_code == 302
    decide(logged_in(unit_editor), post)
    post.refresh_from_db()
    assert post.live
    assert post.image_id == theirs

    assert edit(editor, post, picture_block(another), image=theirs).status_code == 200
    post = write(logged_in(editor), news_of(commune), "draft", title="Tin khác của xã")
    assert edit(editor, post, image=theirs).status_code == 200
    assert edit(editor, post, image="").status_code == 302


@pytest.mark.parametrize("pk", [999_999, -1, 10**30, "abc", "1 OR 1=1"])
def test_ids_of_nothing_are_refused(pk: Any, commune: CommunePage, editor: Any) -> None:
    assert_refused(add(editor, commune, links("LINK", pk)), HIDDEN_PAGE)
    assert_refused(add(editor, commune, links("DOCUMENT", pk)), FOREIGN_DOCUMENT)
    assert_refused(add(editor, commune, image=pk), "Xin chọn lại")


@pytest.mark.parametrize("block", [picture_block(999_999), document_block(999_999)])
def test_a_block_with_the_id_of_nothing_is_empty(
    block: tuple[str, Any], commune: CommunePage, editor: Any
) -> None:
    assert_refused(add(editor, commune, block, action="submit"), "bắt buộc")
    assert add(editor, commune, block).status_code == 302
    body = NewsPage.objects.get(title=POST).latest_revision.as_object().body
    assert next(iter(body[1].value.values())) is None


def test_autosave_is_refused_too(commune: CommunePage, editor: Any, other_commune: CommunePage) -> None:
    theirs, client = a_picture(collection_of(other_commune)).pk, logged_in(editor)
    post = write(client, news_of(commune), "draft", title="Tin của xã")
    for name, args in (("add", ["communes", "newspage", news_of(commune).pk]), ("edit", [post.pk])):
        url = reverse(f"wagtailadmin_pages:{name}", args=args)
        for changed in ({"image": theirs}, {"body": streamfield([picture_block(theirs)])}):
            data = post_data(title=POST, **changed) | drawn_now(post)
            assert client.post(url, data, **AUTOSAVE).status_code == 400
        data = post_data(title="Tự lưu") | drawn_now(post)
        assert client.post(url, data, **AUTOSAVE).status_code == 200
    post.refresh_from_db()
    assert post.latest_revision.as_object().image_id is None
    assert not NewsPage.objects.filter(title=POST).exists()


def test_a_preview_shows_nothing_of_another_commune(
    commune: CommunePage, editor: Any, other_commune: CommunePage
) -> None:
    theirs, client = a_picture(collection_of(other_commune)).pk, logged_in(editor)
    url = reverse("wagtailadmin_pages:preview_on_add", args=["communes", "newspage", news_of(commune).pk])
    assert client.post(url, post_data(image=theirs)).json() == {"is_valid": False, "is_available": False}
    assert client.post(url, post_data()).json()["is_valid"]


def test_a_field_with_another_mistake_shows_nothing_of_another_commune(
    commune: CommunePage, editor: Any, other_commune: CommunePage
) -> None:
    theirs = a_picture(collection_of(other_commune)).pk
    wrong_number = ("phone", {"label": "Trực ban", "number": "không có"})
    page = assert_refused(add(editor, commune, wrong_number, picture_block(theirs)), FOREIGN_PICTURE)
    assert "Xin ghi số điện thoại bằng chữ số" in page


def test_the_number_of_queries_does_not_grow_with_the_references(
    commune: CommunePage, editor: Any, other_commune: CommunePage, other_editor: Any
) -> None:
    drafts = [
        write(logged_in(other_editor), news_of(other_commune), "draft", title=f"Nháp {number}").pk
        for number in range(8)
    ]
    documents = [a_document(collection_of(other_commune)).pk for _ in range(8)]

    def queries(number: int) -> int:
        client = logged_in(editor)
        url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", news_of(commune).pk])
        blocks = [links("LINK", *drafts[:number]), links("DOCUMENT", *documents[:number])]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.post(url, post_data(body=streamfield(blocks)), **AUTOSAVE)
        assert response.status_code == 400
        return len(captured)

    queries(1)
    assert queries(8) == queries(1)
