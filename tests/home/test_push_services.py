"""Only push services on the list are asked, however an endpoint is written, and only on the internet."""

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from home.delivery.push_services import LONGEST_ENDPOINT, is_public, origin_of
from portal.settings import base

FCM = "https://fcm.googleapis.com/fcm/send/dKx:APA91b_-~"
SPECIAL = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "203.0.113.9", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255"),
]
PRIVATE = [
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
]


@pytest.fixture(autouse=True)
def as_on_a_server(settings: Any) -> None:
    settings.PUSH_SERVICES = base.PUSH_SERVICES
    settings.PUSH_TO_LOOPBACK = base.PUSH_TO_LOOPBACK


def test_the_services_of_the_browsers_makers_may_be_asked() -> None:
    for endpoint, origin in (
        (FCM, "https://fcm.googleapis.com"),
        (
            "https://updates.push.services.mozilla.com/wpush/v2/gAAA=",
            "https://updates.push.services.mozilla.com",
        ),
        ("https://web.push.apple.com/QGx3-_", "https://web.push.apple.com"),
        ("https://sg2p.notify.windows.com/w/?token=BQ%2b%3d", "https://sg2p.notify.windows.com"),
    ):
        assert origin_of(endpoint) == origin


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "fcm.googleapis.com/fcm/send/a",
        "http://fcm.googleapis.com/fcm/send/a",
        "ftp://fcm.googleapis.com/a",
        "//fcm.googleapis.com/a",
        "HTTPS://fcm.googleapis.com/a",
        "https:fcm.googleapis.com/a",
        "https:/fcm.googleapis.com/a",
        "https:///fcm.googleapis.com/a",
        "https://fcm.googleapis.com",
        " " + FCM,
        FCM + "\n",
        FCM + "#fragment",
        FCM + "\\",
        # Another host, or one that looks like it.
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com.evil.example/a",
        "https://evilfcm.googleapis.com/a",
        "https://googleapis.com/a",
        "https://storage.googleapis.com/a",
        "https://push.apple.com/a",
        "https://evilpush.apple.com/a",
        "https://notify.windows.com.evil.example/a",
        "https://.push.apple.com/a",
        "https://a..push.apple.com/a",
        "https://-a.push.apple.com/a",
        f"https://{'a' * 64}.push.apple.com/a",
        # A user name, a port.
        "https://user@fcm.googleapis.com/a",
        "https://user:word@fcm.googleapis.com/a",
        "https://fcm.googleapis.com@evil.example/a",
        "https://fcm.googleapis.com:443@evil.example/a",
        "https://fcm.googleapis.com%40evil.example/a",
        "https://fcm.googleapis.com\\@evil.example/a",
        "https://evil.example\\@fcm.googleapis.com/a",
        "https://evil.example?@fcm.googleapis.com/a",
        "https://evil.example#@fcm.googleapis.com/a",
        "https://fcm.googleapis.com:/a",
        "https://fcm.googleapis.com:80/a",
        "https://fcm.googleapis.com:443/a",
        "https://fcm.googleapis.com:0443/a",
        "https://fcm.googleapis.com:8443/a",
        # Other ways to write a host.
        "https://FCM.googleapis.com/a",
        "https://fcm.googleapis.com./a",
        "https://web.push.apple.com./a",
        "https://fcm。googleapis.com/a",
        "https://fcm．googleapis.com/a",
        "https://fcm.googleapis｡com/a",
        "https://ｆcm.googleapis.com/a",
        "https://fcm.googleapis.com\u200b/a",
        "https://fcm%2egoogleapis.com/a",
        "https://fcm.googleapis.com\t/a",
        # Addresses in numbers.
        "https://127.0.0.1/a",
        "https://127.1/a",
        "https://2130706433/a",
        "https://0x7f000001/a",
        "https://0177.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://localhost/a",
        "https://127.0.0.1.push.apple.com:443/a",
    ],
)
def test_nothing_else_is_asked(endpoint: str) -> None:
    assert origin_of(endpoint) is None


def test_an_endpoint_has_a_length_that_services_use() -> None:
    longest = FCM.ljust(LONGEST_ENDPOINT, "x")
    assert origin_of(longest)
    assert origin_of(longest + "x") is None


def test_the_operator_may_name_others(settings: Any) -> None:
    settings.PUSH_SERVICES = ["jmt17.google.com"]
    assert origin_of("https://jmt17.google.com/fcm/send/a") == "https://jmt17.google.com"
    assert origin_of(FCM) is None


_HOSTS = st.sampled_from(
    [
        *("fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com"),
        *("sg2p.notify.windows.com", "evil.example", "127.0.0.1", "[::1]", "2130706433", "localhost"),
    ]
)
_DISGUISES = st.sampled_from(
    [
        str,
        str.upper,
        lambda host: host + ".",
        lambda host: "." + host,
        lambda host: host.replace(".", "。"),
        lambda host: host.replace(".", "%2e"),
        lambda host: host + ".evil.example",
        lambda host: "evil.example." + host,
        lambda host: f"{host}@evil.example",
        lambda host: f"evil.example\\.{host}",
    ]
)
_ENDPOINTS = st.builds(
    lambda scheme, user, host, disguise, port, end: f"{scheme}://{user}{disguise(host)}{port}{end}",
    st.sampled_from(["https", "http", "HTTPS", "wss"]),
    st.sampled_from(["", "", "", "user@", "user:word@", "fcm.googleapis.com@", ":@", "\\"]),
    _HOSTS,
    _DISGUISES,
    st.sampled_from(["", "", "", ":", ":443", ":80", ":65536", ":4٤3"]),
    st.sampled_from(["", "/", "/a", "/a?b=c", "?a", "#a", "\\a", "/@evil.example", "//evil.example/"]),
)


@given(_ENDPOINTS | st.text(max_size=60) | st.text(max_size=30).map("https://fcm.googleapis.com/".__add__))
def test_whatever_is_allowed_leads_to_a_listed_host_as_three_parsers_read_it(endpoint: str) -> None:
    origin = origin_of(endpoint)
    if origin is None:
        return
    prepared = requests.Request("POST", endpoint).prepare().url
    for read in (urlsplit(endpoint), parse_url(endpoint), parse_url(str(prepared))):
        assert read.scheme == "https"
        assert read.port in (None, 443)
        assert "@" not in (read.netloc or "")
        host = getattr(read, "hostname", None) or getattr(read, "host", None)
        assert origin == f"https://{host}"
        assert host == "fcm.googleapis.com" or str(host).endswith(
            (".push.services.mozilla.com", ".push.apple.com", ".notify.windows.com")
        )


@pytest.mark.parametrize("address", SPECIAL)
def test_no_special_address_is_on_the_internet_in_whatever_way_it_is_written(address: str) -> None:
    number = int(IPv4Address(address))
    assert not is_public(address)
    assert not is_public(f"::ffff:{address}")
    assert not is_public(str(IPv6Address(int(IPv6Address("64:ff9b::")) + number)))
    assert not is_public(str(IPv6Address((0x2002 << 112) + (number << 80))))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "::",
            "::1",
            "fe80::1",
            "fe80::1%1",
            "fec0::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001:db8::1",
        ),
        *("2001::1", "2002:808:808::1", "100::1", "64:ff9b:1::808:808", "::7f00:1"),
    ],
)
def test_no_special_ipv6_address_is_on_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "142.250.66.106",
        "17.188.143.34",
        "2404:6800:4003:c02::5f",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_addresses_of_real_services_are(address: str) -> None:
    assert is_public(address)


@given(
    st.sampled_from(PRIVATE).flatmap(
        lambda network: st.integers(0, network.num_addresses - 1).map(network.__getitem__)
    )
)
def test_no_address_of_a_private_network_is_on_the_internet(address: IPv4Address) -> None:
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")
