"""Where the addresses of a closed commune lead."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.models import HomePage
from home.tree import live_children

from ..doors import door_of
from ..models import CommunePage, ProcedureIndexPage, ProcedurePage, Unit


def redirect(unit: Unit, successor: Unit | None) -> list[Redirect]:
    """Temporary redirects from every live page to its like in the successor, or to the unit's first page."""
    redirects = []
    for front in CommunePage.objects.filter(unit=unit, live=True).select_related("locale"):
        parts = front.get_url_parts()
        if parts is None:
            continue
        site = Site.objects.get(pk=parts[0])
        home = front.get_parent()
        heir = _heir(successor, front)
        for page in front.get_descendants(inclusive=True).live().select_related("content_type"):
            old_path = parts[2] + page.url_path.removeprefix(front.url_path)
            redirects.append(_temporary(site, old_path, _counterpart(page, heir) or heir or home))
        redirects += _redirect_shared_guides(site, front, heir, parts[2])
    # A resident's old link goes on to where it now leads; an older redirect at the same address would win.
    Redirect.objects.filter(
        site__in={redirect.site for redirect in redirects},
        old_path__in=[redirect.old_path for redirect in redirects],
    ).delete()
    return Redirect.objects.bulk_create(redirects)


def _redirect_shared_guides(
    site: Site, front: CommunePage, heir: CommunePage | None, base: str
) -> list[Redirect]:
    """The unit's guides were read at the commune's address too, where no page of its own stands."""
    home = HomePage.objects.get(pk=front.get_parent().pk)
    index = front.doors.get("procedure")
    shared = live_children(ProcedureIndexPage, home).first()
    if index is None or shared is None:
        return []
    own = set(live_children(ProcedurePage, index).values_list("slug", flat=True))
    heirs_index = heir.doors.get("procedure") if heir else None
    redirects = []
    for guide in live_children(ProcedurePage, shared):
        if guide.slug in own:
            continue
        redirect = _temporary(site, f"{base}{index.slug}/{guide.slug}/", guide)
        if heirs_index is not None:
            redirect.redirect_page = None
            redirect.redirect_link = f"{heirs_index.url}{guide.slug}/"
        redirects.append(redirect)
    return redirects


def _counterpart(page: Page, heir: CommunePage | None) -> Page | None:
    """The successor's page behind the same door."""
    door = door_of(page.specific_class)
    return heir.doors.get(door.name) if heir and door else None


def _heir(successor: Unit | None, front: CommunePage) -> CommunePage | None:
    """The successor's live front page, in the language of `front` if there is one."""
    fronts = (
        CommunePage.objects.filter(unit=successor, live=True) if successor else CommunePage.objects.none()
    )
    return (
        fronts.filter(locale=front.locale).first()
        or fronts.filter(translation_key=successor.page_key if successor else None).order_by("path").first()
    )


def _temporary(site: Site, old_path: str, page: Page) -> Redirect:
    return Redirect(
        site=site,
        old_path=Redirect.normalise_path(old_path),
        redirect_page=page,
        is_permanent=False,
    )
