"""Three people and the clock, in any order: what each may do next. After each step `invariants` are asked."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from wagtail.models import Page

from communes.lifecycle.opening import open_commune
from communes.models import NewsPage
from home.submission import submit_for_approval
from tests.communes.posts import review_url

from . import invariants
from .forms import Form, full_data, full_form, hidden_fields, in_form, latest, quick_data, quick_form
from .memory import Memory
from .world import APPROVERS, EDITORS, STAFF, SUPERUSER, World, html

which = st.integers(0, 5)
hours = st.sampled_from([0, 0, 0, 2])
writers = st.sampled_from(STAFF)
everybody = st.sampled_from([*STAFF, SUPERUSER])
communes = st.integers(0, 1)
somebody = st.sampled_from(["author", "author", *STAFF])
approvers = st.sampled_from(APPROVERS)
actions = st.sampled_from(["", "submit", "submit", "approve"])
some_post = precondition(lambda machine: bool(machine.world.posts()))
some_wait = precondition(lambda machine: bool(machine.memory.waits))


def editor_of(page: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page])


class Editors(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.memory = Memory(self.world)
        # Forms that are open in somebody's browser.
        self.drafts: list[Form] = []
        self.reviews: list[Form] = []

    def teardown(self) -> None:
        self.world.close()

    @initialize(together=st.booleans(), submits=st.booleans())
    def work_begins(self, together: bool, submits: bool) -> None:
        own, other = self.world.communes
        self.world.let_work("A", own)
        self.world.let_work("B", own if together else other)
        invariants.learn_known_links(self.world)
        self._write("A", submits)

    @invariant()
    def all_is_well(self) -> None:
        invariants.ask(self.world, self.memory)

    # Writing

    @rule(name=writers, submits=st.booleans())
    def write_quickly(self, name: str, submits: bool) -> None:
        self._write(name, submits)

    def _write(self, name: str, submits: bool) -> None:
        form = quick_form(self.world, name)
        if form:
            self._send(form, "submit" if submits else "")

    @rule(name=writers, submits=st.booleans(), appears=hours, goes=hours, everywhere=st.booleans())
    def write_in_full(self, name: str, submits: bool, appears: int, goes: int, everywhere: bool) -> None:
        for unit in self.world.units_of(name)[:1]:
            news = self.world.news_of(unit)
            form = news and full_form(
                self.world, name, reverse("wagtailadmin_pages:add", args=["communes", "newspage", news.pk])
            )
            if form:
                shared = {"everywhere": "on"} if everywhere else {}
                self._send(form, "submit" if submits else "", **self._hours(appears, 2 * goes), **shared)

    @some_post
    @rule(name=somebody, which=which, in_full=st.booleans())
    def open_to_change(self, name: str, which: int, in_full: bool) -> None:
        """The form stays open; it is sent by another step."""
        form = self._form(name, self._post(which), in_full)
        if form:
            self.drafts.append(form)

    @precondition(lambda machine: bool(machine.drafts))
    @rule(which=which, action=actions, appears=hours)
    def send_what_is_open(self, which: int, action: str, appears: int) -> None:
        form = self.drafts.pop(which % len(self.drafts))
        self._send(form, action, **self._hours(appears, 0))

    @some_post
    @rule(name=somebody, which=which, in_full=st.booleans(), action=actions, appears=hours)
    def change(self, name: str, which: int, in_full: bool, action: str, appears: int) -> None:
        form = self._form(name, self._post(which), in_full)
        if form:
            self._send(form, action, **self._hours(appears, 0))

    def _form(self, name: str, post: NewsPage, in_full: bool) -> Form | None:
        if post.locale_id == self.world.english.pk:
            return None  # wagtail-localize has an editor of its own
        if name == "author":
            name = self.world.name_of(post.owner)
        if in_full:
            return full_form(self.world, name, editor_of(post.pk), post)
        return quick_form(self.world, name, post)

    def _send(self, form: Form, action: str, **values: Any) -> None:
        word = self.world.new_word()
        if form.is_quick:
            data = quick_data(form, word, "submit" if action == "submit" else "draft")
        else:
            data = full_data(form, word, action, **values)
        before = self.memory.decisions_on(form.page)
        response = self.world.post(form.name, form.url, data)
        post = self.memory.took(form, word, response)
        if post is None:
            return
        if action == "submit":
            self.memory.waits[post.pk] = form.name
        if action == "approve" and self.memory.decisions_on(post.pk) > before:
            # What he read is what he typed.
            self.memory.approves(post.pk, latest(post.pk))

    # Waiting, and deciding

    @some_wait
    @rule(which=which, in_full=st.booleans())
    def withdraw(self, which: int, in_full: bool) -> None:
        """By who submitted it, if he still works there."""
        page, name = self._waiting(which)
        if in_full:
            form = self._form(name, NewsPage.objects.get(pk=page), in_full=True)
            if form:
                self.world.post(name, form.url, full_data(form, self.world.new_word(), "cancel-workflow"))
        else:
            self.world.post(name, reverse("quick_post:withdraw", args=[page]), {})
        state = Page.objects.get(pk=page).current_workflow_state
        if state is None:
            del self.memory.waits[page]

    @some_wait
    @rule(which=which)
    def read(self, which: int) -> None:
        """The review stays open; it is decided by another step."""
        page, by = self._waiting(which)
        name, post = SUPERUSER if by == "U" else "U", Page.objects.get(pk=page)
        response = self.world.get(name, review_url(post))
        assert response.status_code == 200, f"{by} submitted it, and {name} cannot read it"
        assert latest(page)["title"] in html(response)
        fields = hidden_fields(html(response), 'id="decide"')
        self.reviews.append(Form(name, review_url(post), page, latest(page), fields))

    @precondition(lambda machine: bool(machine.reviews))
    @rule(which=which, approves=st.booleans())
    def decide(self, which: int, approves: bool) -> None:
        form = self.reviews.pop(which % len(self.reviews))
        before = self.memory.decisions_on(form.page)
        word = self.world.new_word()
        data = {"act": "approve"} if approves else {"act": "return", "words": f"Sửa {word}."}
        response = self.world.post(form.name, form.url, {**form.fields, **data})
        if self.memory.decisions_on(form.page) == before:
            assert approves or word in html(self.world.follow(form.name, response)), "the reason is gone"
            return
        assert response.status_code == 302
        if approves:
            self.memory.approves(form.page, form.shown)
        else:
            del self.memory.waits[form.page]

    @rule(name=approvers)
    def approve_several(self, name: str) -> None:
        """All that wait, ticked in the list, read together and approved."""
        pages = [page for page, by in self.memory.waits.items() if by != name]
        query = "&".join(f"page={page}" for page in pages)
        response = self.world.get(name, f"{reverse('approval:several')}?{query}")
        if response.status_code != 200:
            return
        shown = {page: latest(page) for page in pages}
        before = {page: self.memory.decisions_on(page) for page in pages}
        rows = {row.page.pk: row for row in response.context["rows"]}
        assert sorted(rows) == sorted(pages)
        marks = [f"{row.state.pk}:{row.seen}" for row in rows.values()]
        self.world.post(name, reverse("approval:several"), {"seen": marks})
        for page, row in rows.items():
            if self.memory.decisions_on(page) > before[page]:
                self.memory.approves(page, shown[page])
            else:
                assert row.question, "ticked, and not approved"

    # What else happens

    @some_post
    @rule(what=st.sampled_from(["unpublish", "delete", "lock", "unlock"]), name=everybody, which=which)
    def press(self, what: str, name: str, which: int) -> None:
        """A button of Wagtail's, whoever presses it."""
        before = {post.pk for post in self.world.posts()}
        page = self._post(which).pk
        self.world.post(name, reverse(f"wagtailadmin_pages:{what}", args=[page]), {})
        gone = before - {post.pk for post in self.world.posts()}
        assert not gone or what == "delete"
        self.memory.deleted |= gone
        self.memory.waits = {page: by for page, by in self.memory.waits.items() if page not in gone}

    @some_post
    @rule(which=which)
    def cancel_the_hour(self, which: int) -> None:
        for revision in self._post(which).revisions.exclude(approved_go_live_at=None):
            url = reverse("wagtailadmin_pages:revisions_unschedule", args=[revision.object_id, revision.pk])
            self.world.post("U", url, {})

    @some_post
    @rule(which=which)
    def translate(self, which: int) -> None:
        post, user = self._post(which), self.world.users[SUPERUSER]
        url = reverse("wagtail_localize:submit_page_translation", args=[post.pk])
        self.world.post(SUPERUSER, url, {"locales": [self.world.english.pk]})
        made = NewsPage.objects.filter(translation_key=post.translation_key, locale=self.world.english)
        for page in made.exclude(pk__in=self.memory.waits):
            submit_for_approval(page, user)
            self.memory.waits[page.pk] = SUPERUSER

    @some_post
    @rule(by=st.sampled_from([1, 3, 30]))
    def time_passes(self, by: int) -> None:
        """By the hour, so that what appears and goes down in between has been public."""
        for _hour in range(by):
            self.world.an_hour_passes()
            invariants.public_is_what_was_approved(self.world, self.memory)
        self.world.log_all_in()

    @some_post
    @rule(name=st.sampled_from(EDITORS), there=communes)
    def move(self, name: str, there: int) -> None:
        commune = self.world.communes[there]
        commune.refresh_from_db()
        if commune.active:
            self.world.let_work(name, commune)

    @some_post
    @rule(there=communes)
    def close_or_open_again(self, there: int) -> None:
        """An open commune closes; a closed one opens, and somebody begins to work there."""
        commune = self.world.communes[there]
        commune.refresh_from_db()
        if not commune.active:
            open_commune(parent=self.world.unit, kind=commune.kind, name=commune.name, phone="0239 000 0113")
            commune.refresh_from_db()
            self.world.let_work(EDITORS[there], commune)
            return
        inside = self.world.below(commune)
        response = self.world.post("U", reverse("staff:close", args=[commune.pk]), {"sure": "on"})
        assert response.status_code == 200
        self.memory.waits = {page: by for page, by in self.memory.waits.items() if page not in inside}
        self.world.log_all_in()

    # Helpers

    def _waiting(self, which: int) -> tuple[int, str]:
        waits = list(self.memory.waits.items())
        return waits[which % len(waits)]

    def _post(self, which: int) -> NewsPage:
        posts = self.world.posts()
        return posts[-1 - which % len(posts)]

    def _hours(self, appears: int, goes: int) -> dict[str, str]:
        now = self.world.now()
        moments = {"go_live_at": appears, "expire_at": goes}
        return {name: in_form(now + timedelta(hours=by) if by else None) for name, by in moments.items()}
