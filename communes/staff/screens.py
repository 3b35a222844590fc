"""What the screens of staff share."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from home.stale import trouble_of

from .slips import private

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A screen; above what was posted and not taken it says why."""
    trouble = trouble_of(request)
    if trouble:
        messages.error(request, trouble.to_staff)
    context = {"page_title": title, "header_title": title, "header_icon": "group", **context}
    status = trouble.status if trouble else 200
    return private(render(request, f"communes/admin/staff/{template}.html", context, status=status))
