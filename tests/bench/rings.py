"""From a stored tip to three officers' phones, by a real jobs process and a real push service on loopback.

`make bench`, or python tests/bench/rings.py [tips a minute] [minutes]. By day: at night tips wait.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
OFFICERS = 3


def main(a_minute: int, minutes: float) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from communes.lifecycle.opening import open_commune, open_unit
    from communes.models import OutboxEvent, RingRules
    from communes.notices import subscriptions
    from tests.push_service import PushService
    from tests.tipform.officers import ensure_unit_key, new_officer
    from tipform.box.receiving import Submission, submit
    from tipform.models import Category

    call_command("migrate", verbosity=0)
    unit = open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")[0]
    commune = open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113").unit
    # So that it is day whenever this runs, and that nothing but the first ring is measured.
    RingRules.objects.create(unit=unit, day_from="00:00", night_from="23:59:59", again_after=1440)
    service = PushService(Path(tempfile.mkdtemp()))
    os.environ |= {"REQUESTS_CA_BUNDLE": str(service.certificate), "NO_PROXY": "localhost,127.0.0.1"}
    ensure_unit_key(commune)
    for number in range(OFFICERS):
        user = new_officer(f"truc{number}", commune)
        subscriptions.subscribe(user, service.subscription(), "Chrome, Android")
    OutboxEvent.objects.all().delete()
    jobs = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "run_jobs"], env=os.environ)
    time.sleep(5)
    stored, due = [], {}
    for number in range(round(a_minute * minutes)):
        category = Category.objects.order_by("pk")[0]
        submit(commune, Submission("tip", category, {"message": "Thử"}), secrets.token_bytes(16))
        stored.append(time.time())
        event = OutboxEvent.objects.filter(reason__startswith="tip").exclude(reason="tip-unseen").latest("pk")
        due[number] = event.due_at.timestamp()
        time.sleep(max(0.0, stored[0] + (number + 1) * 60 / a_minute - time.time()))
    time.sleep(45)
    jobs.terminate()
    jobs.wait()
    service.close()
    rung = sorted(ring.at for ring in service.arrived)
    since_due = sorted(next(at for at in rung if at >= moment) - moment for moment in due.values())
    since_stored = sorted(
        next(at for at in rung if at >= due[number]) - moment for number, moment in enumerate(stored)
    )
    print(f"{a_minute} tips a minute, {len(stored)} tips, {len(rung)} rings, {timezone.now():%d/%m/%Y}")  # noqa: T201
    for words, seconds in (("due → 201", since_due), ("stored → 201", since_stored)):
        last = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
        half = statistics.median(seconds)
        print(f"  {words}: half {half:.1f} s, p95 {last:.1f} s, last {seconds[-1]:.1f} s")  # noqa: T201
    assert since_due[-1] < timedelta(seconds=10).total_seconds()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="bench-rings-"))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "site")])
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60, float(sys.argv[2]) if len(sys.argv) > 2 else 1)
