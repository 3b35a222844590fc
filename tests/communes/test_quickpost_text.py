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
        ("Đây là một câu. Hai câu.", "Đây là một câu."),
        ("Bà con hỏi gì? Đáp.", "Bà con hỏi gì?"),
        ("Không có dấu chấm\n\nđoạn sau", "Không có dấu chấm"),
        ("Số tiền 1.500.000 đồng. Hết.", "Số tiền 1.500.000 đồng."),
        ("- một\n- hai", "một hai"),
        ("", ""),
        ("từ " * 200, ("từ " * 100)[:298].rsplit(" ", 1)[0].rstrip() + "…"),
    ],
)
def test_the_first_sentence_is_the_summary(text: str, sentence: str) -> None:
    found = first_sentence(text, 300)
    assert found == sentence
    assert len(found) <= 300


NEXT = "Bà con nhớ kỹ."


@pytest.mark.parametrize(
    "sentence",
    [
        # Places
        "Công an TP. Hà Tĩnh cảnh báo thủ đoạn mới.",
        "Công an Tp. Hà Tĩnh cảnh báo thủ đoạn mới.",
        "Người dân TP. HCM và TP. Hà Nội đều nhận được tin nhắn.",
        "Đoạn qua TX. Kỳ Anh tạm cấm xe tải.",
        "Chợ TT. Cẩm Xuyên nghỉ hai ngày.",
        "Phiên chợ ở H. Cẩm Xuyên dời sang thứ Bảy.",
        "Trụ sở mới ở P. Trần Phú, Q. Hoàn Kiếm đã mở cửa.",
        "Công an X. Cẩm Trung đổi giờ tiếp dân.",
        "Nhà ở KP. Bắc Sơn và TDP. Hưng Hòa bị mất điện.",
        "Cấm đường Đ. Nguyễn Du từ sáng mai.",
        # People
        "Theo Đ/c. Nguyễn Văn Bình, nước sẽ rút dần.",
        "Theo đ/c. Trưởng Công an xã, nước sẽ rút dần.",
        "Theo ThS. Trần Thị Hoa, trẻ dễ bị lừa qua mạng.",
        "Theo Th.S. Trần Thị Hoa, trẻ dễ bị lừa qua mạng.",
        "Theo TS. Lê Hải, mưa còn kéo dài.",
        "Theo PGS.TS. Lê Hải, mưa còn kéo dài.",
        "Theo GS. TS. Lê Hải, mưa còn kéo dài.",
        "Theo BS. Mai Lan, không nên tự uống thuốc.",
        "Theo BSCK. Mai Lan, không nên tự uống thuốc.",
        "Theo LS. Phan Đức, giấy vay phải có chữ ký.",
        "Bà con hỏi KS. Hồ Sỹ Long về đê.",
        "Công an bắt ông Nguyễn V. A. vì lừa đảo.",
        "Công an bắt ông Nguyễn V. A. Trần tại nhà riêng.",
        "Công an bắt Ng. Văn Tý vì trộm chó.",
        "Trẻ lạc tên là Th. Hoa, mặc áo đỏ.",
        "Ông B. Lâm đã nhận lại ví.",
        # Papers
        "Biểu mẫu ở Tr. 15 của sổ tay đã đổi.",
        "Tải tờ khai theo TT. Bộ Công an mới ban hành.",
        "Mang giấy tờ tùy thân, VD. Căn cước công dân.",
        "Liên hệ qua ĐT. 0239 386 1113 trong giờ làm việc.",
        "Liên hệ qua SĐT. 0239 386 1113 trong giờ làm việc.",
        "Theo Điều 5. Luật Cư trú, phải khai báo tạm trú.",
        "Bước 1. Mang căn cước đến trụ sở.",
        "Mục 2. Khoản 3. Người thuê nhà phải khai báo.",
        # Lists
        "1. Mang căn cước đến trụ sở.",
        "12. Khóa cửa trước khi ngủ.",
        "a. Mang căn cước đến trụ sở.",
        "II. Những việc cần làm ngay.",
        "Bà con cần mang: 1. Căn cước của mình.",
        # Numbers
        "Kẻ gian đã lấy 1.500.000 đồng của cụ Tư.",
        "Kẻ gian đã lấy 1.500.000.",
        "Mức phạt là 2.000.000 đến 3.000.000 đồng.",
        "Có mưa 120.5 mm trong đêm qua.",
        # Days and hours
        "Nghỉ lễ từ ngày 1.9 đến 2.9.2026.",
        "Nghỉ lễ hết ngày 2. 9. 2026 theo lịch chung.",
        "Trụ sở nghỉ hết ngày 2.9.",
        "Mất điện từ 7.30 đến 11.00 sáng mai.",
        "Mất điện đến 7 giờ 30.",
        "Mất điện toàn xã đến 7h30.",
        "Quy định có từ năm 2026.",
        # Telephones
        "Thấy cháy hãy gọi 114.",
        "Có trộm thì bà con gọi 113.",
        "Hãy gọi số 0239 386 1113.",
        # Addresses on the web
        "Nộp hồ sơ tại https://dichvucong.gov.vn.",
        "Nộp hồ sơ tại www.dichvucong.gov.vn/a.b?c=1.",
        "Gửi thư đến canh.sat@hatinh.gov.vn để hỏi.",
        "Tải tệp mau-don.v2.docx ở cuối trang.",
        # Ellipsis and other signs
        "Mang giấy tờ, ảnh, v.v. để làm thủ tục.",
        "Mang theo giấy tờ, ảnh, v.v.",
        "Mang theo giấy tờ, ảnh…",
        "Kẻ gian gọi điện... rồi bảo chuyển tiền.",
        "Nước đang lên rất nhanh!",
        "Nước đang lên rất nhanh!!!",
        "Có nên chuyển tiền không?!",
        # Quotes and brackets
        "Kẻ gian nói: “Tôi là công an. Chuyển tiền ngay!” qua điện thoại.",
        "Kẻ gian nói: “Tôi là công an. Chuyển tiền ngay!”",
        'Kẻ gian nói: "Tôi là công an. Chuyển tiền ngay."',
        "Kẻ gian nói: «Tôi là công an. Chuyển tiền ngay.»",
        "Người dân thôn 4 (xem bản đồ. Ảnh dưới) phải sơ tán.",
        # A greeting, a heading, a call is no thought yet
        "Khẩn! Nước sông Rác đang lên nhanh.",
        "Kính gửi bà con! Nước sông đang lên.",
        "Kính thưa bà con thôn 4. Nước sông đang lên.",
        "Xin chào bà con xã nhà! Nước sông đang lên.",
        "Nóng. Nóng. Nóng. Công an xã bắt kẻ trộm chó.",
        "113. Số này ai cũng gọi được.",
    ],
)
def test_a_sentence_ends_where_a_reader_says_it_ends(sentence: str) -> None:
    assert first_sentence(f"{sentence} {NEXT}", 300) == sentence
    assert first_sentence(sentence, 300) == sentence


def test_a_heading_alone_is_no_summary() -> None:
    assert first_sentence("THÔNG BÁO\n\nNgày mai mất điện. Hết.", 300) == "THÔNG BÁO Ngày mai mất điện."
    assert first_sentence("Kính gửi bà con thôn 4,\n\nMai mất điện. Hết.", 300) == (
        "Kính gửi bà con thôn 4, Mai mất điện."
    )
    assert first_sentence("Ngày mai bà con lưu ý:\n\n- Mất điện. Hết.", 300) == (
        "Ngày mai bà con lưu ý: Mất điện."
    )
    assert first_sentence("THÔNG BÁO\n\nTừ TP. Vinh. Ngày mai.", 300) == "THÔNG BÁO Từ TP. Vinh."


def test_what_comes_after_a_whole_paragraph_is_not_waited_for() -> None:
    assert first_sentence("Mai mất điện toàn xã\n\nHết", 300) == "Mai mất điện toàn xã"
