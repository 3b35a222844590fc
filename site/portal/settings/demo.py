"""The demo on one's own computer: plain HTTP on the loopback address, secrets in VAR_DIR/keys."""

import os
from pathlib import Path

from .env import var_dir

_keys = var_dir(Path(__file__).resolve().parents[3]) / "keys"
for _name in ("SECRET_KEY", "TIP_KEYRING", "VAPID_PRIVATE_KEY"):
    # The folder stands for the environment of a real server. `manage.py demo` writes it.
    os.environ.setdefault(f"{_name}_FILE", str(_keys / _name.lower()))
    if not (_keys / _name.lower()).exists() and _name not in os.environ:
        from portal.demo_keys import write_keys

        write_keys(_keys)

from .base import *  # noqa: E402

DEMO = True
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "") or "ket-noi-an-ninh"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WAGTAILADMIN_BASE_URL = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
# Nobody's: a host name that is kept free for examples.
VAPID_CONTACT = "mailto:demo@example.org"
SERVE_MEDIA = True
SECOND_FACTOR_REQUIRED = False
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
SECURE_PROXY_SSL_HEADER = None
TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 0
# Plain HTTP knows no cookie of this prefix; and the demo's one password is published, so nothing is lost by
# deriving from it at a cost that lets a first start take seconds.
TIP_KEY_COOKIE = "tipkey"
OFFICER_KEY_COST = (2, 19 * 1024 * 1024)
