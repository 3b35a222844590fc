"""Everything that an address of the admin can name, made once: canaries in every text, and who is who.

None of the canaries is public: a page that shows one shows what is not meant for everybody.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import Collection, CollectionViewRestriction, Comment, Locale, Page, Site, UploadedFile
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from communes.approval.queue import mark
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, Membership, NewsIndexPage, NewsPage, User
from home.submission import seen_mark
from home.tree import live_children
from portal.handbook import parts as handbook_parts
from tests.tipform.conftest import attachment, photo
from tests.tipform.officers import ensure_unit_key, unlocked
from tipform.box.receiving import Submission, submit
from tipform.kinds import ANSWERS
from tipform.models import Category, Tip

from . import screens

# The letters of the table's first column.
ROLES = {
    "E": "editor of the commune",
    "X": "editor and tip officer of another commune",
    "O": "tip officer of the commune",
    "U": "editor of the unit above",
    "V": "editor of another unit",
    "A": "anonymous visitor",
    "S": "superuser",
}
# The canary of xã Cẩm Trung, of the unit itself, of a tip to xã Cẩm Trung, and who may ever read it.
READERS = {"qzxvkjw": "EUS", "wvjqkzf": "US", "kxpwvqz": "O"}
CANARIES = tuple(READERS)


@dataclass
class World:
    clients: dict[str, Client]
    # What stands for {name} in the table.
    names: dict[str, Any]


def post_data(action: str = "", **values: Any) -> dict[str, Any]:
    """What the editor sends for a post."""
    data = {
        "title": "Qzxvkjwtitle",
        "kind": "warning",
        "summary": "Qzxvkjwsummary",
        "image": "",
        "image_alt": "",
        "body": streamfield([("paragraph", rich_text("<p>Qzxvkjwbody</p>"))]),
        "date": "23/11/2026",
        "author": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        **values,
    }
    return {**nested_form_data(data), **({f"action-{action}": "1"} if action else {})}


def _write(client: Client, index: Page, action: str = "", **values: Any) -> NewsPage:
    url = reverse("wagtailadmin_pages:add", args=["communes", "newspage", index.pk])
    response = client.post(url, post_data(action, **values))
    assert response.status_code == 302, response.context["form"].errors
    return NewsPage.objects.latest("pk")


def _edit(client: Client, page: Page, action: str = "", **values: Any) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert client.post(url, post_data(action, **values) | seen_mark(page)).status_code == 302


def _decide(client: Client, page: Page, action: str, comment: str = "") -> None:
    url = reverse("approval:review", args=[page.pk])
    data = {"act": action, "words": comment, "seen": mark(Page.objects.get(pk=page.pk).latest_revision)}
    assert client.post(url, data).status_code == 302


def _logged_in(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def _staff(username: str, unit: Any, role: str, name: str = "") -> User:
    user = User.objects.create_user(username, password=secrets.token_hex(), first_name=name, email="")
    Membership.objects.create(user=user, unit=unit, role=role)
    return user


def _seen_marks(**pages: Page) -> dict[str, str]:
    """What a form of each page says of the text with which it was drawn."""
    marks = {name: seen_mark(page) for name, page in pages.items()}
    return {f"{name}_{field}": value for name, mark in marks.items() for field, value in mark.items()}


def _news(page: Page) -> NewsIndexPage:
    return live_children(NewsIndexPage, page).get()


def build() -> World:
    unit, home = open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")
    other_unit, _home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh")
    own, other = (
        CommunePage.objects.get(
            unit=open_commune(parent=unit, kind="xã", name=name, phone="0239 000 0113").unit
        )
        for name in ("Cẩm Trung", "Cẩm Duệ")
    )
    # Who wrote it all; the roles' own names, which they see everywhere, are plain.
    author = _staff("qzxvkjwtacgia", own.unit, "editor", "Qzxvkjwauthor Lan")
    users = {
        "E": _staff("bientap", own.unit, "editor"),
        "X": _staff("khac", other.unit, "editor"),
        "O": _staff("truc", own.unit, "officer"),
        "U": _staff("huyen", unit, "editor"),
        "V": _staff("huyen-khac", other_unit, "editor"),
        "S": User.objects.create_superuser("quantri"),
    }
    Membership.objects.create(user=users["X"], unit=other.unit, role="officer")
    E, U, S = (_logged_in(user) for user in (author, users["U"], users["S"]))
    news = _news(own)
    post = _write(E, news, "submit", title="Đã đăng", body=streamfield([]), summary="Ai cũng đọc được")
    _decide(U, post, "approve")
    earlier = _write(E, news, "submit", title="Qzxvkjwback")
    _decide(U, earlier, "reject", "Qzxvkjwreason")
    _edit(E, post, title="Qzxvkjwtitle nháp")
    draft = _write(E, news)
    _edit(E, draft, title="Qzxvkjwdraft nháp", slug="nhap")
    scheduled = _write(E, news, title="Qzxvkjwscheduled")
    waiting = _write(E, news, "submit", title="Qzxvkjwwaiting")
    unit_draft = _write(S, _news(home), title="Wvjqkzftitle", summary="Wvjqkzfsummary", body=streamfield([]))
    unit_waiting = _write(
        S, _news(home), "submit", title="Wvjqkzfwaiting", summary="Wvjqkzfsummary", body=streamfield([])
    )
    waiting = Page.objects.get(pk=waiting.pk)
    state = waiting.current_workflow_task_state
    gone = _staff("qzxvkjwdachuyen", own.unit, "editor")
    left_behind = _write(_logged_in(gone), news, title="Qzxvkjwleft")
    gone.memberships.get().delete()
    comment = Comment.objects.create(
        page=draft, user=author, text="Qzxvkjwcomment", contentpath="title", position=""
    )
    collection = Collection.objects.get(name=own.unit.qualified_name)
    # No shared list may tell the others' collections apart by name.
    collection.name = "Qzxvkjwcollection"
    collection.save()
    # Quick posts find it by its name.
    Collection.get_first_root_node().add_child(name=own.unit.qualified_name)
    image = get_image_model().objects.create(
        title="Qzxvkjwimage",
        file=get_test_image_file(filename="qzxvkjwimage.png"),
        collection=collection,
        uploaded_by_user=author,
    )
    document = get_document_model().objects.create(
        title="Qzxvkjwdocument",
        file=ContentFile(b"%PDF-1.4", name="qzxvkjwdocument.pdf"),
        collection=collection,
        uploaded_by_user=author,
    )
    for upload in (image, document):
        log(upload, "wagtail.create", user=author)
    uploads = {
        f"upload_{kind}": UploadedFile.objects.create(
            for_content_type=None, uploaded_by_user=author, file=ContentFile(b"x", name=f"qzxvkjw.{kind}")
        ).pk
        for kind in ("png", "pdf")
    }
    english = Locale.objects.get_or_create(language_code="en")[0]
    source, _made = TranslationSource.get_or_create_from_instance(draft)
    source.update_from_db()
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target(user=users["S"], publish=False)
    segment = StringSegment.objects.filter(source=source).first()
    if segment is not None:
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=english,
            context=segment.context,
            data="Qzxvkjwtranslation",
            last_translated_by=author,
        )
    for commune in (own, other):
        ensure_unit_key(commune.unit)
    submit(
        own.unit,
        Submission(
            kind="tip",
            category=Category.objects.order_by("pk").first(),
            answers={**{name: f"Kxpwvqz{name}" for name in ANSWERS}, "phone": "0900000001"},
            attachments=[attachment(photo(), "kxpwvqzfile.jpg")],
        ),
        secrets.token_bytes(16),
    )
    tip = Tip.objects.latest("pk")
    session = EditingSession.objects.create(
        user=author, content_object=draft, last_seen_at="2026-11-23T00:00:00Z"
    )
    names = {
        "home": home.pk,
        "commune": own.pk,
        "news": news.pk,
        "other_news": _news(other).pk,
        "post": post.pk,
        "draft": draft.pk,
        "scheduled": scheduled.pk,
        "waiting": waiting.pk,
        "back": earlier.pk,
        "left_behind": left_behind.pk,
        "unit_draft": unit_draft.pk,
        "unit_waiting": unit_waiting.pk,
        "revision": draft.revisions.earliest("pk").pk,
        "latest": draft.revisions.latest("pk").pk,
        "task": state.task_id,
        "task_state": state.pk,
        "unit_task_state": Page.objects.get(pk=unit_waiting.pk).current_workflow_task_state.pk,
        "workflow": state.workflow_state.workflow_id,
        "workflow_state": state.workflow_state_id,
        "comment": comment.pk,
        "collection": collection.pk,
        "image": image.pk,
        "document": document.pk,
        "document_name": document.filename,
        **uploads,
        "user": author.pk,
        "group": author.groups.get().pk,
        "locale": english.pk,
        "site": Site.objects.get(root_page=home).pk,
        "redirect": Redirect.objects.create(old_path="/qzxvkjw-old", redirect_page=draft).pk,
        "restriction": CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="password", password="qzxvkjw"
        ).pk,
        "source": source.pk,
        "translation": translation.pk,
        "segment": segment.pk if segment else 0,
        "tip": tip.uuid,
        "part": tip.parts.exclude(label="message").latest("pk").uuid,
        "category": tip.category_id,
        "session": session.pk,
        "unit": unit.pk,
        "commune_unit": own.unit_id,
        "other_unit": other.unit.uuid,
        "seen": mark(waiting.latest_revision),
        **_seen_marks(post=post, draft=draft, waiting=waiting, unit_draft=unit_draft),
        "handbook": handbook_parts()[0].slug,
        **(quick := screens.quick_posts(_logged_in(users["E"]))),
        **_seen_marks(quick=Page.objects.get(pk=quick["quick"])),
        **screens.alerts(unit, own.unit, author, scheduled),
        **screens.staff(own.unit, unit, author),
        **screens.keys(_staff("cho", own.unit, "officer")),
        **screens.duty(own.unit, users["O"]),
        **screens.bell(users["O"]),
    }
    # New sessions: the old ones hold messages about what was written.
    clients = {role: _logged_in(users.get(role)) for role in ROLES}
    # Keys are opened by the password, at the log-in.
    return World(clients | {role: unlocked(users[role]) for role in "OX"}, names)
