"""What the portal's own screens name beside pages: posts from a phone, alerts, templates, staff, keys."""

import datetime
import secrets
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communes.alerts import posting
from communes.models import (
    Alert,
    Delivery,
    Invitation,
    Membership,
    NewsPage,
    OutboxEvent,
    PlaceList,
    PostTemplate,
    ReturnReason,
    UrgentPost,
    User,
)
from communes.notices.roster import Roster
from communes.notices.subscriptions import ack_token
from tests.communes.bells import browser_of
from tests.tipform.officers import log_in
from tipform import vault
from tipform.keys.officers import newest


def quick_posts(writer: Client) -> dict[str, Any]:
    """One kept as a draft, one sent; both are the writer's own, and nobody else's."""
    return {name: _quick_post(writer, name, act).pk for name, act in (("quick", "draft"), ("sent", "send"))}


def _quick_post(writer: Client, name: str, act: str) -> NewsPage:
    data = {
        "nonce": uuid.uuid4(),
        "title": f"Qzxvkjw{name}",
        "text": "Qzxvkjwtext",
        "kind": "notice",
        "act": act,
        "confirmed": "1",
    }
    response = writer.post(reverse("quick_post:write"), data)
    assert response.status_code == 302, response.content.decode()
    return NewsPage.objects.latest("pk")


def alerts(unit: Any, commune: Any, author: User, down: NewsPage) -> dict[str, Any]:
    """`down` is a page that is not public (any more), as a post that was published from a template."""
    tomorrow = timezone.now() + datetime.timedelta(days=1)

    def alert(unit: Any, text: str) -> Alert:
        return Alert.objects.create(unit=unit, written_by=author, text=text, ends_at=tomorrow)

    def template(name: str, status: str) -> PostTemplate:
        texts = dict.fromkeys(("name", "title", "summary", "text"), name)
        return PostTemplate.objects.create(unit=unit, written_by=author, status=status, **texts)

    # Every commune of the unit may read what is in force.
    in_force = template("Ai cũng dùng được", PostTemplate.Status.APPROVED)
    places = PlaceList.objects.create(
        thread=commune.uuid, unit=commune, written_by=author, places="Qzxvkjwplace"
    )
    waiting = template("Wvjqkzftemplate", PostTemplate.Status.WAITING)
    ReturnReason.objects.create(unit=unit, text="Wvjqkzfreason")
    post = UrgentPost.objects.create(page=down, unit=commune, template=in_force, published_by=author)
    return {
        "alert": alert(commune, "Qzxvkjwalert").thread,
        "unit_alert": alert(unit, "Wvjqkzfalert").thread,
        "template": waiting.thread,
        "template_version": waiting.pk,
        "in_force": in_force.thread,
        "digest": posting.compose(in_force, commune, posting.fill_form(in_force, commune)).digest,
        "places_version": places.pk,
        "urgent_post": post.pk,
    }


def staff(commune: Any, unit: Any, author: User) -> dict[str, Any]:
    approver = User.objects.create_user("wvjqkzfduyet", first_name="Wvjqkzfapprover")
    Membership.objects.create(user=approver, unit=unit, role="editor")
    awaits = Membership.objects.create(
        user=User.objects.create_user("wvjqkzfcho", first_name="Wvjqkzfawaits"),
        unit=unit,
        role="editor",
        awaits_confirmation=True,
        brought_in_by=[approver.pk],
    )
    invitation = Invitation.objects.create(
        unit=commune,
        roles=["officer"],
        full_name="Qzxvkjwinvited",
        username="qzxvkjwmoi",
        code_hash=secrets.token_hex(32),
        created_by=author,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    return {
        "approver": approver.pk,
        "awaits": awaits.pk,
        "membership": author.memberships.get().pk,
        "invitation": invitation.pk,
    }


def bell(officer: User) -> dict[str, Any]:
    event = OutboxEvent.objects.create(reason="post_waits")
    line = Delivery.objects.create(event=event, user=officer, channel=Delivery.Channel.SCREEN, key="screen")
    browser = browser_of(officer)
    return {"browser": browser.pk, "ack": ack_token(browser), "news_line": line.pk}


def keys(waits: User) -> dict[str, Any]:
    """An officer whose own key was made at his log-in, and to whom nobody has granted the unit's."""
    waits.set_password("mật khẩu của người chờ")
    waits.save()
    waits.chose_own_password()
    log_in(waits, "mật khẩu của người chờ")
    key = newest(waits)
    assert key
    return {"officer_key": key.pk, "digits": vault.fingerprint(bytes(key.public_key)).split()[-1]}


def duty(commune: Any, officer: User) -> dict[str, Any]:
    """The roster with which its form is drawn; of all who are officers by now."""
    return {"roster_seen": Roster.of(commune).mark, "officer": officer.pk}
