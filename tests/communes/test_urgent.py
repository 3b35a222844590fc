"""Urgent posts from approved templates: closed choices, one press, live, and looked at afterwards."""

import datetime
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from communes.alerts.posting import compose, fill_form, publish_from_template
from communes.alerts.rules import Overtaken
from communes.lifecycle.opening import open_unit
from communes.models import CommunePage, Membership, NewsPage, PlaceList, PostTemplate, Unit, UrgentPost, User
from tests.communes.test_approval import logged_in, post_data

pytestmark = pytest.mark.django_db

HOME = reverse("wagtailadmin_home")


def template_data(**changed: Any) -> dict[str, Any]:
    slots = [
        ("tên giả", "choices", "cán bộ điện lực\nchủ máy gặt"),
        ("thôn", "places", ""),
        ("ngày", "date", ""),
    ]
    data = {
        "act": "save",
        "version": "",
        "name": "Lừa đảo",
        "kind": "warning",
        "title": "Giả danh {tên giả} tại {thôn}",
        "summary": "Không chuyển tiền.",
        "text": "Ngày {ngày}, {full_name} nhận tin <b>có kẻ</b> giả danh.\n\n- Tắt máy\n- Gọi {duty_phone}",
        "slot-TOTAL_FORMS": 5,
        "slot-INITIAL_FORMS": 0,
    }
    for number in range(5):
        name, kind, choices = slots[number] if number < len(slots) else ("", "choices", "")
        data |= {
            f"slot-{number}-name": name,
            f"slot-{number}-kind": kind,
            f"slot-{number}-choices": choices,
        }
    return {**data, **changed}


@pytest.fixture
def waiting_template(unit: Unit, unit_editor: Any) -> PostTemplate:
    url = reverse("urgent:new_template", args=[unit.pk])
    response = logged_in(unit_editor).post(url, template_data())
    assert response.status_code == 302, response.context["form"].errors
    return PostTemplate.objects.get()


def approve(user: Any, row: Any) -> int:
    url = (
        reverse("urgent:template", args=[row.thread])
        if isinstance(row, PostTemplate)
        else reverse("urgent:places", args=[row.unit_id])
    )
    return logged_in(user).post(url, {"act": "approve", "version": row.pk}).status_code


@pytest.fixture
def template(waiting_template: PostTemplate, second_unit_editor: Any) -> PostTemplate:
    approve(second_unit_editor, waiting_template)
    waiting_template.refresh_from_db()
    return waiting_template


@pytest.fixture
def villages(commune: CommunePage, editor: Any, unit_editor: Any) -> PlaceList:
    url = reverse("urgent:places", args=[commune.unit.pk])
    logged_in(editor).post(url, {"act": "save", "version": "", "places": "thôn Mẫu Một\n\nthôn Mẫu Hai "})
    row = PlaceList.objects.get()
    approve(unit_editor, row)
    return row


def choices(**changed: Any) -> dict[str, Any]:
    return {"slot0": "1", "slot1": "0", "slot2": f"{timezone.localdate()}", **changed}


def fill(user: Any, commune: CommunePage, template: PostTemplate, **changed: Any) -> Any:
    url = reverse("urgent:fill", args=[commune.unit.pk, template.thread])
    return logged_in(user).get(url, {**choices(**changed), "look": "1"})


def press(user: Any, commune: CommunePage, template: PostTemplate, shown: Any, **changed: Any) -> Any:
    """Press the button of the page that `fill` gave, sending what its form holds."""
    html = shown.content.decode()
    data = {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("nonce", "digest")}  # type: ignore[index]
    url = reverse("urgent:fill", args=[commune.unit.pk, template.thread])
    return logged_in(user).post(url, {**choices(), **data, **changed})


def test_a_template_is_used_only_after_another_editor_of_the_unit_approved_it(
    waiting_template: PostTemplate,
    commune: CommunePage,
    editor: Any,
    unit_editor: Any,
    second_unit_editor: Any,
) -> None:
    assert fill(editor, commune, waiting_template).status_code == 404
    assert approve(unit_editor, waiting_template) == 404
    assert approve(editor, waiting_template) == 404
    assert "Lừa đảo" in logged_in(second_unit_editor).get(HOME).content.decode()
    assert approve(second_unit_editor, waiting_template) == 302
    assert "Lừa đảo" in logged_in(editor).get(reverse("urgent:index")).content.decode()


def test_a_template_that_waits_is_neither_offered_nor_published_by_its_number(
    waiting_template: PostTemplate, villages: PlaceList, commune: CommunePage, editor: Any
) -> None:
    assert "Lừa đảo" not in logged_in(editor).get(reverse("urgent:index")).content.decode()
    form = fill_form(waiting_template, commune.unit, choices())
    assert form.is_valid()
    with pytest.raises(Overtaken):
        publish_from_template(
            template_id=waiting_template.pk,
            unit=commune.unit,
            choices=choices(),
            user=editor,
            nonce=uuid.uuid4(),
            digest=compose(waiting_template, commune.unit, form).digest,
        )
    assert not NewsPage.objects.exists()


def test_a_changed_template_waits_while_the_approved_one_is_used(
    template: PostTemplate,
    villages: PlaceList,
    commune: CommunePage,
    editor: Any,
    unit_editor: Any,
    second_unit_editor: Any,
) -> None:
    url = reverse("urgent:template", args=[template.thread])
    logged_in(unit_editor).post(url, template_data(version=template.pk, summary="Gọi 113 ngay."))
    assert "Không chuyển tiền." in fill(editor, commune, template).content.decode()
    approve(second_unit_editor, PostTemplate.objects.latest("pk"))
    assert "Gọi 113 ngay." in fill(editor, commune, template).content.decode()


def test_one_press_and_the_exact_post_is_live(
    client: Client,
    template: PostTemplate,
    villages: PlaceList,
    commune: CommunePage,
    editor: Any,
    unit_editor: Any,
    second_unit_editor: Any,
) -> None:
    shown = fill(editor, commune, template)
    assert "Giả danh chủ máy gặt tại thôn Mẫu Một" in shown.content.decode()
    assert not UrgentPost.objects.exists()
    first = press(editor, commune, template, shown)
    again = press(editor, commune, template, shown)
    assert first.status_code == again.status_code == 302
    assert first.url == again.url
    page = NewsPage.objects.get(title="Giả danh chủ máy gặt tại thôn Mẫu Một")
    assert (page.live, page.urgent, page.kind, page.owner) == (True, True, "warning", editor)
    html = client.get(page.get_url()).content.decode()
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert f"Ngày {today}, Công an xã Cẩm Trung nhận tin &lt;b&gt;có kẻ&lt;/b&gt; giả danh." in html
    assert "<li>Gọi 0239 000 0113</li>" in html
    assert "Trực ban Công an xã Cẩm Trung" in html
    for action in ("wagtail.create", "wagtail.publish", "communes.urgent_post"):
        assert PageLogEntry.objects.filter(page=page.pk, action=action, user=editor).exists(), action

    board = logged_in(unit_editor).get(HOME).content.decode()
    assert board.index('id="urgent"') < board.index('id="waiting-for-approval"')
    assert page.title in board
    assert 'id="urgent"' not in logged_in(editor).get(HOME).content.decode()
    post = UrgentPost.objects.get()
    url = reverse("urgent:post", args=[post.pk])
    assert logged_in(editor).post(url).status_code == 404
    assert logged_in(unit_editor).post(url).status_code == 302
    post.refresh_from_db()
    assert post.seen_by == unit_editor
    assert 'id="urgent"' not in logged_in(second_unit_editor).get(HOME).content.decode()


def test_text_that_somebody_sends_is_never_published(
    template: PostTemplate, villages: PlaceList, commune: CommunePage, editor: Any
) -> None:
    shown = fill(editor, commune, template)
    far = f"{timezone.localdate() + datetime.timedelta(days=400)}"
    for changed in (
        {"slot0": "chữ tự gõ"},
        {"slot0": "2"},
        {"slot0": "-1"},
        {"slot1": ""},
        {"slot2": far},
        {"slot2": "0001-01-01"},
        {"slot0": "0"},  # allowed, and not what was shown
        {"digest": ""},
        {"nonce": "x"},
    ):
        response = press(editor, commune, template, shown, **changed)
        assert response.status_code in (200, 409), changed
    press(editor, commune, template, shown, title="Tự gõ", body="Tự gõ", summary="Tự gõ")
    assert [page.title for page in NewsPage.objects.all()] == ["Giả danh chủ máy gặt tại thôn Mẫu Một"]
    assert "Tự gõ" not in str(NewsPage.objects.get().body)


def test_another_text_from_the_same_page_is_another_post_and_never_called_live_without_being_it(
    template: PostTemplate, villages: PlaceList, commune: CommunePage, editor: Any
) -> None:
    shown, other = fill(editor, commune, template), fill(editor, commune, template, slot0="0")
    first = press(editor, commune, template, shown)
    [nonce] = re.findall(r'name="nonce" value="([^"]*)"', shown.content.decode())
    for _click in range(2):
        second = press(editor, commune, template, other, slot0="0", nonce=nonce)
        assert second.status_code == 302 and second.url != first.url
    assert NewsPage.objects.filter(live=True).count() == 2


def test_another_communes_post_is_never_given_out_as_the_one_that_was_pressed_for(
    template: PostTemplate, villages: PlaceList, commune: CommunePage, other_commune: CommunePage, editor: Any
) -> None:
    shown = fill(editor, commune, template)
    press(editor, commune, template, shown)
    UrgentPost.objects.update(unit=other_commune.unit)
    assert press(editor, commune, template, shown).status_code == 409
    assert NewsPage.objects.count() == 1


def test_what_changed_since_it_was_shown_is_shown_again_first(
    template: PostTemplate, villages: PlaceList, commune: CommunePage, editor: Any, unit_editor: Any
) -> None:
    shown = fill(editor, commune, template)
    url = reverse("urgent:places", args=[commune.unit.pk])
    logged_in(unit_editor).post(url, {"act": "save", "version": villages.pk, "places": "thôn Khác"})
    response = press(editor, commune, template, shown)
    assert response.status_code == 409
    assert "tại thôn Khác" in response.content.decode()
    assert not NewsPage.objects.exists()


def test_a_later_change_of_the_post_waits_for_approval(
    client: Client, template: PostTemplate, villages: PlaceList, commune: CommunePage, editor: Any
) -> None:
    press(editor, commune, template, fill(editor, commune, template))
    page = NewsPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    logged_in(editor).post(edit, post_data("publish", title="Tự đổi"))
    assert "Tự đổi" not in client.get(page.get_url()).content.decode()
    assert Page.objects.get(pk=page.pk).title.startswith("Giả danh")


def test_a_list_of_villages_waits_for_the_unit(
    template: PostTemplate, commune: CommunePage, editor: Any, unit_editor: Any, other_editor: Any
) -> None:
    url = reverse("urgent:places", args=[commune.unit.pk])
    assert logged_in(other_editor).get(url).status_code == 404
    logged_in(editor).post(url, {"act": "save", "version": "", "places": "thôn Mẫu"})
    row = PlaceList.objects.get()
    assert "danh sách thôn chưa được duyệt" in fill(editor, commune, template).content.decode()
    assert approve(editor, row) == 404
    assert approve(other_editor, row) == 404
    assert approve(unit_editor, row) == 302
    assert "thôn Mẫu" in fill(editor, commune, template).content.decode()
    assert ModelLogEntry.objects.filter(action="communes.approve", user=unit_editor).exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": "Ở {đâu đó}"}, "{đâu đó}"),
        ({"title": "Không có chỗ điền"}, "{tên giả}"),
        ({"slot-0-choices": " \n"}, "Xin ghi ít nhất một lựa chọn"),
        ({"slot-0-choices": "a" * 81}, "80 chữ cái"),
        ({"slot-3-name": "thôn", "slot-3-kind": "places"}, "trùng tên"),
        ({"slot-3-name": "full_name"}, "tự điền"),
        ({"title": "{tên giả} {thôn}" + " dài" * 45}, "Quá dài"),
        ({"slot-0-kind": "free"}, "free"),
        ({"text": "a\x00"}, "class"),
        ({"slot-TOTAL_FORMS": "9999"}, "class"),
    ],
)
def test_a_template_that_cannot_work_is_refused_in_words(
    changed: dict[str, Any], told: str, unit: Unit, unit_editor: Any
) -> None:
    url = reverse("urgent:new_template", args=[unit.pk])
    response = logged_in(unit_editor).post(url, template_data(**changed))
    assert response.status_code == 200
    assert told in response.content.decode()
    assert not PostTemplate.objects.exists()


@pytest.mark.parametrize(
    ("who", "fills", "template_page", "post_page"),
    [
        ("editor", 200, 404, 200),
        ("unit_editor", 404, 200, 200),
        ("other_editor", 404, 404, 404),
        ("officer", 404, 404, 404),
        ("superuser", 404, 404, 404),
        ("editor_of_another_unit", 404, 404, 404),
        (None, 302, 302, 302),
    ],
)
def test_who_may(
    who: str | None,
    fills: int,
    template_page: int,
    post_page: int,
    request: pytest.FixtureRequest,
    template: PostTemplate,
    villages: PlaceList,
    commune: CommunePage,
    editor: Any,
) -> None:
    shown = fill(editor, commune, template)
    press(editor, commune, template, shown)
    post = UrgentPost.objects.get()
    client = logged_in(request.getfixturevalue(who)) if who else Client()
    urls = {
        reverse("urgent:fill", args=[commune.unit.pk, template.thread]): fills,
        reverse("urgent:template", args=[template.thread]): template_page,
        reverse("urgent:post", args=[post.pk]): post_page,
        reverse("urgent:places", args=[commune.unit.pk]): post_page,
    }
    for url, expected in urls.items():
        response = client.get(url)
        assert response.status_code == expected, url
        assert expected == 200 or post.page.title not in response.content.decode()
    new = client.get(reverse("urgent:new_template", args=[commune.unit.pk])).status_code
    assert new == (302 if who is None else 404), "templates are the unit's"
    if fills != 200:
        again = (
            press(request.getfixturevalue(who), commune, template, shown, nonce=uuid.uuid4()) if who else None
        )
        assert again is None or again.status_code == 404
        assert NewsPage.objects.count() == 1


@pytest.fixture
def editor_of_another_unit(db: None) -> Any:
    other, _home = open_unit(kind="huyen", name="Kỳ Anh", phone="0239 000 0200", hostname="ky-anh.test")
    user = User.objects.create_user("huyen-khac")
    Membership.objects.create(user=user, unit=other, role="editor")
    return user
