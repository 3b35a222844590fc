"""How long a search takes on an installation that `manage.py grow` made: python tests/bench/search.py

Of the queries of tests/communes/search_table.txt and of words that most posts have, on the database of the
environment, in one process: the whole request by the clock, and the time of the processor in this process.
The same for what is offered while each of them is typed.
"""

import sys
import time
from pathlib import Path

import django

ROUNDS = 3
COMMON = [
    "công an",
    "bà con",
    "xã",
    "người dân",
    "cảnh báo",
    "lừa đảo qua điện thoại",
    "thông báo",
    "tin báo",
    "an",
]


def percentile(times: list[float], share: float) -> str:
    return f"{sorted(times)[int(len(times) * share)] * 1000:.0f} ms"


def measure(address: str, queries: list[str]) -> None:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.get(address, {"q": "xã"})
    clock: dict[str, float] = {}
    processor: dict[str, float] = {}
    for _round in range(ROUNDS):
        for query in queries:
            began, worked = time.perf_counter(), time.process_time()
            client.get(address, {"q": query})
            # The quickest of three: other work on the machine is no part of it.
            clock[query] = min(clock.get(query, 9e9), time.perf_counter() - began)
            processor[query] = min(processor.get(query, 9e9), time.process_time() - worked)
    slowest = sorted(clock, key=lambda query: -clock[query])[:5]
    out = sys.stdout.write
    out(f"{address}: {len(queries)} queries\n")
    for name, times in (("by the clock", [*clock.values()]), ("of the processor", [*processor.values()])):
        out(f"{name}: half {percentile(times, 0.5)}, p95 {percentile(times, 0.95)}\n")
    out("".join(f"  {clock[query] * 1000:.0f} ms: {query}\n" for query in slowest))


def main() -> None:
    from django.db import connection
    from wagtail.models import Page

    table = Path(__file__).parents[1] / "communes" / "search_table.txt"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if "|" in line]
    queries = [line.split("|")[0].strip() for line in lines if not line.startswith("#")] + COMMON
    sys.stdout.write(f"{connection.vendor}, {Page.objects.count()} pages\n")
    measure("/tim-kiem/", queries)
    # Each half typed: the box asks as letters come.
    measure("/tim-kiem/goi-y/", [query[: (len(query) + 1) // 2] for query in queries])


if __name__ == "__main__":
    django.setup()
    main()
