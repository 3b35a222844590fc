"""The demo's pages: communes, posts, guides, information pages, pictures."""

import csv
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale

from communes.blocks import HoursBlock
from communes.groups import SHARED_COLLECTION
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import (
    CommunePage,
    ContactPage,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    Unit,
)
from home import clock
from home.markdown_files import blocks, filled
from home.models import HomePage, InfoPage
from home.text import plain_slug
from home.tree import live_children
from tipform.models import TipFormPage

from .texts import FOLDER, read_pages, read_toml

Progress = Callable[[str], None]

POSTS_EACH, POSTS_OF_RICH = 3, 8
WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"]


def load_content(communes_csv: Path, progress: Progress) -> list[CommunePage]:
    """Everything that the public reads, in one go; the communes in the order of the file."""
    demo = read_toml("demo.toml")
    shared = demo["shared"]
    unit_data = demo["unit"]
    unit, home = open_unit(
        kind=unit_data["kind"],
        name=unit_data["name"],
        phone=unit_data["phone"],
        address=unit_data["address"],
        intro=unit_data["intro"],
        hostname="127.0.0.1",
    )
    _english_home(home, demo["english"])
    posts = read_pages("news")
    images = _images({post["image"]: post["alt"] for post in posts})
    _information_pages(home)
    load_guides(home)
    _posts(home, [post for post in posts if post.get("unit")], images, unit)

    communes = []
    with communes_csv.open(encoding="utf-8-sig", newline="") as file:
        rows = [{**row, "slug": row.get("slug") or plain_slug(row["name"])} for row in csv.DictReader(file)]
    rich = rich_slugs([row["slug"] for row in rows], demo["rich_communes"])
    tables = read_toml("communes.toml")
    pool = [post for post in posts if not post.get("unit") and not post.get("only")]
    for number, row in enumerate(rows):
        slug = row["slug"]
        page = _commune(unit, row, slug, tables.get(slug, tables["default"]), shared)
        count = POSTS_OF_RICH if slug in rich else POSTS_EACH
        own = [post for post in posts if slug in post.get("only", [])]
        chosen = own + [pool[(number * POSTS_EACH + step) % len(pool)] for step in range(count)]
        _posts(page, chosen[:count], images, page.unit)
        communes.append(page)
        progress(f"{number + 1}/{len(rows)} {page.unit.full_name}")
    return communes


def rich_slugs(slugs: list[str], wanted: list[str]) -> list[str]:
    """The communes with more posts and with tips: those that demo.toml names, else the first of the file."""
    return [slug for slug in wanted if slug in slugs] or slugs[: len(wanted)]


def _commune(
    unit: Unit, row: dict[str, str], slug: str, data: dict[str, Any], shared: dict[str, str]
) -> CommunePage:
    kind = Unit.Kind(Unit.kind_called(row["kind"])).label
    names = {"name": row["name"], "kind": kind, "full_name": f"Công an {kind} {row['name']}"}
    report = open_commune(
        parent=unit,
        kind=row["kind"],
        name=row["name"],
        slug=slug,
        phone=data["duty_phone"],
        address=filled(data["address"], **names),
        intro=filled(data["intro"], **names),
        scene=data["scene"],
    )
    page = CommunePage.objects.get(unit=report.unit)
    contact = live_children(ContactPage, page).get()
    contact.hours = [("hours", _hours(line)) for line in data["hours"]]
    contact.officers = [
        ("officer", {key: filled(value, **names) for key, value in officer.items()})
        for officer in data["officers"]
    ]
    contact.note = shared["contact_note"]
    contact.save_revision().publish()
    form = live_children(TipFormPage, page).get()
    form.intro = shared["form_intro"]
    form.save_revision().publish()
    return page


def _hours(line: dict[str, str]) -> dict[str, Any]:
    days = [number for number, name in enumerate(WEEKDAYS) if name.lower() in line["days"].lower()]
    codes = [code for code, _name in HoursBlock.WEEKDAYS]
    return {
        "first_day": codes[days[0]],
        "last_day": codes[days[-1]],
        "opens": datetime.time.fromisoformat(line["opens"]),
        "closes": datetime.time.fromisoformat(line["closes"]),
    }


def _images(titles: dict[str, str]) -> dict[str, Any]:
    """The pictures by file stem; in the library each is called by what a post says it shows."""
    collection = Collection.objects.get(name=SHARED_COLLECTION)
    model = get_image_model()
    images = {}
    for path in sorted((FOLDER / "images").glob("*.webp")):
        with path.open("rb") as file:
            images[path.stem] = model.objects.create(
                title=titles.get(path.stem, path.stem.replace("-", " ")),
                file=ImageFile(file, name=path.name),
                collection=collection,
            )
    return images


def _posts(parent: Any, posts: list[dict[str, Any]], images: dict[str, Any], unit: Unit) -> None:
    index = live_children(NewsIndexPage, parent).get()
    names = {
        "full_name": unit.full_name,
        "short_name": unit.short_name,
        "duty_phone": parent.phone if isinstance(parent, HomePage) else parent.duty_phone,
    }
    now = timezone.now()
    today = timezone.localdate(now)
    # Oldest first, so that the order in the tree is the order of publication.
    for post in sorted(posts, key=lambda post: -post["days_ago"]):
        page = NewsPage(
            title=filled(post["title"], **names),
            slug=post["slug"],
            kind=post["kind"],
            date=today - datetime.timedelta(days=post["days_ago"]),
            summary=filled(post["summary"], **names),
            everywhere=post.get("everywhere", False),
            image=images.get(post["image"]),
            image_alt=post["alt"],
            body=blocks(filled(post["text"], **names)),
        )
        index.add_child(instance=page)
        # Lists go by the moment at which a post went live.
        with clock.at(now - datetime.timedelta(days=post["days_ago"])):
            page.save_revision().publish()


def load_guides(home: HomePage) -> None:
    index = live_children(ProcedureIndexPage, home).get()
    for page in read_guides():
        index.add_child(instance=page)
        page.save_revision().publish()


def read_guides() -> list[ProcedurePage]:
    """The unit's shared guides, not yet saved, in the order of their file names, which are their slugs."""
    guides = []
    streams = {"steps": "step", "documents": "document", "legal_basis": "law", "forms": "form"}
    for path in sorted((FOLDER / "guides").glob("*.toml")):
        data = read_toml(f"guides/{path.name}")
        for field, block in streams.items():
            data[field] = [(block, item) for item in data.get(field, [])]
        for field in ("last_reviewed", "review_due"):
            data[field] = datetime.date.fromisoformat(data[field])
        guides.append(ProcedurePage(slug=path.stem, **data))
    return guides


def _information_pages(home: HomePage) -> None:
    for data in read_pages("pages"):
        page = InfoPage(
            title=data["title"],
            slug=data["slug"],
            intro=data["intro"],
            body=blocks(data["text"]),
            last_reviewed=timezone.localdate(),
        )
        home.add_child(instance=page)
        page.save_revision().publish()


def _english_home(home: HomePage, texts: dict[str, str]) -> None:
    locale, _made = Locale.objects.get_or_create(language_code="en")
    english = home.copy_for_translation(locale)
    english.title = english.unit_name = texts["home_title"]
    english.intro = texts["home_intro"]
    english.save_revision().publish()
