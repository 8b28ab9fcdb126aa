"""The process that works off the jobs (slips to be read), with a database login like every other."""

import asyncio
import os
import sys
from typing import Any

import django

# Two listeners, and room for what the jobs and their heartbeats ask.
pool_connections_max = 6
# Below the 13 s that the server gives it (server.stop_seconds_max); a job that needs longer is taken up again later.
stop_seconds_max = 10


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
    )


async def work(*, until_done: bool = False) -> None:
    """Work until SIGTERM; with `until_done`, until no job waits. Raises when the database is lost."""
    from procrastinate.contrib.django import app

    from slips.queue.worker import run

    with app.replace_connector(connector()) as ready:
        async with ready.open_async():
            await run(ready, until_done=until_done, stop_seconds=stop_seconds_max)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linesync.settings")
    django.setup()
    asyncio.run(work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
