"""Pictures where no web server in front serves them: in the demo, and from an object store.

Only the copies that pages show. Originals and documents have no address here (documents: `home.documents`).
"""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified

from home.documents import KEPT_FOR


def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture of this name, which says its type. Raises Http404."""
    try:
        file = default_storage.open(f"images/{name}")
    except FileNotFoundError:
        raise Http404 from None
    # What lies under a name never changes.
    etag = f'"{name}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        file.close()
        response = HttpResponseNotModified()
    else:
        response = FileResponse(file, content_type=mimetypes.guess_type(name)[0])
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response
