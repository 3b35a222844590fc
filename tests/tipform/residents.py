"""Somebody with a browser, for the tests of form and look-up."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone
from PIL import Image

from communes.models import Unit
from home.calendar import OFFICE_WEEK, Calendar
from tipform.kinds import KINDS
from tipform.models import Tip

MESSAGE = "Đêm qua có hai tàu hút cát dưới chân cầu."


class Resident:
    """Somebody with a browser on the page of a commune's tip form; CSRF checks are on."""

    def __init__(self, url: str = "/cam-trung/gui-tin-bao/", client: Any = None) -> None:
        self.url = url
        self.client = client or Client(enforce_csrf_checks=True)

    def open(self, url: str = "") -> dict[str, str]:
        """Get the page and return the hidden fields of its first form."""
        html = self.client.get(url or self.url).content.decode()
        return hidden_fields(html)

    def send(self, **fields: Any) -> Any:
        """Fill in the form and send it; a field given as None is left out, `hidden` is a page kept open."""
        hidden = fields.pop("hidden", None) or self.open()
        values = {
            "kind": "tip",
            "category": "fraud",
            "message": MESSAGE,
            "contact": "anonymous",
            **hidden,
            **fields,
        }
        return self.client.post(
            self.url, {name: value for name, value in values.items() if value is not None}
        )

    def look_up(self, code: str, **fields: Any) -> Any:
        return self.client.post("/tra-cuu/", {**self.open("/tra-cuu/"), "code": code, **fields})

    def send_up(self, code: str, message: str, **more: Any) -> Any:
        """Send the tip to the unit above, from the page that explains it."""
        page = hidden_fields(self.look_up(code, act="up").content.decode())
        fields = {**page, **self.open("/tra-cuu/"), "nonce": page.get("nonce", ""), "code": code}
        return self.client.post("/tra-cuu/", {**fields, "act": "send-up", "message": message, **more})


def working_day() -> date:
    """The first after today on which an office receives people, morning and afternoon."""
    day = Calendar(OFFICE_WEEK).next_day(timezone.localdate())
    assert day
    return day


def answers_to(kind: str, mark: str, phone: str = "0912345678") -> dict[str, str]:
    """Something for everything that a kind asks, `mark` in all that is typed freely, and a number to call."""
    given = {"kind": kind, "contact": "callback"}
    for answer in KINDS[kind].answers:
        if answer.input == "day":
            given[answer.name] = working_day().isoformat()
        elif answer.input == "choice":
            given[answer.name] = answer.choices[-1][0]
        elif answer.input == "phone":
            given[answer.name] = phone
        else:
            given[answer.name] = f"{mark}: {kind} {answer.name}"
    return given


def hidden_fields(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def code_on(response: Any) -> str:
    """The receipt code that the page shows, or an empty string."""
    found = re.search(r'<input class="receipt__code"[^>]* value="([^"]*)">', response.content.decode())
    return "".join(re.findall(r"\d", found[1])) if found else ""


def state_of(response: Any) -> str:
    """Of a receipt: "stored" just now, shown "again", or there before the words were "changed"."""
    found = re.search(r'data-receipt="(\w+)"', response.content.decode())
    return found[1] if found else ""


def named(content: bytes, name: str) -> io.BytesIO:
    """A file as the test client sends it."""
    file = io.BytesIO(content)
    file.name = name
    return file


def photo(colour: str = "navy", size: tuple[int, int] = (40, 30)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    return content.getvalue()


def stored_objects(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def tells(unit: Unit) -> Tip:
    """A resident reports to xã Cẩm Trung, which is `unit`, through the form."""
    response = Resident().send()
    assert response.status_code == 200, response
    return Tip.objects.filter(unit=unit).latest("pk")
