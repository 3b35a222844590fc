from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from communes.models import CommunePage, NewsIndexPage, NewsPage
from home.checks import page_models_say_where_they_belong, reserved_slugs_cover_the_urls
from home.models import HomePage, InfoPage
from home.queries import live_children

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
    assert sum(sizes.values()) < 40_000


def test_the_source_folder_named_like_a_standard_module_is_no_package() -> None:
    assert not (Path(__file__).parents[2] / "site" / "__init__.py").exists()
