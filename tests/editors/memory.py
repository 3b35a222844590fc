"""What has to be true, kept apart from the portal's own tables: by what its screens showed and answered."""

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Revision, TaskState

from communes.models import NewsPage

from .forms import Content, Form, content_of
from .world import World, words_in


@dataclass
class Memory:
    world: World
    # Of each page that waits for approval, who submitted it.
    waits: dict[int, str] = field(default_factory=dict)
    # What was approved of each page, in that order; and which of these was public last.
    approved: dict[int, list[Content]] = field(default_factory=dict)
    public: dict[int, int] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)

    def took(self, form: Form, word: str, response: Any) -> NewsPage | None:
        """The post where what was typed is stored now; None if it was not, and comes back in the answer."""
        post = stored(word)
        if post is None:
            # To whom the post is not shown any more, nothing of it is: neither is the form that he had open.
            came_back = word in words_in(response) or not self.world.may_still_write(form.name, form.page)
            assert came_back, f"{response.status_code}: what {form.name} typed is gone"
            return None
        assert response.status_code == 302, "stored, and the screen says that it is not"
        assert form.page in (None, post.pk)
        if form.shown:
            before = post.revisions.exclude(pk=post.latest_revision_id).latest("pk")
            assert content_of(before.content) == content_of(form.shown), (
                "an older form wrote over a newer text"
            )
        self.world.texts[word] = self.world.written_in(post, form.name)
        return post

    def approves(self, page: int, shown: dict[str, Any]) -> None:
        """What was shown is approved: at once it is public, if no hour was set for it."""
        del self.waits[page]
        self.approved.setdefault(page, []).append(content_of(shown))

    @staticmethod
    def decisions_on(page: int | None) -> int:
        decided = [TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED]
        return TaskState.objects.filter(workflow_state__object_id=str(page), status__in=decided).count()


def stored(word: str) -> NewsPage | None:
    """The post of which a revision has this word."""
    found = Revision.objects.filter(content__icontains=word).order_by("-pk").first()
    return NewsPage.objects.filter(pk=found.object_id).first() if found else None
