"""With the setting on, a session of a password alone may give the second factor, set it up or log out."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from communes.models import CommunePage
from tests.conftest import PASSWORD
from tests.portal.second_factors import (
    GIVE,
    SET_UP,
    by_password_alone,
    code_of,
    has_second_factor,
    logged_in,
    remove_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for the end of a transaction happens in the request, as on a server; a test's never ends."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda done, **options: done())


STAFF_ONLY = [
    "/admin/",
    "/admin/pages/",
    "/admin/tips/",
    "/admin/keys/",
    "/admin/staff/",
    "/admin/users/",
    "/admin/api/main/pages/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/recovery-codes/download/",
]


@pytest.mark.parametrize("address", [*STAFF_ONLY, "/accounts/reauthenticate/", SET_UP])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_of_the_password_alone_is_asked_for_the_second_factor(
    address: str, method: str, superuser: Any
) -> None:
    has_second_factor(superuser)
    response = getattr(by_password_alone(superuser), method)(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(f"{GIVE}?next=%2F")


@pytest.mark.parametrize("address", STAFF_ONLY)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_none_yet_sets_one_up_first(address: str, method: str, superuser: Any) -> None:
    response = getattr(by_password_alone(superuser), method)(address)
    assert (response.status_code, response.headers["Location"]) == (302, SET_UP)


def test_the_second_step_opens_the_work_and_leads_on_to_it(superuser: Any) -> None:
    codes = has_second_factor(superuser)
    client = by_password_alone(superuser)
    step = client.get("/admin/pages/").headers["Location"]
    page = client.get(step).content.decode()
    assert "Xác thực hai bước" in page
    assert 'href="/accounts/logout/"' in page
    client.post(GIVE, {"code": "000000", "next": "/admin/pages/"})
    assert client.get("/admin/").status_code == 302
    assert (
        client.post(GIVE, {"code": codes[0], "next": "/admin/pages/"}).headers["Location"] == "/admin/pages/"
    )
    assert client.get("/admin/").status_code == 200


def test_an_ordinary_log_in_with_both_steps_goes_straight_on(superuser: Any) -> None:
    client = logged_in(superuser, has_second_factor(superuser)[0])
    assert client.get("/admin/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200


def test_setting_it_up_is_giving_it(superuser: Any, at_once: None) -> None:
    client = logged_in(superuser)
    # The password once more, before the secret is shown.
    assert client.get(SET_UP).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get(SET_UP).context["form"].secret
    assert client.get("/admin/").status_code == 302
    response = client.post(SET_UP, {"code": code_of(secret)})
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    assert client.get("/admin/").status_code == 200


def test_one_session_sets_it_up_and_another_of_the_same_account_still_has_to_give_it(
    superuser: Any, at_once: None
) -> None:
    earlier, later = logged_in(superuser), logged_in(superuser)
    later.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = later.get(SET_UP).context["form"].secret
    later.post(SET_UP, {"code": code_of(secret)})
    assert later.get("/admin/").status_code == 200
    assert earlier.get("/admin/").headers["Location"].startswith(GIVE)


def test_a_session_from_before_the_setting_was_switched_on_is_asked(superuser: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = logged_in(superuser)
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get("/admin/").headers["Location"] == SET_UP


def test_a_factor_removed_elsewhere_counts_no_longer(superuser: Any) -> None:
    client = logged_in(superuser, has_second_factor(superuser)[0])
    assert client.get("/admin/").status_code == 200
    remove_all(superuser)
    assert client.get("/admin/").headers["Location"] == SET_UP
    # Nor does another factor, which this session did not give.
    has_second_factor(superuser)
    assert client.get("/admin/").headers["Location"].startswith(GIVE)


def test_the_factor_of_ones_own_account_is_none_for_another(superuser: Any, editor: Any) -> None:
    client = logged_in(editor, has_second_factor(editor)[0])
    assert client.get("/admin/").status_code == 200
    has_second_factor(superuser)
    client.force_login(superuser)
    assert client.get("/admin/").headers["Location"].startswith(GIVE)


def test_log_out_stays_open(superuser: Any) -> None:
    for prepared in (lambda: None, lambda: has_second_factor(superuser)):
        prepared()
        client = by_password_alone(superuser)
        assert client.get("/accounts/logout/").status_code == 200
        client.post("/accounts/logout/")
        assert client.get("/admin/").headers["Location"].startswith("/accounts/login/")


def _file_behind_a_log_in() -> str:
    collection = Collection.get_first_root_node().add_child(name="Nội bộ")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    file = ContentFile(b"%PDF-1.4 noi bo", name="noi-bo.pdf")
    document = get_document_model().objects.create(title="Nội bộ", file=file, collection=collection)
    return str(document.url)


def test_outside_the_admin_it_sees_what_everybody_sees(
    superuser: Any, commune: CommunePage, client: Client
) -> None:
    address = _file_behind_a_log_in()
    codes = has_second_factor(superuser)
    half, whole = by_password_alone(superuser), logged_in(superuser, codes[0])
    for visitor in (client, half):
        response = visitor.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/?next=/documents/")
    assert whole.get(address).status_code == 200
    assert half.get("/cam-trung/").content == client.get("/cam-trung/").content
    # What a resident sends from an officer's browser is not turned away half-way.
    assert (
        half.post("/tra-cuu/", {"code": "1"}).status_code
        == client.post("/tra-cuu/", {"code": "1"}).status_code
    )
    # And from the log-in page he is led on: the second step, then the file.
    step = half.get(response.headers["Location"]).headers["Location"]
    assert step.startswith(GIVE)
    half.get(step)
    answer = half.post(step, {"code": codes[1]}, follow=True)
    assert answer.redirect_chain[-1][0] == address


def test_without_the_setting_a_password_is_enough(superuser: Any, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    has_second_factor(superuser)
    assert by_password_alone(superuser).get("/admin/").status_code == 200
