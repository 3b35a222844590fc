"""The tests: `base` with throw-away secrets, a cheap password hasher and plain HTTP."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("TIP_KEYRING", "t1:" + "5a" * 32)
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="portal-test-"))

from .base import *  # noqa: E402

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WAGTAILADMIN_BASE_URL = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SERVE_MEDIA = True
SECOND_FACTOR_REQUIRED = False
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SECURE_PROXY_SSL_HEADER = None
TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 0
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Static files straight from their sources, also for the browser journeys' live server.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
TIP_KEY_COOKIE = "tipkey"
VAPID_PRIVATE_KEY = "t" * 43
VAPID_CONTACT = "mailto:it@portal.example"
PUSH_SERVICES = [*PUSH_SERVICES, "localhost"]
PUSH_TO_LOOPBACK = True
OFFICER_KEY_COST = (1, 8 * 1024)
