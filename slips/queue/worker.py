"""The worker: jobs from the queue in Postgres, as many slips at once as memory allows, the dead one's jobs again."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from signals.notices import queue as notices_queue
from slips.queue.tasks import reading_queue

logger = logging.getLogger(__name__)

heartbeat_seconds = 5
# A worker silent for so long is dead (kill -9, power): its jobs go back to the queue.
silent_seconds_max = 20
look_seconds = 5
small_jobs_max = 2
notices_max = 2
# For what the event loop itself asks of threads, such as looking up a name.
spare_threads = 4


@dataclass(frozen=True, slots=True)
class Slots:
    """Queues that share so many places. A webhook that hangs keeps its own waiting and nobody's slip."""

    queues: list[str]
    jobs_max: int


async def run(app: Any, *, until_done: bool = False, stop_seconds: int = 5) -> bool:
    """Work with an opened procrastinate app until SIGTERM or SIGINT; with `until_done`, until no job waits.

    Asked to stop, it finishes what it is at for `stop_seconds`; what takes longer is taken up by the next worker.
    Whether that was why it ended: else the database was lost, which procrastinate's ConnectorException may say as well.
    """
    slots = _slots(app)
    threads = sum(each.jobs_max for each in slots) + spare_threads
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(threads))
    if until_done:
        for each in slots:
            await _worker(app, each, stop_seconds=stop_seconds, until_done=True)
        return True
    async with _stopping() as stop:
        parts: list[asyncio.Task[Any]] = [
            *[asyncio.create_task(_worker(app, each, stop_seconds=stop_seconds)) for each in slots],
            asyncio.create_task(_take_up_again(app)),
            asyncio.create_task(stop.wait()),
        ]
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        for part in done:
            part.result()
        return stop.is_set()


async def take_up_again(app: Any) -> int:
    """Queue the jobs of workers that died in the middle; returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_seconds_max))
    for job in stalled:
        logger.warning("job %s (%s) lost its worker: queued again", job.id, job.task_name)
        await app.job_manager.retry_job(job)
    return len(stalled)


def _slots(app: Any) -> list[Slots]:
    """In this order one after the other leaves nothing: the small jobs (showing pages) queue the readings."""
    own = {notices_queue, reading_queue}
    return [
        Slots(sorted({task.queue for task in app.tasks.values()} - own), small_jobs_max),
        Slots([notices_queue], notices_max),
        Slots([reading_queue], settings.SLIP_READERS_MAX),
    ]


async def _worker(app: Any, slots: Slots, *, stop_seconds: int, until_done: bool = False) -> None:
    await app.run_worker_async(
        queues=slots.queues,
        concurrency=slots.jobs_max,
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
