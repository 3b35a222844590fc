"""Slips on paper: the code in digits and as QR, shown once. Never cached, never stored."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from home.headers import private
from home.qr import qr

from ..models import CommunePage
from .invitations import Slip


def printed(slips: Sequence[Slip], base_url: str) -> list[dict[str, object]]:
    """What the template shows of each slip. `base_url` has no slash at its end.

    The code stands behind the "#": a browser sends that part to nobody, so it is in no log on the way.
    """
    page = f"{base_url}{reverse('invitation')}"
    address = page.split("://", 1)[-1].rstrip("/")
    phones = dict(
        CommunePage.objects.filter(unit__in={slip.invitation.unit_id for slip in slips}).values_list(
            "unit", "duty_phone"
        )
    )
    return [
        {
            "invitation": slip.invitation,
            "groups": slip.groups,
            "address": address,
            "phone": phones.get(slip.invitation.unit_id, ""),
            "qr": qr(f"{page}#{slip.code}"),
        }
        for slip in slips
    ]


def slips_response(
    request: HttpRequest, slips: Sequence[Slip], *, back: str, lines: Sequence[str] = ()
) -> HttpResponse:
    """The page to print, in answer to a post. `lines` tell what else was done."""
    context = {
        "slips": printed(slips, f"{request.scheme}://{request.get_host()}"),
        "back": back,
        "lines": lines,
    }
    return private(render(request, "communes/admin/staff/slips.html", context))
