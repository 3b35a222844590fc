"""Documents leave by two doors: to everybody while a public page refers to them, to staff in the admin."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers, patch_cache_control
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve

from .media import is_public
from .permissions import choosable

# Seconds for which a browser may keep a picture or document, and so the longest that one outlives its page.
KEPT_FOR = 300


def document(request: HttpRequest, document_id: str, document_filename: str) -> HttpResponseBase:
    """Wagtail's address of a document. Raises Http404 while no public page refers to it.

    Staff who may choose the document are led to the admin's door, which asks for all that the admin asks for.
    """
    model: Any = get_document_model()
    if not is_public(model, int(document_id)):
        if request.user.is_authenticated and choosable(model, request.user).filter(pk=document_id).exists():
            return redirect("document_for_staff", document_id)
        raise Http404
    response: HttpResponseBase = serve(request, document_id, document_filename)
    collection = get_object_or_404(model.objects.select_related("collection"), pk=document_id).collection
    if collection.get_view_restrictions().exists():
        add_never_cache_headers(response)
    else:
        patch_cache_control(response, public=True, max_age=KEPT_FOR, s_maxage=1)
    return response


def document_for_staff(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Any document of one's own or a shared one, used or not. Raises Http404."""
    found = get_object_or_404(choosable(get_document_model(), request.user), pk=document_id)
    attached = found.content_disposition != "inline"
    response = FileResponse(found.file.open("rb"), as_attachment=attached, filename=found.filename)
    response.headers["Content-Type"] = found.content_type
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
