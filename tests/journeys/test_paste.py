"""What comes from Word and from Zalo by copy and paste, in a real editor."""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

WORD = (
    "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style>p{color:red}</style></head>"
    "<body><!--StartFragment--><p class=MsoNormal style='mso-margin-top-alt:auto;color:red'>"
    "<b style='mso-bidi-font-weight:normal'><span style='color:red'>Thông báo</span></b> “lịch”"
    "<o:p></o:p></p><table class=MsoTable><tr><td style='border:solid'><p class=Mso>Thứ hai</p></td></tr>"
    "</table><!--EndFragment--></body></html>"
)
ZALO = (
    '<div class="text" style="color:#081c36"><div>Bà con chú ý 🚨</div><div data-id="1">'
    + unicodedata.normalize("NFD", "Gọi trực ban ngay")
    + '<img src="https://zalo.example/emoji.png" onerror="alert(1)"></div></div>'
)
WORD_TABLE = (
    "<html xmlns:v='urn:schemas-microsoft-com:vml'><body><!--StartFragment-->"
    "<p class=MsoNormal>Lịch làm căn cước:</p><table class=MsoTableGrid><tr>"
    "<td><p class=MsoNormal><b>Ngày</b></p></td><td><p class=MsoNormal><b>Giờ\r\n  làm việc</b></p></td></tr>"
    "<tr><td rowspan=2><p>Thứ hai</p></td><td><p>7:30</p><p>đến 11:30</p></td></tr>"
    "<tr><td>Chiều nghỉ</td></tr>"
    "</table><p class=MsoNormal>Mang theo giấy tờ cũ.<!--[if gte vml 1]><v:shape/><![endif]-->"
    "<![if !vml]><img width=200 src='file:///C:/clip_image001.png'><![endif]>"
    "<img width=200 src='file:///C:/clip_image002.png'></p><!--EndFragment--></body></html>"
)
GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><div dir="ltr"><table>'
    '<colgroup><col/><col/></colgroup><tbody><tr><td colspan="2"><p dir="ltr"><span>Khu vực 1</span></p></td>'
    '</tr><tr><td><p dir="ltr"><span>Thôn 4</span></p></td><td><p dir="ltr"><span>Thôn 5</span></p></td></tr>'
    "</tbody></table></div><p><span>Xem bản đồ</span></p></b>"
)
ZALO_PHOTO = (
    '<div class="text">Bà con xem ảnh <img class="emoji-sizer" alt="😊" src="https://zalo.example/s.png"></div>'
    '<div><img src="blob:https://chat.zalo.example/1" width="320"></div>'
)
PASTE = """(element, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", html.replace(/<[^>]+>/g, ""));
    const paste = {clipboardData: data, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


PASTE_PLAIN = """(element, [html, plain]) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", plain);
    const paste = {clipboardData: data, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent("paste", paste));
}"""
PASTE_FILE = """async (element) => {
    const canvas = document.createElement("canvas");
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const data = new DataTransfer();
    data.items.add(new File([blob], "image.png", {type: "image/png"}));
    const paste = {clipboardData: data, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


def a_paragraph(page: Page) -> Locator:
    """The text of the first part of a new post in the full editor."""
    page.get_by_role("link", name="Đăng bài", exact=True).first.click()
    page.locator("#id_title").fill(f"Bài dán {secrets.token_hex(3)}")
    page.locator("#id_summary").fill("Một câu.")
    page.locator("[data-streamfield-stream-container] button, .c-sf-add-button").first.click()
    page.get_by_role("option", name=re.compile("^Đoạn văn")).first.click()
    text = page.locator(".public-DraftEditor-content").first
    expect(text).to_be_visible()
    text.click()
    return text


def stored(page: Page) -> str:
    """The text of the post once it is saved, as readers will see it."""
    page.wait_for_timeout(500)  # Draftail hands its text to the form a moment later
    page.locator("form[data-edit-form]").evaluate("form => form.requestSubmit()")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    page.goto(page.url.replace("/edit/", "/view_draft/"))
    return page.locator("article, main").first.inner_text()


def cells(page: Page) -> list[list[str]]:
    rows = page.locator("main table tr").all()
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


def test_a_table_out_of_word_becomes_a_table_and_its_pictures_are_asked_for(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None]
) -> None:
    editor = phone()
    log_in(editor, "cam-trung-bientap")
    text = a_paragraph(editor)
    text.evaluate(PASTE, WORD_TABLE)
    told = editor.locator("[data-pasted]")
    expect(told).to_contain_text("1 bảng vừa dán thành phần “Bảng” riêng")
    expect(told).to_contain_text("2 ảnh không dán được")
    assert editor.evaluate("document.documentElement.scrollWidth") <= 360
    told.get_by_role("button", name="Thêm ảnh").click()
    picture = editor.locator("[name=body-3-type]")
    expect(picture).to_have_value("picture")
    editor.locator("#body-3-deleted, [name=body-3-deleted]").evaluate("field => { field.value = '1'; }")
    words = stored(editor)
    assert cells(editor) == [
        ["Ngày", "Giờ làm việc"],
        ["Thứ hai", "7:30\nđến 11:30"],
        ["", "Chiều nghỉ"],
    ]
    expect(editor.locator("main table th")).to_have_count(2)
    assert words.index("Lịch làm căn cước") < words.index("Thứ hai") < words.index("Mang theo giấy tờ cũ")


def test_a_table_out_of_google_docs_keeps_its_place_between_the_words(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None]
) -> None:
    editor = phone(viewport={"width": 1280, "height": 780})
    log_in(editor, "cam-trung-bientap")
    a_paragraph(editor).evaluate(PASTE, GOOGLE_DOCS)
    expect(editor.locator("[data-pasted]")).not_to_contain_text("ảnh")
    words = stored(editor)
    assert cells(editor) == [["Khu vực 1", ""], ["Thôn 4", "Thôn 5"]]
    expect(editor.locator("main table th")).to_have_count(0)
    assert words.index("Thôn 5") < words.index("Xem bản đồ")


def test_a_photo_out_of_zalo_is_asked_for_and_a_smile_is_not(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None]
) -> None:
    editor = phone()
    log_in(editor, "cam-trung-bientap")
    text = a_paragraph(editor)
    text.evaluate(PASTE, ZALO_PHOTO)
    expect(editor.locator("[data-pasted]")).to_contain_text("1 ảnh không dán được")
    text.evaluate(PASTE, ZALO)
    expect(editor.locator("[data-pasted]")).to_have_count(0)
    assert "Bà con xem ảnh" in stored(editor)


def test_a_quick_post_keeps_rows_readable_and_says_where_pictures_go(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None]
) -> None:
    page = phone()
    log_in(page, "cam-trung-bientap")
    page.goto("/admin/quick-post/")
    text = page.get_by_label("Nội dung")
    text.click()
    plain = "Lịch:\r\nNgày\tGiờ\r\nThứ hai\t7:30\r\n·\tMang giấy tờ\r\n1.\tLấy số"
    text.evaluate(PASTE_PLAIN, [WORD_TABLE, plain])
    expect(text).to_have_value("Lịch:\nNgày – Giờ\nThứ hai – 7:30\n- Mang giấy tờ\n1. Lấy số")
    expect(page.locator("[data-pasted]")).to_contain_text("2 ảnh không dán được. Bấm “Chụp hoặc chọn ảnh”")
    text.evaluate(PASTE_FILE)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    expect(page.locator("[data-pasted]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_pasted_keeps_its_words_and_loses_its_dress(
    phone: Callable[..., Page], log_in: Callable[[Page, str], None]
) -> None:
    editor = phone()
    log_in(editor, "cam-trung-bientap")
    editor.get_by_role("link", name="Đăng bài", exact=True).first.click()
    editor.locator("#id_title").fill(f"Bài dán {secrets.token_hex(3)}")
    editor.locator("#id_summary").fill("Một câu.")
    editor.locator("[data-streamfield-stream-container] button, .c-sf-add-button").first.click()
    editor.get_by_role("option", name=re.compile("^Đoạn văn")).first.click()
    text = editor.locator(".public-DraftEditor-content").first
    expect(text).to_be_visible()
    for html in (WORD, ZALO):
        text.click()
        text.evaluate(PASTE, html)
        editor.wait_for_timeout(300)
    stored = editor.locator("input[name=body-0-value]").input_value()
    state = json.loads(stored)
    words = " ".join(block["text"] for block in state["blocks"])
    for kept in ("Thông báo", "“lịch”", "Thứ hai", "Bà con chú ý 🚨"):
        assert kept in words
    assert {entity["type"] for entity in state["entityMap"].values()} <= {"LINK"}
    styles = {style["style"] for block in state["blocks"] for style in block["inlineStyleRanges"]}
    assert styles <= {"BOLD"}

    editor.locator("form[data-edit-form]").evaluate("form => form.requestSubmit()")
    editor.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    draft = editor.url.replace("/edit/", "/view_draft/")
    editor.goto(draft)
    prose = editor.locator(".prose").inner_html()
    assert unicodedata.is_normalized("NFC", prose)
    assert not re.search(r"mso|style=|onerror|<script|<o:p|<table|zalo\.example", prose, re.IGNORECASE)
    assert "Thứ hai" in prose
