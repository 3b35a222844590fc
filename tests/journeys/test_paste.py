"""What comes from Word and from Zalo by copy and paste, in a real editor."""

import json
import re
import secrets
import unicodedata
from collections.abc import Callable

from playwright.sync_api import Page, expect

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
PASTE = """(element, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", html.replace(/<[^>]+>/g, ""));
    const paste = {clipboardData: data, bubbles: true, cancelable: true};
    element.dispatchEvent(new ClipboardEvent("paste", paste));
}"""


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
