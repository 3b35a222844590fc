"""Where pages stand: what is below some of them, and which commune a page belongs to."""

from typing import Any

import pytest
from wagtail.models import Page

from communes.models import CommunePage
from communes.tree import branch_expression, communes_at
from home.tree import COMMUNE_DEPTH, below, branch

pytestmark = pytest.mark.django_db


def test_below_pages_stand_their_descendants_and_never_they_themselves(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    found = set(Page.objects.filter(below([commune, other_commune])))
    assert found == {*commune.get_descendants(), *other_commune.get_descendants()}
    assert Page(pk=commune.pk) not in found and found


def test_with_levels_only_those_so_far_down_are_found(commune: CommunePage) -> None:
    home = commune.get_parent()
    assert commune.page_ptr in Page.objects.filter(below([home], levels=1))
    lists = Page.objects.filter(below([home], levels=2))
    assert set(commune.get_children()) <= set(lists)
    assert commune.page_ptr not in lists


def test_below_no_page_stands_nothing_and_nothing_is_asked(
    commune: CommunePage, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert list(Page.objects.filter(below([]))) == []


def test_a_page_belongs_to_the_commune_in_whose_branch_it_stands(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    news = commune.get_children().get(slug="tin-tuc")
    assert branch(news.path, COMMUNE_DEPTH) == branch(commune.path, COMMUNE_DEPTH) == commune.path
    assert Page.objects.annotate(branch=branch_expression()).get(pk=news.pk).branch == commune.path
    home = commune.get_parent()
    assert communes_at([news.path, commune.path, home.path, branch(home.path, COMMUNE_DEPTH)]) == {
        commune.path: commune
    }
