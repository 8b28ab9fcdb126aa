"""What is read of the signals: the live ones beside the stock of now, each one's story, how long people took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

from linesync.ground.rows import Row, rows
from signals.stories import ACKNOWLEDGED, FULFILLED, LiveCounts, LiveSignal, Step, Turnaround

live_signals_max = 200


class StoryManager(models.Manager[Any]):
    """The nouns of the signals: reading them changes nothing and does not slow down as the ledger grows."""

    def live(self, *, limit: int = live_signals_max, item_id: str | None = None) -> list[LiveSignal]:
        """OPEN and ACKNOWLEDGED signals, most urgent first: out of stock, then furthest below the reorder point.

        `item_id` None: those of every item. `sum_text` of each is the arithmetic that opened it.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT signal_id, s.item_id, description, status, s.opened_ts, created_ts,
                       s.current_qty, triggered_at_qty, s.reorder_point, reorder_qty
                FROM (
                    SELECT *, row_number() OVER (
                        ORDER BY current_qty > 0, current_qty - reorder_point, opened_ts, signal_id
                    ) AS place
                    FROM signals_live
                    WHERE %(item_id)s::text IS NULL OR item_id = %(item_id)s
                    ORDER BY place
                    LIMIT %(limit)s
                ) AS urgent
                JOIN signals_with_stock AS s USING (signal_id)
                ORDER BY place
                """,
                {"limit": limit, "item_id": item_id},
            )
            found = rows(cursor)
        stories = self._stories([row["signal_id"] for row in found])
        return [_live(row, stories[row["signal_id"]]) for row in found]

    def live_counts(self) -> LiveCounts:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*),
                       count(*) FILTER (WHERE current_qty <= 0),
                       count(*) FILTER (WHERE is_open)
                FROM signals_live
                """
            )
            return LiveCounts(*(cursor.fetchone() or (0, 0, 0)))

    def history(self, signal_id: UUID) -> list[Step]:
        """The whole story of one signal, oldest row first. Empty: no signal has this id."""
        return self._stories([signal_id])[signal_id]

    def turnaround(self) -> list[Turnaround]:
        """How long signals took to be acknowledged and to be fulfilled: in the last seven days, and in those before."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT status,
                       greatest(0, floor(extract(epoch FROM now() - created_ts) / 604800)::int) AS weeks_ago,
                       count(*),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY waited_seconds)
                FROM signal_waits
                WHERE created_ts > now() - interval '14 days'
                GROUP BY 1, 2
                """
            )
            found = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
        return [
            Turnaround(status, weeks_ago, *_count_and_median(found.get((status, weeks_ago))))
            for status in (ACKNOWLEDGED, FULFILLED)
            for weeks_ago in (0, 1)
        ]

    def _stories(self, signal_ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT id, signal_id, created_ts, status, item_id, triggered_at_qty, reorder_point, reorder_qty,
                       user_email, event_id, event_type, event_ts, station_id, qty
                FROM signal_steps
                WHERE signal_id = ANY(%(signal_ids)s)
                ORDER BY id
                """,
                {"signal_ids": list(signal_ids)},
            )
            stories: dict[UUID, list[Step]] = defaultdict(list)
            for row in rows(cursor):
                stories[row["signal_id"]].append(Step(**row))
        return stories


def _live(row: Row, story: list[Step]) -> LiveSignal:
    return LiveSignal(**row, acknowledged_by=story[-1].user_email, opening=story[0])


def _count_and_median(found: Iterable[Any] | None) -> tuple[int, timedelta | None]:
    count, seconds = found or (0, None)
    return count, None if seconds is None else timedelta(seconds=seconds)
