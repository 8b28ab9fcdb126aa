"""Where a refresh on a laptop leaves its tables, so that readers never meet a half-written one.

`<folder>/current/<table>/*.parquet` are the tables of the last refresh that completed; `<folder>/last_refresh.json`
says when it was and what it saw. A refresh writes beside them and moves `current` at its end; the tables before it stay
for one refresh more, so that who is reading them comes to the end.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

RECORD = "last_refresh.json"


class AlreadyRefreshing(Exception):
    """Another refresh writes into the same folder now."""


@dataclass(frozen=True)
class Refresh:
    """What is kept of a refresh that completed. Times are ISO 8601 with their offset; `rows`: rows of each table.

    `snapshot_ts` is the moment of the database that the tables show; `transactions` the ones it saw (pg_snapshot).
    """

    refreshed_ts: str
    snapshot_ts: str
    transactions: str
    newest_event_ts: str | None
    time_zone: str
    seconds: float
    rows: Mapping[str, int]


@contextmanager
def being_written(folder: Path) -> Iterator[Path]:
    """A new folder for one refresh's files; gone again when the block fails. Raises AlreadyRefreshing."""
    with _only_one(folder):
        fresh = folder.resolve() / datetime.now(UTC).strftime("refresh-%Y%m%dT%H%M%S.%fZ")
        fresh.mkdir()
        try:
            yield fresh
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    # Who ends first would remove the other one's half-written files as leftovers.
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "refreshing").open("w") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRefreshing(f"another refresh is writing {folder}; wait until it ends") from error
        yield


def publish(folder: Path, fresh: Path, refresh: Refresh) -> None:
    """Make `fresh` the current tables, all at once, and remove all but them and the ones before."""
    before = (folder / "current").resolve().parent.name
    (fresh / "tables" / RECORD).write_text(json.dumps(asdict(refresh), indent=2) + "\n")
    _point(folder / "current", fresh / "tables")
    _point(folder / RECORD, Path("current") / RECORD)
    for old in folder.glob("refresh-*"):
        if old.name not in (fresh.name, before):
            shutil.rmtree(old, ignore_errors=True)


def warehouse(fresh: Path) -> Path:
    """Spark's folder inside one refresh."""
    return fresh / "warehouse"


def settle(fresh: Path, *, schema: str) -> dict[str, int]:
    """Keep only the tables of a finished update; return the rows of each."""
    (warehouse(fresh) / f"{schema}.db").rename(fresh / "tables")
    for rest in ("warehouse", "scratch", "storage"):
        shutil.rmtree(fresh / rest, ignore_errors=True)
    return {table.name: row_count(table) for table in sorted((fresh / "tables").iterdir()) if table.is_dir()}


def row_count(table: Path) -> int:
    """Rows of a table's parquet files, read from their footers."""
    return sum(pq.read_metadata(file).num_rows for file in table.glob("*.parquet"))


def _point(link: Path, target: Path) -> None:
    relative = target if not target.is_absolute() else target.relative_to(link.parent.resolve())
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(relative)
    fresh.replace(link)
