"""The WSGI entry. Finds the apps from any working folder."""

import os
import sys
from pathlib import Path

_base = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(_base), str(_base / "site")) if path not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
