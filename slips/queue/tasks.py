"""The queue's jobs: show a slip's pages, read it, forget old ones. The jobs are rows in Postgres and outlive a worker.

`slips.queue.jobs` is imported where it is called: the web processes queue jobs and never load readers and model client.
"""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext

from slips.models import Slip
from slips.values import ModelBusy

logger = logging.getLogger(__name__)

reading_queue = "reading"
attempts_max = 4
# 3, 9, 27 seconds. A page that a worker's death interrupted comes back by itself (see slips/queue/worker.py).
_again = RetryStrategy(
    max_attempts=attempts_max, exponential_wait=3, retry_exceptions=[ModelBusy, DatabaseError, OSError, JobAborted]
)


@app.task(name="slips.show_pages", queue="pages", retry=_again, pass_context=True)
def show_pages(context: JobContext, *, slip_id: str) -> None:
    """The pages' pictures, quickly; then the reading is queued."""
    from slips.queue import jobs

    slip = UUID(slip_id)
    if _gave_up(context, slip):
        return
    if jobs.show_pages(slip):
        queue_reading(slip)


@app.task(name="slips.read", queue=reading_queue, retry=_again, pass_context=True)
def read(context: JobContext, *, slip_id: str) -> None:
    """The slip's lines, for a person to review."""
    from slips.queue import jobs

    slip = UUID(slip_id)
    if _gave_up(context, slip):
        return
    jobs.read(slip, is_last=context.job.attempts >= attempts_max - 1, check_wanted=lambda: _check_wanted(context))


@app.periodic(cron="17 3 * * *")
@app.task(name="slips.forget_old", queue="pages")
def forget_old(timestamp: int) -> None:
    """Once a night, if SLIP_RETENTION_DAYS is set."""
    from slips.queue import jobs

    if settings.SLIP_RETENTION_DAYS:
        jobs.forget_old(days=settings.SLIP_RETENTION_DAYS)


def queue_pages(slip_id: UUID) -> None:
    _queue(show_pages, slip_id)


def queue_reading(slip_id: UUID) -> None:
    _queue(read, slip_id)


def cancel(job_id: int | None) -> None:
    """Nobody wants this job any more: it does not start, or stops at its next page."""
    if job_id is not None:
        app.job_manager.cancel_job_by_id(job_id, abort=True)


def _queue(task: Any, slip_id: UUID) -> None:
    # One reading of a slip at a time, even if a worker that was believed dead is not.
    job_id = task.configure(lock=f"slip {slip_id}").defer(slip_id=str(slip_id))
    Slip.objects.set_job(slip_id, job_id)


def _gave_up(context: JobContext, slip_id: UUID) -> bool:
    """Whether this file has ended so many workers that it is left to a person."""
    from slips.queue import jobs

    if context.job.attempts < attempts_max:
        return False
    logger.error("slip %s: given up after %s attempts", slip_id, context.job.attempts)
    jobs.leave_to_person(slip_id)
    return True


def _check_wanted(context: JobContext) -> None:
    if context.should_abort():
        raise JobAborted
