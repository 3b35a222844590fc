"""A portal that only says what it was sent: `granian --interface wsgi tests.services.echo:application`."""

import json
from collections.abc import Callable
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    length = 0
    while piece := environ["wsgi.input"].read(64 * 1024):
        length += len(piece)
    said = {name: str(value) for name, value in environ.items() if isinstance(value, str | bool)}
    headers = [("Content-Type", "application/json"), ("X-Asked-With", environ["REQUEST_METHOD"])]
    headers += [("X-Upload-Offset", environ.get("HTTP_UPLOAD_OFFSET", ""))]
    start_response("200 OK", headers)
    return [json.dumps({"length": length, **said}).encode()]
