"""What each role posts to an address: what its form sends. An address that is not here gets PLAUSIBLE."""

from datetime import date, timedelta
from typing import Any

from wagtail.test.utils.form_data import rich_text, streamfield

from communes.notices.reasons import registered
from home.submission import SEEN, SEEN_AT

from .world import post_data

PLAUSIBLE: dict[str, Any] = {"title": "Chiếm", "name": "Chiếm", "comment": "Chiếm", "confirm": "1"}


def formset(prefix: str) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def seen(page: str) -> dict[str, str]:
    """The mark of the text with which a form of this page was drawn."""
    return {name: f"<{page}_{name}>" for name in (SEEN, SEEN_AT)}


NONCE = "6f1c3c9e-3f1d-4a53-9a37-0f7d2b1f6c11"
QUICK = {"nonce": NONCE, "title": "Chiếm", "text": "Chiếm", "kind": "notice", "act": "draft"}
ALERT = {
    "level": "notice",
    "text": "Chiếm",
    "link": "",
    "starts_at": f"{date.today()}T00:00",
    "ends_at": f"{date.today() + timedelta(days=2)}T00:00",
}

# In one's own words: whoever may not store them gets them back, and reads nothing else.
TEXT = post_data(title="Chiếm", summary="Chiếm", body=streamfield([("paragraph", rich_text("<p>Chiếm</p>"))]))
PAGE = "/admin/pages"
POSTS: dict[str, dict[str, Any]] = {
    f"{PAGE}/{{draft}}/edit/": {**TEXT, **seen("draft")},
    f"{PAGE}/{{post}}/edit/": {**TEXT, **seen("post")},
    f"{PAGE}/{{waiting}}/edit/": {**TEXT, **seen("waiting")},
    f"{PAGE}/{{unit_draft}}/edit/": {**TEXT, **seen("unit_draft")},
    f"{PAGE}/{{draft}}/edit/preview/": TEXT,
    f"{PAGE}/{{draft}}/copy/": {
        "new_title": "Chiếm",
        "new_slug": "chiem",
        "new_parent_page": "<news>",
        "alias": "",
    },
    f"{PAGE}/{{draft}}/privacy/": {"restriction_type": "login", "password": ""},
    f"{PAGE}/add/communes/newspage/{{news}}/": TEXT,
    f"{PAGE}/add/communes/newspage/{{news}}/preview/": TEXT,
    "/admin/bulk/wagtailcore/page/move/?id={draft}": {"chooser": "<news>"},
    "/admin/collections/{collection}/privacy/": {"restriction_type": "login", "password": ""},
    "/admin/images/{image}/": {"title": "Chiếm", "collection": "<collection>", "tags": ""},
    "/admin/documents/edit/{document}/": {"title": "Chiếm", "collection": "<collection>", "tags": ""},
    "/admin/images/multiple/{image}/": {
        "image-<image>-title": "Chiếm",
        "image-<image>-collection": "<collection>",
    },
    "/admin/api/main/pages/{draft}/action/copy/": {"destination_page_id": "<news>", "keep_live": ""},
    "/admin/api/main/pages/{post}/action/create_alias/": {
        "destination_page_id": "<news>",
        "update_slug": "alias",
    },
    "/admin/api/main/pages/{post}/action/copy_for_translation/": {
        "locale": "en",
        "copy_parents": "1",
        "alias": "1",
    },
    "/admin/api/main/pages/{draft}/action/move/": {"destination_page_id": "<other_news>"},
    "/admin/api/main/pages/{draft}/action/revert_to_page_revision/": {"revision_id": "<revision>"},
    "/admin/pages/{draft}/revisions/{revision}/revert/": {**TEXT, **seen("draft")},
    "/admin/localize/translate/{translation}/disable/": {"next": "/admin/pages/"},
    "/admin/choose-external-link/": {"external-link-chooser-url": "https://vnexpress.net/"},
    "/admin/review/{draft}/": seen("draft"),
    # posts from a phone
    "/admin/quick-post/": {**QUICK, "place": "<commune_unit>"},
    "/admin/quick-post/{quick}/": {**QUICK, "place": "<commune_unit>", **seen("quick")},
    "/admin/quick-post/{sent}/withdraw/": PLAUSIBLE,
    # approval
    "/admin/approval/several/?page={waiting}": {"seen": "<task_state>:<seen>"},
    "/admin/approval/{waiting}/": {"act": "approve", "seen": "<seen>"},
    "/admin/approval/units/{unit}/": {"silent_weeks": "5", **formset("return_reasons")},
    "/admin/approval/units/{unit}/days/": {
        "day": f"{date.today() + timedelta(days=9)}",
        "is_worked": "False",
        "unit": "<commune_unit>",
        "reason": "Chiếm",
    },
    "/admin/approval/units/{unit}/bell/": {
        "again_after": "5",
        "everyone_after": "60",
        "above_after": "240",
        "day_from": "06:30",
        "night_from": "21:00",
    },
    "/admin/approval/units/{unit}/search-words/": {"words": "Chiếm", "means": "Chiếm"},
    "/admin/approval/contact/{commune_unit}/confirm/": PLAUSIBLE,
    "/admin/approval/left-behind/{left_behind}/": PLAUSIBLE,
    # alerts, urgent posts
    "/admin/alerts/new/{commune_unit}/": ALERT,
    "/admin/alerts/new/{unit}/": ALERT,
    "/admin/alerts/{alert}/": {"act": "end"},
    "/admin/alerts/{unit_alert}/": {"act": "end"},
    "/admin/urgent/templates/new/{unit}/": {
        **dict.fromkeys(("name", "title", "summary", "text"), "Chiếm"),
        "kind": "warning",
        **formset("slot"),
    },
    "/admin/urgent/templates/{template}/": {"act": "approve", "version": "<template_version>"},
    "/admin/urgent/places/{commune_unit}/": {"places": "thôn Chiếm", "version": "<places_version>"},
    "/admin/urgent/write/{commune_unit}/{in_force}/": {"nonce": NONCE, "digest": "<digest>"},
    "/admin/urgent/posts/{urgent_post}/": PLAUSIBLE,
    # the bell
    "/admin/bell/address/": {"address": "chiem@example.vn"},
    "/admin/bell/choices/": {f"{reason.name}-mail": "none" for reason in registered()},
    # staff
    "/admin/staff/open/": {
        "step": "open",
        "parent": "<unit>",
        "kind": "xa",
        "name": "Chiếm",
        "phone": "0239 000 0119",
        **formset("people"),
    },
    "/admin/staff/units/{commune_unit}/invite/": {"full_name": "Chiếm", "roles": "officer", "nonce": "n"},
    "/admin/staff/units/{commune_unit}/close/": {"sure": "on", "day": "2025-07-01"},
    "/admin/staff/units/{commune_unit}/former-names/": {
        "kind": "xa",
        "name": "Chiếm",
        "until": "2025-07-01",
    },
    "/admin/staff/people/{user}/add/": {"place": "Cẩm Duệ", "role": "officer"},
    "/admin/staff/people/{user}/reset/": PLAUSIBLE,
    "/admin/staff/people/{approver}/reset/": PLAUSIBLE,
    "/admin/staff/people/{user}/deactivate/": PLAUSIBLE,
    "/admin/staff/memberships/{membership}/hand-over/": {"person": "", "full_name": "", "moves_to": ""},
    "/admin/staff/memberships/{awaits}/confirm/": {"act": "confirm"},
    "/admin/staff/invitations/{invitation}/slip/": PLAUSIBLE,
    "/admin/staff/invitations/{invitation}/withdraw/": PLAUSIBLE,
    "/admin/duty/{commune_unit}/": {"seen": "<roster_seen>", "day-0": "<officer>"},
    "/admin/duty/away/": {
        "first_day": f"{date.today() + timedelta(days=9)}",
        "last_day": f"{date.today() + timedelta(days=9)}",
        "told": "on",
    },
    "/admin/tip-categories/edit/{category}/": {
        "name": "Chiếm",
        "position": "1",
        "active": "on",
        "picture": "dice",
    },
    # tips and their keys
    "/admin/tips/{tip}/": {
        "act": "reply",
        "text": "Chiếm",
        "nonce": "n" * 22,
        "seen": "new",
        "status": "new",
    },
    "/admin/tips/{tip}/hand-on/": {
        "act": "hand",
        "unit": "<other_unit>",
        "mode": "transfer",
        "parts": "message",
        "reason": "Chiếm",
        "nonce": "n" * 22,
    },
    "/admin/keys/{commune_unit}/begin/": PLAUSIBLE,
    "/admin/keys/{commune_unit}/grant/{officer_key}/": {"digits": "<digits>"},
}
