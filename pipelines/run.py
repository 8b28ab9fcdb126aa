"""`python -m pipelines.run`: refresh bronze, silver and gold from the running Postgres, on Spark, here.

Reads PIPELINE_DATABASE_URL, else DATABASE_URL, else the embedded Postgres; PIPELINE_SCHEMA (default public);
SITE_TIME_ZONE (default UTC); LINESYNC_VAR (default ./var).
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from pipelines import engine, lakehouse, snapshot, tables, update

EVENTS_PER_READ = 500_000
READS_MAX = 64
EVENTS_PER_SHUFFLE = 250_000
SHUFFLES_MAX = 64
CATALOG = "lakebase"  # the name under which Databricks shows the same database


@dataclass(frozen=True)
class Source:
    """The floor's database and whose days its events have."""

    url: str
    schema: str = "public"
    time_zone: str = "UTC"


def refresh(source: Source, folder: Path, *, memory: str = "2g", cores: int = 2) -> lakehouse.Refresh:
    """Refresh every dataset into `folder` and return what was done. Prints each dataset as it is ready.

    `memory`: Spark's heap in Java's words. Raises psycopg.Error, engine.NoEngine, update.UpdateFailed and
    lakehouse.AlreadyRefreshing; the tables of the last refresh then stay as they are.
    """
    began = time.monotonic()
    with snapshot.held(source.url, schema=source.schema) as moment, lakehouse.being_written(folder) as fresh:
        print(
            f"{moment.event_count:,} events and {moment.signal_row_count:,} signal rows as of {moment.taken_ts:%c %Z}"
        )
        conf = {
            **engine.jdbc_catalog(CATALOG, **snapshot.jdbc(source.url), statement=moment.join_statement),
            "spark.sql.shuffle.partitions": str(_parts(moment.event_count, EVENTS_PER_SHUFFLE, SHUFFLES_MAX)),
            # The undo pairs of ten million events; a table that is larger is shuffled instead.
            "spark.sql.autoBroadcastJoinThreshold": "32m",
        }
        with engine.started(lakehouse.warehouse(fresh), conf, memory=memory, cores=cores) as spark:
            print(f"Spark is up after {time.monotonic() - began:.0f} s")
            tell(update.steps(spark.session, _configuration(source, moment), fresh / "storage"))
        rows = lakehouse.settle(fresh, schema=update.SCHEMA)
        _refuse_loss(moment, rows)
        done = lakehouse.Refresh(
            refreshed_ts=datetime.now(UTC).isoformat(),
            snapshot_ts=moment.taken_ts.isoformat(),
            transactions=moment.transactions,
            newest_event_ts=moment.newest_ts.isoformat() if moment.newest_ts else None,
            time_zone=source.time_zone,
            seconds=round(time.monotonic() - began, 1),
            rows=rows,
        )
        lakehouse.publish(folder, fresh, done)
    return done


def _refuse_loss(moment: snapshot.Snapshot, rows: Mapping[str, int]) -> None:
    # The engine calls an update complete that wrote no rows at all: only counting tells.
    for source, there in (("scan_events", moment.event_count), ("replenishment_signals", moment.signal_row_count)):
        read, valid, rejected = (
            rows[name] for name in (f"bronze_{source}", f"silver_{source}", f"silver_{source}_rejected")
        )
        if not there == read == valid + rejected:
            raise update.UpdateFailed(
                f"{source} has {there:,} rows; {read:,} were read, {valid:,} are valid and {rejected:,} rejected: "
                "rows were lost or doubled on the way"
            )


def tell(steps: Iterator[update.Step]) -> None:
    """Print each dataset when it is ready, with the seconds it took."""
    running: dict[str, datetime] = {}
    ready = 0
    for step in steps:
        if step.state == "RUNNING":
            running[step.dataset] = step.at
        if step.state == "COMPLETED":
            ready += 1
            seconds = (step.at - running.get(step.dataset, step.at)).total_seconds()
            print(f"  {ready:2}/{len(tables.ALL)}  {step.dataset:<40} {seconds:6.1f} s", flush=True)


def summary(done: lakehouse.Refresh) -> str:
    """Rows in, out and refused, in words."""
    rows = done.rows
    lines = [f"Gold is as of {done.snapshot_ts}, refreshed in {done.seconds:.0f} s."]
    for source in ("scan_events", "replenishment_signals"):
        read, valid = rows[f"bronze_{source}"], rows[f"silver_{source}"]
        lines.append(f"{source}: {read:,} in, {valid:,} valid, {rows[f'silver_{source}_rejected']:,} rejected")
    lines += [f"{name}: {rows[name]:,} rows" for name in sorted(rows) if name.startswith("gold_")]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command line."""
    options = _parser().parse_args(arguments)
    # So that a stopped run still stops its Spark and removes its half-written tables.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        source = _source()
        done = refresh(source, options.folder, memory=options.memory, cores=options.cores)
    except (psycopg.Error, ValueError, engine.NoEngine, update.UpdateFailed, lakehouse.AlreadyRefreshing) as error:
        print(f"Gold was not refreshed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Gold was not refreshed: stopped", file=sys.stderr)
        return 130
    print(summary(done))
    print(f"Tables: {options.folder / 'current'}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.run", description="Refresh bronze, silver and gold here."
    )
    parser.add_argument("--folder", type=Path, default=_var() / "lakehouse", help="where the tables go")
    parser.add_argument("--memory", default="2g", help="Spark's heap, such as 2g")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 2, help="how many cores Spark uses")
    return parser


def _source() -> Source:
    zone = os.environ.get("SITE_TIME_ZONE", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(
            f"SITE_TIME_ZONE is {zone!r}, which is no time zone; write one such as Europe/Berlin"
        ) from error
    return Source(_database_url(), os.environ.get("PIPELINE_SCHEMA", "public"), zone)


def _database_url() -> str:
    for name in ("PIPELINE_DATABASE_URL", "DATABASE_URL"):
        if url := os.environ.get(name):
            return url
    embedded = _var() / "postgres" / "url"
    if not embedded.exists():
        raise ValueError("there is no database yet: start LineSync first, or set PIPELINE_DATABASE_URL")
    return embedded.read_text().strip()


def _var() -> Path:
    return Path(os.environ.get("LINESYNC_VAR", "var"))


def _configuration(source: Source, moment: snapshot.Snapshot) -> Mapping[str, str]:
    configuration: dict[str, Any] = {
        "linesync.source": f"{CATALOG}.`{source.schema}`",
        "linesync.route": "catalog",
        "linesync.time_zone": source.time_zone,
        "linesync.as_of": moment.taken_ts.isoformat(),
    }
    parts = _parts(moment.event_count, EVENTS_PER_READ, READS_MAX)
    if parts > 1 and moment.oldest_ts and moment.newest_ts:
        configuration |= {
            "linesync.read_parts": str(parts),
            "linesync.read_from": f"{moment.oldest_ts.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            "linesync.read_until": f"{moment.newest_ts.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        }
    return configuration


def _parts(rows: int, rows_each: int, parts_max: int) -> int:
    return min(parts_max, max(2, -(-rows // rows_each)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
