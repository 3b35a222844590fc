"""Files in an object store, over real HTTP: a tip's is sealed before it leaves; media come by the portal."""

import io
import re
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.cache import caches
from PIL import Image
from wagtail.images import get_image_model

from communes.approval.queue import mark
from communes.models import CommunePage
from home.picture_names import rename_pictures
from portal.settings.env import env
from tests.communes.media import a_document, a_picture, live_post, waiting_post
from tests.tipform.officers import asked_by, ensure_unit_key
from tests.tipform.uploading import Phone, content_of
from tipform.box.file_types import type_of
from tipform.box.receiving import Attachment, Submission, submit
from tipform.box.sealing import open_file, open_parts
from tipform.keys import private_keys
from tipform.models import Category, Part, Tip

pytestmark = pytest.mark.django_db

WORDS = "Hai tàu hút cát dưới chân cầu"


@pytest.fixture
def bucket(object_store: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The bucket of tips, beside one of media, made as an operator does and named by the environment only."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "portal")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secrets.token_hex(16))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("S3_ENDPOINT_URL", object_store)
    monkeypatch.setenv("TIPS_S3_BUCKET", "tips")
    monkeypatch.setenv("MEDIA_S3_BUCKET", "media")
    store = boto3.resource("s3", endpoint_url=object_store)
    for name in ("tips", "media"):
        store.create_bucket(Bucket=name).objects.all().delete()
    caches["renditions"].clear()
    settings.STORAGES = {
        **settings.STORAGES,
        **{
            alias: options
            for alias, options in env.storages(media_root=tmp_path, tips_root=tmp_path).items()
            if alias != "staticfiles"
        },
    }
    return store.Bucket("tips")


@pytest.fixture
def photo() -> bytes:
    """Larger than one chunk, so that it arrives in pieces."""
    content = io.BytesIO()
    Image.effect_noise((900, 700), 90).save(content, "PNG")
    return content.getvalue()


def test_a_file_lies_sealed_in_its_bucket_and_opens_for_the_commune_only(
    bucket: Any, commune: CommunePage, officer: Any, photo: bytes, object_store: str
) -> None:
    ensure_unit_key(commune.unit)
    type_ = type_of(io.BytesIO(photo))
    assert type_
    file = Attachment(name="tau-hut-cat.png", type=type_, size=len(photo), file=io.BytesIO(photo))
    submission = Submission(
        kind="tip",
        category=Category.objects.first(),
        answers={"message": WORDS, "place": "Thôn 4"},
        attachments=[file],
    )
    submit(commune.unit, submission, secrets.token_bytes(16))

    objects = list(bucket.objects.all())
    assert objects
    for stored in objects:
        content = stored.get()["Body"].read()
        assert photo[100:200] not in content
        assert b"\x89PNG\r\n\x1a\n" not in content
        assert "tau-hut-cat" not in stored.key
        assert WORDS.encode() not in content
        # Who knows the name still gets nothing without the server's signature.
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{object_store}/tips/{stored.key}")
        assert refused.value.code == 403

    tip = Tip.objects.get()
    keys = private_keys(asked_by(officer), commune.unit)
    parts = Part.objects.filter(tip=tip).exclude(object_name="").prefetch_related("keys")
    assert photo in [b"".join(open_file(part)) for part in open_parts(tip, keys, parts)]


def test_a_file_that_waits_lies_sealed_in_the_bucket_and_is_gone_when_it_is_deleted(
    bucket: Any, photo: bytes
) -> None:
    phone = Phone()
    phone.create(len(photo))
    for start in range(0, len(photo), 300_000):
        assert phone.patch(start, photo[start : start + 300_000]).status_code == 204
    pieces = [stored.get()["Body"].read() for stored in bucket.objects.all()]
    assert len(pieces) == -(-len(photo) // 300_000) > 1
    assert not any(photo[at : at + 40] in piece for piece in pieces for at in range(0, len(photo), 50_000))
    assert content_of(phone.handle("tau.png")) == photo
    assert phone.ask("DELETE").status_code == 204
    assert list(bucket.objects.all()) == []


def test_media_and_tips_lie_in_different_buckets(bucket: Any) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages

    from portal.checks import tip_files_lie_apart

    storages["default"].save("anh.png", ContentFile(b"public"))
    assert list(bucket.objects.all()) == []
    assert tip_files_lie_apart() == []


def test_one_bucket_for_both_is_refused(bucket: Any, settings: Any) -> None:
    from portal.checks import tip_files_lie_apart

    storages = dict(settings.STORAGES)
    storages["tips"] = {
        **storages["tips"],
        "OPTIONS": {**storages["tips"]["OPTIONS"], "bucket_name": "media"},
    }
    settings.STORAGES = storages
    assert [error.id for error in tip_files_lie_apart()] == ["portal.E003"]


def test_pictures_and_documents_come_from_the_portal_and_no_page_tells_of_the_store(
    bucket: Any,
    commune: CommunePage,
    client: Any,
    object_store: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    picture, document = a_picture(commune), a_document(commune)
    post = live_post(commune, picture, document)
    page = client.get(post.url).content.decode()
    addresses = set(re.findall(r"/media/images/[0-9a-f]{32}\.(?:jpg|webp)", page))
    assert addresses
    for address in (post.url, commune.url, "/api/v2/pages/", f"/api/v2/pages/{post.pk}/"):
        text = client.get(address).content.decode()
        for foreign in (object_store, "X-Amz", "Signature", "AWSAccessKeyId", "s3."):
            assert foreign not in text, address
    for address in addresses:
        response = client.get(address)
        assert Image.open(io.BytesIO(b"".join(response.streaming_content))).format in ("JPEG", "WEBP")
        assert response.headers["Cache-Control"] == "public, max-age=300"
    assert b"".join(client.get(document.url).streaming_content) == b"%PDF-1.4 don"
    assert client.get(f"/media/{picture.file.name}").status_code == 404

    post.unpublish()
    with django_capture_on_commit_callbacks(execute=True):
        rename_pictures()
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.get(document.url).status_code == 404
    now = get_image_model().objects.get(pk=picture.pk)
    assert now.file.name != picture.file.name
    stored = {each.key for each in media_of(object_store).objects.all()}
    assert stored == {now.file.name, document.file.name}


def media_of(object_store: str) -> Any:
    return boto3.resource("s3", endpoint_url=object_store).Bucket("media")


def test_other_bytes_in_the_store_are_another_mark(
    bucket: Any, commune: CommunePage, editor: Any, object_store: str
) -> None:
    document = a_document(commune)
    revision = waiting_post(editor, commune, document).latest_revision
    before = mark(revision)
    assert mark(revision) == before
    media_of(object_store).Object(document.file.name).put(Body=b"%PDF-1.4 khac")
    assert mark(revision) != before
