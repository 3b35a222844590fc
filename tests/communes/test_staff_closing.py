"""Closing a commune and opening it again: nothing of its content is lost, nothing unapproved comes back."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site, Workflow, WorkflowState

from communes.groups import editors_group_name
from communes.lifecycle.closing import close_commune, what_closing_means
from communes.lifecycle.opening import open_commune, open_unit
from communes.models import (
    CommunePage,
    Invitation,
    Membership,
    NewsIndexPage,
    NewsPage,
    ProcedureIndexPage,
    ProcedurePage,
    Unit,
)
from communes.staff.invitations import invite
from home.models import HomePage
from home.tree import live_children

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(commune: CommunePage) -> NewsPage:
    """A live post whose newer words nobody has approved."""
    index = live_children(NewsIndexPage, commune).get()
    post = NewsPage(title="Lịch làm căn cước", slug="can-cuoc", summary="Tuần tới")
    index.add_child(instance=post)
    post.save_revision().publish()
    post.title = "CHƯA DUYỆT"
    post.save_revision()
    return post


@pytest.fixture
def guide(unit: Unit) -> ProcedurePage:
    home = HomePage.objects.get(translation_key=unit.page_key)
    guide = ProcedurePage(title="Đăng ký tạm trú", slug="tam-tru", summary="Ở đâu, mang gì")
    live_children(ProcedureIndexPage, home).get().add_child(instance=guide)
    guide.save_revision().publish()
    return guide


OLD = ["", "tin-tuc/", "tin-tuc/can-cuoc/", "thu-tuc/", "thu-tuc/tam-tru/", "lien-he/", "gui-tin-bao/"]


def reopen(unit: Unit, commune: CommunePage) -> Any:
    return open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone=commune.duty_phone)


def test_a_closed_communes_addresses_lead_to_their_likes_in_the_successor(
    client: Client, commune: CommunePage, other_commune: CommunePage, post: NewsPage, guide: ProcedurePage
) -> None:
    close_commune(commune.unit, other_commune.unit)
    there = {
        "tin-tuc/can-cuoc/": "/cam-due/tin-tuc/",
        "thu-tuc/tam-tru/": "/cam-due/thu-tuc/tam-tru/",
    }
    for path in OLD:
        response = client.get(f"/cam-trung/{path}")
        assert response.status_code == 302, path  # not 301: browsers would keep it after a reopening
        assert response["Location"].endswith(there.get(path, f"/cam-due/{path}") + "?tu=cam-trung")
        assert client.get(response["Location"]).status_code == 200
    commune.unit.refresh_from_db()
    assert not commune.unit.active
    assert [row.unit for row in commune.unit.became.all()] == [other_commune.unit]
    assert ">Cẩm Trung<" not in client.get("/").content.decode()


@pytest.fixture
def storm(unit: Unit) -> NewsPage:
    """A post of the unit that every commune shows."""
    home = HomePage.objects.get(translation_key=unit.page_key)
    storm = NewsPage(title="Bão số 5", slug="bao-so-5", summary="Tránh bão.", everywhere=True)
    live_children(NewsIndexPage, home).get().add_child(instance=storm)
    storm.save_revision().publish()
    return storm


def own_post(commune: CommunePage, slug: str) -> NewsPage:
    own = NewsPage(title="Bão số 5 ở xã", slug=slug, summary="Tránh bão.")
    live_children(NewsIndexPage, commune).get().add_child(instance=own)
    own.save_revision().publish()
    return own


def test_the_units_posts_are_read_in_the_successor(
    client: Client, commune: CommunePage, other_commune: CommunePage, storm: NewsPage, guide: ProcedurePage
) -> None:
    for path in ("tin-tuc/bao-so-5/", "thu-tuc/tam-tru/"):
        assert commune.unit.full_name in client.get(f"/cam-trung/{path}").content.decode()
    close_commune(commune.unit, other_commune.unit)
    for path in ("tin-tuc/bao-so-5/", "thu-tuc/tam-tru/"):
        response = client.get(f"/cam-trung/{path}", follow=True)
        assert response.redirect_chain == [(f"/cam-due/{path}?tu=cam-trung", 302)]
        page = response.content.decode()
        assert other_commune.unit.full_name in page
        assert "Xã Cẩm Trung nay là xã Cẩm Duệ" in page
        assert commune.unit.full_name not in page


def test_without_a_successor_the_units_posts_are_read_at_the_units_address(
    client: Client, commune: CommunePage, storm: NewsPage, guide: ProcedurePage
) -> None:
    close_commune(commune.unit)
    for path in ("tin-tuc/bao-so-5/", "thu-tuc/tam-tru/"):
        response = client.get(f"/cam-trung/{path}", follow=True)
        assert response.request["PATH_INFO"] == f"/{path}"
        assert "0239 000 0113" not in response.content.decode(), "the duty phone of the closed commune"


def test_posts_of_one_title_lead_on_each_to_its_own(
    client: Client, commune: CommunePage, other_commune: CommunePage, storm: NewsPage
) -> None:
    own_post(commune, storm.slug)
    there = own_post(other_commune, storm.slug)
    close_commune(commune.unit, other_commune.unit)
    numbered = f"tin-tuc/{storm.slug}-{storm.pk}/"
    assert client.get(f"/cam-trung/{numbered}")["Location"] == f"/cam-due/{numbered}?tu=cam-trung"
    page = client.get(f"/cam-due/{numbered}").content.decode()
    assert storm.full_url in page and there.full_url not in page
    assert client.get(f"/cam-trung/tin-tuc/{storm.slug}/")["Location"].endswith(
        "/cam-due/tin-tuc/?tu=cam-trung"
    )


def test_what_the_unit_shares_after_a_closing_is_not_read_there(
    client: Client, unit: Unit, commune: CommunePage, request: pytest.FixtureRequest
) -> None:
    close_commune(commune.unit)
    request.getfixturevalue("storm")
    request.getfixturevalue("guide")
    for path in ("tin-tuc/bao-so-5/", "thu-tuc/tam-tru/"):
        assert client.get(f"/cam-trung/{path}").status_code == 404


def test_without_a_successor_they_lead_to_the_units_first_page(client: Client, commune: CommunePage) -> None:
    close_commune(commune.unit)
    assert client.get("/cam-trung/lien-he/")["Location"].endswith("/")
    assert client.get("/cam-trung/lien-he/", follow=True).status_code == 200


def test_content_stays_and_rights_staff_and_invitations_end(
    commune: CommunePage, editor: Any, officer: Any, post: NewsPage, unit_editor: Any
) -> None:
    pages = Page.objects.count()
    phone = Client()
    phone.force_login(editor)
    assert phone.get("/admin/").status_code == 200
    invite(unit=commune.unit, full_name="Lê An", roles=["officer"], by=unit_editor)
    close_commune(commune.unit, by=unit_editor)
    assert Page.objects.count() == pages
    assert not Page.objects.descendant_of(commune, inclusive=True).live().exists()
    assert not Group.objects.filter(name=editors_group_name(commune.unit)).exists()
    assert not Membership.objects.filter(unit=commune.unit, until=None).exists()
    assert not Invitation.objects.open().exists()
    assert phone.get("/admin/").status_code == 302


def test_what_waits_for_approval_waits_no_more_and_no_schedule_publishes(
    unit: Unit, commune: CommunePage, post: NewsPage, editor: Any
) -> None:
    Workflow.objects.get(workflow_pages__page__translation_key=unit.page_key).start(post, editor)
    assert any("1 bài đang chờ duyệt" in line for line in what_closing_means(commune.unit))
    post.latest_revision.approved_go_live_at = "2030-01-01T00:00Z"
    post.latest_revision.save()
    close_commune(commune.unit)
    assert not WorkflowState.objects.active().exists()
    post.latest_revision.refresh_from_db()
    assert post.latest_revision.approved_go_live_at is None


def test_a_post_that_was_never_live_is_not_published_by_its_schedule_either(commune: CommunePage) -> None:
    draft = NewsPage(title="Hẹn giờ", slug="hen-gio", summary="Chưa đăng", live=False)
    live_children(NewsIndexPage, commune).get().add_child(instance=draft)
    revision = draft.save_revision(approved_go_live_at=timezone.now())
    close_commune(commune.unit)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    call_command("publish_scheduled")
    assert not NewsPage.objects.live().exists()


def test_opening_it_again_brings_back_what_was_live_and_no_draft(
    client: Client, unit: Unit, commune: CommunePage, other_commune: CommunePage, post: NewsPage, guide: Any
) -> None:
    close_commune(commune.unit, other_commune.unit)
    report = reopen(unit, commune)
    assert any("live again" in line for line in report.lines)
    assert not Redirect.objects.exists()
    for path in OLD:
        response = client.get(f"/cam-trung/{path}")
        assert response.status_code == 200, path
        assert "CHƯA DUYỆT" not in response.content.decode()
    commune.unit.refresh_from_db()
    assert commune.unit.active and not commune.unit.became.exists()
    assert Group.objects.filter(name=editors_group_name(commune.unit)).exists()
    post.refresh_from_db()
    assert post.has_unpublished_changes
    assert post.get_latest_revision_as_object().title == "CHƯA DUYỆT"


def test_a_page_that_was_a_draft_stays_one(client: Client, unit: Unit, commune: CommunePage) -> None:
    index = live_children(NewsIndexPage, commune).get()
    draft = NewsPage(title="Nháp", slug="nhap", summary="x", live=False)
    index.add_child(instance=draft)
    draft.save_revision()
    close_commune(commune.unit)
    reopen(unit, commune)
    assert client.get("/cam-trung/tin-tuc/nhap/").status_code == 404


def test_closing_twice_is_closing_once(commune: CommunePage) -> None:
    close_commune(commune.unit)
    redirects = Redirect.objects.count()
    assert close_commune(commune.unit) == ["Công an xã Cẩm Trung đã ngừng hoạt động từ trước."]
    assert Redirect.objects.count() == redirects


def test_a_merger_of_mergers_leads_to_the_last(
    client: Client, unit: Unit, commune: CommunePage, other_commune: CommunePage
) -> None:
    third = open_commune(parent=unit, kind="xã", name="Cẩm Mỹ", phone="0239 000 0113").unit
    close_commune(commune.unit, other_commune.unit)
    close_commune(other_commune.unit, third)
    response = client.get("/cam-trung/lien-he/", follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/cam-my/lien-he/"


def test_an_older_redirect_at_one_of_its_addresses_gives_way(
    client: Client, commune: CommunePage, other_commune: CommunePage
) -> None:
    Redirect.objects.create(
        site=Site.objects.get(), old_path="/cam-trung/lien-he", redirect_link="/tim-kiem/", is_permanent=False
    )
    close_commune(commune.unit, other_commune.unit)
    response = client.get("/cam-trung/lien-he/", follow=True)
    assert response.request["PATH_INFO"] == "/cam-due/lien-he/"


def test_a_commune_is_not_merged_into_another_units(commune: CommunePage) -> None:
    elsewhere, _home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")
    foreign = open_commune(parent=elsewhere, kind="xã", name="Kỳ Phú", phone="0239 000 0213").unit
    with pytest.raises(ValueError, match="có cùng cấp trên"):
        close_commune(commune.unit, foreign)
    commune.unit.refresh_from_db()
    assert commune.unit.active


def test_what_cannot_be_is_refused(unit: Unit, commune: CommunePage, other_commune: CommunePage) -> None:
    for wrong, successor in ((unit, None), (commune.unit, commune.unit), (commune.unit, unit)):
        with pytest.raises(ValueError, match=r"xã|đơn vị"):
            close_commune(wrong, successor)
    close_commune(other_commune.unit)
    other_commune.unit.refresh_from_db()
    with pytest.raises(ValueError, match="sáp nhập"):
        close_commune(commune.unit, other_commune.unit)


def run(*args: str) -> str:
    out = StringIO()
    call_command("close_commune", *args, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_would_do_and_writes_only_when_told(
    commune: CommunePage, other_commune: CommunePage, officer: Any
) -> None:
    said = run("xa cam trung", "--into", "Cẩm Duệ")
    assert said.startswith("Công an xã Cẩm Trung\n  5 pages are taken off")
    assert "Their addresses lead to Công an xã Cẩm Duệ." in said
    assert said.endswith("Nothing was written. Add --execute to do it.\n")
    assert Unit.objects.get(pk=commune.unit_id).active
    assert not Redirect.objects.exists()
    run("xã Cẩm Trung", "--into", "Cẩm Duệ", "--execute")
    assert not Unit.objects.get(pk=commune.unit_id).active
    assert "already" in run("Cẩm Trung", "--execute")
    with pytest.raises(CommandError, match="no such commune"):
        run("Cẩm Hà")


@pytest.mark.parametrize(
    ("status", "told"),
    [("new", True), ("accepted", True), ("in-progress", True), ("closed", False), ("withdrawn", False)],
)
def test_tips_without_a_result_are_told_beforehand(status: str, told: bool, commune: CommunePage) -> None:
    from tipform.models import Category, Tip

    Tip.objects.create(
        unit=commune.unit,
        received_by=commune.unit.uuid,
        category=Category.neutral(),
        day="2026-11-20",
        status=status,
        receipt_lookup=None if status == "withdrawn" else b"1",
        receipt_params=1,
        reporter_public_key=b"2",
        reporter_wrapped_key=b"3",
    )
    lines = what_closing_means(commune.unit)
    assert (
        any("1 tin (tin báo, câu hỏi hoặc hẹn làm giấy tờ) chưa có kết quả" in line for line in lines) == told
    )
    assert any("chưa có kết quả" in line for line in lines) == told
