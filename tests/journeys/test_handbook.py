"""The handbook shows the portal as it is: every picture is taken here, and every label it names is on screen.

`make handbook` takes the pictures anew. Here each is compared with the committed one, roughly, since fonts
and dates differ; what a part calls a button must be on one of the screens that its pictures show.
"""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page

from portal.handbook import FOLDER, parts
from tests.journeys.handbook_scenes import SCENES, USERS

OpenPhone = Callable[..., Page]
IMAGES = FOLDER / "images"
WRITE = os.environ.get("HANDBOOK_IMAGES") == "write"
COLOURS = 64
THUMBNAIL = (32, 48)
# Mean difference of two thumbnails, of 255. Another screen differs by 25 and more, another day's by 3.
SAME = 14
LONGEST = 2  # printed pages
LABEL = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
# The words of the page, those in closed menus and in attributes too.
WORDS = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll("script, style, template").forEach((element) => element.remove());
  const names = ["aria-label", "placeholder", "title", "value"];
  const attributes = [...document.querySelectorAll("*")].flatMap(
    (element) => names.map((name) => element.getAttribute(name) || ""));
  return [copy.textContent, ...attributes].join("\\n");
}"""


def plain(text: str) -> str:
    return " ".join(text.split())


def compare(taken: Image.Image, committed: Path) -> float:
    """The mean difference of the two pictures' thumbnails."""
    small = [picture.convert("L").resize(THUMBNAIL) for picture in (taken, Image.open(committed))]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


# Parts without pictures are held by the words of the interface (tests/portal/test_handbook.py).
PICTURED = [part.slug for part in parts() if "](" in part.text]


@pytest.mark.parametrize("slug", PICTURED)
def test_a_part_shows_what_is_on_screen(
    slug: str, phone: OpenPhone, log_in: Callable[[Page, str], None]
) -> None:
    part = next(part for part in parts() if part.slug == slug)
    words = ""
    pictures = re.findall(r"\]\(([\w.-]+)\)", part.text)
    assert pictures == [f"{slug}-{number}.png" for number in range(1, len(SCENES[slug]) + 1)]
    for name, scene in zip(pictures, SCENES[slug], strict=True):
        page = phone()
        if part.role in USERS:
            log_in(page, USERS[part.role])
        scene(page)
        words += plain(page.evaluate(WORDS))
        taken = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        if WRITE:
            taken.convert("RGB").quantize(COLOURS).save(IMAGES / name, optimize=True)
        assert compare(taken, IMAGES / name) < SAME, f"{name} is not what the screen shows: make handbook"
    missing = [label for label in map(plain, LABEL.findall(part.text)) if label not in words]
    assert not missing, f"On none of this part's screens: {missing}"


@pytest.mark.parametrize("slug", [part.slug for part in parts()])
def test_a_part_prints_on_two_pages(slug: str, phone: OpenPhone, log_in: Callable[[Page, str], None]) -> None:
    page = phone()
    log_in(page, USERS["officer"])
    answer = page.goto(f"/admin/help/{slug}/")
    assert answer is not None and answer.ok
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= LONGEST
