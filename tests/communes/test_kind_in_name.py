"""A commune's name is stored without its kind, however both are typed."""

import pytest

from communes.models import Unit


@pytest.mark.parametrize(
    "typed",
    [
        "Cẩm Thử",
        "Xã Cẩm Thử",
        "xã Cẩm Thử",
        "XÃ  Cẩm Thử",
        "Xã. Cẩm Thử",
        "xa Cẩm Thử",
        "Xa. Cẩm Thử",
        "X. Cẩm Thử",
        "phường Cẩm Thử",
        "P. Cẩm Thử",
        "Thị trấn Cẩm Thử",
        "TT. Cẩm Thử",
        "thi tran Cẩm Thử",
        "đặc khu Cẩm Thử",
        "Công an xã Cẩm Thử",
        "Xa\u0303 Cẩm Thử",
    ],
)
def test_the_kind_before_a_name_is_left_out(typed: str) -> None:
    assert Unit.plain_name(typed) == "Cẩm Thử"


@pytest.mark.parametrize(
    "name", ["Xa Dung", "Xá Lượng", "Xà Dề Phìn", "Phương Độ", "Tỉnh", "Xã", "Phước Trung", "5"]
)
def test_a_name_that_only_begins_alike_stays(name: str) -> None:
    assert Unit.plain_name(name) == name


def test_a_number_is_a_name() -> None:
    assert Unit.plain_name("Phường 5") == Unit.plain_name("P.5") == "5"
