"""A picture's address cannot be guessed, and ends within a minute after its last public page came down."""

import re
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from communes.models import CommunePage
from home import picture_names
from home.models import ShownPicture
from home.picture_names import rename_pictures

from .media import a_document, a_picture, live_post

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"/media/images/[^\s\",]+")
DRAWN = re.compile(r"/media/images/[0-9a-f]{32}\.(jpg|webp|png)")


@pytest.fixture(autouse=True)
def _no_addresses_of_another_test() -> None:
    """Pictures of other tests had the same numbers."""
    caches["renditions"].clear()


def addresses_of(post: Page) -> set[str]:
    """The addresses of pictures on a page."""
    found = set(ADDRESS.findall(Client().get(post.url).content.decode()))
    assert found
    return found


def answers(addresses: set[str]) -> set[int]:
    return {Client().get(address).status_code for address in addresses}


@pytest.fixture
def run(django_capture_on_commit_callbacks: Any) -> Any:
    """The job as it runs in its own process, where each transaction ends."""

    def run() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            rename_pictures()

    return run


def test_names_are_drawn_by_lot_whatever_a_picture_is_called(commune: CommunePage) -> None:
    same = [a_picture(commune), a_picture(commune)]
    assert all(re.fullmatch(r"original_images/[0-9a-f]{32}\.png", picture.file.name) for picture in same)
    addresses = addresses_of(live_post(commune, same[0]))
    assert all(DRAWN.fullmatch(address) for address in addresses)
    assert answers(addresses) == {200}
    assert len({address[:30] for address in addresses}) == len(addresses), "one does not tell another"


def test_one_copy_is_drawn_as_several_are(commune: CommunePage) -> None:
    """Wagtail saves one copy by another road than several at once."""
    picture = a_picture(commune)
    copies = [picture.get_rendition("width-40"), *picture.get_renditions("width-50", "width-60").values()]
    assert all(DRAWN.fullmatch(copy.url) for copy in copies)


def test_neither_original_nor_document_nor_upload_has_an_address(commune: CommunePage) -> None:
    picture, document = a_picture(commune), a_document(commune)
    live_post(commune, picture, document)
    stored = [picture.file.name, document.file.name, "wagtail_uploads/" + "a" * 32 + ".png"]
    default_storage.save(stored[2], get_test_image_file().file)
    traversal = [f"images/../{picture.file.name}", f"images/..%2f{picture.file.name}", "images/", ""]
    assert {Client().get(f"/media/{name}").status_code for name in [*stored, *traversal]} == {404}


@pytest.mark.parametrize("way", ["unpublished", "deleted", "another version", "expired", "behind a log-in"])
def test_what_comes_down_changes_its_name_and_loses_its_copies(
    way: str, commune: CommunePage, run: Any
) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old, name = addresses_of(post), picture.file.name
    run()
    assert answers(old) == {200}, "while the post is live"
    if way == "unpublished":
        post.unpublish()
    elif way == "deleted":
        post.delete()
    elif way == "another version":
        post.image = None
        post.save_revision().publish()
    elif way == "expired":
        Page.objects.filter(pk=post.pk).update(expire_at=timezone.now())
    else:
        PageViewRestriction.objects.create(page=commune, restriction_type="login")
    run()
    assert answers(old) == {404}
    now = get_image_model().objects.get(pk=picture.pk)
    assert now.file.name != name
    assert not default_storage.exists(name)
    with default_storage.open(now.file.name) as content:
        assert content.read() == get_test_image_file(filename="song.png").file.getvalue()
    assert not ShownPicture.objects.exists()


def test_shown_again_it_has_other_addresses_and_the_old_stay_dead(commune: CommunePage, run: Any) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old = addresses_of(post)
    post.unpublish()
    run()
    post.save_revision().publish()
    post.refresh_from_db()
    new = addresses_of(post)
    assert new.isdisjoint(old)
    assert (answers(new), answers(old)) == ({200}, {404})


def test_taken_down_before_the_job_first_ran_it_is_not_forgotten(commune: CommunePage, run: Any) -> None:
    post = live_post(commune, a_picture(commune))
    old = addresses_of(post)
    post.unpublish()
    run()
    assert answers(old) == {404}


def test_a_page_that_went_live_by_another_road_is_noticed(commune: CommunePage, run: Any) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old = addresses_of(post)
    ShownPicture.objects.all().delete()
    run()
    post.unpublish()
    run()
    assert answers(old) == {404}


def test_another_public_page_keeps_the_name_and_drafts_do_not(commune: CommunePage, run: Any) -> None:
    picture = a_picture(commune)
    first, second = live_post(commune, picture), live_post(commune, picture)
    old = addresses_of(first)
    first.unpublish()
    run()
    assert answers(old) == {200}
    second.unpublish()
    second.save_revision()
    run()
    assert answers(old) == {404}


def test_a_picture_that_was_never_public_keeps_its_name(commune: CommunePage, run: Any) -> None:
    """Staff look at drafts; the addresses that they have open do not change each minute."""
    picture = a_picture(commune)
    copy = picture.get_rendition("width-40")
    run()
    assert get_image_model().objects.get(pk=picture.pk).file.name == picture.file.name
    assert answers({copy.url}) == {200}


@pytest.mark.parametrize("step", ["save", "delete"])
def test_a_crash_leaves_no_row_without_its_file_and_the_next_run_goes_on(
    step: str, commune: CommunePage, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old = addresses_of(post)
    post.unpublish()
    with monkeypatch.context() as broken:

        def fails(*args: Any) -> None:
            raise OSError("the store does not answer")

        broken.setattr(picture_names.default_storage, step, fails)
        with pytest.raises(OSError, match="does not answer"):
            rename_pictures()
    now = get_image_model().objects.get(pk=picture.pk)
    assert default_storage.exists(now.file.name)
    assert ShownPicture.objects.exists()
    run()
    assert answers(old) == {404}
    assert default_storage.exists(get_image_model().objects.get(pk=picture.pk).file.name)
    assert not ShownPicture.objects.exists()


def test_one_that_fails_does_not_stop_the_others_and_its_turn_comes(
    commune: CommunePage, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [a_picture(commune), a_picture(commune)]
    posts = [live_post(commune, picture) for picture in pictures]
    copies = [{picture.get_rendition("width-40").url} for picture in pictures]
    for post in posts:
        post.unpublish()
    save, broken = default_storage.save, pictures[0].file.name

    def fails_for_one(name: str, content: Any) -> str:
        if name == broken:
            raise OSError("the store does not answer")
        return str(save(name, content))

    with monkeypatch.context() as patched:
        patched.setattr(picture_names.default_storage, "save", fails_for_one)
        with pytest.raises(OSError, match="does not answer"):
            run()
    assert [answers(each) for each in copies] == [{200}, {404}]
    run()
    assert [answers(each) for each in copies] == [{404}, {404}]


def test_the_copies_of_a_lost_original_go_too(commune: CommunePage, run: Any) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old = addresses_of(post)
    default_storage.delete(picture.file.name)
    post.unpublish()
    run()
    assert answers(old) == {404}
    assert not ShownPicture.objects.exists()


def test_published_again_in_the_middle_it_keeps_its_name(
    commune: CommunePage, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = a_picture(commune)
    post = live_post(commune, picture)
    old = addresses_of(post)
    post.unpublish()
    save, made = default_storage.save, []

    def save_and_publish(name: str, content: Any) -> str:
        # Once: publishing stores a file as well, the picture for links.
        if not made:
            made.append("")
            post.save_revision().publish()
            made[0] = save(name, content)
            return made[0]
        return save(name, content)

    # Ends before the storage of this test does.
    with monkeypatch.context() as saving:
        saving.setattr(picture_names.default_storage, "save", save_and_publish)
        run()
    assert answers(old) == {200}
    assert not default_storage.exists(made[0])


def test_publishing_and_the_job_cost_the_same_however_many_pictures_there_are(
    commune: CommunePage, run: Any
) -> None:
    def queries(act: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    pictures = [a_picture(commune) for _ in range(6)]
    one = live_post(commune, pictures[0])
    few = queries(run), queries(one.save_revision().publish)
    for picture in pictures:
        live_post(commune, picture)
    assert (queries(run), queries(one.save_revision().publish)) == few
    assert few[0] <= 4


def test_an_address_may_be_kept_for_five_minutes_and_is_asked_after_then(commune: CommunePage) -> None:
    address = a_picture(commune).get_rendition("width-40").url
    response = Client().get(address)
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert response.headers["Content-Type"] == "image/png"
    again = Client().get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_text_that_names_a_deleted_picture_is_published_all_the_same(
    commune: CommunePage, run: Any
) -> None:
    picture = a_picture(commune)
    gone = picture.pk
    type(picture).objects.filter(pk=gone).delete()
    post = live_post(commune)
    post.body = [("paragraph", f'<p>a</p><embed embedtype="image" id="{gone}" format="fullwidth" alt=""/>')]
    post.save_revision().publish()
    run()
    assert not ShownPicture.objects.filter(image_id=gone).exists()
    connection.check_constraints()
