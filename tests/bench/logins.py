"""Officers who all log in at one moment, for the first time, at a real granian: how long, how much memory.

`make bench`, or python tests/bench/logins.py [how many].
"""

import http.cookiejar
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
# A worker as deploy/portal.service has them; of these a server of two cores has four.
WORKERS, THREADS = 2, 4
PASSWORD = "mật khẩu thử 2026"


def make_officers(number: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from communes.lifecycle.opening import open_commune, open_unit
    from communes.models import Membership, User

    call_command("migrate", verbosity=0)
    unit = open_unit(kind="huyen", name="Cẩm Xuyên", phone="0239 000 0100")[0]
    commune = open_commune(parent=unit, kind="xã", name="Cẩm Trung", phone="0239 000 0113").unit
    hashed = User()
    hashed.set_password(PASSWORD)
    for place in range(number):
        user = User.objects.create(username=f"truc{place}", password=hashed.password)
        Membership.objects.create(user=user, unit=commune, role="officer")
        user.chose_own_password()


class NotFurther(urllib.request.HTTPRedirectHandler):
    """The log-in's own answer counts, not the page that it leads to."""

    def redirect_request(self, *args: object) -> None:
        return None


def log_in(address: str, place: int, took: list[float]) -> None:
    """As a browser: the form with its token, then the password; each from a network of its own."""
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(cookies, NotFurther())
    opener.addheaders = [("X-Forwarded-For", f"10.0.{place}.1")]
    page = opener.open(f"{address}/accounts/login/", timeout=300).read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    data = {"login": f"truc{place}", "password": PASSWORD, "csrfmiddlewaretoken": token}
    begun = time.monotonic()
    try:
        opener.open(f"{address}/accounts/login/", urllib.parse.urlencode(data).encode(), timeout=300)
    except urllib.error.HTTPError as answer:
        assert (answer.code, answer.headers["Location"]) == (302, "/admin/"), answer
        assert any(cookie.name == "tipkey" for cookie in cookies.cookiejar)
        took.append(time.monotonic() - begun)


def memory_of(workers: list[int]) -> float:
    """Resident megabytes of all workers together."""
    pages = 0
    for pid in workers:
        pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # The officers are made in a database of this folder, never in one that the environment names.
        for other in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(other, None)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "VAR_DIR": folder}
        os.environ |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'site'}"}
        make_officers(number)
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", "8195", "--http", "1"]
        command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "portal.wsgi:application"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            rush(server.pid, "http://127.0.0.1:8195", number)
        finally:
            server.terminate()
            server.wait(timeout=30)


def rush(server: int, address: str, number: int) -> None:
    for _try in range(120):
        try:
            urllib.request.urlopen(f"{address}/health/live/", timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    alone: list[float] = []
    log_in(address, 0, alone)
    log_in(address, 0, alone)
    before = memory_of(children(server))
    took: list[float] = []
    threads = [threading.Thread(target=log_in, args=(address, place, took)) for place in range(number)]
    begun, peak = time.monotonic(), 0.0
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        peak = max(peak, memory_of(children(server)))
        time.sleep(0.02)
    took.sort()
    lines = [
        f"{WORKERS} workers, {THREADS} threads each; one log-in alone: {alone[-1]:.2f} s",
        f"{len(took)} of {number} logged in within {time.monotonic() - begun:.1f} s;",
        f"waited: first {took[0]:.2f} s, median {statistics.median(took):.2f} s, last {took[-1]:.2f} s",
        f"memory of the workers: {before:.0f} MB before, {peak:.0f} MB at the most",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
