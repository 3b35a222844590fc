"""Where a link that somebody typed leads, read as a browser reads it (the WHATWG URL standard).

Every place that takes a link into a page asks `plain_link`, so that what looks like an address of the
portal's own is one.
"""

import re
from urllib.parse import unquote

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CONTROLS_AND_SPACES = "".join(map(chr, range(0x21)))
# Browsers take these out wherever they stand; the others of the kind have no place in a link.
_TAKEN_OUT = str.maketrans("", "", "\t\n\r")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# As many slashes as there are, of either kind: a browser passes over the others.
_TO_A_HOST = re.compile(r"[/\\]{2,}([^/\\?#]*)(.*)", re.DOTALL)
_ASCII_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_PORT = re.compile(r"[0-9]{1,5}")

UNCLEAR = _(
    "This link is not clear. Copy the whole address from the browser, like https://bocongan.gov.vn/, "
    "without a user name in it; an address of this portal begins with one slash."
)


def plain_link(link: str) -> str | None:
    r"""The link in the one form that says plainly where it leads; None for one that has no place in a page.

    `/\evil.example/a` and `//evil.example/a` are `https://evil.example/a`. What begins with one slash stays
    with the portal. Refused are other schemes than http(s), tel and mailto; a user name before the host,
    which passes it off as another (`https://bocongan.gov.vn@evil.example`); and `https:evil.example`, of
    which a browser makes a page of the portal or another host, as the page at hand was loaded.
    """
    link = link.strip(_CONTROLS_AND_SPACES).translate(_TAKEN_OUT)
    if _CONTROL.search(link):
        return None
    if found := _SCHEME.match(link):
        scheme, rest = found[1].lower(), link[found.end() :]
        if scheme in ("tel", "mailto"):
            return f"{scheme}:{_spaces_encoded(rest)}"
        return _to_a_host(scheme, rest) if scheme in ("http", "https") else None
    if link.startswith("#"):
        return _spaces_encoded(link)
    if _TO_A_HOST.match(link):
        return _to_a_host("https", link)
    if link.startswith(("/", "\\")):
        return _path(link)
    return None


def _to_a_host(scheme: str, rest: str) -> str | None:
    found = _TO_A_HOST.fullmatch(rest)
    if found is None:
        return None
    name, _colon, port = found[1].partition(":")
    host = _host(name)
    if host is None or (_colon and not _PORT.fullmatch(port)):
        return None
    return f"{scheme}://{host}{_colon}{port}{_path(found[2])}"


def _host(name: str) -> str | None:
    """The host in ASCII, as it is asked for; None if there is none, or a user name before it."""
    host = unquote(name).lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except UnicodeError:
            return None
    return host if _ASCII_HOST.fullmatch(host) else None


def _path(text: str) -> str:
    """Path, query and fragment. Only in the path is a backslash a slash."""
    path, rest = re.fullmatch(r"([^?#]*)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return _spaces_encoded(path.replace("\\", "/") + rest)


def _spaces_encoded(text: str) -> str:
    return re.sub(r"\s", lambda space: "".join(f"%{byte:02X}" for byte in space[0].encode()), text)


def web_address(link: str) -> None:
    """Validator of a field for another site's address. Raises ValidationError."""
    plain = plain_link(link)
    if plain is None or not plain.startswith(("http://", "https://")):
        raise ValidationError(UNCLEAR)
