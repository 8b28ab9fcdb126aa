"""The SQL of `scan_history`, the ledger read back: what happened, to which item, how it stood at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from inventory.bookings import EventType
from linesync.ground.rows import Row, rows, streamed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of events goes on: right before this one. As text `<ISO time>_<event id>`."""

    event_ts: datetime
    event_id: UUID

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """None when the text names no place."""
        moment, _, event_id = text.partition("_")
        try:
            place = cls(datetime.fromisoformat(moment), UUID(event_id))
        except ValueError:
            return None
        return place if place.event_ts.tzinfo else None

    def __str__(self) -> str:
        return f"{self.event_ts.isoformat()}_{self.event_id}"


class HistoryReads(models.Manager[Any]):
    """What the stock pages ask the ledger."""

    def activity(self, *, limit: int) -> list[Row]:
        """The newest events, newest first. `undoes_*`: the event that this one reverses; `undone_*`: its reversal."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH event AS (
                    SELECT event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email
                    FROM scan_history
                    ORDER BY event_ts DESC, event_id DESC
                    LIMIT %(limit)s
                )
                SELECT event.*, undoes_ts, undoes_email, undone_ts, undone_email
                FROM event
                LEFT JOIN scan_event_undos USING (event_id)
                ORDER BY event_ts DESC, event_id DESC
                """,
                {"limit": limit},
            )
            return rows(cursor)

    def page(
        self,
        *,
        limit: int,
        before: Place | None = None,
        item_id: str | None = None,
        station_id: str | None = None,
        event_type: EventType | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Row]:
        """Events newest first, those behind the place `before`; None: no such condition.

        `since` included, `until` not. Each row brings the on hand it left (None where it was not answered) and the
        `opened_signal_id` and `reorder_qty` of the signal that it opened, if it did.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email,
                       on_hand_qty, opened_signal_id, reorder_qty
                FROM scan_events_told
                WHERE (%(before_ts)s::timestamptz IS NULL OR (event_ts, event_id) < (%(before_ts)s, %(before_id)s))
                  AND (%(item_id)s::text IS NULL OR item_id = %(item_id)s)
                  AND (%(station_id)s::text IS NULL OR station_id = %(station_id)s)
                  AND (%(event_type)s::text IS NULL OR event_type = %(event_type)s)
                  AND (%(since)s::timestamptz IS NULL OR event_ts >= %(since)s)
                  AND (%(until)s::timestamptz IS NULL OR event_ts < %(until)s)
                ORDER BY event_ts DESC, event_id DESC
                LIMIT %(limit)s
                """,
                {
                    "limit": limit,
                    "before_ts": before.event_ts if before else None,
                    "before_id": before.event_id if before else None,
                    "item_id": item_id,
                    "station_id": station_id,
                    "event_type": event_type,
                    "since": since,
                    "until": until,
                },
            )
            return rows(cursor)

    def told(self, event_id: UUID | None) -> Row | None:
        """One event as a Booking's fields, with what was answered when it was booked; None where no event has this id.

        The on hand of now stands in where another writer booked it and nothing was answered.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT event_id, event_ts, event_type, station_id, barcode_raw AS payload, item_id, qty, user_email,
                       coalesce(on_hand_qty, on_hand_now) AS on_hand_qty, answered_signal_id AS signal_id
                FROM scan_events_told
                WHERE event_id = %(event_id)s
                """,
                {"event_id": event_id},
            )
            found = rows(cursor)
        return found[0] if found else None

    def count_since(self, since: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM scan_history WHERE event_ts >= %s", [since])
            (found,) = cursor.fetchone() or (0,)
        return int(found)

    def stations(self) -> list[str]:
        """The stations of the last thousand events, by name."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT DISTINCT station_id
                FROM (SELECT station_id FROM scan_history ORDER BY event_ts DESC LIMIT 1000) AS latest
                ORDER BY station_id
                """
            )
            return [station_id for (station_id,) in cursor.fetchall()]

    def movements(self, item_id: str, *, since: datetime, step: str, span: str) -> list[Row]:
        """Pieces in and out per `step` from `since` on, with the `span` each step lies in and what was on hand
        before the first.

        Both are units of the site's calendar that Postgres knows (`hour`, `day`); a step lies in one span.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH moved AS (
                    SELECT date_trunc(%(step)s, event_ts, %(zone)s) AS step_ts,
                           sum(qty) FILTER (WHERE event_type = 'INTAKE') AS intake,
                           sum(qty) FILTER (WHERE event_type = 'CONSUME') AS consume
                    FROM scan_history
                    WHERE item_id = %(item_id)s
                      AND event_ts >= %(since)s
                    GROUP BY step_ts
                ), now AS MATERIALIZED (
                    SELECT on_hand_at(%(item_id)s) AS on_hand_qty
                )
                SELECT step_ts,
                       date_trunc(%(span)s, step_ts, %(zone)s) AS span_ts,
                       coalesce(intake, 0) AS intake,
                       coalesce(consume, 0) AS consume,
                       on_hand_qty - sum(coalesce(intake, 0) - coalesce(consume, 0)) OVER () AS opening
                FROM moved
                CROSS JOIN now
                ORDER BY step_ts
                """,
                {"item_id": item_id, "since": since, "step": step, "span": span, "zone": _zone()},
            )
            return rows(cursor)

    def on_hand_at(self, item_id: str, moment: datetime) -> int:
        """Pieces on hand at this moment, events of the moment itself included; 0 before the item's first."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT on_hand_at(%s, %s)", [item_id, moment])
            (found,) = cursor.fetchone() or (0,)
        return int(found)

    def page_of(self, item_id: str, *, before: Place | None, limit: int) -> list[Row]:
        """The item's events, newest first, each with what was on hand after it (`on_hand_qty`)."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH event AS (
                    SELECT event_id, event_ts, event_type, station_id, barcode_raw, qty, user_email, change
                    FROM scan_history
                    WHERE item_id = %(item_id)s
                      AND (%(before_ts)s::timestamptz IS NULL
                           OR (event_ts, event_id) < (%(before_ts)s::timestamptz, %(before_id)s::uuid))
                    ORDER BY event_ts DESC, event_id DESC
                    LIMIT %(limit)s
                ), newest AS (
                    SELECT on_hand_at(%(item_id)s, event_ts, event_id) AS on_hand_qty
                    FROM event
                    ORDER BY event_ts DESC, event_id DESC
                    LIMIT 1
                )
                SELECT event.*, undoes_ts, undoes_email, undone_ts, undone_email,
                       on_hand_qty + change - sum(change) OVER (ORDER BY event_ts DESC, event_id DESC) AS on_hand_qty
                FROM event
                CROSS JOIN newest
                LEFT JOIN scan_event_undos USING (event_id)
                ORDER BY event_ts DESC, event_id DESC
                """,
                {
                    "item_id": item_id,
                    "before_ts": before.event_ts if before else None,
                    "before_id": before.event_id if before else None,
                    "limit": limit,
                },
            )
            return rows(cursor)

    def edges(self, slices: int) -> list[datetime]:
        """Moments equally far apart that cut all events into so many parts; the last is after every event.

        Empty without events.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH history AS (
                    SELECT min(event_ts) AS first_ts, max(event_ts) + interval '1 microsecond' AS end_ts
                    FROM scan_history
                )
                SELECT CASE n WHEN %(slices)s THEN end_ts
                              ELSE first_ts + (end_ts - first_ts) * (n / %(slices)s::float8)
                       END
                FROM history, generate_series(0, %(slices)s) AS n
                WHERE first_ts IS NOT NULL
                ORDER BY n
                """,
                {"slices": slices},
            )
            return [moment for (moment,) in cursor.fetchall()]

    def summed(self, *, since: datetime, until: datetime) -> list[tuple[str, int, int, datetime]]:
        """Of every item that moved from `since` up to but without `until`: pieces in, pieces out, last activity."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT item_id,
                       coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0),
                       coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0),
                       max(event_ts)
                FROM scan_history
                WHERE event_ts >= %(since)s
                  AND event_ts < %(until)s
                GROUP BY item_id
                """,
                {"since": since, "until": until},
            )
            found: list[tuple[str, int, int, datetime]] = cursor.fetchall()
        return found

    def exported(
        self, *, since: datetime | None, until: datetime | None, item_id: str, station_id: str
    ) -> Iterator[tuple[Any, ...]]:
        """Events from `since` up to but without `until`, oldest first; None and "" do not narrow."""
        return streamed(
            """
            SELECT event_id, event_ts, event_type, station_id, item_id, qty, barcode_raw, user_email
            FROM scan_history
            WHERE (%(since)s::timestamptz IS NULL OR event_ts >= %(since)s)
              AND (%(until)s::timestamptz IS NULL OR event_ts < %(until)s)
              AND (%(item_id)s = '' OR item_id = %(item_id)s)
              AND (%(station_id)s = '' OR station_id = %(station_id)s)
            ORDER BY event_ts, event_id
            """,
            {"since": since, "until": until, "item_id": item_id, "station_id": station_id},
        )


def _zone() -> str:
    return str(timezone.get_default_timezone())
