"""The one door besides approval by which a post reaches the public: from a template the unit approved.

Nothing that the user typed goes through it. Callers hand over ids; the text is put together here, from the
template in force and from the choices it allows, and it must be the text that the user has seen.
"""

from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.log_actions import log
from wagtail.models import Page

from communes.models import NewsIndexPage, NewsPage, PlaceList, PostTemplate, Unit, UrgentPost
from communes.models.urgent import Composed
from home.ordering import InVietnamese
from home.tree import live_children

from ..roles import editor_units
from ..tree import page_of
from .forms import FillForm
from .rules import Overtaken


def templates_for(unit: Unit) -> Any:
    """The templates in force that a commune may use: those of the unit above it."""
    return PostTemplate.objects.filter(unit=unit.parent_id, status=PostTemplate.Status.APPROVED).order_by(
        InVietnamese("name"), "pk"
    )


def villages_of(unit: Unit) -> list[str]:
    approved = PlaceList.objects.filter(unit=unit, status=PlaceList.Status.APPROVED).first()
    return approved.choices if approved else []


def fill_form(template: PostTemplate, unit: Unit, data: Any = None) -> FillForm:
    return FillForm(template, villages_of(unit) if template.needs_places else [], data)


def compose(template: PostTemplate, unit: Unit, form: FillForm) -> Composed:
    return template.compose(page_of(unit), form.words)


@transaction.atomic
def publish_from_template(
    *, template_id: int, unit: Unit, choices: Any, user: Any, nonce: UUID, digest: str
) -> UrgentPost:
    """Publish the template filled with `choices` as an ordinary post of the commune, live at once.

    `nonce` and `digest` name the press of the button: the same ones a second time give the same post, another
    text is another post. Raises PermissionDenied to who is no editor of the commune; Overtaken when the
    template is in force no more, a choice is not allowed, or the text is not the one whose `digest` the user
    was shown.
    """
    if unit.is_supervising or not editor_units(user).filter(pk=unit.pk).exists():
        raise PermissionDenied
    template = templates_for(unit).select_for_update().filter(pk=template_id).first()
    press = uuid5(nonce, digest)
    done = UrgentPost.objects.filter(nonce=press).first()
    if done and done.unit_id == unit.pk:
        return done
    form = fill_form(template, unit, choices) if template else None
    if done or template is None or form is None or not form.is_valid():
        raise Overtaken
    composed = compose(template, unit, form)
    if composed.digest != digest:
        raise Overtaken
    page = _new_post(unit, template, composed, user)
    post = UrgentPost.objects.create(page=page, unit=unit, template=template, nonce=press, published_by=user)
    log(page, "communes.urgent_post", user=user, data={"template": template.pk})
    return post


def _new_post(unit: Unit, template: PostTemplate, composed: Composed, user: Any) -> NewsPage:
    index = live_children(NewsIndexPage, page_of(unit)).get()
    # Two at once would take the same place in the tree.
    Page.objects.select_for_update().get(pk=index.pk)
    index.refresh_from_db()
    page = NewsPage(
        title=composed.title,
        summary=composed.summary,
        body=composed.body,
        kind=template.kind,
        urgent=True,
        owner=user,
        live=False,
    )
    index.add_child(instance=page)
    revision = page.save_revision(user=user, log_action="wagtail.create")
    PublishRevisionAction(revision, user=user).execute(skip_permission_checks=True)
    return NewsPage.objects.get(pk=page.pk)
