"""`manage.py open_unit` and `manage.py open_communes`, as the operator of a new server meets them."""

import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from wagtail.models import Site

from communes.lifecycle.opening import open_commune, open_unit
from communes.models import CommunePage, ContactPage, Unit
from home.models import HomePage, InfoPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_open")]

COLUMNS = "name,kind,phone,slug,address,intro,scene"
LIST = f"""{COLUMNS}
Cẩm Xuyên,Thị trấn,0239 000 0101,thi-tran-cam-xuyen,"Tổ 1, thị trấn Cẩm Xuyên",,town
Cẩm Trung,xã,0239 000 0102,,,,
Thiên Cầm,thi-tran,0239 000 0103,,,Trang của bà con Thiên Cầm.,beach
"""

Write = Callable[..., Path]
Record = Callable[[str, Any], None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "communes.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def run(*args: Any) -> str:
    out = StringIO()
    call_command("open_communes", *args, stdout=out)
    return out.getvalue()


def run_open_unit(**options: str) -> str:
    out = StringIO()
    given = {"kind": "tỉnh", "name": "Hà Tĩnh", "phone": "0239 000 0100", **options}
    call_command("open_unit", **given, stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {
        model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed
    }


def refusal(*args: Any) -> str:
    """What the command says when it refuses, after a look that it wrote nothing."""
    before = rows()
    with pytest.raises(CommandError) as caught:
        run(*args, "--execute")
    assert rows() == before
    return str(caught.value)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(unit: Unit, write: Write) -> None:
    open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113")
    before = rows()
    said = run(write(LIST))
    assert rows() == before
    assert "  would make /huyen-cam-xuyen/thi-tran-cam-xuyen/gui-tin-bao/\n" in said
    assert "  found /huyen-cam-xuyen/cam-trung/lien-he/\n" in said
    assert "  made " not in said
    assert said.endswith(
        "3 communes: 2 to open, 1 there already\nNothing was written. Add --execute to do it.\n"
    )


def test_execute_opens_communes_whose_pages_work(unit: Unit, write: Write, client: Client) -> None:
    said = run(write(LIST), "--execute")
    assert said.endswith("3 communes: 3 opened, 0 there already\n")
    assert "Công an thị trấn Thiên Cầm\n  made Công an thị trấn Thiên Cầm\n" in said
    pages = CommunePage.objects.order_by("path")
    assert [page.slug for page in pages] == ["thi-tran-cam-xuyen", "cam-trung", "thien-cam"]
    for page in pages:
        for address in [page.get_url(), *(child.get_url() for child in page.get_children())]:
            assert client.get(address).status_code == 200, address
    town, village, beach = pages
    assert (town.address, town.scene, town.duty_phone) == (
        "Tổ 1, thị trấn Cẩm Xuyên",
        "town",
        "0239 000 0101",
    )
    assert village.scene == "rice-field"
    assert village.intro == "Trang thông tin của Công an xã Cẩm Trung."
    assert beach.intro == "Trang của bà con Thiên Cầm."
    assert client.get("/").content.decode().count("Thiên Cầm") > 0


def test_a_second_run_changes_nothing(unit: Unit, write: Write) -> None:
    run(write(LIST), "--execute")
    before = rows()
    # The slug is left out now: the commune is found by its name where it is.
    said = run(
        write(LIST.replace("thi-tran-cam-xuyen", "").replace("0239 000 0102", "0239 000 0999")), "--execute"
    )
    assert rows() == before
    assert said.endswith("3 communes: 0 opened, 3 there already\n")
    assert CommunePage.objects.get(slug="cam-trung").duty_phone == "0239 000 0102"


def test_what_is_missing_is_completed_and_counted(unit: Unit, write: Write) -> None:
    run(write(LIST), "--execute")
    page = ContactPage.objects.first()
    assert page is not None
    page.delete()
    said = run(write(LIST), "--execute")
    assert said.endswith("3 communes: 0 opened, 1 completed, 2 there already\n")


BAD_ROWS = [
    (",xã,0239 000 0104,,,,", "no name"),
    ("Hà 1,,0239 000 0104,,,,", "no kind"),
    ("Hà 2,xã,,,,,", "no phone"),
    ("Hà 3,thôn,0239 000 0104,,,,", "unknown kind “thôn” (xã, phường, thị trấn, đặc khu)"),
    ("Hà 4,huyện,0239 000 0104,,,,", "kind “huyện” is a supervising unit's"),
    ("Hà 5,xã,call us,,,,", "phone “call us”: Write the number in digits"),
    ("Hà 6,xã,0239 000 0104,,,,volcano", "unknown scene “volcano” (river-barge, "),
    ("Hà 7,xã,0239 000 0104,Cẩm Hà,,,", "slug “Cẩm Hà” is not plain: “cam-ha” would be"),
    ("Hà 8,xã,0239 000 0104,tin-tuc,,,", "slug “tin-tuc” is used by the portal itself"),
    ("Media,xã,0239 000 0104,,,,", "slug “media” is used by the portal itself"),
    ("???,xã,0239 000 0104,,,,", "the name gives no slug"),
    ("Hà 9,xã,0239 000 0104,cam-trung,,,", "slug “cam-trung” is on line 3 already"),
    ("Cẩm  trung,Xã,0239 000 0104,khac,,,", "the commune is on line 3 already"),
    ("Hà 10,xã,0239 000 0104,rieng-tu,,,", "address “rieng-tu” is taken by “Quyền riêng tư”"),
    ("Cẩm Duệ,phường,0239 000 0104,,,,", "address “cam-due” is taken by “Công an xã Cẩm Duệ”"),
    ("Cẩm Duệ,xã,0239 000 0104,khac,,,", "it is open at “cam-due”"),
    ("Cẩm Nam,xã,0239 000 0104,,,,", "Công an xã Cẩm Nam is out of service"),
    (f"{'Cẩm ' * 30},xã,0239 000 0104,,,,", "at most 80 characters"),
    (f"Hà 11,xã,0239 000 0104,,{'x' * 201},,", "at most 200 characters"),
    ("Hà 12,xã,0239 000 0104,,Thôn 1, xã Cẩm Hà,,,", "more cells than columns"),
]


SPOILT_ROWS = [
    ("Cẩm Một,xã,2393861113", "phone “2393861113”: The leading zero is lost: did you mean 0239 386 1113?"),
    ("Cẩm Hai,xã,0239.386.1113.0", "Did you mean 0239 386 1113?"),
    ("Cẩm Ba,xã,00 00", "A phone number has ten or eleven digits, and here are 4."),
    ("Cẩm Bốn,xã,2.393861113E+09", "The leading zero is lost: did you mean 0239 386 1113?"),
    ("C?m Năm,xã,0239 386 1113", "name “C?m Năm”: a letter is lost at “C?m”"),
    ("Cáº©m Sáu,xã,0239 386 1113", "“Cáº©m” has been spoilt on its way here; was it “Cẩm”?"),
    ("CÈm B¶y,xã,0239 386 1113", "was typed for an old font (TCVN3 or VNI)"),
]


def test_what_a_spreadsheet_has_spoilt_is_named_with_what_was_meant(unit: Unit, write: Write) -> None:
    rows = "\n".join(row for row, _reason in SPOILT_ROWS)
    said = refusal(write(f"name,kind,phone\n{rows}\n")).splitlines()
    for line, (_row, reason) in enumerate(SPOILT_ROWS, start=2):
        assert said[line - 1].startswith(f"  line {line}: ") and reason in said[line - 1]


def test_spoilt_names_of_people_are_refused_too(unit: Unit, write: Write, tmp_path: Path) -> None:
    path = write("name,kind,phone,editors\nCẩm Một,xã,0239 386 1113,Nguy?n An; Trần 2\n")
    said = refusal(path, "--slips", tmp_path / "slips.html")
    assert "a letter is lost at “y?n”" in said
    assert "editors “Trần 2”: “2” is no part of a name" in said


def test_what_is_read_otherwise_than_it_stands_is_said_before_it_is_done(unit: Unit, write: Write) -> None:
    path = write("name,kind,phone\nXã Cẩm Thử,xã,0239.386.1113\nÐức Thử,xã,+84 239 386 1114\n")
    assert (
        "Công an xã Cẩm Thử\n"
        "  line 2: “Xã Cẩm Thử” is read as the name “Cẩm Thử”\n"
        "  line 2: “0239.386.1113” is read as the phone 0239 386 1113\n"
    ) in run(path)
    assert not CommunePage.objects.exists()
    run(path, "--execute")
    opened = CommunePage.objects.order_by("path").values_list("slug", "unit__name", "duty_phone")
    assert list(opened) == [("cam-thu", "Cẩm Thử", "0239 386 1113"), ("duc-thu", "Đức Thử", "0239 386 1114")]


@pytest.mark.parametrize("name", ["Cẩm Trung", "CẨM TRUNG", "xã  cẩm trung", "Ｃẩｍ Trung"])
def test_one_commune_is_not_opened_twice_however_its_name_is_typed(
    unit: Unit, write: Write, name: str
) -> None:
    run(write("name,kind,phone\nCẩm Trung,xã,0239 386 1113\n"), "--execute")
    assert "0 opened, 1 there already" in run(
        write(f"name,kind,phone\n{name},xã,0239 386 1113\n"), "--execute"
    )
    assert open_commune(parent=unit, kind="xã", name=name, phone="0239 386 1113").unit.name == "Cẩm Trung"
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(parent=unit, kind="xa", name=name.removeprefix("xã  "))


@pytest.fixture
def occupied(unit: Unit) -> Unit:
    """A unit with an information page, an open commune and one that is out of service."""
    home = HomePage.objects.get()
    home.add_child(instance=InfoPage(title="Quyền riêng tư", slug="rieng-tu"))
    open_commune(parent=unit, kind="xã", name="Cẩm Duệ", phone="0239 000 0113")
    open_commune(parent=unit, kind="xã", name="Cẩm Nam", phone="0239 000 0113")
    Unit.objects.filter(name="Cẩm Nam").update(active=False)
    return unit


def test_every_bad_row_is_named_with_its_line_and_its_reason(occupied: Unit, write: Write) -> None:
    said = refusal(write(LIST + "\n".join(row for row, _reason in BAD_ROWS))).splitlines()
    assert said[0].endswith(f"{len(BAD_ROWS)} of {len(BAD_ROWS) + 3} rows are bad; nothing was written.")
    for line, (_row, reason) in enumerate(BAD_ROWS, start=5):
        assert said[line - 4].startswith(f"  line {line}: ")
        assert reason in said[line - 4]
    assert len(said) == len(BAD_ROWS) + 1


def test_nothing_is_half_done_when_only_the_last_row_is_bad(unit: Unit, write: Write) -> None:
    assert "\n  line 5: no phone" in refusal(write(LIST + "Cẩm Hà,xã\n"))
    assert not CommunePage.objects.exists()


def test_a_row_has_all_its_faults_named_and_is_called_by_its_first_line(unit: Unit, write: Write) -> None:
    two_lines = 'Cẩm Hà,xã,,,,"hai\ndòng",'
    said = refusal(write(f"{COLUMNS}\n{two_lines}\n\n,,,,,,\nCẩm Mỹ,thôn,x,,,,lava\n")).splitlines()
    assert said[1] == "  line 2: no phone"
    assert said[2].startswith("  line 6: unknown kind “thôn”")
    assert "; phone “x”: " in said[2]
    assert "; unknown scene “lava”" in said[2]


def test_a_fault_that_only_the_service_sees_undoes_the_rows_before_it(
    unit: Unit, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communes.management.commands import open_communes

    def fail_at_last(**values: Any) -> Any:
        if values["name"] == "Thiên Cầm":
            raise ValueError("/thien-cam/ is a InfoPage")
        return open_commune(**values)

    monkeypatch.setattr(open_communes, "open_commune", fail_at_last)
    assert refusal(write(LIST)) == "line 4: /thien-cam/ is a InfoPage; nothing was written"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_excels_byte_order_mark_is_no_part_of_a_column(unit: Unit, write: Write, encoding: str) -> None:
    assert "3 opened" in run(write(LIST, encoding), "--execute")


def test_a_name_typed_with_separate_marks_is_the_same_commune(unit: Unit, write: Write) -> None:
    import unicodedata

    run(write(LIST), "--execute")
    assert "0 opened, 3 there already" in run(write(unicodedata.normalize("NFD", LIST)), "--execute")


@pytest.mark.parametrize(
    ("text", "encoding", "reason"),
    [
        (LIST, "utf-16", "not UTF-8"),
        ("", "utf-8", "the file is empty"),
        (COLUMNS + "\n", "utf-8", "no communes below the line of columns"),
        ("tên;loại\n", "utf-8", "wrong columns (missing: “name”, “kind”, “phone”; unknown: “tên;loại”)"),
        ("name,kind,phone,name\n", "utf-8", "wrong columns (twice: “name”)"),
        (COLUMNS + '\n"Cẩm Hà,xã,0239 000 0104\n', "utf-8", "line 2: not CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line(
    unit: Unit, write: Write, text: str, encoding: str, reason: str
) -> None:
    said = refusal(write(text, encoding))
    assert reason in said
    assert "\n" not in said


def test_a_missing_file_is_refused_in_one_line(unit: Unit, tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").endswith("none.csv: No such file or directory")


def test_without_a_supervising_unit_the_command_says_what_to_run_first(db: None, write: Write) -> None:
    assert "open_unit" in refusal(write(LIST))


def test_of_two_supervising_units_one_must_be_chosen(unit: Unit, write: Write) -> None:
    open_unit(kind="tinh", name="Hà Tĩnh", phone="0239 000 0200", hostname="tinh.example")
    open_unit(kind="thanh-pho", name="Hà Tĩnh", phone="0239 000 0300", hostname="thanh-pho.example")
    path = write(LIST)
    assert "--unit: “huyện Cẩm Xuyên”, “thành phố Hà Tĩnh”, “tỉnh Hà Tĩnh”" in refusal(path)
    assert "more than one unit is called so: “thành phố Hà Tĩnh”" in refusal(path, "--unit", "ha tinh")
    assert "no unit is called so" in refusal(path, "--unit", "Kỳ Anh")
    run(path, "--unit", "TINH HA TINH", "--execute")
    assert {page.unit.parent.full_name for page in CommunePage.objects.all()} == {"Công an tỉnh Hà Tĩnh"}


def test_open_unit_makes_a_home_page_that_communes_open_under(write: Write, client: Client, db: None) -> None:
    said = run_open_unit(hostname="congan.example")
    assert said.startswith("made Công an tỉnh Hà Tĩnh\nmade /tinh-ha-tinh/\nmade /tinh-ha-tinh/tin-tuc/\n")
    assert "made site congan.example\n" in said
    assert client.get("/").status_code == 200
    assert "3 opened" in run(write(LIST), "--execute")
    assert client.get("/cam-trung/").status_code == 200


def test_open_unit_again_changes_nothing(db: None) -> None:
    run_open_unit()
    before = rows()
    said = run_open_unit(kind="tinh", phone="0239 000 0999", hostname="other.example")
    assert rows() == before
    assert "made" not in said
    assert "found /tinh-ha-tinh/\n" in said
    assert HomePage.objects.get().phone == "0239 000 0100"
    assert Site.objects.get().hostname == "localhost"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"kind": "xã"}, "--kind xã: not the kind of a supervising unit (huyện, tỉnh, thành phố)"),
        ({"kind": "vùng"}, "--kind vùng"),
        ({"phone": "call us"}, "--phone call us: Write the number in digits"),
        ({"name": " "}, "--name : This field cannot be blank"),
        ({"name": "…"}, "--name …: no letter"),
        ({"kind": "huyện", "name": "Cẩm xuyên"}, "there is Công an huyện Cẩm Xuyên already"),
        ({"hostname": "https://congan.example/"}, "a host name alone"),
        ({"hostname": "localhost"}, "--hostname localhost: it is Công an huyện Cẩm Xuyên's"),
    ],
)
def test_open_unit_refuses_what_cannot_work(unit: Unit, options: dict[str, str], reason: str) -> None:
    before = rows()
    with pytest.raises(CommandError) as caught:
        run_open_unit(**options)
    assert reason in str(caught.value)
    assert rows() == before


def test_what_opening_costs_is_on_record_and_does_not_grow_with_the_list(
    unit: Unit, write: Write, record_property: Record
) -> None:
    run(write(f"{COLUMNS}\nCẩm Hà,xã,0239 000 0104,,,,\n"), "--execute")  # the shared parts are made
    cost = {}
    for count in (1, 20):
        names = [f"Xã {count}-{number}" for number in range(count)]
        path = write("\n".join([COLUMNS, *(f"{name},xã,0239 000 0113,,,," for name in names)]))
        queries = 0

        def counted(execute: Any, *args: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*args)

        started = time.perf_counter()
        with connection.execute_wrapper(counted):
            run(path, "--execute")
        record_property(f"seconds to open {count}", round(time.perf_counter() - started, 2))
        record_property(f"queries to open {count}", queries)
        cost[count] = queries
    assert cost[20] <= 20 * cost[1]
