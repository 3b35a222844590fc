"""From where a visitor comes, as far as limits need to know it. Never stored or logged as it is."""

import logging
import time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

SAID_EVERY = 60  # seconds, in each process
_last_said = -float(SAID_EVERY)


def network(request: HttpRequest) -> bytes | None:
    """The visitor's network, an IPv4 /24 or IPv6 /64; None if nothing tells it, which the log then says.

    Behind n trusted proxies (TRUSTED_PROXY_COUNT) it is the n-th entry of X-Forwarded-For from the right:
    what stands further left is whatever the visitor wrote there. An empty entry counts, too.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    if hops:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        text = forwarded[-hops] if len(forwarded) >= hops else ""
    else:
        text = request.META.get("REMOTE_ADDR", "")
    address = parse_address(text)
    if address is None:
        _say_that_nobody_is_limited()
        return None
    prefix = 24 if address.version == 4 else 64
    return ip_network((address, prefix), strict=False).network_address.packed


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it; None if it is none.

    `203.0.113.7`, `203.0.113.7:51234`, `2001:db8::7`, `[2001:db8::7]`, `"[2001:db8::7]:51234"`,
    `fe80::1%eth0`, `::ffff:203.0.113.7` (which is an IPv4 address), each with blanks around it.
    """
    text = text.strip().strip('"').strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    text = text.partition("%")[0]
    without_port = text.rpartition(":")[0]
    for written in (text, without_port):
        try:
            address = ip_address(written)
        except ValueError:
            continue
        if isinstance(address, IPv6Address):
            return address.ipv4_mapped or address
        return address
    return None


def _say_that_nobody_is_limited() -> None:
    global _last_said
    now = time.monotonic()
    if now - _last_said < SAID_EVERY:
        return
    _last_said = now
    logger.error(
        "A visitor's address cannot be read, so limits by network do not hold: compare TRUSTED_PROXY_COUNT"
        " with what the proxy writes into X-Forwarded-For"
    )
