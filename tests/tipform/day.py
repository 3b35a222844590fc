"""A day's traffic in two communes and the unit above, with a canary in whatever anybody writes or gets.

The proofs look for them afterwards: in what a thief takes and in all output.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from PIL import Image

from communes.models import Membership, Unit, User
from tests.conftest import PASSWORD
from tests.tipform.canaries import Canary
from tests.tipform.officers import (
    INBOX,
    KEYS,
    choose,
    give_birth,
    grant,
    groups_on,
    hand,
    key_page,
    log_in,
    new_officer,
    own_digits,
    page,
    press,
    read,
    reset_by_an_administrator,
    type_back,
)
from tests.tipform.residents import Resident, answers_to, code_on, named, photo
from tests.tipform.uploading import FILM, Phone, handles_on
from tipform.kinds import KINDS
from tipform.models import Part, Tip

# In every sentence of the day, so that a piece of one is found, too.
MARK = "Hoàng Yến"
FILE_NAME = "hoang-yen-ben-do"
NAME, PHONE = f"{MARK} Báo Tin", "0912345679"
LATITUDE, COMMENT = "18.2468101", "hoang-yen-trong-anh"
EVIDENCE = b"\xfe\xedHOANG-YEN-BYTES\xfe\xed"
VISITOR, BROWSER = "203.0.113.77", "Trinh-Duyet-Hoang-Yen/9.9"
GIVEN, CHOSEN = "mật khẩu được cấp lại", "mật khẩu tự chọn về sau"


@dataclass
class Day:
    """`browser` makes a fresh one; for a resident it has the address VISITOR and calls itself BROWSER."""

    browser: Callable[..., Any]
    unit: Unit
    commune: Unit
    other: Unit
    # Whatever must be found nowhere.
    planted: list[Canary] = field(default_factory=list)
    # Every password that an officer has or had.
    passwords: list[str] = field(default_factory=lambda: [PASSWORD, GIVEN, CHOSEN])
    # What was told to whom: a word of each that opens with keys, so that the attempts are seen to be real.
    told: dict[str, Tip] = field(default_factory=dict)
    # Of the tip that was taken back: everything sealed that opened something of it.
    taken_back: list[bytes] = field(default_factory=list)
    taken_back_code: str = ""
    codes: list[str] = field(default_factory=list)
    people: dict[str, User] = field(default_factory=dict)

    # Who sits at which browser, who wrote which recovery code down, and how many answers were written.
    officers: dict[str, Any] = field(default_factory=dict)
    recovery: dict[str, str] = field(default_factory=dict)
    written: int = 0

    def spend(self) -> "Day":
        self.planted += [MARK, FILE_NAME, PHONE, LATITUDE, COMMENT, EVIDENCE, VISITOR, BROWSER]
        self.planted += self.passwords
        self._open_boxes()
        self._a_tip_that_goes_from_hand_to_hand()
        self._one_of_each_kind_with_all_that_it_asks()
        self._files_ahead_of_their_forms()
        self._straight_to_the_unit_above()
        self._sent_up_with_the_code()
        self._taken_back()
        self._refused_in_words()
        self._an_officer_leaves_and_the_other_forgets()
        self.officers["chi"].post(reverse("account_logout"))
        for name, browser in self.officers.items():
            # The secrets of the opened keys, of sessions that live and of one that ended.
            self.planted += [browser.cookies["tipkey"].value] if name != "chi" else []
        return self

    def _resident(self) -> Resident:
        return Resident(client=self.browser(resident=True))

    def _receipt(self, response: Any) -> str:
        code = code_on(response)
        assert code, response.content.decode()
        self.codes.append(code)
        self.planted += [code, " ".join(code[start : start + 4] for start in range(0, 16, 4))]
        return code

    def _write(self, browser: Any, tip: Tip, words: str) -> None:
        self.written += 1
        assert press(browser, tip, "reply", text=words, nonce=f"{self.written:022}").status_code == 302

    def _open_boxes(self) -> None:
        for name, unit in (("an", self.commune), ("chi", self.other), ("dung", self.unit)):
            self._hires(name, unit)
            groups = give_birth(self.officers[name], unit)
            self.planted += ["".join(groups), " ".join(groups)]
            self.recovery[name] = " ".join(groups)
        self._hires("binh", self.commune)
        digits = own_digits(self.officers["binh"])
        assert grant(self.officers["an"], self.commune, self.people["binh"], digits).status_code == 302
        page(self.officers["binh"], INBOX)

    def _hires(self, name: str, unit: Unit) -> None:
        self.people[name] = new_officer(name, unit)
        self.officers[name] = log_in(self.people[name], client=self.browser())

    def _a_tip_that_goes_from_hand_to_hand(self) -> None:
        an, binh, chi, dung = (self.officers[name] for name in ("an", "binh", "chi", "dung"))
        resident = self._resident()
        film = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + EVIDENCE * 9000
        sent = resident.send(
            message=f"{MARK} kêu ở bến đò lúc nửa đêm ({LATITUDE})",
            place=f"{MARK}, cạnh giếng Mực",
            occurred=f"đêm {MARK}",
            contact="callback",
            name=NAME,
            phone=PHONE,
            attachments=[
                named(picture(), f"{FILE_NAME}.jpg"),
                named(film, f"{FILE_NAME}.mp4"),
            ],
        )
        code, tip = self._receipt(sent), Tip.objects.latest("pk")
        self.told["kêu ở bến đò"] = tip
        read(an, tip)
        self._write(an, tip, f"Cán bộ hỏi {MARK}")
        assert MARK in press(an, tip, "identity").content.decode()
        for label in (Part.Label.FILE, Part.Label.VIEW):
            part = tip.parts.filter(label=label).earliest("pk")
            address = reverse("tips:file", args=[tip.uuid, part.uuid])
            assert len(body(an.get(address))) > 100
        self._write(binh, tip, f"Đồng nghiệp viết cho {MARK}")
        assert f"hỏi {MARK}" in resident.look_up(code).content.decode()
        assert f"{MARK} viết thêm" in resident.look_up(code, message=f"{MARK} viết thêm").content.decode()
        file = f"file:{tip.parts.filter(label='file').earliest('pk').uuid}"
        reason = f"Xử lý cùng vì {MARK}"
        joint = {"mode": "joint", "parts": ["message", "place", "entry", file], "tell_reporter": "on"}
        assert hand(an, tip, self.other, act="check", reason=reason, **joint).status_code == 200
        assert hand(an, tip, self.other, reason=reason, **joint).status_code == 302
        assert reason in read(chi, tip)
        self._write(chi, tip, f"Xã bên trả lời {MARK}")
        reason = f"Chuyển lên vì {MARK}"
        handed = hand(an, tip, self.unit, reason=reason, parts=["message", "identity"], nonce="u" * 22)
        assert handed.status_code == 302
        assert reason in read(dung, tip)
        self._write(dung, tip, f"Huyện trả lời {MARK}")
        assert press(dung, tip, "status", status="closed", outcome="resolved").status_code == 302
        assert f"Huyện trả lời {MARK}" in resident.look_up(code).content.decode()

    def _one_of_each_kind_with_all_that_it_asks(self) -> None:
        an, resident = self.officers["an"], self._resident()
        for kind in KINDS:
            code = self._receipt(resident.send(**answers_to(kind, MARK, PHONE)))
            tip = Tip.objects.latest("pk")
            self.told[f"{kind} message"] = tip
            read(an, tip)
            assert PHONE in press(an, tip, "identity").content.decode()
            self._write(an, tip, f"Cần mang theo {MARK}")
            assert "Cần mang theo" in resident.look_up(code).content.decode()

    def _files_ahead_of_their_forms(self) -> None:
        """Sent with the form and with a later entry; one waits, whole, and one came back with its form."""
        resident, film = self._resident(), FILM + EVIDENCE * 9000
        first, later, waits, half = (Phone(client=resident.client) for _file in range(4))
        for phone in (first, later, waits, half):
            assert phone.create(len(film)).status_code == 201
            assert phone.patch(0, film if phone is not half else film[:40_000]).status_code == 204
        name = f"{FILE_NAME}.mp4"
        code = self._receipt(resident.send(message=f"{MARK} gửi phim trước", upload=[first.handle(name)]))
        files = {"upload": [later.handle(name), half.handle(name)], "attachments": [named(film, name)]}
        added = resident.look_up(code, message=f"{MARK} kèm phim", **files).content.decode()
        assert f"Files: {name}, {name}" in added or f"Tệp: {name}, {name}" in added
        self.told["kèm phim"] = Tip.objects.latest("pk")
        assert read(self.officers["an"], Tip.objects.latest("pk")).count(name) >= 3
        given_back = resident.send(message=MARK, contact="x", attachments=[named(film, name)])
        [handle] = handles_on(given_back.content.decode())
        keys = [phone.key for phone in (first, later, waits, half)] + [handle.split(".")[1]]
        self.planted += [*keys, *(bytes.fromhex(key) for key in keys)]

    def _straight_to_the_unit_above(self) -> None:
        resident = self._resident()
        code = self._receipt(resident.send(message=f"{MARK} kể chuyện trong xã", reader="above"))
        tip = Tip.objects.latest("pk")
        assert tip.unit == self.unit
        self.told["kể chuyện trong xã"] = tip
        self._write(self.officers["dung"], tip, f"Huyện đã nhận của {MARK}")
        assert "Huyện đã nhận" in resident.look_up(code).content.decode()

    def _sent_up_with_the_code(self) -> None:
        an, dung, resident = self.officers["an"], self.officers["dung"], self._resident()
        fields = {"contact": "callback", "name": NAME, "phone": PHONE}
        code = self._receipt(resident.send(message=f"{MARK} thấy tàu cát", **fields))
        tip = Tip.objects.latest("pk")
        self._write(an, tip, f"Không có căn cứ về {MARK}")
        press(an, tip, "status", status="closed", outcome="no-basis")
        assert "Đã gửi lên" in resident.send_up(code, f"{MARK} chưa đồng ý", identity="on").content.decode()
        self.told["chưa đồng ý"] = tip
        assert "chưa đồng ý" in read(dung, tip)
        assert "chưa đồng ý" not in read(an, tip)

    def _taken_back(self) -> None:
        an, resident = self.officers["an"], self._resident()
        attached = [named(picture(), f"{FILE_NAME}-rut.jpg")]
        sent = resident.send(message=f"{MARK} xin rút lại", place=MARK, attachments=attached)
        self.taken_back_code = self._receipt(sent)
        tip = Tip.objects.latest("pk")
        read(an, tip)
        self._write(an, tip, f"Cảm ơn {MARK}")
        hand(an, tip, self.unit, reason=f"Cùng làm vì {MARK}", mode="joint")
        read(self.officers["dung"], tip)
        for part in tip.parts.all():
            self.taken_back += [bytes(part.sealed), *(bytes(row.sealed_key) for row in part.keys.all())]
            self.taken_back += [part.object_name.encode()] if part.object_name else []
        self.taken_back.append(bytes(tip.reporter_wrapped_key))
        told = resident.look_up(self.taken_back_code, act="withdraw", message=f"{MARK} viết dở")
        assert f"{MARK} viết dở" in told.content.decode()
        gone = resident.look_up(self.taken_back_code, act="erase", sure="on").content.decode()
        assert "Đã rút lại tin" in gone
        assert MARK not in read(an, tip)

    def _refused_in_words(self) -> None:
        """What is given back to be sent once more is kept nowhere, either."""
        resident, tips = self._resident(), Tip.objects.count()
        program = named(b"MZ" + EVIDENCE, f"{FILE_NAME}.exe")
        words = {"message": f"{MARK} gửi hỏng", "place": MARK}
        answers = [
            resident.send(**words, attachments=[program], kind=""),
            resident.send(**words, csrfmiddlewaretoken="x" * 64),
            resident.send(**{**words, "contact": "x"}),
            resident.look_up("1234 5678 9012 3456", message=f"{MARK} nhầm mã"),
            resident.look_up("123", message=f"{MARK} thiếu số"),
        ]
        assert all(MARK in answer.content.decode() for answer in answers)
        an = self.officers["an"]
        tip = next(iter(self.told.values()))
        assert MARK in hand(an, tip, self.other, act="find", q="cẩm", reason=MARK).content.decode()
        an.post(key_page("recover", self.commune), {"code": " ".join(["AAAA"] * 14) + MARK})
        assert Tip.objects.count() == tips

    def _an_officer_leaves_and_the_other_forgets(self) -> None:
        Membership.objects.get(user=self.people["binh"]).delete()
        page(self.officers["an"], INBOX)  # seals what is open to the new generation
        an = self.people["an"]
        reset_by_an_administrator(an, GIVEN)
        self.officers["an"] = browser = log_in(an, GIVEN, client=self.browser())
        choose(browser, GIVEN, CHOSEN)
        assert "khôi phục" in page(browser, INBOX)
        recovered = browser.post(key_page("recover", self.commune), {"code": self.recovery["an"]})
        assert recovered.status_code == 302
        groups = groups_on(page(browser, key_page("code", self.commune)))
        self.planted += ["".join(groups), " ".join(groups)]
        assert type_back(browser, self.commune, groups).status_code == 302
        for address in (INBOX, KEYS, reverse("wagtailadmin_home")):
            page(browser, address)
        assert MARK in read(browser, self.told["appointment message"])
        self._receipt(self._resident().send(message=f"{MARK} báo sau cùng"))
        self.told["báo sau cùng"] = Tip.objects.latest("pk")


def picture() -> bytes:
    """A photo that says in its metadata where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = COMMENT
    exif.get_ifd(0x8825)[0x001D] = LATITUDE
    content = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(content, "JPEG", exif=exif, comment=COMMENT.encode())
    return content.getvalue()


def body(response: Any) -> bytes:
    if getattr(response, "streaming", False):
        return b"".join(response.streaming_content)
    return bytes(response.content)
