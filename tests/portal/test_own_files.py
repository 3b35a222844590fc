"""No test meets the files of another, nor of one that runs beside it."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_begins_without_files(turn: str, own_files: Path) -> None:
    # The same names for both: a document keeps its own as long as nobody has it.
    assert default_storage.save("documents/thu.pdf", ContentFile(b"x")) == "documents/thu.pdf"
    assert storages["tips"].save("thu", ContentFile(b"x")) == "thu"
    stored = {str(path.relative_to(own_files)) for path in own_files.rglob("*") if path.is_file()}
    assert stored == {"media/documents/thu.pdf", "tips/thu"}
