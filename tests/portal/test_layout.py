"""The shape of the repository that imports rest on."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ["home", "communes", "tipform", "portal"]


def test_site_is_a_folder_and_never_a_package() -> None:
    """With an __init__.py it would take the place of the standard library's module of that name."""
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "site").glob("*/__init__.py")] == ["__init__.py"]


def test_imports_run_from_the_top_floor_down() -> None:
    wrong = []
    for height, floor in enumerate(FLOORS):
        folder = ROOT / ("site/portal" if floor == "portal" else floor)
        above = "|".join(FLOORS[height + 1 :])
        if not above:
            continue
        upwards = re.compile(rf"^\s*(?:from|import) (?:{above})\b", re.MULTILINE)
        wrong += [
            str(path) for path in folder.rglob("*.py") if upwards.search(path.read_text(encoding="utf-8"))
        ]
    assert wrong == []


def test_no_stray_module_at_the_root_shadows_a_package() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["manage.py"]
