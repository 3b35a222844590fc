"""Steps of two processes: one is killed while it receives a form, the next is sent the same form."""

import json
import os
import signal
import sys
from typing import Any

URL = "/cam-trung/gui-tin-bao/"


def receive_and_be_killed() -> None:
    """Write the form, then die of SIGKILL: "before" its tip is committed, or "after" and unanswered."""
    from django.test.utils import setup_test_environment

    from tests.conftest import _commune, _unit
    from tests.tipform.officers import ensure_unit_key
    from tests.tipform.residents import Resident
    from tipform.box import receiving
    from tipform.intake import views

    setup_test_environment()
    ensure_unit_key(_commune(_unit(), "Cẩm Trung").unit)
    resident = Resident(URL)
    form = resident.open()
    cookies = {name: cookie.value for name, cookie in resident.client.cookies.items()}
    sys.stdout.write(json.dumps({"form": form, "cookies": cookies}))
    sys.stdout.flush()

    def die(*args: Any, **kwargs: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if os.environ["KILLED"] == "before":
        receiving.remember = die  # in the transaction, after the tip
    else:
        views.read_receipt = die  # type: ignore[assignment]
    _send(resident, form)


def receive_again() -> None:
    """Send the form again, twice; write the receipts, and what the box and the look-up hold."""
    from django.test.utils import setup_test_environment

    from tests.tipform.residents import MESSAGE, Resident, code_on, state_of
    from tipform.models import Part, Tip

    setup_test_environment()
    left = json.loads(os.environ["LEFT"])
    resident = Resident(URL)
    resident.client.cookies.load(left["cookies"])
    before = Tip.objects.count()
    answers = [_send(resident, left["form"]) for _press in range(2)]
    code = code_on(answers[0])
    result = {
        "tips": [before, Tip.objects.count()],
        "receipts": [state_of(answer) for answer in answers],
        "one code": bool(code) and code == code_on(answers[1]),
        "is read": MESSAGE in resident.look_up(code).content.decode(),
        "files": Part.objects.filter(label=Part.Label.FILE).count(),
    }
    sys.stdout.write(json.dumps(result))


def _send(resident: Any, form: dict[str, str]) -> Any:
    from tests.tipform.residents import named, photo

    return resident.send(hidden=form, attachments=[named(photo(), "a.jpg")])
