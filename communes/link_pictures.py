"""The picture that messengers show beside a link: the page's title and whose page it is.

Drawn once, when the page is published, and gone when it is taken down. A page without one has the icon.
"""

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from PIL import Image, ImageDraw, ImageFont
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from home.models import HomePage
from home.tree import COMMUNE_DEPTH, HOME_DEPTH, branch

from .models import CommunePage, LinkPicture

SIZE = WIDTH, HEIGHT = 1200, 630  # pixels, as messengers ask for
MARGIN = 90
TITLE_SIZES = (68, 60, 52, 46)
TITLE_LINES = 4
POLICE_SIZE = 40
GREEN, GOLD, WHITE = "#1f4d3a", "#e3b04b", "#ffffff"
# Made by the SIL Open Font License (fonts/OFL.txt); it has every letter of Vietnamese.
FONT = Path(__file__).with_name("fonts") / "BeVietnamPro-Bold.ttf"


def draw(title: str, police: str) -> bytes:
    """The picture as a PNG. A title of more than four lines ends in “…”."""
    image = Image.new("RGB", SIZE, GREEN)
    pen = ImageDraw.Draw(image)
    for size in TITLE_SIZES:
        font = ImageFont.truetype(FONT, size)
        lines = _lines(title, font)
        if len(lines) <= TITLE_LINES:
            break
    else:
        lines = [*lines[: TITLE_LINES - 1], f"{lines[TITLE_LINES - 1]}…"]
    pen.multiline_text((MARGIN, MARGIN), "\n".join(lines), fill=WHITE, font=font, spacing=size // 4)
    pen.rectangle((MARGIN, HEIGHT - 160, MARGIN + 120, HEIGHT - 152), fill=GOLD)
    small = ImageFont.truetype(FONT, POLICE_SIZE)
    pen.text((MARGIN, HEIGHT - 90), _lines(police, small)[0], fill=WHITE, font=small, anchor="lm")
    file = io.BytesIO()
    # Few colours: a third of the bytes, and no reader sees it.
    few = image.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return file.getvalue()


def _lines(text: str, font: Any) -> list[str]:
    """The text in lines that fit between the margins. A word that is longer than a line stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


@receiver(page_published)
def draw_picture(instance: Page, **kwargs: Any) -> None:
    # Wagtail sends this also when a page is only given its hour.
    if instance.live:
        # After the commit: a picture that could not be drawn must not keep a post back.
        transaction.on_commit(lambda: store(instance), robust=True)


@receiver(page_unpublished)
def remove_picture(instance: Page, **kwargs: Any) -> None:
    LinkPicture.objects.filter(page_id=instance.pk).delete()


@receiver(post_delete, sender=LinkPicture)
def delete_file(instance: LinkPicture, **kwargs: Any) -> None:
    transaction.on_commit(lambda: default_storage.delete(instance.file))


@transaction.atomic
def store(page: Page) -> None:
    """Draw and keep the page's picture; the one that it had before goes."""
    content = ContentFile(draw(*_words_on(page)))
    LinkPicture.objects.filter(page_id=page.pk).delete()
    LinkPicture.objects.create(page_id=page.pk, file=default_storage.save("images/link.png", content))


def _words_on(page: Page) -> tuple[str, str]:
    """The large words and the small ones: the title, and whose page it is."""
    home = HomePage.objects.filter(path=branch(page.path, HOME_DEPTH)).first()
    unit_name = home.unit_name if home else settings.WAGTAIL_SITE_NAME
    if page.depth == HOME_DEPTH:
        return unit_name, settings.WAGTAIL_SITE_NAME
    commune = CommunePage.objects.filter(path=branch(page.path, COMMUNE_DEPTH)).select_related("unit").first()
    if commune is None:
        return page.title, unit_name
    if page.depth == COMMUNE_DEPTH:
        return commune.unit.full_name, unit_name
    return page.title, commune.unit.full_name
