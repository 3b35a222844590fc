"""What each role posts to an address: what its form sends. An address that is not here gets PLAUSIBLE."""

from typing import Any

from .world import post_data

PLAUSIBLE: dict[str, Any] = {"title": "Chiếm", "name": "Chiếm", "comment": "Chiếm", "confirm": "1"}

PAGE = "/admin/pages"
POSTS: dict[str, dict[str, Any]] = {
    f"{PAGE}/{{draft}}/edit/": post_data(title="Chiếm"),
    f"{PAGE}/{{post}}/edit/": post_data(title="Chiếm"),
    f"{PAGE}/{{waiting}}/edit/": post_data(title="Chiếm"),
    f"{PAGE}/{{unit_draft}}/edit/": post_data(title="Chiếm"),
    f"{PAGE}/{{draft}}/edit/preview/": post_data(title="Chiếm"),
    f"{PAGE}/{{draft}}/copy/": {
        "new_title": "Chiếm",
        "new_slug": "chiem",
        "new_parent_page": "<news>",
        "alias": "",
    },
    f"{PAGE}/{{draft}}/privacy/": {"restriction_type": "login", "password": ""},
    f"{PAGE}/add/communes/newspage/{{news}}/": post_data(title="Chiếm"),
    f"{PAGE}/add/communes/newspage/{{news}}/preview/": post_data(title="Chiếm"),
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
    "/admin/pages/{draft}/revisions/{revision}/revert/": post_data(title="Chiếm"),
    "/admin/localize/translate/{translation}/disable/": {"next": "/admin/pages/"},
    "/admin/choose-external-link/": {"external-link-chooser-url": "https://vnexpress.net/"},
}
