"""How fast the signals are read when their ledger is long. Prints a table beside the bars; leaves nothing behind.

.venv/bin/python bench/signals.py                      100,000 signals in 300,000 rows, 1,000 of them live
.venv/bin/python bench/signals.py --events 10000000    and the admin's event list over ten million events
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from linesync.embedded import Embedded

rounds = 30
batch_signals = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--live", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linesync-bench-") as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder) / "postgres", options="-c fsync=off")
        os.environ |= {
            "DATABASE_URL": server.start(), "LINESYNC_VAR": folder, "STATIC_MANIFEST": "0", "LOG_LEVEL": "ERROR",
            "USER_EMAIL": "dana@example.com", "DJANGO_SETTINGS_MODULE": "linesync.settings",
        }  # fmt: skip
        try:
            measure(asked.signals, asked.live, asked.events)
        finally:
            server.stop()


def measure(signals: int, live: int, events: int) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.test import Client

    from signals.models import Signal

    fill(signals, live, max(events, signals))
    client = Client()
    table = [
        ("page of live signals (100), the query", 20, lambda: Signal.objects.live(limit=100)),
        ("one signal's story", 20, lambda: Signal.objects.history(Signal.objects.first().signal_id)),
        ("this week against last week", 200, Signal.objects.turnaround),
        ("GET /board/", 200, lambda: got(client, "/board/")),
        ("GET /admin/signals/signal/", 200, lambda: got(client, "/admin/signals/signal/")),
        ("GET /admin/signals/signal/?status=all", 200, lambda: got(client, "/admin/signals/signal/?status=all")),
        ("GET /admin/inventory/scanevent/", 200, lambda: got(client, "/admin/inventory/scanevent/")),
        ("  of one month", 200, lambda: got(client, f"/admin/inventory/scanevent/?{march}")),
        ("  of one item", 200, lambda: got(client, "/admin/inventory/scanevent/?q=PART-7")),
        ("  consumes alone", 200, lambda: got(client, "/admin/inventory/scanevent/?event_type__exact=CONSUME")),
    ]
    print(f"{signals:,} signals, {3 * signals - 2 * live:,} rows, {live:,} live; {max(events, signals):,} events")
    print(f"{'what':<40} {'median':>9} {'p95':>9} {'bar':>8}")
    for what, bar_ms, job in table:
        job()
        spent = sorted(timed(job) for _ in range(rounds))
        median, p95 = statistics.median(spent), spent[int(rounds * 0.95)]
        print(f"{what:<40} {median:>6.1f} ms {p95:>6.1f} ms {bar_ms:>5} ms {'ok' if median <= bar_ms else 'MISSED'}")


march = "event_ts__year=2026&event_ts__month=3"


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
                      AND n <= %(first)s + %(batch)s
                      AND (%(status)s = 'OPEN' OR n <= %(told)s)
                    ORDER BY n
                    """,
                    {
                        "signals": signals,
                        "told": signals - live,
                        "hours": hours,
                        "status": status,
                        "first": first,
                        "batch": batch_signals,
                    },
                )
            # As autovacuum does between one week and the next.
            cursor.execute("VACUUM signal_heads")
        cursor.execute("INSERT INTO signal_actors SELECT id, 'sam@example.com' FROM replenishment_signals")
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
