"""Slips of the command line: one HTML file to print, readable by its owner alone."""

import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.template.loader import render_to_string
from django.utils.translation import override

from .invitations import Slip
from .slips import printed


def refuse_existing(path: Path) -> None:
    """Raises CommandError: an older file may hold slips that nobody has printed yet."""
    if path.exists():
        raise CommandError(f"{path} is there already: choose another name for --slips")


def write_slips(path: Path, slips: Sequence[Slip]) -> None:
    """Raises CommandError when the file cannot be made."""
    stylesheet = finders.find("css/slip.css")
    css = Path(str(stylesheet)).read_text(encoding="utf-8") if stylesheet else ""
    with override(settings.LANGUAGE_CODE):
        context = {
            "slips": printed(slips, settings.WAGTAILADMIN_BASE_URL.rstrip("/")),
            "css": css,
            "demo": settings.DEMO,
        }
        html = render_to_string("communes/admin/staff/slips.html", context)
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(html)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}; nothing was written") from error
