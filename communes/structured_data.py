"""What a page says to search engines in schema.org's words, which they show beside the link."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from home.models import HomePage
from home.phones import tel

from .models import CommunePage, ContactPage, NewsPage, ProcedurePage

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Thing = dict[str, Any]


@dataclass(frozen=True)
class ReadPage:
    """A page as it is read: in whose pages, at which address, described how and with which picture."""

    page: Page
    home: HomePage
    commune: CommunePage | None
    url: str
    description: str
    picture: str


def things_on(read: ReadPage) -> list[Thing]:
    """What the page is about; nothing for a list or a form."""
    if isinstance(read.page, CommunePage):
        return [station(read.page, read.home, read.page.contact)]
    if isinstance(read.page, ContactPage) and read.commune:
        return [station(read.commune, read.home, read.page)]
    if isinstance(read.page, HomePage):
        return [authority(read.page)]
    if isinstance(read.page, NewsPage):
        return [article(read, read.page)]
    if isinstance(read.page, ProcedurePage):
        return [service(read, read.page)]
    return []


def authority(home: HomePage) -> Thing:
    thing = {
        "@type": "GovernmentOrganization",
        "name": home.unit_name,
        "url": home.full_url,
        "telephone": tel(home.phone).removeprefix("tel:"),
    }
    if home.address:
        thing["address"] = address(home.address)
    return thing


def station(commune: CommunePage, home: HomePage, contact: ContactPage | None) -> Thing:
    thing: Thing = {
        "@type": "PoliceStation",
        "name": commune.unit.full_name,
        "url": commune.full_url,
        "telephone": tel(commune.duty_phone).removeprefix("tel:"),
        "parentOrganization": {"@type": "GovernmentOrganization", "name": home.unit_name},
    }
    if commune.address:
        thing["address"] = address(commune.address)
    if contact and contact.hours:
        thing["openingHoursSpecification"] = [opening(hours.value) for hours in contact.hours]
    return thing


def address(text: str) -> Thing:
    return {"@type": "PostalAddress", "streetAddress": text, "addressCountry": "VN"}


def opening(hours: Any) -> Thing:
    """Of a `communes.blocks.HoursBlock`, whose days are counted from Monday, 0."""
    first, last = int(hours["first_day"]), int(hours["last_day"])
    days = DAYS[first : last + 1] if first <= last else (*DAYS[first:], *DAYS[: last + 1])
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": list(days),
        "opens": hours["opens"].strftime("%H:%M"),
        "closes": hours["closes"].strftime("%H:%M"),
    }


def article(read: ReadPage, post: NewsPage) -> Thing:
    police = read.commune.unit.full_name if read.commune else read.home.unit_name
    publisher = {"@type": "GovernmentOrganization", "name": police}
    thing = {
        "@type": "NewsArticle",
        "headline": post.title,
        "description": read.description,
        "image": read.picture,
        "url": read.url,
        "datePublished": post.date.isoformat(),
        "author": {"@type": "Organization", "name": post.author} if post.author else publisher,
        "publisher": publisher,
    }
    if post.last_published_at:
        thing["dateModified"] = post.last_published_at.isoformat(timespec="seconds")
    return thing


def service(read: ReadPage, guide: ProcedurePage) -> Thing:
    provider = authority(read.home)
    if read.commune:
        provider = station(read.commune, read.home, read.commune.contact)
    return {
        "@type": "GovernmentService",
        "name": guide.title,
        "description": read.description,
        "url": read.url,
        "provider": provider,
    }


def breadcrumbs(trail: list[tuple[str, str]]) -> Thing:
    """`trail` is name and address of each page from the front page down to this one."""
    places = [
        {"@type": "ListItem", "position": position, "name": name, "item": url}
        for position, (name, url) in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}
