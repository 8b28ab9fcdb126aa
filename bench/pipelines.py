"""Gold by the pipeline (Spark, JDBC, one run) beside the same gold by plain SQL in Postgres, with peak memory.

`python -m bench.pipelines 1000000 10000000` measures other sizes than the default; SPARK_MEMORY sets Spark's heap.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pyarrow.parquet as parquet

from bench.table import Figure, show
from linesync.start.embedded import Embedded
from pipelines.run import Source, refresh
from pipelines.tests import gold_in_postgres

sizes = (100_000,)
items = 5_000
megabyte = 1024 * 1024
floor = """
    CREATE TABLE scan_events (
        event_id UUID NOT NULL, event_ts TIMESTAMPTZ NOT NULL, event_type TEXT NOT NULL, station_id TEXT NOT NULL,
        barcode_raw TEXT NOT NULL, item_id TEXT NOT NULL, qty INT NOT NULL, user_email TEXT
    );
    CREATE TABLE replenishment_signals (
        id SERIAL PRIMARY KEY, signal_id UUID NOT NULL, created_ts TIMESTAMPTZ NOT NULL, item_id TEXT NOT NULL,
        triggered_at_qty INT NOT NULL, reorder_point INT NOT NULL, reorder_qty INT NOT NULL, trigger_event_id UUID,
        status TEXT NOT NULL
    );
"""
# A year of a site: intakes of 24, consumes of less, every hundredth event taken back by the next one.
fill_events = """
    INSERT INTO scan_events
    SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
           now() - interval '365 days' + n * (interval '365 days' / %(count)s),
           CASE WHEN is_undo OR n %% 6 = 0 THEN 'INTAKE' ELSE 'CONSUME' END,
           'DOCK-' || n %% 8,
           CASE WHEN is_undo THEN 'UNDO=00000000-0000-4000-8000-' || lpad(to_hex(n - 1), 12, '0')
                ELSE 'ITEM=PART-' || item || ';QTY=' || qty END,
           'PART-' || item, qty, 'dana@example.com'
    FROM (
        SELECT n, is_undo, (CASE WHEN is_undo THEN n - 1 ELSE n END * 7919) %% %(items)s AS item,
               CASE WHEN n %% 6 = 0 AND NOT is_undo THEN 24 ELSE 1 + (n - is_undo::int) %% 9 END AS qty
        FROM (SELECT n, n %% 100 = 2 AS is_undo FROM generate_series(1::bigint, %(count)s) AS n) AS numbered
    ) AS event
"""
fill_signals = """
    INSERT INTO replenishment_signals
        (signal_id, created_ts, item_id, triggered_at_qty, reorder_point, reorder_qty, status)
    SELECT md5('signal ' || n)::uuid, opened + step * interval '37 minutes' * (1 + n %% 50),
           'PART-' || (n * 7919) %% %(items)s, n %% 11, 10, 24, (ARRAY['OPEN', 'ACKNOWLEDGED', 'FULFILLED'])[step + 1]
    FROM (
        SELECT n, now() - interval '365 days' + n * (interval '365 days' / (%(count)s / 100)) AS opened
        FROM generate_series(1::bigint, %(count)s / 100) AS n
    ) AS signal, generate_series(0, (n %% 4 > 0)::int + (n %% 4 > 0)::int) AS step
    ORDER BY 2
"""
finish = """
    ALTER TABLE scan_events ADD PRIMARY KEY (event_id);
    CREATE INDEX ON scan_events (item_id, event_ts DESC);
    CREATE INDEX ON scan_events (event_ts DESC);
    CREATE UNIQUE INDEX ON scan_events (barcode_raw) WHERE barcode_raw LIKE 'UNDO=%';
"""


def rows(counts: tuple[int, ...] = sizes) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as var:
        server = Embedded(Path(var) / "postgres", options="-c shared_buffers=512MB -c max_wal_size=4GB -c fsync=off")
        url = server.start()
        try:
            for count in counts:
                figures += measured(url, count, Path(var) / "lakehouse")
        finally:
            server.stop()
    return figures


def measured(url: str, count: int, folder: Path) -> list[Figure]:
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        fill(connection, count)
        with peak() as memory, redirect_stdout(sys.stderr):
            done = refresh(Source(url), folder, memory=os.environ.get("SPARK_MEMORY", "2g"))
        by_sql = in_postgres(connection)
        check(connection, folder)
    label = f"{count:,} events"
    return [
        Figure(f"{label}: all bronze, silver, gold by Spark", done.seconds, "s"),
        Figure(f"{label}: peak memory, Spark and all its processes", max(memory), "MB"),
        Figure(f"{label}: the same gold by SQL in Postgres", by_sql, "s"),
    ]


def fill(connection: psycopg.Connection, count: int) -> None:
    connection.execute("DROP TABLE IF EXISTS scan_events, replenishment_signals")
    connection.execute(floor)
    connection.execute(fill_events, {"count": count, "items": items})
    connection.execute(fill_signals, {"count": count, "items": items})
    connection.execute(finish)
    connection.execute("VACUUM ANALYZE")


def in_postgres(connection: psycopg.Connection) -> float:
    """Seconds for every gold table, the steps before them kept as temporary tables."""
    began = time.perf_counter()
    parameters = {"time_zone": "UTC", "today": datetime.now(UTC).date()}
    connection.execute("SET work_mem = '256MB'")
    for name, select in (gold_in_postgres.SILVER | gold_in_postgres.GOLD).items():
        connection.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        connection.execute(f"CREATE TEMPORARY TABLE {name} AS {select}", parameters)
        connection.execute(f"ANALYZE {name}")
    return time.perf_counter() - began


def check(connection: psycopg.Connection, folder: Path) -> None:
    """Both have told the same stock and the same use, or the times mean nothing."""
    for table, columns in (
        ("gold_inventory_summary", ["item_id", "on_hand_qty", "total_events"]),
        ("gold_usage_rate", ["item_id", "used_qty_28_days", "used_qty_90_days"]),
    ):
        by_spark = parquet.read_table(folder / "current" / table, columns=columns).to_pylist()
        by_sql = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608 (names of ours)
        assert sorted(tuple(row.values()) for row in by_spark) == sorted(by_sql), table


@contextmanager
def peak() -> Iterator[list[float]]:
    """Megabytes that this process and all below it hold, sampled while the block runs.

    Pages that processes share count once: Java's short-lived children are copies of it in the plain resident size.
    """
    samples, over = [0.0], threading.Event()

    def sample() -> None:
        me = psutil.Process()
        while not over.wait(0.5):
            held = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    held += process.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            samples.append(held / megabyte)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield samples
    finally:
        over.set()
        sampler.join()


if __name__ == "__main__":
    show(rows(tuple(int(count) for count in sys.argv[1:]) or sizes))
