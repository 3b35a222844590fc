"""What is true after each step, whatever happened in which order."""

import json
import re
from html import unescape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from communes.models import NewsPage
from tests.communes.posts import review_url
from tests.communes.quickposts import sent

from .forms import content_of
from .memory import Memory
from .world import STAFF, WORD, World, html

LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
ROW = re.compile(r'<li class="approval-list__row">(.*?)</li>', re.DOTALL)
NEW, CHANGE, TAKEN_DOWN = "<span>bài mới</span>", "<span>sửa bài đang đăng</span>", "duyệt sẽ đăng lại"
FIRST = ("/admin/", "/admin/approval/mine/")
# Other screens' links, which the crawl of the whole demo follows.
ELSEWHERE = re.compile(
    r"/admin/(help|account|images|documents|logout|staff|alerts|reports|tips|search)|/accounts/"
)


def ask(world: World, memory: Memory) -> None:
    public_is_what_was_approved(world, memory)
    no_text_is_gone(world, memory)
    the_queue_is_true(world, memory)
    every_address_answers(world)
    every_screen_answers(world)


def public_is_what_was_approved(world: World, memory: Memory) -> None:
    for post in world.posts():
        if not post.live:
            continue
        content = content_of(post.serializable_data())
        approved = memory.approved.get(post.pk, [])
        assert content in approved, f"{post.title} is public, and nobody approved this text of it"
        version = len(approved) - 1 - approved[::-1].index(content)
        assert version >= memory.public.get(post.pk, 0), f"{post.title}: an older text is public again"
        memory.public[post.pk] = version
        world.were_public |= set(WORD.findall(" ".join(content)))


def no_text_is_gone(world: World, memory: Memory) -> None:
    texts = [json.dumps(content) for content in Revision.objects.values_list("content", flat=True)]
    there = set(WORD.findall(" ".join(texts)))
    for word, text in world.texts.items():
        assert word in there or text.page in memory.deleted, f"{word} is gone"


def the_queue_is_true(world: World, memory: Memory) -> None:
    page = html(world.get("U", reverse("approval:queue")))
    rows = {}
    for row in ROW.findall(page):
        number = int(re.findall(r'name="page" value="(\d+)"', row)[0])
        assert number not in rows, "listed twice"
        rows[number] = row
    assert set(rows) == {page for page, by in memory.waits.items() if by != "U"}
    for number, row in rows.items():
        post = Page.objects.get(pk=number)
        was_public = number in memory.public
        assert (CHANGE in row) == post.live
        assert (TAKEN_DOWN in row) == (was_public and not post.live)
        assert (NEW in row) == (not was_public)
        waiting = NewsPage.objects.get(pk=number).get_latest_revision_as_object()
        later = waiting.go_live_at is not None and waiting.go_live_at > timezone.now()
        assert ("sẽ hiện ra lúc" in row) == later


def every_address_answers(world: World) -> None:
    """Also those of posts that were taken down. Nobody outside reads what is not public now."""
    live = [post for post in world.posts() if post.live]
    # An address keeps the words of the first title.
    now = {word for post in live for word in [*_words_of(post), *WORD.findall(post.url_path)]}
    addresses = ["/", "/tin-tuc/", "/moi/"]
    addresses += [f"/{slug}/{part}" for slug in ("cam-trung", "cam-due") for part in ("", "tin-tuc/")]
    for post in world.posts():
        addresses.append(post.url or f"/{'/'.join(post.url_path.split('/')[2:])}")
    for address in addresses:
        response = world.public.get(address)
        assert response.status_code < 500, address
        shown = set(WORD.findall(html(response)))
        assert shown <= now, f"{address} shows what is not public: {shown - now}"
    for post in world.posts():
        # A translation may stand below a list that is not public itself.
        if post.live and not post.get_ancestors().filter(live=False).exists():
            assert world.public.get(post.url).status_code == 200, post.url


def _words_of(post: NewsPage) -> set[str]:
    return set(WORD.findall(" ".join(content_of(post.serializable_data()))))


def every_screen_answers(world: World) -> None:
    """The screens of the person whose turn it is, and each link on them: what is offered may be done.

    A screen is opened again when something has changed of what it is about.
    """
    states = {post.pk: _state_of(post) for post in world.posts()}
    name = STAFF[world.turn % len(STAFF)]
    world.turn += 1
    work = tuple(unit.pk for unit in world.units_of(name))
    for screen in [*FIRST, *(url for post in world.posts() for url in _screens_of(post, name))]:
        response = _once(world, name, screen, states, work)
        for link in sorted(_links(response) - world.known_links) if response else []:
            if link.startswith("/") and not ELSEWHERE.match(link):
                _once(world, name, link, states, work, offered=bool(work))


def _state_of(post: NewsPage) -> tuple[Any, ...]:
    """What screens show of a post beside its texts."""
    task = post.current_workflow_task_state
    scheduled = post.scheduled_revision is not None
    return post.latest_revision_id, post.live, post.locked, post.locked_by_id, scheduled, task and task.pk


def _once(
    world: World, name: str, link: str, states: dict[int, Any], work: Any, *, offered: bool = False
) -> Any:
    """The answer; None where nothing has changed since this person was there."""
    about = [states[int(number)] for number in re.findall(r"/(\d+)/", link) if int(number) in states]
    key = (name, link, work, tuple(about) or tuple(states.items()))
    if key in world.visited:
        return None
    world.visited.add(key)
    return _open(world, name, link, offered=offered)


def learn_known_links(world: World) -> None:
    """What stands on a first page before anything is written; the crawl of the whole demo follows it."""
    for name in STAFF:
        for screen in FIRST:
            world.known_links |= _links(_open(world, name, screen))


def _links(response: Any) -> set[str]:
    return {unescape(link) for link in LINK.findall(html(response))}


def _screens_of(post: NewsPage, name: str) -> list[str]:
    own = [sent(post), reverse("wagtailadmin_pages:edit", args=[post.pk])]
    return [*own, review_url(post)] if name == "U" else own


def _open(world: World, name: str, link: str, *, offered: bool = False) -> Any:
    response = world.follow(name, world.get(name, link))
    assert not offered or response.status_code < 400, f"{name} is offered {link}: {response.status_code}"
    return response
