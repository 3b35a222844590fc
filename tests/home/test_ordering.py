"""The databases sort as Python does: the order of a Vietnamese dictionary."""

from typing import Any

import pytest

from communes.models import Unit, User
from communes.models.users import by_name
from home.ordering import InVietnamese
from home.text import sort_key

pytestmark = pytest.mark.django_db

NAMES = [
    *("Cam Hà", "Cảm Hà", "Cam Lộc", "Căm", "Cẩm", "Cẩm Bình", "Cư M'gar", "Dung", "Dương 2", "Dương 10"),
    *("Dương-Hà", "Dương", "DUNG", "Đại", "đại", "Đức", "Em", "Hà", "Hai", "Hải", "Ía", "Ông", "Ơn", "Ưng"),
    *("Ý Yên", "Tân", "Zuôih"),
]


def test_the_database_sorts_names_as_python_does(unit: Unit) -> None:
    for name in NAMES:
        User.objects.create(username=f"u{len(name)}{NAMES.index(name)}", last_name=name)
    users = User.objects.filter(last_name__in=NAMES)
    sorted_there = users.order_by(InVietnamese("last_name"), "pk").values_list("last_name", flat=True)
    assert list(sorted_there) == sorted(NAMES, key=sort_key)


def test_communes_are_listed_with_d_stroke_after_d(unit: Unit) -> None:
    for name in ("Tân", "Đức", "Em", "Đại", "Dung"):
        Unit.objects.create(kind="phuong", name=name, parent=unit)
    listed = Unit.objects.filter(kind="phuong").order_by(*Unit.IN_ORDER)
    assert [each.name for each in listed] == ["Dung", "Đại", "Đức", "Em", "Tân"]


def test_people_are_listed_by_their_names() -> None:
    for number, name in enumerate(["Trần Văn An", "Đỗ Thị Bình", "Dương Văn Cả", "Ý", "Đỗ An"]):
        user = User(username=f"canbo{number}")
        user.set_full_name(name)
        user.save()
    people = User.objects.filter(username__startswith="canbo").order_by(*by_name())
    assert [str(user) for user in people] == ["Dương Văn Cả", "Đỗ An", "Đỗ Thị Bình", "Trần Văn An", "Ý"]


def test_no_two_accounts_differ_by_case_or_composition_alone(superuser: Any, client: Any) -> None:
    User.objects.create_user("Đức.CamTrung")
    client.force_login(superuser)
    form = {"username": "ĐỨC.camtrung", "first_name": "Đức", "last_name": "Lê", "email": "d@example.vn"}
    passwords = dict.fromkeys(("password1", "password2"), "mật khẩu thử 2026")
    response = client.post("/admin/users/new/", {**form, **passwords})
    assert response.status_code == 200
    assert (
        User.objects.filter(username="đức.camtrung").count() == User.objects.exclude(pk=superuser.pk).count()
    )
