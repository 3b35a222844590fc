from typing import Any

import pytest
from django.core.exceptions import ValidationError

from communes.models import CommunePage, ProcedureIndexPage, ProcedurePage
from home.models import HomePage
from home.tree import live_children

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared_guide(unit: Any) -> ProcedurePage:
    index = live_children(ProcedureIndexPage, HomePage.objects.get()).get()
    return index.add_child(
        instance=ProcedurePage(
            title="Đăng ký tạm trú", summary="Ở từ 30 ngày thì đăng ký.", where="Nộp tại {full_name}."
        )
    )


def test_a_shared_guide_is_read_in_each_commune_with_its_name_and_phone(
    client: Any, shared_guide: ProcedurePage, commune: CommunePage, other_commune: CommunePage
) -> None:
    for page, name in ((commune, "Công an xã Cẩm Trung"), (other_commune, "Công an xã Cẩm Duệ")):
        html = client.get(f"/{page.slug}/thu-tuc/dang-ky-tam-tru/").content.decode()
        assert f"Nộp tại {name}." in html
        assert "tel:" in html
        assert '<link rel="canonical" href="http://localhost/thu-tuc/dang-ky-tam-tru/"' in html
    assert "Nộp tại Công an cấp xã." in client.get("/thu-tuc/dang-ky-tam-tru/").content.decode()


def test_a_communes_own_guide_goes_first(
    client: Any, shared_guide: ProcedurePage, commune: CommunePage
) -> None:
    own_index = live_children(ProcedureIndexPage, commune).get()
    own_index.add_child(
        instance=ProcedurePage(title="Tạm trú ở Cẩm Trung", slug="dang-ky-tam-tru", summary="Riêng.")
    )
    assert "Tạm trú ở Cẩm Trung" in client.get("/cam-trung/thu-tuc/dang-ky-tam-tru/").content.decode()
    listing = client.get("/cam-trung/thu-tuc/").content.decode()
    assert "Tạm trú ở Cẩm Trung" in listing
    assert "Đăng ký tạm trú" not in listing


@pytest.mark.parametrize("path", ["/cam-trung/thu-tuc/khong-co/", "/cam-trung/thu-tuc/dang-ky-tam-tru/khac/"])
def test_an_unknown_guide_is_not_found(
    client: Any, shared_guide: ProcedurePage, commune: CommunePage, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_a_guide_that_is_not_published_is_not_found(
    client: Any, shared_guide: ProcedurePage, commune: CommunePage
) -> None:
    shared_guide.unpublish()
    assert client.get("/cam-trung/thu-tuc/dang-ky-tam-tru/").status_code == 404


def test_the_address_of_a_published_shared_guide_stays(shared_guide: ProcedurePage) -> None:
    shared_guide.slug = "tam-tru"
    with pytest.raises(ValidationError, match="slug"):
        shared_guide.full_clean()
