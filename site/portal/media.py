"""Public media where no web server in front serves it (the demo). Not for tips, which have no address."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.static import serve

# What the library accepts. Anything else in the folder is not handed out.
SUFFIXES = {f".{suffix}" for suffix in [*settings.WAGTAILIMAGES_EXTENSIONS, *settings.WAGTAILDOCS_EXTENSIONS]}


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file, not sniffed by the browser, kept a day. Raises Http404 for other types and folders."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse):
        response.headers["Cache-Control"] = "public, max-age=86400"
    return response
