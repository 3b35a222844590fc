"""A few typed lines as rich text, and back."""

import pytest

from communes.quickpost.text import first_sentence, rich_text_of, text_of


@pytest.mark.parametrize(
    ("text", "rich_text"),
    [
        ("Một dòng", "<p>Một dòng</p>"),
        ("Một\nhai", "<p>Một<br/>hai</p>"),
        ("Một\r\n\r\nhai\n \n\nba", "<p>Một</p><p>hai</p><p>ba</p>"),
        ("Nhớ:\n- một\n- hai\nrồi về", "<p>Nhớ:</p><ul><li>một</li><li>hai</li></ul><p>rồi về</p>"),
        ("• một\n* hai", "<ul><li>một</li><li>hai</li></ul>"),
        ("Gọi 0912 345 678!", '<p>Gọi <a href="tel:0912345678">0912 345 678</a>!</p>'),
        ("<script>alert(1)</script> & 'x'", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; 'x'</p>"),
        ("-12 độ", "<p>-12 độ</p>"),
        ("", ""),
        ("  \n \n", ""),
    ],
)
def test_lines_become_paragraphs_lists_and_links(text: str, rich_text: str) -> None:
    assert rich_text_of(text) == rich_text
    back = text_of(rich_text)
    assert back is not None
    assert rich_text_of(back) == rich_text


@pytest.mark.parametrize(
    "rich_text",
    [
        "<p><b>Đậm</b></p>",
        "<h3>Đầu đề</h3><p>chữ</p>",
        '<p><a href="https://vi.wikipedia.org/">x</a></p>',
        "<ol><li>một</li></ol>",
        '<p>Gọi <a href="tel:0911111111">0912 345 678</a></p>',
    ],
)
def test_what_lines_cannot_say_is_left_to_the_full_editor(rich_text: str) -> None:
    assert text_of(rich_text) is None


def test_the_editors_own_numbering_of_blocks_does_not_matter() -> None:
    assert text_of('<p data-block-key="a1b2c">Một</p>') == "Một"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Một câu. Hai câu.", "Một câu."),
        ("Hỏi gì? Đáp.", "Hỏi gì?"),
        ("Không có dấu chấm\n\nđoạn sau", "Không có dấu chấm"),
        ("Số 1.500.000 đồng. Hết.", "Số 1.500.000 đồng."),
        ("- một\n- hai", "một hai"),
        ("", ""),
        ("từ " * 200, ("từ " * 100)[:298].rsplit(" ", 1)[0].rstrip() + "…"),
    ],
)
def test_the_first_sentence_is_the_summary(text: str, sentence: str) -> None:
    found = first_sentence(text, 300)
    assert found == sentence
    assert len(found) <= 300
