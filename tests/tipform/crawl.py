"""Every address that the portal answers, filled with every id that could fit, and all that an answer says."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from wagtail.models import Page

from tipform.models import Part, Tip

# What would end the session under which the others are asked for.
SKIPPED = ("logout", "log_out")


def patterns(resolver: URLResolver, inside: tuple[Any, ...] = ()) -> Iterator[Any]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*inside, entry.pattern))
        elif isinstance(entry, URLPattern):
            yield (*inside, entry.pattern), entry


def addresses(tip: Tip) -> dict[str, str]:
    """The addresses, each with the route that it takes."""
    part = Part.objects.filter(tip=tip, label="file").get()
    page = Page.objects.filter(slug="gui-tin-bao").first()
    assert page
    numbers = [tip.pk, part.pk, page.pk, tip.unit_id, 1]
    uuids = [tip.uuid, part.uuid, tip.unit.uuid]
    texts = [str(tip.uuid), str(tip.pk), "tipform", "tip", "part", tip.reference]
    found: dict[str, str] = {}
    for chain, entry in patterns(get_resolver()):
        converters = {
            name: c for p in chain if isinstance(p, RoutePattern) for name, c in p.converters.items()
        }
        route = "".join(str(p) for p in chain)
        if any(word in f"{entry.name} {route}" for word in SKIPPED):
            continue
        choices = []
        for converter in converters.values():
            kind = type(converter).__name__
            choices.append(uuids if "UUID" in kind else numbers if "Int" in kind else texts)
        for values in itertools.islice(itertools.product(*choices), 40):
            url = "/"
            for pattern in chain:
                if isinstance(pattern, RegexPattern):
                    url += filled(str(pattern._regex), numbers, texts)
                else:
                    text = str(pattern)
                    for name, value in zip(converters, values, strict=True):
                        text = substitute(text, name, value)
                    url += text
            found[url.replace("//", "/")] = route
    return found


def substitute(route: str, name: str, value: Any) -> str:
    return re.sub(rf"<(?:[^<>:]+:)?{re.escape(name)}>", str(value), route)


def filled(regex: str, numbers: list[Any], texts: list[str]) -> str:
    """An address that the expression takes: its groups become an id or a word."""
    text = regex.removeprefix("^").removesuffix("$").replace(r"\Z", "")
    text = re.sub(r"\(\?P<\w+>[^()]*\\d[^()]*\)|\([^()?]*\\d[^()]*\)", str(numbers[0]), text)
    text = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", texts[0], text)
    return re.sub(r"\((?:[^()]|\([^()]*\))*\)[?*+]?|[\\^$?*+]", "", text)


def said_by(response: Any) -> str:
    """Body, headers and cookies; a spreadsheet unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{head}\n{response.cookies.output()}\n{body.decode('utf-8', 'replace')}"
