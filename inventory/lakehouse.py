"""The tables that a refresh of the pipeline left under `var/lakehouse`, read without Spark."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as parquet

from linesync.ground.rows import Row


class NoRefresh(Exception):
    """There are no tables to read; the text says what to do."""


@dataclass(frozen=True)
class Refresh:
    """What the refresh said of itself. `first_unseen`: transactions from this number on may be younger than it."""

    refreshed_ts: datetime
    snapshot_ts: datetime
    newest_event_ts: datetime | None
    event_count: int
    first_unseen: int


class Lakehouse:
    """The tables of the last refresh that completed."""

    def __init__(self, folder: Path) -> None:
        """Raises NoRefresh when none has completed yet."""
        # Resolved once: a refresh that ends meanwhile moves the link, not what we read.
        self.tables = (folder / "current").resolve()
        try:
            self.refresh = _refresh(json.loads((self.tables / "last_refresh.json").read_text()))
        except FileNotFoundError:
            raise NoRefresh(f"No gold under {folder} yet: run `make pipeline` first.") from None

    def inventory(self) -> dict[str, Row]:
        """Gold's pieces in and out (total_intake, total_consumed) of each item."""
        return {row["item_id"]: row for row in self._rows("gold_inventory_summary")}

    def signals(self) -> dict[str, Row]:
        """Item and newest status of each of gold's signals (signal_id, item_id, status)."""
        found = self._rows("gold_signal_times", ["signal_id", "item_id", "status"])
        return {row["signal_id"]: row for row in found}

    def open_signals(self) -> dict[str, Row]:
        """Gold's open signals by signal_id."""
        return {row["signal_id"]: row for row in self._rows("gold_open_replenishment_signals")}

    def read_of(self, event_ids: Collection[str]) -> set[str]:
        """Those of these events that the refresh read."""
        return {row["event_id"] for row in self._rows("bronze_scan_events", ["event_id"], event_id=event_ids)}

    def event_ids(self, item_id: str) -> set[str]:
        """Ids of the events of an item that the refresh read."""
        return {row["event_id"] for row in self._rows("bronze_scan_events", ["event_id"], item_id=[item_id])}

    def rejected_events(self, item_ids: Collection[str]) -> list[Row]:
        """Events of these items that broke a rule."""
        return self._rows("silver_scan_events_rejected", item_id=item_ids)

    def signal_row_ids(self, signal_ids: Collection[str]) -> set[int]:
        """Ids of the rows of these signals that the refresh read."""
        return {row["id"] for row in self._rows("bronze_replenishment_signals", ["id"], signal_id=signal_ids)}

    def rejected_signal_rows(self, signal_ids: Collection[str]) -> list[Row]:
        """Rows of these signals that broke a rule."""
        return self._rows("silver_replenishment_signals_rejected", signal_id=signal_ids)

    def _rows(self, table: str, columns: list[str] | None = None, **only: Collection[str]) -> list[Row]:
        wanted = None
        for column, values in only.items():
            if not values:
                return []
            wanted = parquet.field(column).isin(list(values))
        found: list[Row] = parquet.dataset(self.tables / table).to_table(columns=columns, filter=wanted).to_pylist()
        return found


def _refresh(record: dict[str, Any]) -> Refresh:
    newest = record["newest_event_ts"]
    return Refresh(
        refreshed_ts=datetime.fromisoformat(record["refreshed_ts"]),
        snapshot_ts=datetime.fromisoformat(record["snapshot_ts"]),
        newest_event_ts=datetime.fromisoformat(newest) if newest else None,
        event_count=record["rows"]["bronze_scan_events"],
        # pg_snapshot is "first unfinished:next:those unfinished".
        first_unseen=int(record["transactions"].split(":")[0]),
    )
