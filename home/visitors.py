"""From where a visitor comes, as far as limits need to know it. Never stored or logged as it is."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def network(request: HttpRequest) -> bytes | None:
    """The visitor's network, an IPv4 /24 or IPv6 /64; None if nothing tells it.

    Behind n trusted proxies (TRUSTED_PROXY_COUNT) it is the n-th entry of X-Forwarded-For from the right:
    what stands further left is whatever the visitor wrote there.
    """
    hops = settings.TRUSTED_PROXY_COUNT
    if hops:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        text = forwarded[-hops] if len(forwarded) >= hops else ""
    else:
        text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    prefix = 24 if address.version == 4 else 64
    return ip_network((address, prefix), strict=False).network_address.packed
