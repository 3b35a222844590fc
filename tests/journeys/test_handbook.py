"""The handbook shows the portal as it is: every picture is taken here, and every label it names is on screen.

`make handbook` retakes the pictures. Here each screen is compared with the committed picture: what its
buttons, headings and fields are called, which the picture carries with it, and roughly how it looks, since
fonts and dates differ. What a part calls a button must be on one of the screens of its scene.
"""

import io
import os
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page

from portal.handbook import FOLDER, parts
from tests.journeys.handbook_scenes import SCENES
from tests.journeys.handbook_stage import SECRET, SECRET_PICTURE, Shot, Stage

OpenPhone = Callable[..., Page]
IMAGES = FOLDER / "images"
WRITE = os.environ.get("HANDBOOK_IMAGES") == "write"
COLOURS = 32
THUMBNAIL = (24, 24)
# Mean difference of two thumbnails, of 255; and the share of names that two pictures have in common.
LOOKS_ALIKE = 30
SAYS_THE_SAME = 0.7
HEAVIEST = 600_000  # bytes of all pictures: a phone on 3G opens a part with its pictures in a few seconds
MARGIN = 12  # pixels around what is cut out
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
# What stands in the picture by which a screen is known: names of things, not the data of the day.
NAMES = """(box) => [...document.querySelectorAll(
    "h1, h2, h3, button, label, legend, dt, th, summary, a:not(td a, .work-panel__title)")]
  .filter((each) => {
    const at = each.getBoundingClientRect();
    return at.width > 1 && at.top < box.y + box.height && at.bottom > box.y
      && at.left < box.x + box.width && at.right > box.x;
  })
  .map((each) => (each.ariaLabel || each.textContent))"""
# What stands around an element and shows only a part of it, scrolling the rest.
CUT_OFF = """(element) => {
  const boxes = [];
  for (let box = element; box; box = box.parentElement) {
    const hides = getComputedStyle(box).overflowY !== "visible" && box.scrollHeight > box.clientHeight + 1;
    if (hides) boxes.push(box.className || box.tagName);
  }
  return boxes;
}"""
# Counts, days and the references of tips, which differ in each demo.
OF_THE_DAY = re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b|\d+")
ALL_LOADED = """(all) => Promise.all(all.map((one) => {
  one.loading = "eager";
  return one.decode();
}))"""
TO_THE_TOP = "() => document.querySelectorAll('*').forEach((each) => { each.scrollTop = 0; })"
STILL = """*, *::before, *::after { caret-color: transparent !important; animation: none !important;
    transition: none !important; }
  .demo-banner, .sidebar, .w-userbar, #nav-toggle { display: none !important; }
  .wrapper { padding-inline-start: 0 !important; }"""


def plain(text: str) -> str:
    return " ".join(text.split())


def take(shot: Shot) -> tuple[Image.Image, set[str]]:
    """The picture, and the names that stand in it."""
    page, element = shot.page, shot.page.locator(shot.cut).first
    page.add_style_tag(content=STILL)
    size = page.viewport_size
    assert size is not None
    whole = shot.cut in ("main", "body")
    margin = 0 if whole else MARGIN
    place = element.bounding_box()
    assert place is not None, f"no {shot.cut} on {page.url}"
    if not whole or page.locator(".wrapper").count() == 0:
        # A window high enough to have it whole, away from the bars above and below.
        page.set_viewport_size({**size, "height": shot.tall + 600})  # type: ignore[arg-type]
    element.evaluate(TO_THE_TOP if whole else "element => element.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    place = element.bounding_box() or place
    left, top = max(place["x"] - margin, 0), max(place["y"] - margin, 0)
    right = min(place["x"] + place["width"] + margin, size["width"])
    height = min(place["height"] + shot.below, shot.tall) + 2 * margin
    clip = {"x": left, "y": top, "width": right - left, "height": height}
    names = {plain(OF_THE_DAY.sub("", name)) for name in page.evaluate(NAMES, clip)} - {""}
    assert not re.search(r"\w", "".join(page.locator(SECRET).all_inner_texts())), "a code can be read"
    assert page.locator(SECRET_PICTURE).count() == 0, "a QR picture can be read"
    taken = page.screenshot(animations="disabled", clip=clip)  # type: ignore[arg-type]
    page.set_viewport_size(size)
    return Image.open(io.BytesIO(taken)).convert("RGB"), names


def save(picture: Image.Image, names: set[str], path: Path) -> None:
    info = PngInfo()
    info.add_itxt("names", "\n".join(sorted(names)))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True, pnginfo=info)


def committed(path: Path) -> tuple[Image.Image, set[str]]:
    with Image.open(path) as picture:
        return picture.convert("RGB"), set(picture.info.get("names", "").split("\n")) - {""}


def looks(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of the two pictures' thumbnails."""
    small = [picture.convert("L").resize(THUMBNAIL, Image.Resampling.BOX) for picture in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


def in_common(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def is_the_same(one: tuple[Image.Image, set[str]], other: tuple[Image.Image, set[str]]) -> bool:
    """Of the same kind of device, alike at a glance, and with the same names on it."""
    return (
        abs(one[0].width - other[0].width) < MARGIN
        and looks(one[0], other[0]) < LOOKS_ALIKE
        and in_common(one[1], other[1]) >= SAYS_THE_SAME
    )


def test_every_part_has_a_scene() -> None:
    assert list(SCENES) == [part.slug for part in parts()]


@pytest.mark.parametrize("slug", SCENES)
def test_a_part_shows_what_is_on_screen(
    slug: str, phone: OpenPhone, log_in: Callable[[Page, str], None]
) -> None:
    part = next(part for part in parts() if part.slug == slug)
    pictures = re.findall(r"\]\(([\w.-]+)\)", part.text)
    words, number, wrong = "", 0, []
    for shot in SCENES[slug](Stage(phone, log_in)):
        shot.page.wait_for_load_state("networkidle")
        words += plain(shot.page.evaluate(WORDS)) + "\n"
        if not shot.picture:
            continue
        number += 1
        name = f"{slug}-{number}.png"
        taken = take(shot)
        if WRITE:
            save(*taken, IMAGES / name)
        before = committed(IMAGES / name)
        if not is_the_same(taken, before):
            wrong.append((name, round(looks(taken[0], before[0])), sorted(taken[1] ^ before[1])))
    assert not wrong, f"Not what the screen shows: make handbook, and look at them. {wrong}"
    assert pictures == [f"{slug}-{at}.png" for at in range(1, number + 1)]
    missing = [label for label in map(plain, LABEL.findall(part.text)) if label not in words]
    assert not missing, f"On none of this part's screens: {missing}"


def test_no_picture_passes_for_another() -> None:
    pictures = {path.name: committed(path) for path in sorted(IMAGES.glob("*.png"))}
    alike = [
        (one, other)
        for one, other in combinations(pictures, 2)
        if is_the_same(pictures[one], pictures[other])
    ]
    assert pictures and not alike


def test_the_pictures_are_light() -> None:
    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) <= HEAVIEST


@pytest.mark.parametrize("slug", [part.slug for part in parts()])
def test_a_part_prints_on_two_pages_with_its_pictures(
    slug: str, phone: OpenPhone, log_in: Callable[[Page, str], None]
) -> None:
    page = phone()
    log_in(page, "cam-trung-truc1")
    answer = page.goto(f"/admin/help/{slug}/")
    assert answer is not None and answer.ok
    # Printing does not wait for pictures that nobody scrolled to; a broken one raises.
    pictures = page.locator(".handbook img")
    pictures.evaluate_all(ALL_LOADED)
    for address in pictures.evaluate_all("all => all.map((one) => one.src)"):
        headers = page.request.get(address).headers
        assert headers["content-type"] == "image/png"
        assert headers["x-content-type-options"] == "nosniff"
        assert "immutable" in headers["cache-control"]
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))
    if folder := os.environ.get("HANDBOOK_PDF"):
        (Path(folder) / f"{slug}.pdf").write_bytes(printed)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= LONGEST
    page.emulate_media(media="print")
    assert page.locator(".handbook").evaluate(CUT_OFF) == [], "the paper ends before the text does"
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
