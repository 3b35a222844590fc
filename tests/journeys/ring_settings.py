"""The demo, with a push service and a mail server on loopback as the only ones that it may ask."""

import os

from portal.settings.demo import *  # noqa: F403

PUSH_SERVICES = ["localhost"]
PUSH_TO_LOOPBACK = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["MAIL_SERVER_OF_TESTS"])
