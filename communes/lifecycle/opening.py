"""Opening a commune: unit, page tree with starter texts, editors' group, collection, approval.

Idempotent: what is there stays as it is, and the report says so. Makes no key and no account.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import (
    Collection,
    Locale,
    Page,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from home.markdown_files import blocks, filled, read_text
from home.models import HomePage, InfoPage, UnitApprovalTask
from home.text import plain_slug, same_key
from home.tree import HOME_DEPTH

from ..doors import Parent, doors
from ..groups import (
    SHARED_COLLECTION,
    STOCK_GROUPS,
    collection_rights,
    editors_group_name,
    ensure_collection,
    ensure_group,
    page_rights,
)
from ..models import CommunePage, ReturnReason, Unit
from ..signals import commune_opened, starter_values_asked, unit_opened
from ..tree import home_of
from .closing import reopen

STARTER_PAGES = Path(__file__).parent / "starter_pages"

# What a unit's editors start with; they change the list as they like.
RETURN_REASONS = (
    "Chưa rõ bà con cần làm gì. Xin thêm một câu hướng dẫn cụ thể.",
    "Thiếu số điện thoại, thời gian hoặc địa điểm để bà con liên hệ.",
    "Có thông tin riêng của người dân (họ tên, số giấy tờ, địa chỉ, hình rõ mặt). Xin bỏ hoặc che lại.",
    "Ảnh mờ, không đúng nội dung hoặc chưa có lời mô tả. Xin thay ảnh hoặc thêm mô tả.",
    "Tiêu đề chưa nói đúng nội dung hoặc viết hoa cả dòng. Xin viết lại tiêu đề.",
    "Nội dung trùng với bài đã đăng. Xin bổ sung vào bài cũ.",
)

P = TypeVar("P", bound=Page)


@dataclass
class Report:
    """What was made and what was there already, in words for the operator."""

    unit: Unit
    lines: list[str] = field(default_factory=list)

    def made(self, what: str) -> None:
        self.lines.append(f"made {what}")

    def found(self, what: str) -> None:
        self.lines.append(f"found {what}")

    def ensure_child(self, parent: Page, model: type[P], *, slug: str, title: str, **values: Any) -> P:
        """The child at `slug`, made live if it is not there. Raises ValueError if another type is there."""
        existing = parent.get_children().filter(slug=slug).first()
        if existing is not None:
            if not isinstance(existing.specific, model):
                raise ValueError(f"{existing.url_path} is a {existing.specific_class.__name__}")
            self.found(existing.url_path)
            return existing.specific
        page = model(slug=slug, title=title, **values)
        parent.add_child(instance=page)
        page.save_revision().publish()
        self.made(page.url_path)
        return page

    def ensure_doors(self, parent: Page, under: Parent) -> None:
        """The pages to which the doors of a commune or of a unit lead."""
        for door in doors(under):
            self.ensure_child(parent, door.page_type, slug=door.slug, title=door.title)


@transaction.atomic
def open_unit(
    *, kind: str, name: str, phone: str, address: str = "", intro: str = "", hostname: str = "localhost"
) -> tuple[Unit, HomePage]:
    """The supervising unit with its home page, news, guides, what it promises, editors' group and approval.

    Idempotent. `hostname` is the one that Wagtail's Site answers to; the first unit's is the default site.
    """
    Group.objects.filter(name__in=STOCK_GROUPS, user__isnull=True).delete()
    _name_stock_rows()
    name = Unit.plain_name(name)
    unit, made = Unit.objects.get_or_create(
        kind=kind, name_key=same_key(name), parent=None, defaults={"name": name, "page_key": uuid4()}
    )
    if made:
        ReturnReason.objects.bulk_create(ReturnReason(unit=unit, text=text) for text in RETURN_REASONS)
    report = Report(unit)
    home = home_of(unit) or _first_page(report, phone=phone, address=address, intro=intro)
    if not Site.objects.filter(root_page=home).exists():
        Site.objects.create(
            hostname=hostname,
            root_page=home,
            site_name=unit.full_name,
            is_default_site=not Site.objects.filter(is_default_site=True).exists(),
        )
    report.ensure_doors(home, "unit")
    _ensure_starter_pages(report, home)
    group = _ensure_unit_editors(unit, home)
    unit_opened.send(sender=Unit, unit=unit, group=group)
    _ensure_approval(unit, home, group)
    return unit, home


def _first_page(report: Report, **values: str) -> HomePage:
    unit = report.unit
    root = Page.get_first_root_node()
    # Wagtail's own welcome page makes room for ours.
    Page.objects.filter(depth=HOME_DEPTH, slug="home", content_type__model="page").delete()
    root.refresh_from_db()
    return report.ensure_child(
        root,
        HomePage,
        slug=plain_slug(unit.short_name),
        title=unit.full_name,
        unit_name=unit.full_name,
        locale=Locale.get_default(),
        translation_key=unit.page_key,
        **values,
    )


def _ensure_unit_editors(unit: Unit, home: HomePage) -> Group:
    """The group of the unit's editors, with its rights on pages and files."""
    group = ensure_group(editors_group_name(unit))
    # One row on the parent page, never one for each commune: with hundreds the explorer takes seconds.
    page_rights(group, home, ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"])
    # Its communes' collections lie below its own, so that another unit's editors see none of them.
    for collection in (ensure_collection(unit.qualified_name), ensure_collection(SHARED_COLLECTION)):
        collection_rights(group, collection, ["add", "change", "choose"])
    return group


def _ensure_starter_pages(report: Report, home: HomePage) -> None:
    """What the portal promises and does not, in the words of this release; editors may change it later."""
    values = {
        "unit": home.unit_name,
        "phone": home.phone,
        "backup_days": settings.BACKUP_DAYS,
    }
    starter_values_asked.send(sender=HomePage, values=values)
    for path in sorted(STARTER_PAGES.glob("*.md")):
        data = read_text(path)
        report.ensure_child(
            home,
            InfoPage,
            slug=data["slug"],
            title=data["title"],
            intro=data["intro"],
            body=blocks(filled(data["text"], **values)),
            last_reviewed=timezone.localdate(),
        )


def _name_stock_rows() -> None:
    """What Wagtail's migrations make has English names, which staff would read in lists."""
    Collection.objects.filter(depth=1, name="Root").update(name="Thư mục gốc")
    Page.objects.filter(depth=1, title="Root").update(title="Gốc", draft_title="Gốc")
    for model in (Workflow, Task):
        model.objects.filter(name="Moderators approval").update(name="Duyệt bài mặc định")


def _ensure_approval(unit: Unit, home: HomePage, group: Group) -> None:
    """One workflow on the unit's home page; every page below inherits it."""
    task, made = UnitApprovalTask.objects.get_or_create(name=f"Duyệt bài: {unit.full_name}")
    if made:
        task.groups.add(group)
    workflow, made = Workflow.objects.get_or_create(name=f"Duyệt bài của {unit.full_name}")
    if made:
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})


@transaction.atomic
def open_commune(
    *,
    parent: Unit,
    kind: str,
    name: str,
    slug: str = "",
    phone: str,
    address: str = "",
    intro: str = "",
    scene: str = "rice-field",
) -> Report:
    """Open one commune under `parent`, or complete what is missing of one that is open.

    Raises ValueError when the kind is not a commune's, or another page stands at the address, and
    ValidationError for a phone number or address that the page refuses; nothing is changed then.
    """
    kind = Unit.kind_called(kind)
    if kind in Unit.SUPERVISING_KINDS:
        raise ValueError(f"“{kind}” is the kind of a supervising unit, not of a commune")
    home = HomePage.objects.get(translation_key=parent.page_key, locale=Locale.get_default())
    report = _unit_in_service(parent, kind, name)
    unit = report.unit
    # An open commune stays at its address, whatever `slug` says now.
    there = CommunePage.objects.filter(unit=unit, translation_key=unit.page_key, locale=home.locale).first()
    page = report.ensure_child(
        home,
        CommunePage,
        slug=there.slug if there else slug or plain_slug(unit.name),
        title=unit.full_name,
        unit=unit,
        duty_phone=phone,
        address=address,
        intro=intro or f"Trang thông tin của {unit.full_name}.",
        scene=scene,
        **({"translation_key": unit.page_key} if unit.page_key else {}),
    )
    if page.unit_id != unit.pk:
        raise ValueError(f"{page.url_path} belongs to {page.unit.full_name}")
    if unit.page_key != page.translation_key:
        unit.page_key = page.translation_key
        unit.save()
    report.ensure_doors(page, "commune")
    _ensure_commune_editors(unit, parent, page)
    commune_opened.send(sender=open_commune, page=page, report=report)
    return report


def _unit_in_service(parent: Unit, kind: str, name: str) -> Report:
    """The commune's unit, which is made where it is missing and reopened where it was closed."""
    name = Unit.plain_name(name)
    unit, made = Unit.objects.get_or_create(
        kind=kind, name_key=same_key(name), parent=parent, defaults={"name": name, "page_key": uuid4()}
    )
    report = Report(unit)
    (report.made if made else report.found)(unit.full_name)
    if not unit.active:
        reopen(unit, report)
    return report


def _ensure_commune_editors(unit: Unit, parent: Unit, page: CommunePage) -> None:
    """The group of the commune's editors, with its rights on pages and files."""
    group = ensure_group(editors_group_name(unit))
    page_rights(group, page, ["add_page", "change_page"])
    own = ensure_collection(unit.qualified_name, parent=ensure_collection(parent.qualified_name))
    collection_rights(group, own, ["add", "change", "choose"])
    collection_rights(group, ensure_collection(SHARED_COLLECTION), ["choose"])
