"""Categories of tips, kept in the admin by unit editors."""

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
    form = {"name": "Tín dụng đen", "position": "11", "active": "on"}
    assert client.post(reverse("tip-categories:add"), form).status_code == 302
    category = Category.objects.get(name="Tín dụng đen")
    assert category.slug == "tin-dung-den"
    assert client.post(edit(category), {"name": "Cho vay nặng lãi", "position": "11"}).status_code == 302
    category.refresh_from_db()
    assert (category.name, category.slug, category.active) == ("Cho vay nặng lãi", "tin-dung-den", False)


def test_two_of_one_name_get_short_names_of_their_own(
    unit_editor: Any, commune: CommunePage, as_user: Log
) -> None:
    client = as_user(unit_editor)
    for _time in range(2):
        client.post(reverse("tip-categories:add"), {"name": "Việc làng", "position": "12"})
    assert set(Category.objects.filter(name="Việc làng").values_list("slug", flat=True)) == {
        "viec-lang",
        "viec-lang-2",
    }


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
