"""Three questions a monitor may ask, kept apart because their answers lead to different acts.

live: the process answers; if not, restart it. ready: its database and stores answer; if not, send visitors
elsewhere but do not restart. jobs: what happens by the clock happens; if not, the jobs process is what to
look at, while visitors are served. None tells anything about visitors.
"""

from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from communes.notices.health import standing
from home import jobs as clock


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and sealed-file store answer, else 503 with the name of what does not."""
    failing = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        failing.append("database")
    try:
        storages["tips"].exists("health")
    except Exception:  # noqa: BLE001 - every storage raises its own; the monitor needs the name only
        failing.append("tips")
    return JsonResponse(
        {"status": "failing" if failing else "ok", "failing": failing},
        status=503 if failing else 200,
        headers={"Cache-Control": "no-store"},
    )


def jobs(request: HttpRequest) -> JsonResponse:
    """200 when every job has succeeded in time, else 503 with the names of those that have not.

    "outbox" is among them when what staff are to hear has been due for ten minutes.
    """
    try:
        overdue = [state.job.name for state in clock.states() if state.overdue]
        overdue += ["outbox"] if standing().overdue else []
    except DatabaseError:
        overdue = ["database"]
    return JsonResponse(
        {"status": "failing" if overdue else "ok", "overdue": overdue},
        status=503 if overdue else 200,
        headers={"Cache-Control": "no-store"},
    )
