"""A large installation to measure on: hundreds of thousands of pages and tips, in minutes.

What a search, a list or a figure reads is there as the portal writes it: rows, signatures, index entries.
Not there: revisions, groups of the communes' editors, and the audit log of the tips, of which all but the
first are copies that count and list like others and open for nobody.
"""

import datetime
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from communes.doors import doors
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, Membership, NewsPage, Unit, User, VocabularyStamp
from home.models import HomePage
from home.text import plain_slug
from tipform import vault
from tipform.box.receiving import Submission, submit
from tipform.keys import ring
from tipform.keys.signing import sign
from tipform.models import Category, Holding, Part, PartKey, Tip, UnitKey

from .demo.content import load_guides
from .demo.keys import open_boxes
from .demo.texts import read_pages

Progress = Callable[[str], None]

COMMUNES = 3300
PASSWORD = "grow"  # noqa: S105 - of the one officer, who opens the one tip that is no copy
BODIES = 400
BATCH = 2000
YEARS = 3
SYLLABLES = (
    "An Bình Cẩm Châu Đại Đông Đức Giang Hà Hải Hòa Hồng Hưng Khánh Kim Kỳ Lạc Lâm Liên Long Lộc Minh Mỹ "
    "Nam Nghĩa Ngọc Nhân Ninh Phú Phúc Phước Quang Quảng Sơn Tam Tân Thạch Thái Thanh Thành Thạnh Thiện Thọ "
    "Thuận Thủy Thượng Tiên Tiến Tín Trung Trường Vân Việt Vĩnh Xuân Yên"
)


def grow(pages: int, tips: int, progress: Progress) -> None:
    """Fill an empty database with so many pages (a commune has five before its first post) and tips."""
    chance = random.Random(1)  # noqa: S311 - the same installation every time
    unit, home = open_unit(kind="tinh", name="Thử Nghiệm", phone="0239 000 0100")
    load_guides(home)
    first = open_commune(parent=unit, kind="xã", name="Bến Đò Cũ", phone="0239 000 0113").unit
    _open_box(first)
    pattern = _tip(first)
    progress("the first commune, its box and its first tip")
    count = min(COMMUNES, pages // 10)
    with transaction.atomic():
        units = _units(unit, count, chance)
        fronts = _communes(home, units)
    progress(f"{count} communes, {Page.objects.count()} pages")
    posts = _posts(fronts, pages - Page.objects.count(), chance)
    while batch := list(itertools.islice(posts, BATCH)):
        with transaction.atomic():
            _insert_pages(batch)
    progress(f"{Page.objects.count()} pages")
    _after_loading()
    _copy_tips(pattern, [first, *units], tips, chance)
    progress(f"{Tip.objects.count()} tips")
    _after_loading()


def _after_loading() -> None:
    VocabularyStamp.renew()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(sql)
        # Without statistics PostgreSQL reads whole tables.
        cursor.execute("ANALYZE")


def _open_box(unit: Unit) -> None:
    officer = User.objects.create_user("truc", password=PASSWORD)
    officer.chose_own_password()
    Membership.objects.create(user=officer, unit=unit, role=Membership.Role.OFFICER)
    open_boxes(PASSWORD)


def _tip(unit: Unit) -> Tip:
    answers = {"message": "Tối nào cũng có hai tàu hút cát ở khúc sông sau đình.", "place": "Bến đò cũ"}
    submission = Submission(kind="tip", category=Category.objects.first(), answers=answers)
    submit(unit, submission, bytes(32))
    return Tip.objects.get()


def _units(parent: Unit, count: int, chance: random.Random) -> list[Unit]:
    names = [f"{one} {other}" for one in SYLLABLES.split() for other in SYLLABLES.split() if one != other]
    chance.shuffle(names)
    units = []
    for number in range(count):
        kind = Unit.Kind.XA if number < len(names) else Unit.Kind.PHUONG
        unit = Unit(kind=kind, name=names[number % len(names)], parent=parent, page_key=uuid4())
        unit.set_keys()
        sign(unit)
        units.append(unit)
    return Unit.objects.bulk_create(units, batch_size=BATCH)


def _page(model: Any, parent: Page, number: int, **values: Any) -> Any:
    """The `number`th child of a page, with all that saving it would fill in."""
    now = values.pop("at", None) or timezone.now()
    slug = values.pop("slug")
    page = model(
        path=Page._get_path(parent.path, parent.depth + 1, number),
        depth=parent.depth + 1,
        slug=slug,
        url_path=f"{parent.url_path}{slug}/",
        locale_id=parent.locale_id,
        first_published_at=now,
        last_published_at=now,
        **values,
    )
    page.draft_title = page.title
    return page


def _communes(home: HomePage, units: list[Unit]) -> list[list[Any]]:
    """The front page and the parts of each commune; the parts are inserted with the number of their posts."""
    taken = home.get_children().count()
    pages = []
    for number, unit in enumerate(units, start=taken + 1):
        front = _page(
            CommunePage,
            home,
            number,
            slug=f"{plain_slug(unit.name)}-{unit.pk}",
            title=unit.full_name,
            unit=unit,
            translation_key=unit.page_key,
            duty_phone="0239 000 0113",
            numchild=len(doors("commune")),
        )
        parts = [
            _page(door.page_type, front, place, slug=door.slug, title=door.title)
            for place, door in enumerate(doors("commune"), start=1)
        ]
        pages.append([front, *parts])
    for place in range(len(pages[0])):
        _insert_pages([of_commune[place] for of_commune in pages])
    Page.objects.filter(pk=home.pk).update(numchild=taken + len(units))
    return pages


def _posts(communes: list[list[Any]], count: int, chance: random.Random) -> Iterator[NewsPage]:
    """Posts in the words of the demo's, the oldest first."""
    texts = read_pages("news")
    sentences = [
        text for post in texts for text in re.split(r"(?<=[.!?])\s+", post["text"]) if len(text) > 20
    ]
    bodies = [
        NewsPage.body.field.to_python(
            [("paragraph", f"<p>{' '.join(chance.sample(sentences, 4))}</p>") for _paragraph in range(3)]
        )
        for _body in range(BODIES)
    ]
    step = datetime.timedelta(days=365 * YEARS) / count
    begin = timezone.now() - step * count
    for number in range(count):
        front, news, *_others = communes[number % len(communes)]
        place, at = number // len(communes) + 1, begin + step * number
        title = f"{chance.choice(texts)['title']} ({front.title.removeprefix('Công an ')}, {at:%d/%m/%Y})"
        yield _page(
            NewsPage,
            news,
            place,
            at=at,
            slug=f"bai-{place}",
            title=title,
            summary=chance.choice(texts)["summary"],
            body=chance.choice(bodies),
            date=at.date(),
            kind=chance.choice(NewsPage.Kind.values),
        )
    for _front, news, *_others in communes:
        Page.objects.filter(pk=news.pk).update(numchild=-(-count // len(communes)))


def _insert_pages(pages: list[Any]) -> None:
    """Pages of one type into their two tables and the index; Django's bulk_create refuses two tables."""
    model, last = type(pages[0]), Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for number, page in enumerate(pages, start=last + 1):
        page.pk = page.id = page.page_ptr_id = number
    _insert(Page, pages)
    _insert(model, pages)
    pages_index = get_search_backend().get_index_for_model(Page)
    # modelsearch would weigh titles by reading and writing the whole index after each batch.
    pages_index._refresh_title_norms = lambda: None
    pages_index.add_items(model, pages)


def _insert(model: type[models.Model], rows: list[Any]) -> None:
    inserting: Any = model._base_manager.all()
    inserting._batched_insert(rows, model._meta.local_concrete_fields, None)


def _copy_tips(pattern: Tip, units: list[Unit], count: int, chance: random.Random) -> None:
    parts = [(part, list(part.keys.all())) for part in pattern.parts.all()]
    keys = _keys(units)
    categories = list(Category.objects.values_list("pk", flat=True))
    today, made = timezone.localdate(), 1
    while made < count:
        batch = min(BATCH, count - made)
        tips = [_tip_like(pattern, chance.choice(units), categories, today, chance) for _tip in range(batch)]
        with transaction.atomic():
            Tip.objects.bulk_create(tips)
            Holding.objects.bulk_create(_signed(Holding(tip=tip, unit=tip.unit) for tip in tips))
            for part, part_keys in parts:
                _copy_part(part, part_keys, tips, keys)
        made += batch


def _copy_part(part: Part, part_keys: list[PartKey], tips: list[Tip], keys: dict[int, UnitKey]) -> None:
    copies = Part.objects.bulk_create(
        Part(tip=tip, label=part.label, version=part.version, sealed=part.sealed) for tip in tips
    )
    PartKey.objects.bulk_create(
        PartKey(
            part=copy,
            unit_key=keys[copy.tip.unit_id] if key.unit_key_id else None,
            sealed_key=key.sealed_key,
        )
        for copy in copies
        for key in part_keys
    )


def _signed(rows: Iterable[Any]) -> Iterator[Any]:
    for row in rows:
        sign(row)
        yield row


def _keys(units: Iterable[Unit]) -> dict[int, UnitKey]:
    """A first key of each unit that has none, which nobody holds."""
    keys = {key.unit_id: key for key in UnitKey.objects.filter(unit__in=[unit.pk for unit in units][:1])}
    new = []
    for unit in units:
        if unit.pk not in keys:
            key = UnitKey(unit=unit, generation=1, public_key=vault.KeyPair.generate().public)
            ring.sign(key)
            new.append(key)
    return keys | {key.unit_id: key for key in UnitKey.objects.bulk_create(new, batch_size=BATCH)}


def _tip_like(
    pattern: Tip, unit: Unit, categories: list[int], today: datetime.date, chance: random.Random
) -> Tip:
    status = chance.choice([Tip.Status.NEW, Tip.Status.ACCEPTED, Tip.Status.IN_PROGRESS, Tip.Status.CLOSED])
    return Tip(
        unit=unit,
        received_by=unit.uuid,
        category_id=chance.choice(categories),
        status=status,
        outcome=chance.choice(Tip.Outcome.values) if status == Tip.Status.CLOSED else "",
        day=today - datetime.timedelta(days=chance.randrange(365)),
        receipt_lookup=chance.randbytes(len(pattern.receipt_lookup or b"")),
        receipt_keyring_id=pattern.receipt_keyring_id,
        receipt_params=pattern.receipt_params,
        reporter_public_key=pattern.reporter_public_key,
        reporter_mac=pattern.reporter_mac,
        reporter_wrapped_key=pattern.reporter_wrapped_key,
    )
