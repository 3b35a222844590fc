"""For which units somebody works, and which of them stand above communes."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from communes.models import CommunePage, Membership, Unit
from communes.roles import editor_units, officer_units, supervised

pytestmark = pytest.mark.django_db


def test_a_unit_is_supervising_or_a_commune(
    unit: Unit, commune: CommunePage, other_commune: CommunePage
) -> None:
    assert list(Unit.objects.supervising()) == [unit]
    assert set(Unit.objects.communes()) == {commune.unit, other_commune.unit}


def test_an_editor_of_the_unit_supervises_its_communes_in_service(
    unit: Unit, commune: CommunePage, other_commune: CommunePage, unit_editor: Any
) -> None:
    assert list(editor_units(unit_editor)) == [unit]
    assert set(supervised(unit_editor)) == {commune.unit, other_commune.unit}
    Unit.objects.filter(pk=other_commune.unit_id).update(active=False)
    assert list(supervised(unit_editor)) == [commune.unit]


def test_an_editor_of_a_commune_supervises_nothing(commune: CommunePage, editor: Any) -> None:
    """Not even a unit that somebody has put below his."""
    Unit.objects.create(kind="xa", name="Cẩm Một", parent=commune.unit)
    assert list(editor_units(editor)) == [commune.unit]
    assert not supervised(editor).exists()


@pytest.mark.parametrize(("until", "works"), [(0, False), (1, True)])
def test_whose_work_ends_today_works_for_no_unit_and_whose_ends_tomorrow_does(
    until: int, works: bool, commune: CommunePage, officer: Any
) -> None:
    last_day = timezone.localdate() + datetime.timedelta(days=until)
    membership = Membership.objects.get(user=officer)
    membership.until = last_day
    membership.save()
    assert officer_units(officer).exists() is works


def test_an_officer_edits_nothing_and_a_visitor_works_nowhere(commune: CommunePage, officer: Any) -> None:
    assert list(officer_units(officer)) == [commune.unit]
    assert not editor_units(officer).exists()
    for units in (editor_units, officer_units, supervised):
        assert not units(AnonymousUser()).exists()
