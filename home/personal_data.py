"""What in a Vietnamese text looks like a phone number or like somebody's personal data.

Rules of thumb with few false alarms: dates, laws, sums of money and the emergency numbers are none of these.
"""

import re
from collections.abc import Iterator

from .text import LETTERS, many_lines, plain_signs

_SPACE = "[ \u00a0]"
_GAP = "[ \u00a0.\\-]?"  # between two digits of a number that is written in groups
_BEFORE, _AFTER = r"(?<![\w+/])(?<!\d[.,\-])", r"(?!\w)(?![.\-/]\d)"

PHONE = re.compile(
    rf"{_BEFORE}(?:"
    rf"(?:\+84|0){_GAP}[35789](?:{_GAP}\d){{8}}"  # mobile
    rf"|(?:\+84|0){_GAP}2(?:{_GAP}\d){{8,9}}"  # landline, with its province
    rf"|\(02\d{{1,2}}\){_GAP}\d(?:{_GAP}\d){{6,7}}"
    rf"|1[89]00(?:{_GAP}\d){{4,6}}"  # hotline
    rf"){_AFTER}"
)
# Too short to be told from any other number but by the word before it.
EMERGENCY = re.compile(rf"(?<=gọi{_SPACE})(?:111|112|113|114|115){_AFTER}", re.IGNORECASE)

# Since 2021: 0, two digits of the province, one of sex and century, two of the year, six more.
CITIZEN_NUMBER = re.compile(
    rf"{_BEFORE}0\d\d(?P<gap>{_GAP})(?:[0-3]\d\d(?P=gap)\d{{3}}(?P=gap)\d{{3}}|[0-3]\d\d(?P=gap)\d{{6}}"
    rf"|[0-3]\d{{8}}){_AFTER}|{_BEFORE}0\d\d[0-3](?P<gap4>[ \u00a0.\-])\d{{4}}(?P=gap4)\d{{4}}{_AFTER}"
)
_OLD_CITIZEN_NUMBER = re.compile(
    rf"(?:CMND|CMTND|CMT|CCCD|chứng minh|căn cước|định danh)[^.;\n]{{0,40}}?{_BEFORE}"
    rf"(?P<number>\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}){_AFTER}",
    re.IGNORECASE,
)
_ACCOUNT = r"(?P<number>\d(?:[ \u00a0.\-]?\d){7,18})(?!\w)(?![.,]\d)"
_NAMED_ACCOUNT = re.compile(
    rf"(?:\bSTK\b|số{_SPACE}tài{_SPACE}khoản|số{_SPACE}TK\b)[^.;\n\d]{{0,40}}?{_ACCOUNT}", re.IGNORECASE
)
_LIKELY_ACCOUNT = re.compile(
    rf"(?:tài{_SPACE}khoản|ngân{_SPACE}hàng|chuyển{_SPACE}khoản)[^.;\n\d]{{0,40}}?{_ACCOUNT}", re.IGNORECASE
)
_MONEY = re.compile(rf"{_SPACE}*(?:đồng|đ\b|vnđ|vnd|triệu|tỷ|nghìn|ngàn|tỉ)", re.IGNORECASE)

_SURNAMES = (
    "An|Bạch|Biện|Bùi|Cao|Châu|Chu|Cù|Diệp|Doãn|Dương|Đàm|Đào|Đặng|Đậu|Đinh|Đoàn|Đỗ|Đồng|Giang|Hà|Hoàng|Hồ"
    "|Huỳnh|Khổng|Kiều|Lại|Lâm|Lê|Lục|Lương|Lưu|Lý|Mạc|Mai|Nghiêm|Ngô|Nguyễn|Ninh|Nông|Ông|Phạm|Phan|Phùng"
    "|Quách|Tạ|Tăng|Thái|Thân|Tô|Tôn|Tống|Trần|Triệu|Trịnh|Trương|Từ|Văn|Võ|Vũ|Vương"
)
_UPPER, _LOWER = LETTERS.upper() + "FJWZ", LETTERS + "fjwz"
_CAPITALISED = f"[{_UPPER}][{_LOWER}]*"
# "Đoàn Thanh niên" is a surname, a name, and the youth union.
_CHILD = re.compile(
    rf"(?:\b[Cc]háu|\b[Bb]é(?:{_SPACE}(?:trai|gái))?|\b[Ee]m|\b[Hh]ọc{_SPACE}sinh){_SPACE}+"
    rf"(?!Đoàn{_SPACE}Thanh{_SPACE}[nv])(?P<name>(?:{_SURNAMES})(?:{_SPACE}{_CAPITALISED}){{1,3}})(?!\w)"
)
_ADDRESS = re.compile(
    rf"\b(?i:thôn|xóm|ấp|bản|buôn|khối|tổ{_SPACE}dân{_SPACE}phố|tổ|khu{_SPACE}phố|ngõ|ngách|hẻm){_SPACE}+"
    rf"(?:\d|[{_UPPER}])|(?i:số{_SPACE}nhà|địa{_SPACE}chỉ|trú{_SPACE}tại|thường{_SPACE}trú|ở{_SPACE}tại)"
)


def phone_spans(text: str) -> list[tuple[int, int]]:
    """Where phone numbers stand in the text; a citizen number is none."""
    text = plain_signs(text)
    citizens = [match.span() for match in CITIZEN_NUMBER.finditer(text)]
    found = [match.span() for pattern in (PHONE, EMERGENCY) for match in pattern.finditer(text)]
    return sorted(span for span in found if not any(_overlap(span, other) for other in citizens))


def citizen_numbers(text: str) -> Iterator[str]:
    """Numbers of identity cards: of twelve digits anywhere, of the old nine next to the card's name."""
    text = _composed(text)
    for match in CITIZEN_NUMBER.finditer(text):
        yield match[0]
    for match in _OLD_CITIZEN_NUMBER.finditer(text):
        yield match["number"]


def account_numbers(text: str) -> Iterator[str]:
    """Numbers of bank accounts, told by the words before them."""
    text = _composed(text)
    phones = phone_spans(text)
    seen = set()
    for pattern, may_be_phone in ((_NAMED_ACCOUNT, True), (_LIKELY_ACCOUNT, False)):
        for match in pattern.finditer(text):
            span = match.span("number")
            is_phone = any(_overlap(span, phone) for phone in phones)
            if span not in seen and not _MONEY.match(text, span[1]) and (may_be_phone or not is_phone):
                seen.add(span)
                yield match["number"]


def children_with_address(text: str) -> Iterator[str]:
    """Names of children, when the same text says where somebody lives."""
    text = _composed(text)
    if _ADDRESS.search(text):
        for match in _CHILD.finditer(text):
            yield match["name"]


def _composed(text: str) -> str:
    """As the patterns read it: accents that came apart, as on a Mac, are joined."""
    return plain_signs(many_lines(text))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
