import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.blocks import StructBlock
from wagtail.models import Page

import communes.blocks
import home.blocks
from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.checks import page_models_say_where_they_belong, reserved_slugs_cover_the_urls
from home.models import BasePage, HomePage, InfoPage
from home.tree import live_children

pytestmark = pytest.mark.django_db


def test_a_page_without_a_slug_gets_a_vietnamese_one(commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    first = index.add_child(instance=NewsPage(title="Đừng đọc mã OTP", summary="Không đọc."))
    second = index.add_child(instance=NewsPage(title="Đừng đọc mã OTP", summary="Không đọc."))
    assert (first.slug, second.slug) == ("dung-doc-ma-otp", "dung-doc-ma-otp-2")


@pytest.mark.parametrize("slug", ["admin", "tra-cuu", "tim-kiem", "thu-tuc", "en"])
def test_an_address_of_the_portal_itself_is_refused(unit: Any, slug: str) -> None:
    home = HomePage.objects.get()
    with pytest.raises(ValidationError, match="slug"):
        home.add_child(instance=InfoPage(title="Trang", slug=slug))


def test_every_address_of_the_portal_is_reserved() -> None:
    assert reserved_slugs_cover_the_urls() == []


def test_every_page_type_says_where_it_belongs() -> None:
    assert page_models_say_where_they_belong() == []


def test_a_page_type_that_does_not_say_where_it_belongs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(InfoPage, "parent_page_types")
    assert [error.id for error in page_models_say_where_they_belong()] == ["home.E002"]


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_blocks_stay_out_of_migrations() -> None:
    root = Path(__file__).parents[2]
    sizes = {path: path.stat().st_size for path in root.glob("*/migrations/0*.py")}
    assert len(sizes) == 4, "one initial migration an app, communes two"
    assert sum(sizes.values()) < 90_000


def test_the_source_folder_named_like_a_standard_module_is_no_package() -> None:
    assert not (Path(__file__).parents[2] / "site" / "__init__.py").exists()


def fields_of(model: type[Page]) -> Iterator[Any]:
    """The model's own fields that an editor fills in."""

    def names(panels: list[Any]) -> Iterator[str]:
        for panel in panels:
            if hasattr(panel, "children"):
                yield from names(panel.children)
            elif hasattr(panel, "field_name"):
                yield panel.field_name

    own = {field.name for field in model._meta.local_fields}
    return (model._meta.get_field(name) for name in names(model.content_panels) if name in own)


def test_every_field_says_what_belongs_there() -> None:
    models = [model for model in apps.get_models() if issubclass(model, BasePage)]
    silent = [str(field) for model in models for field in fields_of(model) if not field.help_text]
    assert silent == []


def test_every_part_of_a_block_says_what_belongs_there() -> None:
    silent = [
        f"{block.__class__.__name__}.{name}"
        for module in (home.blocks, communes.blocks)
        for _name, block_class in inspect.getmembers(module, inspect.isclass)
        if issubclass(block_class, StructBlock) and block_class.__module__ == module.__name__
        for block in [block_class()]
        for name, child in block.child_blocks.items()
        if not (child.field.help_text if hasattr(child, "field") else child.meta.help_text)
    ]
    assert silent == []
