"""What a notice to staff says: one text of one length, that something is new and where to log in.

No commune, no kind, no number: whoever sees the phone or reads the mail learns nothing of a tip.
"""

import json

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

# Bytes of every message to a browser, so that its push service cannot tell one from another.
SIZE = 1024


def ring(ack: str) -> bytes:
    """`ack` is what the browser sends back to tell that it rang. Raises ValueError for one too long."""
    with translation.override(settings.LANGUAGE_CODE):
        return _message(_("Something is new. Please log in to see it."), "news", ack)


def test_ring(ack: str) -> bytes:
    """As `ring`, for a member of staff who tries the bell."""
    with translation.override(settings.LANGUAGE_CODE):
        return _message(_("A test of the bell: it rings here."), "test", ack)


def mail() -> tuple[str, str]:
    """Subject and text."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("%(site)s: something is new") % {"site": settings.WAGTAIL_SITE_NAME}
        text = _("Something is new. Please log in to see it.")
    return subject, f"{text}\n\n{_address()}\n"


def _message(body: str, tag: str, ack: str) -> bytes:
    """Declarative Web Push: https://webkit.org/blog/16535/meet-declarative-web-push/

    A browser that knows it shows the notice by itself; to others it is what their service worker reads.
    """
    content = {
        "web_push": 8030,
        "mutable": True,
        "notification": {
            "title": settings.WAGTAIL_SITE_NAME,
            "body": body,
            "navigate": _address(),
            "lang": settings.LANGUAGE_CODE,
            # One notice on the screen at a time, and a sound each time.
            "tag": tag,
            "renotify": True,
            "silent": False,
            # The service worker is asked first all the same, so that it can tell that it rang. WebKit reads
            # this one, drafts of the standard the one outside.
            "mutable": True,
            # What a worker finds of the message where the browser has read it already.
            "data": {"ack": ack},
        },
        "ack": ack,
    }
    message = json.dumps(content, ensure_ascii=False).encode()
    if len(message) > SIZE:
        raise ValueError(f"a message of more than {SIZE} bytes")
    # JSON may end in spaces.
    return message.ljust(SIZE)


def _address() -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("wagtailadmin_home")
