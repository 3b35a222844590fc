"""The people of the state machine, their clock, and each request that they send.

Every text has a word of its own, by which it is found again on whatever screen shows it.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from django.core.cache import caches
from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import Locale, Page

from communes.models import CommunePage, Membership, NewsIndexPage, NewsPage, Unit, User
from communes.staff.memberships import end_membership, start_membership
from communes.tree import home_of, page_of
from home.tree import COMMUNE_DEPTH, branch, live_children

EDITORS = ("A", "B")
STAFF = (*EDITORS, "U")
# Who approves what U wrote himself, and translates.
SUPERUSER = "S"
APPROVERS = ("U", SUPERUSER)
COMMUNES = ("Cẩm Trung", "Cẩm Duệ")
WORD = re.compile(r"qzx\d{4}w")


@dataclass
class Text:
    """Something typed that a screen took. `place` is the branch of the tree where its page stands."""

    page: int
    place: str
    readers: set[str] = field(default_factory=set)


class World:
    """One example's database, undone by `close`."""

    def __init__(self) -> None:
        self._undo = transaction.atomic()
        self._undo.__enter__()
        caches["default"].clear()
        self._ahead = timedelta()
        real = timezone.now
        self._clock = mock.patch.object(timezone, "now", lambda: real() + self._ahead)
        self._clock.start()
        self.unit = Unit.objects.get(kind="huyen", name="Cẩm Xuyên")
        self.communes = [Unit.objects.get(parent=self.unit, name=name) for name in COMMUNES]
        self.english = Locale.objects.get_or_create(language_code="en")[0]
        self.users = {name: User.objects.create_user(f"nguoi-{name.lower()}") for name in STAFF}
        self.users[SUPERUSER] = User.objects.create_superuser("quantri")
        Membership.objects.create(user=self.users["U"], unit=self.unit, role="editor")
        self.texts: dict[str, Text] = {}
        self.were_public: set[str] = set()
        self._numbers = 0
        self._provisioned = set(NewsPage.objects.values_list("pk", flat=True))
        self.public = Client()
        self.clients: dict[str, Client] = {}
        self.known_links: set[str] = set()
        self.visited: set[Any] = set()
        self.turn = 0
        self.log_all_in()

    def close(self) -> None:
        self._clock.stop()
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)
        caches["default"].clear()

    # People

    def log_all_in(self) -> None:
        """As after a night, or after a change of work, which ends a session."""
        for name, user in self.users.items():
            user.refresh_from_db()
            self.clients[name] = Client()
            self.clients[name].force_login(user)

    def name_of(self, user: User) -> str:
        return next(name for name, known in self.users.items() if known == user)

    def units_of(self, name: str) -> list[Unit]:
        """For which this person writes."""
        current = Membership.objects.current().filter(user=self.users[name], role="editor")
        return list(Unit.objects.filter(pk__in=current.values("unit")))

    def let_work(self, name: str, commune: Unit) -> None:
        """End what the person did and begin here, where he may read what was written before."""
        by, user = self.users[SUPERUSER], self.users[name]
        for membership in Membership.objects.current().filter(user=user).exclude(unit=commune):
            end_membership(membership, by)
        start_membership(user, commune, "editor", by)
        self.log_all_in()
        place = page_of(commune).path
        for text in self.texts.values():
            if text.place == place:
                text.readers.add(name)

    # Places and posts

    def news_of(self, unit: Unit) -> NewsIndexPage | None:
        """The list of posts; None while the commune is closed."""
        above = page_of(unit) if unit.parent_id else home_of(unit)
        return live_children(NewsIndexPage, above).first() if above else None

    def below(self, commune: Unit) -> set[int]:
        """The pages of this commune in all languages."""
        pages = Page.objects.none()
        for front in CommunePage.objects.filter(unit=commune):
            pages |= Page.objects.descendant_of(front)
        return set(pages.values_list("pk", flat=True))

    def posts(self) -> list[NewsPage]:
        """All that were written here, translations included, the oldest first."""
        return list(NewsPage.objects.exclude(pk__in=self._provisioned).order_by("pk"))

    def may_still_write(self, name: str, page: int | None) -> bool:
        """Whether this person works where the page stands, or, of a new one, anywhere in service."""
        units = self.units_of(name)
        if page is None or name in APPROVERS:
            return bool(units) or name in APPROVERS
        return any(page in self.below(unit) for unit in units if unit.parent_id)

    def written_in(self, post: Page, author: str) -> Text:
        """What is kept about a text that `author` has put into this post just now."""
        place = branch(post.path, COMMUNE_DEPTH)
        fronts = CommunePage.objects.filter(path=place)
        readers = {name for name in self.users for unit in self.units_of(name) if fronts.filter(unit=unit)}
        return Text(post.pk, place, {*readers, *APPROVERS, author})

    # The clock

    def an_hour_passes(self) -> None:
        """And the job that publishes and takes down by the clock has run."""
        self._ahead += timedelta(hours=1)
        with TestCase.captureOnCommitCallbacks(execute=True):
            call_command("publish_scheduled", verbosity=0)
        assert not NewsPage.objects.live().filter(expire_at__lte=timezone.now()).exists()

    @staticmethod
    def now() -> datetime:
        return timezone.localtime()

    # Requests

    def new_word(self) -> str:
        self._numbers += 1
        return f"qzx{self._numbers:04}w"

    def get(self, name: str, url: str) -> Any:
        return self._ask(name, "get", url, {})

    def post(self, name: str, url: str, data: dict[str, Any]) -> Any:
        return self._ask(name, "post", url, data)

    def follow(self, name: str, response: Any) -> Any:
        """Where the answer leads."""
        for _step in range(4):
            if response.status_code not in (301, 302):
                break
            response = self.get(name, response.headers["Location"])
        return response

    def _ask(self, name: str, method: str, url: str, data: dict[str, Any]) -> Any:
        """One request, with what follows its commit. Nobody is shown a draft that is not his to read."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = getattr(self.clients[name], method)(url, data)
        assert response.status_code < 500, f"{response.status_code} for {name} at {url}"
        foreign = {word for word in words_in(response) if not self._may_read(name, word)}
        assert not foreign, f"{name} is shown others' drafts at {url}: {foreign}"
        return response

    def _may_read(self, name: str, word: str) -> bool:
        text = self.texts.get(word)
        return text is None or name in text.readers or word in self.were_public


def html(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def words_in(response: Any) -> set[str]:
    return set(WORD.findall(html(response)))
