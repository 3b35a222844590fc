"""Menu items and panels of the first page stand in one order for everybody: no two have the same number."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from wagtail.admin.menu import Menu, admin_menu, reports_menu, settings_menu

FLOORS = ("home", "communes", "tipform", "site/portal")


@pytest.mark.parametrize(
    "menu", [admin_menu, reports_menu, settings_menu], ids=["main menu", "reports", "settings"]
)
def test_no_two_items_of_a_menu_have_one_number(menu: Menu) -> None:
    by_order: dict[int, list[str]] = {}
    for item in menu.registered_menu_items:
        by_order.setdefault(item.order, []).append(item.name)
    assert [names for names in by_order.values() if len(names) > 1] == []


def test_no_two_panels_have_one_number() -> None:
    """Read from the sources: nobody has all panels on his first page at once."""
    by_order: dict[int, list[str]] = {}
    for panel, orders in panels():
        assert orders, f"{panel} has no order"
        for order in orders:
            by_order.setdefault(order, []).append(panel)
    assert len(by_order) > 15
    assert [names for names in by_order.values() if len(names) > 1] == []


def panels() -> Iterator[tuple[str, list[int]]]:
    """Each place that makes a panel, and the numbers it may give it."""
    for floor in FLOORS:
        for path in sorted(Path(settings.BASE_DIR, floor).rglob("*.py")):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "WorkPanel":
                    order = next(word.value for word in call.keywords if word.arg == "order")
                    numbers = [node.value for node in ast.walk(order) if isinstance(node, ast.Constant)]
                    yield f"{path.name}:{call.lineno}", numbers
