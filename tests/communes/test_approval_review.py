"""One waiting post on the screen: what it shows, and that exactly this is decided, once, by who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from communes.models import CommunePage, ReturnReason, Unit
from tests.communes.posts import (
    decide,
    drawn_now,
    is_live,
    logged_in,
    news_of,
    review_url,
    seen_in,
    state_of,
    submitted,
    text_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(editor: Any, commune: CommunePage) -> Any:
    return submitted(editor, commune, "Giả danh chủ máy gặt")


def test_a_new_post_is_previewed_and_approving_it_opens_the_next(
    post: Any, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    following = submitted(editor, commune, "Bài sau đó")
    client = logged_in(unit_editor)
    page = text_of(client.get(review_url(post)))
    preview = reverse("wagtailadmin_pages:revisions_view", args=[post.pk, post.latest_revision_id])
    assert f'src="{preview}"' in page
    assert "sandbox=" in page
    assert "bài mới" in page
    assert "2 bài đang chờ" in page
    shown = client.get(preview)
    assert "Giả danh chủ máy gặt" in text_of(shown)
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "script-src 'self';" in shown.headers["Content-Security-Policy"] + ";"
    assert decide(client, post).url == review_url(following)
    assert is_live(post)
    assert PageLogEntry.objects.filter(
        page=post.pk, action="wagtail.workflow.approve", user=unit_editor
    ).exists()


def test_the_form_has_an_address_without_the_part_of_the_page_that_was_opened(
    post: Any, unit_editor: Any
) -> None:
    """A form without one is sent to "…#send-back", which the browser keeps for the page it is led to."""
    client = logged_in(unit_editor)
    for query in ("", "?commune=1"):
        url = review_url(post, query)
        assert f'<form method="post" action="{url}" id="decide"' in text_of(client.get(url))


def test_a_change_of_a_live_post_is_compared_with_what_the_public_reads(
    post: Any, editor: Any, unit_editor: Any
) -> None:
    client = logged_in(unit_editor)
    decide(client, post)
    post = Page.objects.get(pk=post.pk).specific
    post.summary = "Một câu khác hẳn."
    post.save_revision(user=editor)
    post.get_workflow().start(post, editor)
    page = text_of(client.get(review_url(post)))
    assert "So với bản bà con đang đọc" in page
    assert '<span class="addition">' in page
    assert "Tóm tắt" in page


def test_a_post_goes_back_with_a_reason_of_the_list_and_own_words_and_comes_again_compared(
    post: Any, editor: Any, unit_editor: Any, unit: Unit
) -> None:
    reason = unit.return_reasons.first()
    client = logged_in(unit_editor)
    assert reason.text in text_of(client.get(review_url(post)))
    decide(client, post, "return", reason=reason.pk, words="Thêm số của trực ban.")
    assert state_of(post).comment == f"{reason.text}\nThêm số của trực ban."
    author = logged_in(editor)
    for url in (reverse("wagtailadmin_home"), reverse("wagtailadmin_pages:edit", args=[post.pk])):
        assert "Thêm số của trực ban." in text_of(author.get(url))
    post = Page.objects.get(pk=post.pk).specific
    post.summary = "Gọi trực ban 0239 000 0113."
    post.save_revision(user=editor)
    post.current_workflow_state.resume(editor)
    page = text_of(client.get(review_url(post)))
    assert "So với bản đã trả lại" in page
    assert "Thêm số của trực ban." in page
    assert "0239 000 0113" in page


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_sending_back_needs_a_reason_of_readable_length_and_keeps_what_was_typed(
    words: str, post: Any, unit_editor: Any
) -> None:
    response = decide(logged_in(unit_editor), post, "return", words=words)
    assert response.status_code == 422
    assert 'role="alert"' in text_of(response)
    assert words.strip() in text_of(response)
    assert state_of(post).status == "in_progress"


def test_another_units_reason_is_refused(post: Any, unit_editor: Any) -> None:
    foreign = ReturnReason.objects.create(
        unit=Unit.objects.create(kind="huyen", name="Khác"), text="Lý do lạ"
    )
    for reason in (foreign.pk, 999999, "abc", "9" * 40, "\x00"):
        response = decide(logged_in(unit_editor), post, "return", reason=reason)
        assert response.status_code == 422
        assert "Lý do lạ" not in text_of(response)
    assert state_of(post).status == "in_progress"


def test_what_changed_since_it_was_opened_is_shown_anew_and_not_approved(
    post: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    post.summary = "Đã bị đổi."
    post.save_revision(user=second_unit_editor)
    response = client.post(review_url(post), {"act": "approve", "seen": seen})
    assert response.status_code == 409
    assert "đã được sửa trong lúc đang xem" in text_of(response)
    assert not is_live(post)
    client.post(review_url(post), {"act": "approve", "seen": seen_in(response)})
    assert is_live(post)


def test_a_text_that_autosave_wrote_over_is_another_text(
    post: Any, unit_editor: Any, second_unit_editor: Any
) -> None:
    post.save_revision(user=second_unit_editor)
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    post.summary = "Viết đè."
    post.save_revision(user=second_unit_editor, overwrite_revision=post.latest_revision)
    assert client.post(review_url(post), {"act": "approve", "seen": seen}).status_code == 409
    assert not is_live(post)


@pytest.mark.parametrize("seen", ["", "x", "1", "999999999999999999999-1.0", "\x00"])
def test_without_having_seen_the_text_nothing_is_approved(seen: str, post: Any, unit_editor: Any) -> None:
    response = logged_in(unit_editor).post(review_url(post), {"act": "approve", "seen": seen})
    assert response.status_code == 409
    assert not is_live(post)


def test_a_second_click_approves_once(post: Any, unit_editor: Any) -> None:
    client = logged_in(unit_editor)
    seen = seen_in(client.get(review_url(post)))
    for _click in range(2):
        assert client.post(review_url(post), {"act": "approve", "seen": seen}).status_code == 302
    assert PageLogEntry.objects.filter(page=post.pk, action="wagtail.workflow.approve").count() == 1


def test_correcting_in_the_editor_and_approving_leads_to_the_next_and_is_logged(
    post: Any, unit_editor: Any
) -> None:
    client = logged_in(unit_editor)
    following = f"{reverse('approval:next')}"
    edit = reverse("wagtailadmin_pages:edit", args=[post.pk])
    assert f'href="{edit}?next=' in text_of(client.get(review_url(post)))
    from tests.communes.test_approval import post_data

    data = {
        **post_data("workflow-action", title="Sửa rồi duyệt"),
        "workflow-action-name": "approve",
        "next": following,
        **drawn_now(post),
    }
    response = client.post(f"{edit}?next={following}", data)
    assert response.url.startswith(following)
    assert Page.objects.get(pk=post.pk).title == "Sửa rồi duyệt"
    actions = PageLogEntry.objects.filter(page=post.pk, user=unit_editor).values_list("action", flat=True)
    assert {"wagtail.edit", "wagtail.workflow.approve"} <= set(actions)


def test_a_scheduled_post_says_when_it_will_appear(
    editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    when = timezone.localtime(timezone.now() + timedelta(days=2))
    post = submitted(editor, commune, "Bài hẹn giờ", go_live_at=when)
    client = logged_in(unit_editor)
    assert f"bài sẽ hiện ra lúc {when:%H:%M %d/%m/%Y}" in text_of(client.get(review_url(post)))
    decide(client, post)
    assert not is_live(post)
    own = text_of(logged_in(editor).get(reverse("approval:mine")))
    assert f"sẽ hiện ra lúc {when:%H:%M %d/%m/%Y}" in own


def test_what_is_not_waiting_any_more_is_said_and_the_next_opens(
    post: Any, editor: Any, unit_editor: Any, commune: CommunePage
) -> None:
    following = submitted(editor, commune, "Bài sau đó")
    post.current_workflow_state.cancel(user=editor)
    response = logged_in(unit_editor).get(review_url(post))
    assert response.url == review_url(following, f"?skip={post.pk}")
    told = text_of(logged_in(unit_editor).get(review_url(post), follow=True))
    assert "không còn chờ duyệt nữa" in told


def test_with_a_stale_token_the_reason_comes_back_as_it_was_typed(post: Any, unit_editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(unit_editor)
    data = {"act": "return", "words": "Viết dở một câu dài", "seen": "x", "csrfmiddlewaretoken": "cũ"}
    response = client.post(review_url(post), data)
    assert response.status_code == 403
    assert "Viết dở một câu dài" in text_of(response)
    assert state_of(post).status == "in_progress"


def test_a_mail_server_that_does_not_answer_stops_no_approval(
    post: Any, unit_editor: Any, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    post.owner.email = "bientap@example.invalid"
    post.owner.save()
    decide(logged_in(unit_editor), post)
    assert is_live(post)


@pytest.mark.parametrize(
    ("who", "listed", "decided"),
    [
        ("editor", 404, False),
        ("other_editor", 404, False),
        ("officer", 404, False),
        ("unit_editor", 200, True),
        ("superuser", 200, True),
        (None, 302, False),
    ],
)
def test_who_sees_the_queue_and_decides(
    who: str | None,
    listed: int,
    decided: bool,
    request: pytest.FixtureRequest,
    post: Any,
    second_unit_editor: Any,
) -> None:
    client = logged_in(request.getfixturevalue(who)) if who else Client()
    seen = seen_in(logged_in(second_unit_editor).get(review_url(post)))
    queue, several = reverse("approval:queue"), reverse("approval:several")
    pages = [
        client.get(queue),
        client.get(review_url(post)),
        client.get(several, {"page": post.pk}),
        client.post(several, {"seen": f"{state_of(post).pk}:1-1.0"}, follow=False),
    ]
    assert [page.status_code for page in pages[:3]] == [listed] * 3
    assert ("Giả danh" in "".join(text_of(page) for page in pages)) is decided
    assert not is_live(post)
    assert client.get(reverse("approval:next")).status_code == (404 if listed == 404 else 302)
    client.post(review_url(post), {"act": "approve", "seen": seen})
    assert is_live(post) is decided


@pytest.mark.parametrize("who", ["unit_editor", "superuser"])
def test_nobody_decides_what_he_submitted_himself(
    who: str, request: pytest.FixtureRequest, commune: CommunePage, second_unit_editor: Any
) -> None:
    user = request.getfixturevalue(who)
    own = submitted(user, commune, "Bài tự gửi")
    client = logged_in(user)
    seen = seen_in(logged_in(second_unit_editor).get(review_url(own)))
    assert "Bài tự gửi" not in text_of(client.get(reverse("approval:queue")))
    for act in ("approve", "return"):
        response = client.post(review_url(own), {"act": act, "seen": seen, "words": "x"}, follow=True)
        assert "do chính mình gửi duyệt" in text_of(response)
    client.post(reverse("approval:several"), {"seen": f"{state_of(own).pk}:{seen}"})
    assert state_of(own).status == "in_progress"


@pytest.mark.parametrize("page_id", [0, 999999, 10**30])
def test_an_address_of_nothing_is_not_found(page_id: int, unit_editor: Any, commune: CommunePage) -> None:
    client = logged_in(unit_editor)
    url = reverse("approval:review", args=[page_id])
    assert client.get(url).status_code == 404
    assert client.post(url, {"act": "approve"}).status_code == 404
    assert client.get(review_url(news_of(commune))).status_code == 302
