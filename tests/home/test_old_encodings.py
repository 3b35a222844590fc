"""Text that looks right only where it was typed is refused with what it was meant to be."""

import pytest
from django.core.exceptions import ValidationError

from home.old_encodings import readable


@pytest.mark.parametrize(
    ("typed", "code", "meant"),
    [
        ("C«ng an x·", "old_font", "Công"),
        ("thÞ trÊn Thiªn CÇm", "old_font", "thị"),
        ("Hµ TÜnh", "old_font", "Hà"),
        ("<p>®¨ng ký t¹m tró</p>", "old_font", "đăng"),
        ("Coâng an xaõ", "old_font", "Công"),
        ("CAÅM TRUNG", "old_font", "CẨM"),
        ("ñaêng kyù taïm truù", "old_font", "đăng"),
        ("Cáº©m Trung", "spoilt", "Cẩm"),
        ("HÃ\u00a0 TÄ©nh", "spoilt", "Hà"),
        ("Ă´ng", "spoilt", "ông"),  # read as Vietnamese Windows' own page
    ],
)
def test_what_others_cannot_read_is_refused_with_what_was_meant(typed: str, code: str, meant: str) -> None:
    with pytest.raises(ValidationError) as caught:
        readable(typed)
    assert caught.value.code == code
    assert f"“{meant}”" in caught.value.messages[0]


def test_a_sign_of_ones_own_device_is_refused_with_its_place() -> None:
    with pytest.raises(ValidationError) as caught:
        readable("<p>Mang theo \ue000 căn cước</p>")
    assert "“Mang theo”" in caught.value.messages[0] and "“căn cước”" in caught.value.messages[0]


@pytest.mark.parametrize(
    "typed",
    [
        "Công an xã Cẩm Trung: đăng ký tạm trú ở đâu? Nghiêng, khuỷu, Quỳnh, giếng, ngoằn ngoèo.",
        "rộng 5 m², 30 °C, 25 µm, 50 % ± 1",
        "«Công an» không gọi điện",
        "thuốc Panadol®, © 2026",
        "José, Müller, René, El Niño, señor, café",
        "Cư M'gar, Đăk Nông, Krông Búk, Ê-đê, ƀuôn",
        "🚓 👨\u200d👩\u200d👧 ❤️",
        "\uf0b7 Hồ sơ dán từ Word",
        "Người này nói tiếng Pháp: “où est la police” rồi chạy về phía cầu",
    ],
)
def test_other_text_is_taken(typed: str) -> None:
    readable(typed)
