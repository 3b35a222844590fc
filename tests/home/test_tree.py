"""Where pages stand: what is below some of them, and which commune a page belongs to."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from communes.models import CommunePage
from communes.tree import branch_expression, communes_at
from home.tree import COMMUNE_DEPTH, below, branch, public

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


def indexes(model: type[Page]) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, model._meta.db_table))


def test_pages_one_level_down_have_an_index_and_get_it_again_when_it_was_lost() -> None:
    """SQLite loses it whenever a migration makes the table anew."""
    assert "home_children" in indexes(Page)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX home_children")
    call_command("migrate", verbosity=0)
    assert "home_children" in indexes(Page)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans otherwise for so few pages")
def test_the_children_of_the_units_home_are_found_by_that_index(commune: CommunePage) -> None:
    home = commune.get_parent()
    assert "USING INDEX home_children" in Page.objects.filter(below([home], levels=1)).explain()


def test_a_closed_page_and_what_stands_below_it_are_not_public(
    commune: CommunePage, other_commune: CommunePage
) -> None:
    assert set(public(Page.objects.all())) == set(Page.objects.all())
    PageViewRestriction.objects.create(page=commune.page_ptr, restriction_type="login")
    closed = set(commune.get_descendants(inclusive=True))
    assert len(closed) > 1
    assert set(public(Page.objects.all())) == set(Page.objects.all()) - closed


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans otherwise for so few pages")
def test_where_no_page_is_closed_none_is_read_to_find_that_out(commune: CommunePage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # As of a site with many pages; of a table without rows there are no statistics.
        cursor.execute("UPDATE sqlite_stat1 SET stat = '200000 1 1' WHERE tbl = 'wagtailcore_page'")
        cursor.execute("ANALYZE sqlite_schema")
    with CaptureQueriesContext(connection) as captured:
        list(public(Page.objects.filter(pk=commune.pk)))
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            steps = [step for *_, step in cursor.fetchall()]
            scanned = [step.split()[1] for step in steps if step.startswith("SCAN")]
            assert "wagtailcore_page" not in scanned
