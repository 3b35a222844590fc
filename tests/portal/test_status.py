"""The last runs of the jobs, for the staff who keep the portal and for a monitor."""

import datetime
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communes.models import Delivery, OutboxEvent
from communes.notices.health import standing
from home.jobs import MINUTE, Job, registered, write_down
from home.models import JobRun
from portal import jobs

pytestmark = pytest.mark.django_db

URL = reverse("portal_status")
EVERY_MINUTE = [
    "publish_scheduled",
    "take_keys_back",
    "expire_uploads",
    "forget_sent_forms",
    "follow_the_calendar",
    "tell_staff",
    "forget_notices",
    "rename_pictures",
]


def page(user: Any) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(URL)
    assert response.status_code == 200
    return response.content.decode()


def all_ran(ago: datetime.timedelta = datetime.timedelta()) -> None:
    for job in registered():
        write_down(job, timezone.now(), "")
    JobRun.objects.update(succeeded_at=timezone.now() - ago)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("unit_editor", 200),
        ("superuser", 200),
        ("editor", 404),
        ("other_editor", 404),
        ("officer", 404),
        (None, 302),
    ],
)
def test_who_sees_it(who: str | None, expected: int, request: pytest.FixtureRequest, unit: Any) -> None:
    client = Client()
    if who:
        client.force_login(request.getfixturevalue(who))
    response = client.get(URL)
    assert response.status_code == expected
    assert expected == 200 or "clearsessions" not in response.content.decode()


def test_it_says_what_runs_late_and_what_has_never_run(unit_editor: Any) -> None:
    assert "chưa chạy lần nào" in page(unit_editor)
    all_ran()
    assert "quá hạn" not in page(unit_editor).split("Nếu có việc quá hạn")[0]
    all_ran(datetime.timedelta(minutes=6))
    text = page(unit_editor).split("Nếu có việc quá hạn")[0]
    assert text.count("quá hạn") == len(EVERY_MINUTE), "what runs every hour is in time"


def test_every_job_is_named_in_words(unit_editor: Any) -> None:
    text = page(unit_editor)
    assert not [job.name for job in registered() if job.name in text]


def test_a_failure_is_shown_by_its_type_alone(unit_editor: Any) -> None:
    def broken() -> None:
        raise RuntimeError("Nguyễn Văn Mẫu báo")

    all_ran()
    name = registered()[0].name
    jobs.Loop([Job(name, MINUTE, broken)]).run_due()
    text = page(unit_editor)
    assert "RuntimeError" in text and "lần chạy gần nhất bị lỗi" in text
    assert "Nguyễn Văn Mẫu" not in text
    assert "Nguyễn Văn Mẫu" not in str(JobRun.objects.values())


def test_a_store_that_does_not_answer_is_named_without_its_words(
    unit_editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "không hoạt động" not in page(unit_editor)

    def refused(name: str) -> bool:
        raise ConnectionError("bucket at s3.internal")

    monkeypatch.setattr(storages["tips"], "exists", refused)
    text = page(unit_editor)
    assert text.count("không hoạt động") == 1
    assert "s3.internal" not in text


def test_a_run_is_one_statement_and_one_row() -> None:
    job = Job("minutely", MINUTE, lambda: None)
    for failure in ("", "RuntimeError", ""):
        with CaptureQueriesContext(connection) as captured:
            write_down(job, timezone.now(), failure)
        assert [query["sql"].split()[0] for query in captured if "home_jobrun" in query["sql"]] == ["INSERT"]
    run = JobRun.objects.get()
    assert run.failed_at and run.succeeded_at and run.failed_at < run.succeeded_at
    assert run.failure == "RuntimeError", "what went wrong last stays to be read"


def test_a_monitor_is_told_when_jobs_stand_still(client: Client) -> None:
    response = client.get("/health/jobs/")
    assert response.status_code == 503
    assert response.json()["overdue"] == [job.name for job in registered()]
    all_ran()
    response = client.get("/health/jobs/")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "overdue": []})
    assert response.headers["Cache-Control"] == "no-store"
    all_ran(datetime.timedelta(minutes=6))
    assert client.get("/health/jobs/").json()["overdue"] == EVERY_MINUTE


@pytest.mark.parametrize(("minutes", "late"), [(9.9, False), (10.1, True)])
def test_a_ring_that_waits_too_long_is_told_and_nothing_of_what_it_is_for(
    minutes: float, late: bool, client: Client, unit_editor: Any, commune: Any
) -> None:
    all_ran()
    due = timezone.now() - datetime.timedelta(minutes=minutes)
    OutboxEvent.objects.create(reason="tip", unit=commune.unit, due_at=due)
    answer = client.get("/health/jobs/").json()
    assert answer["overdue"] == (["outbox"] if late else [])
    text = page(unit_editor)
    assert ("đã quá mười phút" in text) == late
    # How many wait would tell when residents write.
    assert set(answer) == {"status", "overdue"}


def test_what_was_given_up_is_counted_for_a_day(unit_editor: Any, commune: Any) -> None:
    event = OutboxEvent.objects.create(reason="tip", unit=commune.unit)
    Delivery.objects.create(event=event, user=unit_editor, channel="push", key="x", failure="403")
    assert standing().given_up == 1
    OutboxEvent.objects.update(made_at=timezone.now() - datetime.timedelta(days=1, seconds=1))
    assert standing().given_up == 0
