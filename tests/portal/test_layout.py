"""The shape of the repository that imports rest on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from wagtail.models import Page

ROOT = Path(__file__).parents[2]


def test_site_is_a_folder_and_never_a_package() -> None:
    """With an __init__.py it would take the place of the standard library's module of that name."""
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "site").glob("*/__init__.py")] == ["__init__.py"]


def test_imports_run_one_way_between_floors_and_rooms_and_never_in_a_circle() -> None:
    """The contracts stand in pyproject.toml; a new file must choose its room there."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")])}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100)
    assert result.returncode == 0, result.stdout[-2000:]


def test_no_stray_module_at_the_root_shadows_a_package() -> None:
    assert [path.name for path in ROOT.glob("*.py")] == ["manage.py"]


def test_the_page_tree_is_counted_in_one_place() -> None:
    """Ranges of paths and slices of them stand in `home/tree.py`, for communes in `communes/tree.py`."""
    homes = {ROOT / "home" / "tree.py", ROOT / "communes" / "tree.py"}
    files = [
        path for floor in ("home", "communes", "tipform", "site") for path in ROOT.glob(f"{floor}/**/*.py")
    ]
    elsewhere = [
        path.relative_to(ROOT)
        for path in files
        if path not in homes and re.search(r"_get_children_path_interval|steplen", path.read_text())
    ]
    assert len(files) > 200
    assert elsewhere == []


@pytest.mark.parametrize(("floor", "above"), [("home", ["communes", "tipform"]), ("communes", ["tipform"])])
def test_pages_of_a_floor_above_are_named_only_lazily(floor: str, above: list[str]) -> None:
    """As "app.Model" in `subpage_types`; templates know them by the names of their doors."""
    models = [model for app in above for model in apps.get_app_config(app).get_models()]
    names = "|".join(model.__name__ for model in models if issubclass(model, Page))
    assert "TipFormPage" in names
    for path in [*ROOT.glob(f"{floor}/**/*.py"), *ROOT.glob(f"templates/{floor}/**/*.html")]:
        text = re.sub(rf'"\w+\.({names})"', "", path.read_text(encoding="utf-8"))
        assert not re.search(names, text, re.IGNORECASE), path
