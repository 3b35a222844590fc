"""Categories of tips, kept in the admin by unit editors."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communes.models import CommunePage
from tipform.models import Category, Tip

pytestmark = pytest.mark.django_db

Log = Callable[[Any], Client]
INDEX = reverse("tip-categories:index")


def edit(category: Category) -> str:
    return reverse("tip-categories:edit", args=[category.pk])


@pytest.mark.parametrize("who", ["unit_editor", "superuser"])
def test_the_unit_adds_renames_and_retires_a_category(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, as_user: Log
) -> None:
    client = as_user(request.getfixturevalue(who))
    assert "Khai thác cát trái phép" in client.get(INDEX).content.decode()
    form = {"name": "Tín dụng đen", "position": "11", "active": "on", "picture": "dice"}
    assert client.post(reverse("tip-categories:add"), form).status_code == 302
    category = Category.objects.get(name="Tín dụng đen")
    assert category.slug == "tin-dung-den"
    form = {"name": "Cho vay nặng lãi", "position": "11", "picture": "fraud"}
    assert client.post(edit(category), form).status_code == 302
    category.refresh_from_db()
    assert (category.name, category.slug, category.active) == ("Cho vay nặng lãi", "tin-dung-den", False)


def test_two_names_that_differ_in_marks_get_short_names_of_their_own(
    unit_editor: Any, commune: CommunePage, as_user: Log
) -> None:
    client = as_user(unit_editor)
    for name in ("Việc làng", "Việc lạng"):
        client.post(reverse("tip-categories:add"), {"name": name, "position": "12", "picture": "other"})
    slugs = Category.objects.filter(slug__startswith="viec-lang").values_list("slug", flat=True)
    assert set(slugs) == {"viec-lang", "viec-lang-2"}


@pytest.mark.parametrize("name", ["Lừa đảo", "LỪA ĐẢO", "Lừa  Ðảo", unicodedata.normalize("NFD", "lừa đảo")])
def test_a_second_category_of_one_name_is_refused_however_it_is_typed(
    unit_editor: Any, commune: CommunePage, as_user: Log, name: str
) -> None:
    response = as_user(unit_editor).post(
        reverse("tip-categories:add"), {"name": name, "position": "12", "picture": "other"}
    )
    assert "Đã có loại tin báo mang tên này." in response.content.decode()


def test_the_resident_is_offered_categories_in_vietnamese_order(commune: CommunePage) -> None:
    Category.objects.update(position=1)
    for name in ("Tảo hôn", "Đua xe", "Dao kiếm"):
        Category.objects.create(slug=name, name=name, position=0)
    assert [category.name for category in Category.objects.all()][:3] == ["Dao kiếm", "Đua xe", "Tảo hôn"]


@pytest.mark.parametrize("who", ["editor", "officer", "other_editor"])
def test_others_do_not_change_them(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, unit_editor: Any, as_user: Log
) -> None:
    category = Category.objects.get(slug="fraud")
    assert as_user(unit_editor).get(edit(category)).status_code == 200
    client = as_user(request.getfixturevalue(who))
    for url in (INDEX, edit(category), reverse("tip-categories:add")):
        assert client.get(url).status_code in (302, 403, 404)
    client.post(edit(category), {"name": "Đổi tên", "position": "1"})
    category.refresh_from_db()
    assert category.name == "Lừa đảo"


@pytest.mark.parametrize("who", ["unit_editor", "superuser"])
def test_a_category_is_not_deleted_and_does_not_tell_which_tips_use_it(
    who: str, request: pytest.FixtureRequest, tip: Tip, as_user: Log
) -> None:
    client = as_user(request.getfixturevalue(who))
    category = tip.category
    assert category
    delete = reverse("tip-categories:delete", args=[category.pk])
    usage = reverse("tip-categories:usage", args=[category.pk])
    for response in (client.get(delete), client.post(delete), client.get(usage)):
        assert tip.reference not in response.content.decode()
    assert Category.objects.filter(pk=category.pk).exists()
