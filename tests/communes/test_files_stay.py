"""What an approver saw is what the public gets: nobody changes or takes away a picture or document in use."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, UploadedFile

from communes.groups import SHARED_COLLECTION
from communes.models import CommunePage
from home.media import SHOWN_OF, UnchangeableFile, must_stay

from .media import a_document, a_picture, collection_of, live_post, waiting_post
from .posts import is_live, logged_in, review_url, seen_in, text_of

pytestmark = pytest.mark.django_db

UPLOAD_AS_NEW = "tải lên như tệp mới"
NOT_DELETED = "chưa xóa được"
Makes = Callable[[CommunePage], Any]


@pytest.fixture(params=["live", "waiting", "scheduled", "live, with a newer draft without it"])
def used(request: Any, commune: CommunePage, editor: Any) -> Callable[[Any], Page]:
    """Puts a file into a post of this kind."""

    def use(file: Any) -> Page:
        if request.param == "waiting":
            return waiting_post(editor, commune, file)
        if request.param == "scheduled":
            post = waiting_post(editor, commune, file)
            post.current_workflow_state.cancel()
            later = timezone.now() + datetime.timedelta(hours=1)
            post.latest_revision.content["go_live_at"] = later.isoformat()
            post.latest_revision.approved_go_live_at = later
            post.latest_revision.save()
            return post
        post = live_post(commune, file)
        if request.param != "live":
            post.image, post.body = None, ""
            post.save_revision(user=editor)
        return post

    return use


def edit_url(file: Any) -> str:
    name = "wagtailimages:edit" if isinstance(file, get_image_model()) else "wagtaildocs:edit"
    return reverse(name, args=[file.pk])


def fields_of(shown: Any, **values: Any) -> dict[str, Any]:
    return {"title": shown.title, "collection": shown.collection_id, **values}


def stored(file: Any) -> Any:
    return type(file).objects.get(pk=file.pk)


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def a_file(made: Makes) -> bytes:
    if made is a_picture:
        return bytes(get_test_image_file(filename="khac.png", colour="red").file.getvalue())
    return b"%PDF-1.4 khac"


def no_way_to_change(file: Any, client: Any, new: bytes) -> None:
    """Every screen and every line of code that could, tried one after the other."""
    picture = isinstance(file, get_image_model())
    before, content = stored(file), default_storage.open(file.file.name).read()
    other = SimpleUploadedFile("khac.png" if picture else "khac.pdf", new)
    client.post(edit_url(file), fields_of(file, file=other))
    kind, app = ("image", "wagtailimages") if picture else ("document", "wagtaildocs")
    bulk = reverse("wagtail_bulk_action", args=[app, kind, "delete"])
    for url in (
        reverse(f"{app}:delete", args=[file.pk]),
        reverse(f"{app}:delete_multiple", args=[file.pk]),
        f"{bulk}?id={file.pk}",
        f"{bulk}?id=all",
    ):
        assert NOT_DELETED in told(client, url, {}), url
    if picture:
        assert UPLOAD_AS_NEW in told(client, edit_url(file), fields_of(file, focal_point_x=1, **FOCUS))
    else:
        multiple = reverse(f"{app}:edit_multiple", args=[file.pk])
        named = {f"doc-{file.pk}-{name}": value for name, value in fields_of(file).items()}
        for url, data in (
            (multiple, {**named, f"doc-{file.pk}-title": "Chiếm"}),
            (edit_url(file), fields_of(file, title="Chiếm")),
        ):
            assert UPLOAD_AS_NEW in told(client, url, data)
    changed = stored(file)
    changed.file = ContentFile(new, name=file.filename)
    with pytest.raises(UnchangeableFile), transaction.atomic():
        changed.save()
    with pytest.raises(UnchangeableFile), transaction.atomic():
        stored(file).delete()
    with pytest.raises(UnchangeableFile), transaction.atomic():
        type(file).objects.filter(pk=file.pk).delete()
    after = stored(file)
    for field in ("file", "title", *SHOWN_OF[kind]):
        assert getattr(after, field) == getattr(before, field), field
    assert default_storage.open(after.file.name).read() == content


def told(client: Any, url: str, data: dict[str, Any]) -> str:
    """What the page says to which the refused form leads."""
    with transaction.atomic():
        response = client.post(url, data)
    return messages_of(client.get(response.url, follow=True))


FOCUS = {"focal_point_y": 1, "focal_point_width": 2, "focal_point_height": 2}


@pytest.mark.parametrize("made", [a_picture, a_document])
def test_no_road_changes_or_deletes_a_file_in_use(
    made: Makes, used: Callable[[Any], Page], commune: CommunePage, superuser: Any
) -> None:
    file = made(commune)
    used(file)
    no_way_to_change(file, logged_in(superuser), a_file(made))


@pytest.mark.parametrize("made", [a_picture, a_document])
def test_the_communes_own_editor_is_told_what_to_do(made: Makes, commune: CommunePage, editor: Any) -> None:
    file, client = made(commune), logged_in(editor)
    live_post(commune, file)
    page = text_of(client.get(edit_url(file)))
    assert UPLOAD_AS_NEW in page
    assert 'type="file"' not in page


@pytest.mark.parametrize("made", [a_picture, a_document])
def test_a_file_that_no_page_shows_is_deleted_but_never_replaced(
    made: Makes, commune: CommunePage, superuser: Any
) -> None:
    file, client = made(commune), logged_in(superuser)
    name = file.file.name
    client.post(edit_url(file), fields_of(file, file=SimpleUploadedFile("khac.png", a_file(made))))
    assert stored(file).file.name == name
    file = stored(file)
    file.file = ContentFile(a_file(made), name=file.filename)
    with pytest.raises(UnchangeableFile):
        file.save()
    stored(file).delete()
    assert not type(file).objects.filter(pk=file.pk).exists()


def test_a_document_of_a_draft_or_of_a_post_taken_down_may_get_another_title(
    commune: CommunePage, editor: Any
) -> None:
    document = a_document(commune)
    post = waiting_post(editor, commune, document)
    assert must_stay(document)
    post.current_workflow_state.cancel()
    assert not must_stay(document)
    taken_down = live_post(commune, document)
    assert must_stay(document)
    taken_down.unpublish()
    assert not must_stay(document)
    document.title = "Mẫu đơn mới"
    document.save()


@pytest.mark.parametrize("made", [a_picture, a_document])
def test_moved_to_another_collection_a_file_in_use_stays_as_it_is(
    made: Makes, commune: CommunePage, unit_editor: Any, superuser: Any
) -> None:
    file = made(commune)
    live_post(commune, file)
    shared = Collection.objects.get(name=SHARED_COLLECTION)
    logged_in(unit_editor).post(edit_url(file), fields_of(file, collection=shared.pk))
    assert stored(file).collection == shared
    no_way_to_change(stored(file), logged_in(superuser), a_file(made))


def test_a_pictures_title_is_the_librarys_own_and_no_reader_sees_it(
    commune: CommunePage, editor: Any, client: Any
) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    before = client.get(post.url).content
    logged_in(editor).post(edit_url(picture), fields_of(picture, title="Tên khác trong kho"))
    assert stored(picture).title == "Tên khác trong kho"
    assert client.get(post.url).content == before


def test_an_upload_with_a_wrong_title_is_no_way_to_keep_a_file_as_it_came(
    commune: CommunePage, editor: Any
) -> None:
    """Wagtail keeps such an upload aside and makes a picture of it later, past the form that rebuilds it."""
    client = logged_in(editor)
    data = {"title": "x" * 300, "collection": collection_of(commune).pk}
    photo = SimpleUploadedFile("anh.png", a_file(a_picture))
    answer = client.post(reverse("wagtailimages:add_multiple"), {**data, "files[]": photo}).json()
    assert not answer["success"] and not UploadedFile.objects.exists()
    # Nor would one that lay there get any further.
    kind = ContentType.objects.get_for_model(get_image_model())
    aside = UploadedFile.objects.create(for_content_type=kind, file=photo, uploaded_by_user=editor)
    url = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[aside.pk])
    prefix = f"uploaded-image-{aside.pk}"
    sent = {f"{prefix}-title": "Ảnh", f"{prefix}-collection": data["collection"]}
    assert client.post(url, sent).status_code == 404
    assert not get_image_model().objects.exists()


# The mark of what the approver saw


def overwrite(file: Any, content: bytes) -> None:
    """As another program on the server would."""
    with open(default_storage.path(file.file.name), "wb") as opened:
        opened.write(content)


@pytest.mark.parametrize("made", [a_picture, a_document])
@pytest.mark.parametrize("several", [False, True])
def test_other_bytes_than_the_approver_saw_are_not_approved(
    made: Makes, several: bool, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    file = made(commune)
    post, client = waiting_post(editor, commune, file), logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    overwrite(file, a_file(made))
    if several:
        state = post.current_workflow_task_state.pk
        url = reverse("approval:several")
        response = client.post(url, {"seen": f"{state}:{seen}"}, follow=True)
        assert "vừa được sửa" in text_of(response)
    else:
        response = client.post(review_url(post), {"act": "approve", "seen": seen})
        assert response.status_code == 409
        assert "ảnh hoặc tài liệu trong bài đã được sửa trong lúc đang xem" in text_of(response)
    assert not is_live(post)
    client.post(review_url(post), {"act": "approve", "seen": seen_in(client.get(review_url(post)))})
    assert is_live(post)


def test_a_row_that_names_another_file_or_title_is_not_approved(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    """As who writes the database would: no signal is sent."""
    document = a_document(commune)
    other = a_document(commune, "Khác")
    overwrite(other, b"%PDF-1.4 khac")
    post, client = waiting_post(editor, commune, document), logged_in(unit_editor)
    for change in ({"title": "Chiếm"}, {"file": other.file.name}):
        seen = seen_in(client.get(review_url(post)))
        type(document).objects.filter(pk=document.pk).update(**change)
        assert client.post(review_url(post), {"act": "approve", "seen": seen}).status_code == 409
    assert not is_live(post)


def test_a_file_that_is_gone_is_another_than_was_seen(
    commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    document = a_document(commune)
    post, client = waiting_post(editor, commune, document), logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    default_storage.delete(document.file.name)
    assert client.post(review_url(post), {"act": "approve", "seen": seen}).status_code == 409
