"""The network of a visitor, as the proxies of this world write his address."""

import logging
from ipaddress import ip_address
from typing import Any

import pytest
from django.test import RequestFactory

from home import visitors
from home.visitors import network


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("203.0.113.7", "203.0.113.0"),
        (" 203.0.113.7 ", "203.0.113.0"),
        ("203.0.113.7:51234", "203.0.113.0"),
        ('"203.0.113.7:51234"', "203.0.113.0"),
        ("::ffff:203.0.113.7", "203.0.113.0"),
        ("[::ffff:203.0.113.7]:51234", "203.0.113.0"),
        ("::ffff:203.0.113.7:51234", "203.0.113.0"),
        ("2001:db8::7", "2001:db8::"),
        ("[2001:db8::7]", "2001:db8::"),
        ("[2001:db8::7]:51234", "2001:db8::"),
        ('"[2001:db8::7]:51234"', "2001:db8::"),
        ("2001:db8:0:0:1:2:3:7:51234", "2001:db8::"),
        ("fe80::1%eth0", "fe80::"),
        ("[fe80::1%25eth0]:443", "fe80::"),
    ],
)
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_an_address_is_read_as_proxies_write_it(
    settings: Any, proxies: int, written: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    forwarded = ", ".join(["6.6.6.6", written, "10.0.0.2"][: proxies + 1])
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    if not proxies:
        request = RequestFactory().get("/", REMOTE_ADDR=written, headers={"X-Forwarded-For": "6.6.6.6"})
    assert network(request) == ip_address(expected).packed


@pytest.mark.parametrize("written", ["", " ", "unknown", "_hidden", "203.0.113", ":", "[]:80"])
def test_what_is_no_address_is_none_whatever_the_visitor_wrote_before_it(settings: Any, written: str) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", headers={"X-Forwarded-For": f"6.6.6.6,{written}"})
    assert network(request) is None


def test_that_limits_do_not_hold_is_in_the_log_once_a_minute_and_no_address_is(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    now = 1000.0
    monkeypatch.setattr(visitors, "_last_said", -60.0)
    monkeypatch.setattr(visitors.time, "monotonic", lambda: now)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.7 hay gì đó"})
    with caplog.at_level(logging.WARNING):
        for moment in (1000.0, 1000.0, 1059.9, 1060.0, 1119.9):
            now = moment
            assert network(request) is None
    assert len(caplog.records) == 2
    assert "TRUSTED_PROXY_COUNT" in caplog.text
    assert "203.0.113" not in caplog.text


def test_an_address_that_is_read_leaves_no_line(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    monkeypatch.setattr(visitors, "_last_said", -60.0)
    network(RequestFactory().get("/"))
    assert not caplog.records
