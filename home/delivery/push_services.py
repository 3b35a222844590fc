"""Which push services may be asked, and connections that lead to nothing else.

An endpoint comes from a browser: without these rules it could point the portal at any server it can reach.
"""

import re
import socket
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

LONGEST_ENDPOINT = 2048
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ENDPOINT = re.compile(
    rf"(?P<origin>https://(?P<host>{_LABEL}(?:\.{_LABEL})*)(?P<port>:[0-9]{{1,5}})?)"
    r"/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*"
)
# All of IPv6 that is given out; in it 6to4 hides an IPv4 address, and no service uses it any more.
_GLOBAL_IPV6 = ip_network("2000::/3")
# An IPv4 address in an IPv6 one: mapped, and behind a gateway between the two (NAT64).
_WITH_IPV4_INSIDE = ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96")


class NotPublic(Exception):
    """The name of a push service leads to an address that is not on the internet."""


def origin_of(endpoint: str) -> str | None:
    """Scheme and host of an endpoint on a host of the setting PUSH_SERVICES; None for any other.

    Only as browsers write it. What leaves room for two readings (a user name, a port, upper case, a host in
    numbers, a dot at its end) is refused unread.
    """
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None or len(endpoint) > LONGEST_ENDPOINT:
        return None
    if found["port"] and not settings.PUSH_TO_LOOPBACK:
        return None
    if not any(fnmatchcase(found["host"], service) for service in settings.PUSH_SERVICES):
        return None
    return found["origin"]


def is_public(address: str) -> bool:
    """Whether this numeric address is one on the internet."""
    found = ip_address(address)
    if any(found in network for network in _WITH_IPV4_INSIDE):
        found = IPv4Address(int(found) & 0xFFFFFFFF)
    if isinstance(found, IPv6Address) and (found not in _GLOBAL_IPV6 or found.sixtofour):
        return False
    return found.is_global and not found.is_multicast


def session() -> requests.Session:
    """For one request: it keeps no cookies.

    Where the environment names a proxy (HTTPS_PROXY), the proxy looks the name up and connects, and its own
    rules say where to. The list of hosts holds there as well.
    """
    made = requests.Session()
    made.mount("https://", _InternetOnly())
    return made


class _Connection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        """Ask the connected socket, before a byte is sent: no second answer of a name server counts."""
        connected = super()._new_conn()
        peer = connected.getpeername()[0]
        if is_public(peer) or (settings.PUSH_TO_LOOPBACK and ip_address(peer).is_loopback):
            return connected
        connected.close()
        raise NotPublic


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _InternetOnly(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _Pool}
