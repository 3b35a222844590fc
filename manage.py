#!/usr/bin/env python
"""Django's command line for the portal, runnable from any folder without installing the project."""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
sys.path[:0] = [str(BASE_DIR), str(BASE_DIR / "site")]

if __name__ == "__main__":
    # The demo is the only thing that runs without configuration; a server names its own settings.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
