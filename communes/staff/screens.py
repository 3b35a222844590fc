"""What the screens of staff share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from .slips import private

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    context = {"page_title": title, "header_title": title, "header_icon": "group", **context}
    return private(render(request, f"communes/admin/staff/{template}.html", context))
