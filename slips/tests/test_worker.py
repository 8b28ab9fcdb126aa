"""The worker: a job outlives it. A real process is killed amid a reading and another one reads the slip again."""

import os
import signal
import time
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from linesync.start import worker
from slips.models import Slip, SlipLine
from slips.queue import jobs, tasks
from slips.queue.worker import take_up_again
from slips.tests import papers
from slips.tests.conftest import Upload, Work, no_second_page, run, silence_workers, slip_of, start_worker
from slips.values import ModelBusy

pytestmark = pytest.mark.long

# Generous: a test machine may be busy with other things.
wait_seconds_max = 150
stop_seconds_max = 60


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + wait_seconds_max
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def looked_again() -> int:
    with app.replace_connector(worker.connector()) as ready:
        async with ready.open_async():
            return await take_up_again(ready)


def job_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


@pytest.mark.timeout(240)
def test_a_worker_killed_in_mid_read_leaves_a_slip_that_is_read_again(ledger: None, upload: Upload) -> None:
    rows = [("PART-88219", n, "Hex bolt") for n in range(1, 7)]
    pages = [papers.pdf([row], slip_number=f"PS-{row[1]}") for row in rows[:5]]
    slip = slip_of(upload(*pages, papers.picture(rows[5:])))
    process = start_worker()
    try:
        with no_second_page():
            wait_until(lambda: Slip.objects.get().pages_read == 1)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            slip.refresh_from_db()
            assert slip.state == "reading"
        silence_workers()
        process = start_worker()
        wait_until(lambda: Slip.objects.get().state == "review")
    finally:
        process.terminate()
        assert process.wait(stop_seconds_max) == 0
    assert [line.qty for line in SlipLine.objects.draft(slip.slip_id)] == [1, 2, 3, 4, 5, 6]


def test_a_job_whose_worker_is_silent_is_queued_again(ledger: None, upload: Upload) -> None:
    upload(papers.pdf())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        (worker_id,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker_id])
    assert run(looked_again()) == 1
    assert job_counts() == {"todo": 1}


def test_a_reading_that_fails_for_now_is_tried_again_later(
    ledger: None, upload: Upload, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(slip_id: UUID, *, is_last: bool, check_wanted: Callable[[], None]) -> None:
        raise ModelBusy("429")

    monkeypatch.setattr(jobs, "read", busy)
    slip = slip_of(upload(papers.pdf()))
    began = timezone.now()
    work()
    slip.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts, scheduled_at > %s FROM procrastinate_jobs", [began])
        assert cursor.fetchall() == [("todo", 1, True)]
    assert slip.state == "reading"


def test_a_slip_that_ends_every_worker_is_left_to_a_person_with_its_pages(
    ledger: None, upload: Upload, work: Work, client: Client
) -> None:
    slip = slip_of(upload(papers.pdf()))
    jobs.show_pages(slip.slip_id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = %s", [tasks.attempts_max])
    work()
    slip.refresh_from_db()
    assert slip.state == "review"
    assert "enter the lines by hand" in client.get(f"/slips/{slip.slip_id}/").content.decode()


def test_reading_stops_when_the_slip_is_discarded_in_the_middle(
    ledger: None, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = slip_of(upload(papers.pdf([("PART-1", 1, "a"), ("PART-2", 1, "b")], rows_per_page=1)))
    jobs.show_pages(slip.slip_id)
    asked = []

    def discard() -> None:
        asked.append(1)
        Slip.objects.discard(slip.slip_id, by="kim@example.com")

    jobs.read(slip.slip_id, is_last=True, check_wanted=discard)
    assert (len(asked), SlipLine.objects.count(), Slip.objects.get().state) == (1, 0, "discarded")
