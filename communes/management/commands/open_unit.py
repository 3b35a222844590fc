"""Open the supervising unit above the communes: the first thing on a new server."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http.request import split_domain_port
from django.utils.translation import override
from wagtail.models import Site, WorkflowPage

from communes.doors import doors
from communes.groups import editors_group_name
from communes.lifecycle.opening import open_unit
from communes.models import Unit
from communes.tree import home_of
from home.models import HomePage, InfoPage
from home.old_encodings import readable
from home.text import one_line, plain_slug, same_key, search_key


class Command(BaseCommand):
    help = (
        "Open a supervising unit with its home page, news, guides, promises, editors' group and approval, "
        "or complete what is missing. What is there stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = ", ".join(kind.label for kind in Unit.SUPERVISING_KINDS)
        parser.add_argument("--kind", required=True, help=kinds)
        parser.add_argument("--name", required=True, help="without the kind: “Hà Tĩnh”")
        parser.add_argument("--phone", required=True, help="duty phone, shown to everybody")
        parser.add_argument("--address", default="")
        parser.add_argument("--intro", default="", help="a sentence or two on the home page")
        parser.add_argument("--hostname", default="localhost", help="the portal's public host name")

    def handle(self, *args: Any, **options: Any) -> None:
        values = {name: one_line(options[name]) for name in ("name", "phone", "address", "intro")}
        values["name"] = Unit.plain_name(values["name"])
        kind, hostname = _kind(options["kind"]), options["hostname"].strip().lower()
        _check(kind, values, hostname)
        before = _what_is_there(kind, values["name"])
        try:
            open_unit(kind=kind, hostname=hostname, **values)
        except (ValueError, ValidationError) as error:
            raise CommandError(f"{error}; nothing was written") from error
        for thing in _what_is_there(kind, values["name"]):
            self.stdout.write(f"{'found' if thing in before else 'made'} {thing}")
        self.stdout.write("Next: manage.py open_communes FILE.csv")


def _kind(text: str) -> str:
    try:
        kind = Unit.kind_called(text)
    except ValueError:
        kind = ""
    if kind not in Unit.SUPERVISING_KINDS:
        kinds = ", ".join(choice.label for choice in Unit.SUPERVISING_KINDS)
        raise CommandError(f"--kind {text}: not the kind of a supervising unit ({kinds})")
    return kind


def _check(kind: str, values: dict[str, str], hostname: str) -> None:
    """Raises CommandError for what the service would store and nobody could use."""
    unit = Unit(kind=kind, name=values["name"])
    home = HomePage(phone=values["phone"], address=values["address"], intro=values["intro"])
    models = ((unit, {"name"}), (home, {"phone", "address", "intro"}))
    with override("en"):
        for model, names in models:
            try:
                for name in names:
                    readable(values[name])
                model.clean_fields(exclude={field.name for field in model._meta.fields} - names)
            except ValidationError as error:
                name, messages = next(iter(error.message_dict.items()))
                raise CommandError(f"--{name} {values[name]}: {' '.join(messages)}") from error
    if not plain_slug(values["name"]):
        raise CommandError(f"--name {values['name']}: no letter that an address can have")
    # "Hà tĩnh" is "Hà Tĩnh" mistyped, not a second unit; their addresses would be the same.
    for other in Unit.objects.filter(kind=kind, name_folded=search_key(unit.short_name)):
        if other.name != unit.name or other.parent_id is not None:
            raise CommandError(f"--name {values['name']}: there is {other.qualified_name} already")
    if split_domain_port(hostname) != (hostname, ""):
        raise CommandError(f"--hostname {hostname}: a host name alone, like congan.example.vn")
    taken = Site.objects.filter(hostname=hostname, port=80).select_related("root_page").first()
    if taken and isinstance(taken.root_page.specific, HomePage):
        owner = Unit.objects.filter(page_key=taken.root_page.translation_key).first()
        if owner and (owner.kind, owner.name) != (unit.kind, unit.name):
            raise CommandError(f"--hostname {hostname}: it is {owner.full_name}'s; every unit has its own")


def _what_is_there(kind: str, name: str) -> list[str]:
    """The unit's parts, in words for the operator."""
    unit = Unit.objects.filter(kind=kind, name_key=same_key(name), parent=None).first()
    if unit is None:
        return []
    things = [unit.full_name]
    home = home_of(unit)
    if home is None:
        return things
    things += [home.url_path]
    types = [InfoPage, *(door.page_type for door in doors("unit"))]
    things += [page.url_path for page in home.get_children().type(*types)]
    things += [f"site {site.hostname}" for site in Site.objects.filter(root_page=home)]
    things += [f"group {group}" for group in Group.objects.filter(name=editors_group_name(unit))]
    things += [f"approval {row.workflow.name}" for row in WorkflowPage.objects.filter(page=home)]
    return things
