"""docs/developers.md names what is there: whoever looks for a file or a name of it finds it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

ROOT = Path(settings.BASE_DIR)
GUIDE = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"(?:home|communes|tipform|portal)(?:\.\w+)+")
ALTERNATIVES = re.compile(r"(.*)\{(.*)\}(.*)")


def said() -> Iterator[str]:
    """What stands between backquotes, `a/{b,c}` as two."""
    for code in sorted(set(CODE.findall(GUIDE))):
        several = ALTERNATIVES.fullmatch(code)
        if several:
            yield from (several[1] + one + several[3] for one in several[2].split(","))
        else:
            yield code


def exists(name: str) -> bool:
    """A module, or something in one."""
    try:
        import_string(name)
    except ImportError:
        folder = ROOT / ("site" if name.startswith("portal.") else "")
        module = folder / name.replace(".", "/")
        return module.is_dir() or module.with_suffix(".py").is_file()
    return True


@pytest.mark.parametrize("name", [name for name in said() if NAME.fullmatch(name.removesuffix("()"))])
def test_a_name_is_there(name: str) -> None:
    assert exists(name.removesuffix("()")), name


@pytest.mark.parametrize("path", [path for path in said() if re.fullmatch(r"[a-z]\w*(?:/[\w.-]+)+/?", path)])
def test_a_path_is_there(path: str) -> None:
    assert (ROOT / path).exists() or any(ROOT.glob(f"*/{path}")), path


def test_every_module_of_the_keys_is_named_in_their_order_and_no_other() -> None:
    order = GUIDE.split("`tipform/keys/`, from the inside out:")[1].split("Open tips follow")[0]
    named = {word for word in re.findall(r"`(\w+)`", order) if word != "private_keys"}
    there = {path.stem for path in (ROOT / "tipform" / "keys").glob("*.py")} - {"__init__"}
    assert named == there
