"""What a page of the admin needs to ask how much is new."""

from typing import Any

from django import template
from django.http import HttpRequest

from communes.notices.counts import token_for
from home.delivery import web_push

register = template.Library()


@register.simple_tag
def bell_token(request: HttpRequest) -> Any:
    return token_for(request)


@register.simple_tag
def push_key() -> str:
    """The key with which a browser subscribes; empty where this server rings nobody."""
    return web_push.public_key()
