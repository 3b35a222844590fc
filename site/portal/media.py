"""Pictures where no web server in front serves them: in the demo, and from an object store.

Only the copies that pages show. Originals and documents have no address here (documents: `home.documents`).
"""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from home.documents import KEPT_FOR


def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture of this name, which says its type. Raises Http404."""
    try:
        file = default_storage.open(f"images/{name}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    # What lies under a name never changes.
    response.headers["ETag"] = quote_etag(name)
    conditional: HttpResponseBase = get_conditional_response(request, etag=quote_etag(name), response=response)
    return conditional
