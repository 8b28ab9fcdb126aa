"""The worker: jobs from the queue in Postgres, as many slips at once as memory allows, the dead one's jobs again."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from typing import Any

from django.conf import settings

from slips.queue.tasks import reading_queue

logger = logging.getLogger(__name__)

heartbeat_seconds = 5
# A worker silent for so long is dead (kill -9, power): its jobs go back to the queue.
silent_seconds_max = 20
look_seconds = 5
small_jobs_max = 2


async def run(app: Any, *, until_done: bool = False, stop_seconds: int = 10) -> None:
    """Work with an opened procrastinate app until SIGTERM or SIGINT; with `until_done`, until no job waits.

    Asked to stop, it finishes what it is at for `stop_seconds`; what takes longer is taken up by the next worker.

    Raises procrastinate's ConnectorException when the database is lost.
    """
    others = sorted({task.queue for task in app.tasks.values()} - {reading_queue})
    if until_done:
        # In this order: the small jobs (showing pages) queue the readings.
        await _worker(app, others, small_jobs_max, stop_seconds=stop_seconds, until_done=True)
        await _worker(app, [reading_queue], settings.SLIP_READERS_MAX, stop_seconds=stop_seconds, until_done=True)
        return
    async with _stopping() as stop:
        parts: list[asyncio.Task[Any]] = [
            asyncio.create_task(_worker(app, [reading_queue], settings.SLIP_READERS_MAX, stop_seconds=stop_seconds)),
            asyncio.create_task(_worker(app, others, small_jobs_max, stop_seconds=stop_seconds)),
            asyncio.create_task(_take_up_again(app)),
            asyncio.create_task(stop.wait()),
        ]
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        for part in done:
            part.result()


async def take_up_again(app: Any) -> int:
    """Queue the jobs of workers that died in the middle; returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds_max))
    for job in stalled:
        logger.warning("job %s (%s) lost its worker: queued again", job.id, job.task_name)
        await app.job_manager.retry_job(job)
    return len(stalled)


async def _worker(app: Any, queues: list[str], jobs_max: int, *, stop_seconds: int, until_done: bool = False) -> None:
    await app.run_worker_async(
        queues=queues,
        concurrency=jobs_max,
        wait=not until_done,
        delete_jobs="successful",
        install_signal_handlers=False,
        update_heartbeat_interval=heartbeat_seconds,
        stalled_worker_timeout=silent_seconds_max,
        shutdown_graceful_timeout=stop_seconds,
    )


async def _take_up_again(app: Any) -> None:
    while True:
        await take_up_again(app)
        await asyncio.sleep(look_seconds)


@contextlib.asynccontextmanager
async def _stopping() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM or SIGINT sets."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
