from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Workflow

from communes.checks import no_group_translates
from communes.groups import STOCK_GROUPS, editors_group_name
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, ContactPage, NewsIndexPage, ProcedureIndexPage, Unit
from home.tree import live_children
from tipform.models import Category, TipFormPage, UnitKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_open")]


def _rows() -> dict[str, int]:
    models = (
        Unit,
        Page,
        Group,
        Collection,
        GroupPagePermission,
        GroupCollectionPermission,
        Category,
        Workflow,
    )
    return {model.__name__: model.objects.count() for model in models}


def test_a_commune_opens_with_its_four_doors(unit: Unit) -> None:
    report = open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    page = CommunePage.objects.get()
    assert page.title == report.unit.full_name == "Công an xã Cẩm Trung"
    assert page.url_path.endswith("/cam-trung/")
    assert [type(child.specific) for child in page.get_children()] == [
        NewsIndexPage,
        ProcedureIndexPage,
        ContactPage,
        TipFormPage,
    ]
    assert all(child.live for child in page.get_children())
    assert report.unit.page_key == page.translation_key


def test_opening_it_again_changes_nothing_and_says_so(unit: Unit) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    before = _rows()
    report = open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0999")
    assert _rows() == before
    assert all(line.startswith("found ") for line in report.lines)
    assert CommunePage.objects.get().duty_phone == "0239 000 0113"


def test_what_is_missing_is_completed(unit: Unit) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    ContactPage.objects.get().delete()
    report = open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    assert [line for line in report.lines if line.startswith("made ")] == [
        "made /huyen-cam-xuyen/cam-trung/lien-he/"
    ]


@pytest.mark.parametrize("kind", ["huyện", "thôn", ""])
def test_what_is_no_commune_is_refused_and_nothing_is_left(unit: Unit, kind: str) -> None:
    before = _rows()
    with pytest.raises(ValueError, match="kind"):
        open_commune(parent=unit, kind=kind, name="Cẩm Trung", phone="0239 000 0113")
    assert _rows() == before


def test_two_communes_do_not_share_an_address(unit: Unit) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    before = _rows()
    with pytest.raises(ValueError, match="belongs to"):
        open_commune(parent=unit, kind="phường", name="Cẩm Trung", phone="0239 000 0113")
    assert _rows() == before


@pytest.mark.parametrize("text", ["thị trấn", "Thị trấn", "thi-tran", " THỊ TRẤN "])
def test_a_kind_is_known_however_the_list_writes_it(text: str) -> None:
    assert Unit.kind_called(text) == "thi-tran"


def test_opening_makes_no_key(commune: CommunePage) -> None:
    assert not UnitKey.objects.exists()


def test_an_editor_may_write_in_his_commune_and_nowhere_else(
    editor: Any, commune: CommunePage, other_commune: CommunePage
) -> None:
    own = live_children(NewsIndexPage, commune).get().permissions_for_user(editor)
    other = live_children(NewsIndexPage, other_commune).get().permissions_for_user(editor)
    assert own.can_edit()
    assert own.can_add_subpage()
    assert not other.can_edit()
    assert not other.can_add_subpage()
    assert not own.can_publish()


def test_the_shared_collection_is_no_parent_of_a_communes(commune: CommunePage) -> None:
    assert Collection.objects.get(name="Dùng chung").numchild == 0
    own = Collection.objects.get(name=commune.unit.qualified_name)
    assert own.get_parent().name == commune.unit.parent.qualified_name


def test_a_unit_editor_has_his_rights_on_one_page_only(
    unit: Unit, commune: CommunePage, other_commune: CommunePage
) -> None:
    rows = GroupPagePermission.objects.filter(group__name=editors_group_name(unit))
    assert {row.page.depth for row in rows} == {2}


def test_groups_follow_memberships(editor: Any, commune: CommunePage, unit: Unit) -> None:
    assert [group.name for group in editor.groups.all()] == [
        "Công an xã Cẩm Trung (huyện Cẩm Xuyên) – biên tập"
    ]
    editor.groups.add(Group.objects.get(name=editors_group_name(unit)))
    membership = editor.memberships.get()
    membership.until = "2020-01-01"
    membership.save()
    assert not editor.groups.exists()


def test_a_group_that_may_translate_is_reported(commune: CommunePage) -> None:
    from django.contrib.auth.models import Permission

    assert no_group_translates(databases=["default"]) == []
    group = Group.objects.get(name=editors_group_name(commune.unit))
    group.permissions.add(Permission.objects.get(codename="submit_translation"))
    assert [error.id for error in no_group_translates(databases=["default"])] == ["communes.E001"]


def test_an_open_commune_stays_at_its_address(unit: Unit) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    before = _rows()
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", slug="trung-moi", phone="0239 000 0113")
    assert _rows() == before
    assert CommunePage.objects.get().slug == "cam-trung"


@pytest.fixture
def stock_groups(nothing_open: None) -> list[Group]:
    """The two groups that Wagtail's migrations make, with the right that wagtail-localize's give them."""
    groups = [Group.objects.create(name=name) for name in STOCK_GROUPS]
    for group in groups:
        group.permissions.add(Permission.objects.get(codename="submit_translation"))
    return groups


@pytest.mark.parametrize("somebody", [False, True])
def test_wagtails_own_groups_stop_migrate_only_with_somebody_in_them(
    superuser: Any, stock_groups: list[Group], somebody: bool
) -> None:
    if somebody:
        superuser.groups.set(stock_groups)
    assert bool(no_group_translates(databases=["default"])) is somebody


def test_opening_a_unit_removes_wagtails_own_groups_unless_somebody_is_in_them(
    superuser: Any, stock_groups: list[Group]
) -> None:
    superuser.groups.add(stock_groups[0])
    open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")
    stock = Group.objects.filter(name__in=STOCK_GROUPS)
    assert [group.name for group in stock] == [STOCK_GROUPS[0]]


def test_each_kind_of_unit_is_either_a_communes_or_a_supervising_units() -> None:
    assert {*Unit.COMMUNE_KINDS} | {*Unit.SUPERVISING_KINDS} == {*Unit.Kind}
    assert not {*Unit.COMMUNE_KINDS} & {*Unit.SUPERVISING_KINDS}
