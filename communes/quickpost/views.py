"""Writing a post from a phone, and what becomes of it. The post itself is an ordinary NewsPage.

`write` tells the screen's script in words that the session is over: Wagtail's own guard would redirect it.
"""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import WorkflowState

from home import proofreading
from home.media import UnchangeableFile
from home.proofreading import Passage, in_passage, in_title, no_alt_text, warnings_of
from home.stale import keeps_words, trouble_of
from home.submission import SEEN, SEEN_AT, seen_mark, submit_for_approval
from home.text import one_line

from ..models import NewsPage
from .forms import QuickPostForm
from .photos import MAX_PHOTOS
from .places import Place, places_of
from .posts import (
    MadeBeforeError,
    NotStoredError,
    change_post,
    create_post,
    holds,
    posts_in,
    shows,
    summary_of,
    why_closed,
    words_of,
)
from .texts import script_texts


@keeps_words()
@sensitive_post_parameters()
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The screen and what it sends."""
    if not request.user.is_authenticated and request.method == "POST" and _by_script(request):
        log_in = f"{reverse('account_login')}?next={request.path}"
        return JsonResponse({"message": _("You have been logged out."), "log_in": log_in}, status=401)
    return _write(request, pk)


@require_admin_access
def _write(request: HttpRequest, pk: int | None) -> HttpResponse:
    places = _places(request)
    post = None
    if pk is not None:
        post, places = _own_draft(request, pk, places)
        # What was typed meanwhile is judged by the screen, which gives it back.
        if request.method != "POST" and why_closed(post, request.user):
            return _leads_to(request, reverse("quick_post:sent", args=[pk]))
        if request.method != "POST" and words_of(post) is None:
            return _leads_to(request, reverse("wagtailadmin_pages:edit", args=[pk]))
    return _Screen(request, places, post).response()


class _Screen:
    """One request for the screen: shown, shown again, or taken."""

    def __init__(self, request: HttpRequest, places: list[Place], post: NewsPage | None) -> None:
        self.request, self.places, self.post = request, places, post

    def response(self) -> HttpResponse:
        if self.request.method != "POST":
            warned = self.post is not None and "review" in self.request.GET
            return self._show(self._form(), warnings=warnings_of(self.post) if warned else [])
        if trouble := trouble_of(self.request):
            form = self._form(initial=_typed(self.request))
            return self._show(form, status=trouble.status, message=trouble.to_staff)
        form = self._form(self.request.POST, self.request.FILES)
        return self._take(form) if form.is_valid() else self._show(form, status=422)

    def _form(self, *data: Any, **kwargs: Any) -> QuickPostForm:
        return QuickPostForm(self.places, *data, post=self.post, **kwargs)

    def _take(self, form: QuickPostForm) -> HttpResponse:
        user, place, sent = self.request.user, form.chosen_place, self.request.POST
        try:
            if self.post is not None:
                post = change_post(user, self.post, place, form.words, form.kept, form.new, seen=sent)
            else:
                nonce = str(form.cleaned_data["nonce"])
                post = create_post(user, place, form.words, form.new, nonce)
        except MadeBeforeError as error:
            return self._made_before(form, error.post)
        except UnchangeableFile as error:
            message = _(
                "“%(title)s” is shown by another post, so it cannot be cut anew. Choose the photo again."
            )
            return self._show(form, status=409, message=message % {"title": error.title})
        except NotStoredError as error:
            return self._not_stored(form, error)
        if self.request.POST.get("act") == "draft":
            return _leads_to(self.request, reverse("quick_post:sent", args=[post.pk]))
        if "confirmed" not in self.request.POST and warnings_of(post):
            return _leads_to(self.request, f"{reverse('quick_post:edit', args=[post.pk])}?review=1")
        submit_for_approval(post, user)
        return _leads_to(self.request, reverse("quick_post:sent", args=[post.pk]))

    def _not_stored(self, form: QuickPostForm, error: NotStoredError) -> HttpResponse:
        """A second click ends where the first did; what was changed too late is told and given back."""
        post = error.post
        if holds(post, form.words, form.kept, form.new):
            return self._second_click(post)
        message = f"{error.why} {_('What you changed is not stored, and is still here.')}"
        if why_closed(post, self.request.user):
            return self._show(
                form, status=409, message=message, link=reverse("quick_post:sent", args=[post.pk])
            )
        if words_of(post) is None:
            # Its table or captions would be lost here: the mark stays the old one, and so nothing is stored.
            return self._show(
                form, status=409, message=message, link=reverse("wagtailadmin_pages:edit", args=[post.pk])
            )
        # Told of the newer text, and shown the way to it: what is sent next is sent in view of it.
        return self._show(
            form, status=409, message=message, link=self._newer_text(post), seen=seen_mark(post)
        )

    def _newer_text(self, post: NewsPage) -> str:
        """What was changed since the form was drawn; without its mark, the post as it stands now."""
        sent = self.request.POST.get(SEEN, "")
        if sent.isdecimal() and len(sent) < 19 and post.revisions.filter(pk=sent).exists():
            return reverse("wagtailadmin_pages:revisions_compare", args=[post.pk, sent, "latest"])
        return reverse("quick_post:sent", args=[post.pk])

    def _second_click(self, post: NewsPage) -> HttpResponse:
        if not why_closed(post, self.request.user) and self.request.POST.get("act") != "draft":
            return _leads_to(self.request, f"{reverse('quick_post:edit', args=[post.pk])}?review=1")
        return _leads_to(self.request, reverse("quick_post:sent", args=[post.pk]))

    def _made_before(self, form: QuickPostForm, post: NewsPage) -> HttpResponse:
        """A second click ends where the first did; what was changed since then is given back."""
        latest = post.get_latest_revision_as_object()
        if words_of(latest) == form.words and shows(latest, form.chosen_place, form.new):
            return self._second_click(post)
        waits = why_closed(post, self.request.user)
        message = _("This post has been stored before, without what you changed since. Open it to change it.")
        url = reverse("quick_post:sent" if waits else "quick_post:edit", args=[post.pk])
        return self._show(form, status=409, message=message, link=url)

    def _show(
        self,
        form: QuickPostForm,
        *,
        status: int = 200,
        message: str = "",
        link: str = "",
        seen: dict[str, str] | None = None,
        warnings: Sequence[proofreading.Warning] = (),
    ) -> HttpResponse:
        if _by_script(self.request):
            errors = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
            answer = {"message": message, "errors": errors, "link": link, "csrf": get_token(self.request)}
            return JsonResponse(answer | {"seen": seen or {}}, status=status)
        context = {
            "form": form,
            "post": self.post,
            "reason": _why_sent_back(self.post) if self.post else "",
            "message": message,
            "link": link,
            "seen": seen or self._seen(),
            "warnings": warnings,
            "photos_again": self.request.method == "POST" and bool(self.request.FILES),
            "card": self.post or NewsPage(),
            "texts": script_texts(),
            "max_photos": MAX_PHOTOS,
        }
        return render(self.request, "communes/admin/quickpost/write.html", context, status=status)

    def _seen(self) -> dict[str, str]:
        """The mark of the form: what comes back as it was typed was drawn with the text of before."""
        if self.request.method == "POST":
            return {name: self.request.POST.get(name, "") for name in (SEEN, SEEN_AT)}
        return seen_mark(self.post) if self.post is not None else {}


@require_admin_access
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The summary of a post, and what to look at again in its words before it is sent. Nothing is stored."""
    _places(request)
    title, text = request.POST.get("title", ""), request.POST.get("text", "")
    found = [*in_title(title, _("Title")), *in_passage(Passage(_("Title"), title))]
    found += in_passage(Passage(_("Content of the post"), text))
    for number, alt in enumerate(request.POST.getlist("alt")[:MAX_PHOTOS], start=1):
        where = _("Photo %(number)s") % {"number": number}
        found += in_passage(Passage(where, alt)) if alt.strip() else [no_alt_text(where)]
    summary = summary_of(one_line(title), text)
    return JsonResponse({"warnings": [vars(warning) for warning in found], "summary": summary})


@require_admin_access
@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a post, and what can be done next."""
    post, places = _own_draft(request, pk, _places(request))
    state = post.current_workflow_state
    context = {
        "post": post,
        "approver": places[0].approver,
        "by_colleague": places[0].unit.is_supervising,
        "waits": post.workflow_in_progress,
        "scheduled": not post.live and post.scheduled_revision is not None,
        "why_closed": why_closed(post, request.user),
        "reason": _why_sent_back(post),
        "can_withdraw": post.workflow_in_progress and state.user_can_cancel(request.user),
    }
    return render(request, "communes/admin/quickpost/sent.html", context)


def _why_sent_back(post: NewsPage) -> str:
    """Empty where nobody sent it back."""
    state = post.current_workflow_state
    sent_back = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
    return (state.current_task_state.comment or _("no reason was given")) if sent_back else ""


@require_admin_access
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a post back from approval, to change it. A post that has been decided meanwhile stays as it is."""
    post, _places_of_post = _own_draft(request, pk, _places(request))
    state = post.current_workflow_state
    if post.workflow_in_progress and state.user_can_cancel(request.user):
        state.cancel(user=request.user)
        return redirect("quick_post:edit", pk)
    return redirect("quick_post:sent", pk)


@require_admin_access
@require_safe
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """A live post of one's own unit as link, picture and words, for Zalo. Nothing leaves before a tap."""
    once_live = posts_in(_places(request)).filter(first_published_at__isnull=False)
    post = get_object_or_404(once_live, pk=pk)
    if not post.live:
        messages.warning(request, _("“%(title)s” is not live any more.") % {"title": post.draft_title})
        return redirect("wagtailadmin_home")
    words = "\n".join([post.title, post.summary, post.full_url])
    context = {"post": post, "words": words, "texts": script_texts()}
    return render(request, "communes/admin/quickpost/share.html", context)


def _places(request: HttpRequest) -> list[Place]:
    """Raises Http404 for who writes for no unit."""
    places = places_of(request.user)
    if not places:
        raise Http404
    return places


def _own_draft(request: HttpRequest, pk: int, places: list[Place]) -> tuple[NewsPage, list[Place]]:
    """The user's own post as he last left it, and its place alone. Raises Http404 for every other."""
    post = posts_in(places).filter(pk=pk, owner=request.user).prefetch_workflow_states().first()
    if post is None:
        raise Http404
    place = next(place for place in places if post.path.startswith(place.news.path))
    return (post if post.live else post.get_latest_revision_as_object()), [place]


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _leads_to(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"url": url}) if _by_script(request) else redirect(url)


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, not judged."""
    typed: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("nonce", "place", "title", "text", "kind")
    }
    return typed | {"urgent": "urgent" in request.POST}
