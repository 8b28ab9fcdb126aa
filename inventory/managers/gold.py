"""The SQL of `gold_refreshes`, and of what the ledgers got since a refresh."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from linesync.ground.rows import Row, rows


class GoldRefreshManager(models.Manager[Any]):
    """Checks of gold against the floor, newest last."""

    def newest(self) -> Row | None:
        """The newest check: refreshed_ts, snapshot_ts, newest_event_ts, event_count, drift_count, checked_ts.

        None when gold was never checked. `drift_count` 0: gold agreed with the floor as of `snapshot_ts`.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT refreshed_ts, snapshot_ts, newest_event_ts, event_count, drift_count, checked_ts
                FROM gold_refreshes
                ORDER BY id DESC
                LIMIT 1
                """
            )
            found = rows(cursor)
        return found[0] if found else None

    def record(
        self,
        *,
        refreshed_ts: datetime,
        snapshot_ts: datetime,
        newest_event_ts: datetime | None,
        event_count: int,
        drift_count: int,
    ) -> None:
        """Append the outcome of a check made now."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO gold_refreshes (refreshed_ts, snapshot_ts, newest_event_ts, event_count, drift_count)
                VALUES (%(refreshed_ts)s, %(snapshot_ts)s, %(newest_event_ts)s, %(event_count)s, %(drift_count)s)
                """,
                {
                    "refreshed_ts": refreshed_ts,
                    "snapshot_ts": snapshot_ts,
                    "newest_event_ts": newest_event_ts,
                    "event_count": event_count,
                    "drift_count": drift_count,
                },
            )

    def events_since(self, transaction_number: int, *, item_ids: Sequence[str]) -> list[Row]:
        """Events of these items that this transaction or a later one wrote, whatever their time says."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT event_id, event_ts, event_type, item_id, qty
                FROM scan_events_by_transaction
                WHERE item_id = ANY(%(item_ids)s)
                  AND transaction_number >= %(transaction_number)s
                """,
                {"item_ids": list(item_ids), "transaction_number": transaction_number},
            )
            return rows(cursor)

    def signal_rows_since(self, transaction_number: int, *, signal_ids: Sequence[str]) -> list[Row]:
        """Rows of these signals (id, signal_id) that this transaction or a later one wrote."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT id, signal_id
                FROM replenishment_signals_by_transaction
                WHERE signal_id = ANY(%(signal_ids)s::uuid[])
                  AND transaction_number >= %(transaction_number)s
                """,
                {"signal_ids": list(signal_ids), "transaction_number": transaction_number},
            )
            return rows(cursor)
