"""The process that works off the jobs (slips to be read), with a database login like every other."""

import asyncio
import logging
import os
import signal
import sys
import time
from typing import Any

import django

logger = logging.getLogger(__name__)

# A listener for each kind of job, and room for what the jobs and their heartbeats ask.
pool_connections_max = 8
# Below what the server gives it (server.stop_seconds_max); a job that needs longer is taken up again later.
stop_seconds_max = 5
# While the database is away it is looked for after these pauses, the last one again and again.
again_seconds = (0.5, 1, 2, 4, 8)
# One that stayed for so long was there: the next loss is told again.
settled_seconds = 60
connect_seconds_max = 10


def connector() -> Any:
    """procrastinate's own would keep one password for ever: this one opens each connection with a fresh token."""
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django.utils import connector_params

    from linesync.lakebase.connection import AsyncOAuthConnection, lifetime_seconds_max

    return PsycopgConnector(
        kwargs=connector_params(),
        connection_class=AsyncOAuthConnection,
        min_size=1,
        max_size=pool_connections_max,
        max_lifetime=lifetime_seconds_max,
        timeout=connect_seconds_max,
    )


async def work(*, until_done: bool = False) -> bool:
    """Work until SIGTERM (True), or until the database is lost (False, or an error); `until_done`: no job waits."""
    from procrastinate.contrib.django import app

    from slips.queue.worker import run

    with app.replace_connector(connector()) as ready:
        async with ready.open_async():
            return await run(ready, until_done=until_done, stop_seconds=stop_seconds_max)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
    django.setup()
    from linesync.start import databases

    databases.limit(databases.jobs)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_news)
    _work_on()
    return 0


def _work_on() -> None:
    """Work until SIGTERM, whatever becomes of the database. To load all this anew would cost more than to wait."""
    losses = 0
    while True:
        # A loop gives the signal back to the system when it ends.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        began = time.monotonic()
        if _works():
            return
        losses = 1 if time.monotonic() - began > settled_seconds else losses + 1
        if losses == 1:
            logger.error("the database is lost; jobs go on as soon as it is back")
        time.sleep(again_seconds[min(losses, len(again_seconds)) - 1])


def _works() -> bool:
    """Whether it worked until it was asked to stop; False: the database was lost, or not to be had."""
    import psycopg
    from procrastinate.exceptions import ConnectorException

    try:
        return asyncio.run(work())
    except (ConnectorException, psycopg.OperationalError):
        return False


def _is_news(record: logging.LogRecord) -> bool:
    """procrastinate tells a lost database once for each of its tasks, with a traceback; the pool at every try."""
    from procrastinate.exceptions import ConnectorException

    told = record.name.startswith("procrastinate") and record.exc_info
    return not (record.name == "psycopg.pool" or (told and isinstance(told[1], ConnectorException)))


if __name__ == "__main__":
    sys.exit(main())
