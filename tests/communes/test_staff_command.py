"""`open_communes --slips`: the first staff of every commune of a list, as slips to print."""

import re
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from communes.lifecycle.closing import close_commune
from communes.models import Invitation, Membership, Unit
from communes.staff.invitations import accept, find

pytestmark = pytest.mark.django_db

LIST = """name,kind,phone,editors,officers
Cẩm Hà,xã,0239 000 0101,Lê An,Lê An; Võ  Bích
Cẩm Mỹ,xã,0239 000 0102,,
"""


def run(path: Path, *args: Any) -> str:
    out = StringIO()
    call_command("open_communes", path, *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "communes.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def codes(slips: Path) -> list[str]:
    found = re.findall(r"<span>(\d{4})</span>", slips.read_text(encoding="utf-8"))
    return ["".join(found[start : start + 4]) for start in range(0, len(found), 4)]


def test_the_list_invites_and_the_slips_are_one_file_for_its_owner_alone(
    unit: Unit, path: Path, tmp_path: Path
) -> None:
    slips = tmp_path / "slips.html"
    said = run(path, "--slips", slips)
    assert "would make invitation of Lê An (an.camha)" in said
    assert not slips.exists()
    assert not Invitation.objects.exists()
    said = run(path, "--slips", slips, "--execute")
    assert f"2 slips to print: {slips}" in said
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    first, second = (find(code) for code in codes(slips))
    assert (first.full_name, first.roles) == ("Lê An", ["editor", "officer"])
    assert (second.full_name, second.roles) == ("Võ Bích", ["officer"])
    assert "Không đưa phiếu này cho người khác" in slips.read_text(encoding="utf-8")
    assert "<link" not in slips.read_text(encoding="utf-8")
    assert not any(code in said for code in codes(slips))


def test_who_is_invited_or_there_is_told_and_not_invited_again(
    unit: Unit, path: Path, tmp_path: Path
) -> None:
    slips = tmp_path / "slips.html"
    run(path, "--slips", slips, "--execute")
    accept(find(codes(slips)[0]), "lúa chín đồng sâu")
    said = run(path, "--slips", tmp_path / "again.html", "--execute")
    assert "found Lê An (an.camha)" in said
    assert "found invitation of Võ Bích (bich.camha)" in said
    assert not (tmp_path / "again.html").exists()
    assert Invitation.objects.count() == 2
    assert Membership.objects.count() == 2
    Invitation.objects.update(expires_at=timezone.now())
    assert "made new slip for Võ Bích" in run(path, "--slips", tmp_path / "third.html", "--execute")
    assert find(codes(tmp_path / "third.html")[0]).full_name == "Võ Bích"


def test_without_a_file_for_slips_nobody_is_invited(unit: Unit, path: Path) -> None:
    with pytest.raises(CommandError, match="--slips"):
        run(path, "--execute")
    assert not Unit.objects.filter(name="Cẩm Hà").exists()


def test_slips_that_cannot_be_written_are_not_made(unit: Unit, path: Path, tmp_path: Path) -> None:
    (tmp_path / "old.html").write_text("not printed yet")
    for slips, reason in (
        (tmp_path / "old.html", "there already"),
        (tmp_path / "no" / "x.html", "No such file"),
    ):
        with pytest.raises(CommandError, match=reason):
            run(path, "--slips", slips, "--execute")
    assert not Invitation.objects.exists()
    assert not Unit.objects.filter(name="Cẩm Hà").exists()


def test_a_closed_commune_comes_back_only_when_that_is_said(unit: Unit, path: Path, tmp_path: Path) -> None:
    run(path, "--slips", tmp_path / "slips.html", "--execute")
    close_commune(Unit.objects.get(name="Cẩm Mỹ"))
    with pytest.raises(CommandError, match="--reopen"):
        run(path, "--slips", tmp_path / "x.html", "--execute")
    run(path, "--slips", tmp_path / "x.html", "--reopen", "--execute")
    assert Unit.objects.get(name="Cẩm Mỹ").active
