"""A long ledger of signals read: 100,000 signals in 300,000 rows, and the events behind them in the admin.

EVENTS=10000000 .venv/bin/python -m bench signals    with ten million events (minutes to fill, about 3 GiB of disk)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.table import Figure
from linesync.start.embedded import Embedded

signals, live, rounds, batch_signals = 100_000, 1_000, 30, 5_000
events = max(signals, int(os.environ.get("EVENTS", "0")))
page_ms, march = 200, "event_ts__year=2026&event_ts__month=3"


def rows() -> list[Figure]:
    """Measured in a process of its own: Django's settings are read once, and they name this database."""
    with tempfile.TemporaryDirectory(prefix="linesync-bench-") as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder) / "postgres", options="-c fsync=off")
        environment = os.environ | {
            "DATABASE_URL": server.start(), "LINESYNC_VAR": folder, "STATIC_MANIFEST": "0", "LOG_LEVEL": "ERROR",
            "USER_EMAIL": "dana@example.com", "DJANGO_SETTINGS_MODULE": "linesync.settings",
        }  # fmt: skip
        try:
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-m", "bench.signals"],
                env=environment, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        finally:
            server.stop()
    return [Figure(**figure) for figure in json.loads(done.stdout.splitlines()[-1])]


def measure() -> list[dict[str, Any]]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.test import Client

    from signals.models import Signal

    fill(signals, live, events)
    client = Client(SERVER_NAME="localhost")

    def story() -> object:
        first = Signal.objects.first()
        assert first
        return Signal.objects.history(first.signal_id)

    jobs: list[tuple[str, int, Callable[[], object]]] = [
        ("page of 100 live signals, the queries", 20, lambda: Signal.objects.live(limit=100)),
        ("one signal's story", 20, story),
        ("this week against last week", page_ms, Signal.objects.turnaround),
        ("the board, 100 signals", page_ms, lambda: got(client, "/board/")),
        ("admin: live signals", page_ms, lambda: got(client, "/admin/signals/signal/")),
        ("admin: all signals", page_ms, lambda: got(client, "/admin/signals/signal/?status=all")),
        (f"admin: {events:,} scan events", page_ms, lambda: got(client, "/admin/inventory/scanevent/")),
        ("admin: those of one month", page_ms, lambda: got(client, f"/admin/inventory/scanevent/?{march}")),
        ("admin: those of one item", page_ms, lambda: got(client, "/admin/inventory/scanevent/?q=PART-7")),
        ("admin: the consumes", page_ms, lambda: got(client, "/admin/inventory/scanevent/?event_type__exact=CONSUME")),
    ]
    return [{"what": f"{what}, median", "figure": median_ms(job), "unit": "ms", "bar": bar} for what, bar, job in jobs]


def median_ms(job: Callable[[], object]) -> float:
    job()
    return statistics.median(timed(job) for _ in range(rounds))


def timed(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return (time.perf_counter() - begun) * 1000


def got(client: Any, address: str) -> None:
    assert client.get(address).status_code == 200, address


def fill(signals: int, live: int, events: int) -> None:
    """A year of stories told to their end, but for the newest ones, which `live` items have still OPEN."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email)
            SELECT '2026-01-01'::timestamptz + n * (interval '300 days' / %(events)s),
                   CASE WHEN n %% 5 = 0 THEN 'CONSUME' ELSE 'INTAKE' END,
                   'DOCK-' || n %% 4,
                   'ITEM=PART-' || n %% 5000 || ';QTY=1',
                   'PART-' || n %% 5000,
                   1,
                   'dana@example.com'
            FROM generate_series(1, %(events)s) AS n
            """,
            {"events": events},
        )
        cursor.execute(
            """
            CREATE TEMPORARY TABLE story AS
            SELECT row_number() OVER () AS n, gen_random_uuid() AS signal_id, event_id
            FROM (SELECT event_id FROM scan_events LIMIT %(signals)s) AS cause
            """,
            {"signals": signals},
        )
        for first in range(0, signals, batch_signals):
            for hours, status in enumerate(("OPEN", "ACKNOWLEDGED", "FULFILLED")):
                cursor.execute(
                    """
                    INSERT INTO replenishment_signals
                        (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, trigger_event_id, status)
                    SELECT signal_id,
                           now() - interval '365 days' + n * (interval '364 days' / %(signals)s)
                                 + %(hours)s * interval '1 hour',
                           CASE WHEN n > %(told)s THEN 'PART-' || n %% 5000 ELSE 'OLD-' || n END,
                           n %% 10,
                           10,
                           event_id,
                           %(status)s
                    FROM story
                    WHERE n > %(first)s
                      AND n <= %(last)s
                      AND (%(status)s = 'OPEN' OR n <= %(told)s)
                    ORDER BY n
                    """,
                    {
                        "signals": signals,
                        "told": signals - live,
                        "hours": hours,
                        "status": status,
                        "first": first,
                        "last": first + batch_signals,
                    },
                )
            # As autovacuum does between one week and the next.
            cursor.execute("VACUUM signal_heads")
        cursor.execute("INSERT INTO signal_actors SELECT id, 'sam@example.com' FROM replenishment_signals")
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    print(json.dumps(measure()))
