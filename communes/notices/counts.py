"""How much is new for somebody: one number, asked for every half minute by each open page of the admin.

Whoever asks sends no cookie, so that nothing asked here keeps a session or an opened key alive. He sends what
`token_for` put into his page: his session, encrypted. One query answers.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from home.at_rest import Unreadable, decrypt, encrypt
from home.headers import private
from home.panels import Link

from ..models import Delivery, User
from .reasons import registered

# By an account's number: an expression for a query, such as `number_of` makes.
Expression = Callable[[int], Any]
# What the list of news says of it: how many, and where they are.
Line = Callable[[int], Link]

_counts: dict[str, tuple[Expression, Line | None]] = {}


def register(name: str, expression: Expression, line: Line | None = None) -> None:
    """From `ready()`: one more number that is a part of what is new."""
    _counts[name] = (expression, line)


def number_of(rows: "QuerySet[Any]") -> Subquery:
    """How many rows there are, as a part of another query."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk"))
    return Subquery(counted.values("number"), output_field=IntegerField())


def unseen(user_id: int) -> "QuerySet[Delivery]":
    """What the list of news shows this person, and he has not seen yet."""
    listed = [reason.name for reason in registered() if reason.shown]
    screen = Delivery.Channel.SCREEN
    return Delivery.objects.filter(user=user_id, channel=screen, seen_at=None, event__reason__in=listed)


def lines_for(user_id: int) -> list[Link]:
    """What is new elsewhere than in the list of news, with one query."""
    told = [(Coalesce(build(user_id), 0), line) for build, line in _counts.values() if line is not None]
    if not told:
        return []
    numbers = User.objects.filter(pk=user_id).values_list(*(number for number, _line in told)).get()
    return [line(number) for number, (_number, line) in zip(numbers, told, strict=True) if number]


def token_for(request: HttpRequest) -> str:
    """For the page of somebody who is logged in. It opens nothing but the number."""
    user: Any = request.user
    return encrypt(json.dumps([request.session.session_key, user.pk, user.session_epoch]))


@require_safe
def news_count(request: HttpRequest) -> HttpResponse:
    """`{"new": 3}`; 304 where the asker knows the number, 403 where his session is over."""
    number = _number(request.headers.get("X-Bell", ""))
    if number is None:
        return private(HttpResponseForbidden())
    etag = f'"{number}"'
    answer = JsonResponse({"new": number}, headers={"ETag": etag})
    return private(get_conditional_response(request, etag=etag, response=answer) or answer)


def _number(token: str) -> int | None:
    try:
        session_key, user_id, epoch = json.loads(decrypt(token))
    except (Unreadable, ValueError):
        return None
    builders = [lambda pk: number_of(unseen(pk)), *(build for build, _line in _counts.values())]
    total: Any = Value(0)
    for build in builders:
        total = total + Coalesce(build(user_id), 0)
    # The session of somebody who was logged out everywhere is still there until he asks for a page.
    logged_in = User.objects.filter(pk=user_id, is_active=True, session_epoch=epoch)
    sessions = Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now())
    found: int | None = (
        sessions.filter(Exists(logged_in)).annotate(new=total).values_list("new", flat=True).first()
    )
    return found
