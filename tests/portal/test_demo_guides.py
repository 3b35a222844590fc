"""The demo's guides: what a commune police is really asked for, every field filled, every law dated."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from communes.models import CommunePage, ProcedureIndexPage, ProcedurePage
from home.models import HomePage
from home.tree import live_children
from portal.demo.content import read_guides

ASKED_FOR = {
    "an-toan-phong-chay-cua-hang",
    "bi-lua-chuyen-tien",
    "cap-doi-the-can-cuoc",
    "cap-lai-the-can-cuoc",
    "cap-the-can-cuoc-duoi-14-tuoi",
    "cap-the-can-cuoc-tu-14-tuoi",
    "dang-ky-tam-tru",
    "dang-ky-thuong-tru",
    "dang-ky-xe",
    "giao-nop-vu-khi-phao",
    "khai-bao-tam-vang",
    "mat-giay-to",
    "tach-ho",
    "thong-bao-luu-tru",
    "trinh-bao-mat-xe-mat-tien",
    "xac-nhan-thong-tin-cu-tru",
}
# All but "forms": a report of theft has none.
FILLED = ["notice", "summary", "audience", "where", "steps", "documents", "fee", "time_limit", "result"]
FILLED += ["legal_basis", "online_name", "online_url", "last_reviewed", "review_due"]
DATE = r"\d{2}/\d{1,2}/\d{4}"
UNCHECKED = "cần rà soát"


@pytest.fixture(scope="module")
def guides() -> list[ProcedurePage]:
    """As the demo's loader makes them, not saved: they need no database."""
    return read_guides()


def test_people_find_a_guide_to_what_they_ask_for(guides: list[ProcedurePage]) -> None:
    assert {guide.slug for guide in guides} >= ASKED_FOR


def test_every_field_of_a_guide_is_filled(guides: list[ProcedurePage]) -> None:
    empty = [(guide.slug, field) for guide in guides for field in FILLED if not getattr(guide, field)]
    assert empty == []
    assert [guide.slug for guide in guides if not all(step.value["text"] for step in guide.steps)] == []
    assert [guide.slug for guide in guides if not all(paper.value["note"] for paper in guide.documents)] == []


def test_a_law_says_when_it_was_issued_and_came_into_force_or_that_nobody_checked(
    guides: list[ProcedurePage],
) -> None:
    def is_dated(title: str) -> bool:
        return bool(re.search(f"ngày {DATE}", title) and re.search(f"hiệu lực từ {DATE}", title))

    laws = {guide.slug: [law.value["title"] for law in guide.legal_basis] for guide in guides}
    undated = [title for titles in laws.values() for title in titles if not is_dated(title)]
    assert [title for title in undated if UNCHECKED not in title] == []
    assert [
        slug for slug, titles in laws.items() if not any(re.search(DATE, title) for title in titles)
    ] == []


def test_a_day_that_no_source_confirmed_is_told_as_a_fact_nowhere(guides: list[ProcedurePage]) -> None:
    for guide in guides:
        whole = " ".join(str(getattr(guide, field)) for field in FILLED)
        for day in re.findall(f"({DATE}): {UNCHECKED}", whole):
            assert whole.count(day) == whole.count(f"{day}: {UNCHECKED}"), (guide.slug, day)


def test_the_note_at_the_top_tells_the_day_of_the_review_and_what_the_mark_means(
    guides: list[ProcedurePage],
) -> None:
    for guide in guides:
        assert f"rà soát ngày {guide.last_reviewed:%d/%m/%Y}" in guide.notice
        assert f"“{UNCHECKED}”" in guide.notice
        assert guide.review_due is not None
        assert timedelta(0) < guide.review_due - guide.last_reviewed <= timedelta(days=366)


def test_each_guide_fits_the_editors_form_and_is_read_with_the_name_of_the_commune(
    client: Client, commune: CommunePage
) -> None:
    index = live_children(ProcedureIndexPage, HomePage.objects.get()).get()
    for guide in read_guides():
        index.add_child(instance=guide)
        guide.full_clean()
        for field in ("steps", "documents", "legal_basis", "forms"):
            stream = getattr(guide, field)
            stream.stream_block.clean(stream)
        html = client.get(f"/{commune.slug}/thu-tuc/{guide.slug}/").content.decode()
        assert guide.title in html
        assert "{full_name}" not in html
        assert "Công an xã Cẩm Trung" in html
