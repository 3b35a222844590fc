"""What a phone sends to the screen of a quick post, and what it makes of it."""

import io
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Page

from communes.models import NewsPage

WRITE = "/admin/quick-post/"
TITLE = "Cảnh giác người lạ đến thu tiền"
TEXT = "Không đưa tiền cho người lạ. Gọi 0239 000 0113.\n\n- Ghi lại biển số\n- Báo trực ban"
GPS = 0x8825
BY_SCRIPT = {"headers": {"accept": "application/json"}}


def photo(name: str = "IMG_1.jpg", size: tuple[int, int] = (60, 40), *, turned: bool = False) -> Any:
    """A phone's photo: left half red, right half blue, with the place it was taken at."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = picture.getexif()
    exif[0x010F] = "Hang-May-Anh"
    if turned:
        exif[0x0112] = 6  # to be turned clockwise
    exif.get_ifd(GPS).update({1: "N", 2: (18.0, 15.0, 30.0), 3: "E", 4: (106.0, 1.0, 2.0)})
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif, comment=b"Loi-Ghi-Kin")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def typed(**values: Any) -> dict[str, Any]:
    return {
        "nonce": str(uuid.uuid4()),
        "title": TITLE,
        "text": TEXT,
        "kind": "warning",
        "act": "submit",
        "alt": [],
        **values,
    }


def posts() -> Any:
    return NewsPage.objects.order_by("pk")


def only_post() -> NewsPage:
    return posts().get()


def waits(post: NewsPage) -> bool:
    return Page.objects.get(pk=post.pk).workflow_in_progress


def sent(post: NewsPage) -> str:
    return reverse("quick_post:sent", args=[post.pk])


def edit(post: NewsPage) -> str:
    return reverse("quick_post:edit", args=[post.pk])
