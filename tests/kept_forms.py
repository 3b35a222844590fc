"""The form that comes back when the session has ended (portal.signed_out), as its button sends it."""

import re
from html import unescape

KEPT = re.compile(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', re.DOTALL)


def kept(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in KEPT.findall(page)}
