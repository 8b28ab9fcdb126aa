"""The SQL of the ledger: `scan_events` and what was answered. These names stand nowhere else in Python."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from inventory.bookings import CONSUME, INTAKE, Booking, EventType, NoSuchEvent, RepeatedScan, Scan, TakenId
from inventory.managers.history import HistoryReads
from linesync.ground.rows import Row, rows
from signals.models import Signal
from signals.policies import defaults


class ScanEventManager(HistoryReads):
    """The ledger's verbs. Each is one transaction: event, stock, signal and answer change together or not at all."""

    def record(self, scan: Scan, *, repeat_seconds: float | None = None) -> Booking:
        """Book one scan exactly once.

        With `repeat_seconds`, raises RepeatedScan when the same station, direction and payload were booked less than
        that ago, unless it was this very event id. Raises TakenId when the id names a different scan.
        """
        scan = scan if scan.event_id else replace(scan, event_id=uuid4())
        # A scan that is refused has written nothing: in a caller's own transaction it needs no savepoint to go back to.
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            return self._book(scan, repeat_seconds)

    def record_all(self, scans: Sequence[Scan]) -> list[Booking]:
        """Book scans of one direction in one statement, all or none; all of them again returns the first answers."""
        if not scans:
            return []
        named = [scan if scan.event_id else replace(scan, event_id=uuid4()) for scan in scans]
        with transaction.atomic():
            times = self._append_all(named)
            if not times:
                return [self._first_answer(scan, None) for scan in named]
            if len(times) < len(named):
                raise TakenId("Some of these event ids were booked before, with other lines.")
            booked = [(scan, times[scan.event_id]) for scan in named if scan.event_id]
            return self._settle(booked, named[0].event_type, named[0].user_email)

    def undo(self, event_id: UUID, *, user_email: str | None) -> Booking:
        """Append the opposite of an event, once however often it is asked, and let the signals follow.

        The opposite has the payload `UNDO=<event_id>`. Raises NoSuchEvent for an unknown id and for an undo itself.
        """
        try:
            with transaction.atomic():
                return self._book(self._opposite(event_id, user_email), None)
        except IntegrityError as error:
            raise NoSuchEvent("Another program has undone this booking already.") from error

    def _opposite(self, event_id: UUID, user_email: str | None) -> Scan:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT CASE event_type WHEN 'INTAKE' THEN 'CONSUME' ELSE 'INTAKE' END AS event_type,
                       station_id, 'UNDO=' || event_id AS payload, item_id, qty
                FROM scan_events
                WHERE event_id = %(event_id)s
                  AND barcode_raw NOT LIKE 'UNDO=%%'
                """,
                {"event_id": event_id},
            )
            found = rows(cursor)
        if not found:
            raise NoSuchEvent("There is no such booking to undo.")
        # Its id follows from the event's: two people who undo at once make one row.
        return Scan(**found[0], user_email=user_email, event_id=uuid5(event_id, "undo"))

    def rehearse(self, *, seconds_max: int) -> None:
        """Book a carton and take it back. Raises what a booking would raise now: a full disk, read only, a lock.

        Of an item of its own, so that it waits for nobody's carton: for what holds the whole ledger, `seconds_max`.
        """
        event_id = uuid4()
        scan = Scan(INTAKE, "READYZ", "READYZ", f"READYZ-{event_id.hex}", 1, event_id=event_id)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{seconds_max}s'")
            self.record(scan)
            transaction.set_rollback(True)

    def recent_at(self, station_id: str, *, limit: int) -> list[Row]:
        """The newest events of one station in the last 12 hours, newest first, each with the on hand that it left.

        `on_hand_qty` is None for an event that another writer booked.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT event.event_id, event.event_ts, event.event_type, event.barcode_raw, event.item_id, event.qty,
                       event.user_email, outcome.on_hand_qty, undo.event_id IS NOT NULL AS undone,
                       event.barcode_raw LIKE 'UNDO=%%' AS is_undo
                FROM scan_events AS event
                LEFT JOIN scan_outcomes AS outcome USING (event_id)
                LEFT JOIN scan_events AS undo
                    ON undo.barcode_raw = 'UNDO=' || event.event_id AND undo.barcode_raw LIKE 'UNDO=%%'
                WHERE event.event_ts > now() - INTERVAL '12 hours'
                  AND event.station_id = %(station_id)s
                ORDER BY event.event_ts DESC
                LIMIT %(limit)s
                """,
                {"limit": limit, "station_id": station_id},
            )
            return rows(cursor)

    def _book(self, scan: Scan, repeat_seconds: float | None) -> Booking:
        with connection.cursor() as cursor:
            if repeat_seconds is not None:
                _take_turns(cursor, scan)
            event_ts = self._append(cursor, scan, repeat_seconds)
            if event_ts is None:
                return self._first_answer(scan, repeat_seconds)
            on_hand_qty = self._answer_if_settled(cursor, scan)
        if on_hand_qty is None:
            return self._settle([(scan, event_ts)], scan.event_type, scan.user_email)[0]
        return _booking(scan, event_ts, on_hand_qty, None)

    def _append(self, cursor: CursorWrapper, scan: Scan, repeat_seconds: float | None) -> datetime | None:
        cursor.execute(
            """
            INSERT INTO scan_events (event_id, event_type, station_id, barcode_raw, item_id, qty, user_email)
            SELECT %(event_id)s, %(event_type)s, %(station_id)s, %(payload)s, %(item_id)s, %(qty)s, %(user_email)s
            WHERE NOT EXISTS (
                SELECT FROM scan_events
                WHERE item_id = %(item_id)s
                  AND event_ts > statement_timestamp() - make_interval(secs => %(repeat_seconds)s)
                  -- Not `=`: whatever the planner takes a young table for, the item's index is the one to use.
                  AND station_id IS NOT DISTINCT FROM %(station_id)s
                  AND event_type = %(event_type)s
                  AND barcode_raw = %(payload)s
            )
            ON CONFLICT (event_id) DO NOTHING
            RETURNING event_ts
            """,
            # NULL seconds compare as unknown: without a guard no earlier scan stands in the way.
            _values(scan) | {"repeat_seconds": repeat_seconds},
        )
        found = cursor.fetchone()
        return found[0] if found else None

    def _answer_if_settled(self, cursor: CursorWrapper, scan: Scan) -> int | None:
        """Keep and return the on hand that a new event left, where no signal has to move; None where one has to.

        The event has locked its item's stock row, so no signal of this item opens between this look and our commit.
        """
        cursor.execute(
            """
            INSERT INTO scan_outcomes (event_id, on_hand_qty)
            SELECT %(event_id)s, on_hand_qty
            FROM stock_at_rest(%(event_type)s, %(default_reorder_point)s, %(default_reorder_qty)s)
            WHERE item_id = %(item_id)s
            RETURNING on_hand_qty
            """,
            {"event_id": scan.event_id, "event_type": scan.event_type, "item_id": scan.item_id, **defaults()},
        )
        found = cursor.fetchone()
        return found[0] if found else None

    def _append_all(self, scans: Sequence[Scan]) -> dict[UUID, datetime]:
        columns = {f"{name}s": [getattr(scan, name) for scan in scans] for name in Scan.__dataclass_fields__}
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO scan_events (event_id, event_type, station_id, barcode_raw, item_id, qty, user_email)
                SELECT event_id, event_type, station_id, payload, item_id, qty, user_email
                FROM unnest(%(event_ids)s::uuid[], %(event_types)s::text[], %(station_ids)s::text[],
                            %(payloads)s::text[], %(item_ids)s::text[], %(qtys)s::int[], %(user_emails)s::text[])
                    AS line (event_id, event_type, station_id, payload, item_id, qty, user_email)
                ORDER BY event_id
                ON CONFLICT (event_id) DO NOTHING
                RETURNING event_id, event_ts
                """,
                columns,
            )
            return dict(cursor.fetchall())

    def _settle(
        self, booked: Sequence[tuple[Scan, datetime]], event_type: EventType, user_email: str | None
    ) -> list[Booking]:
        """Let the signals follow the stock, then keep and return the answers, in the order of the scans."""
        # The last event of each item is the one that decides: the row of its level is locked until we commit.
        last = {scan.item_id: scan.event_id for scan, _ in booked}
        verb = Signal.objects.open_if_low if event_type == CONSUME else Signal.objects.fulfil_if_restocked
        settled = verb(causes=last, user_email=user_email)
        on_hand = {item_id: result.on_hand_qty for item_id, result in settled.items()}
        answers: list[Booking] = []
        for scan, event_ts in reversed(booked):
            decides = last[scan.item_id] == scan.event_id
            signal_id = settled[scan.item_id].signal_id if decides else None
            answers.append(_booking(scan, event_ts, on_hand[scan.item_id], signal_id))
            on_hand[scan.item_id] -= scan.qty if event_type == INTAKE else -scan.qty
        answers.reverse()
        self._keep_answers(answers)
        return answers

    def _keep_answers(self, answers: Sequence[Booking]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO scan_outcomes (event_id, on_hand_qty, signal_id)
                SELECT event_id, on_hand_qty, signal_id
                FROM unnest(%(event_ids)s::uuid[], %(on_hand_qtys)s::bigint[], %(signal_ids)s::uuid[])
                    AS answer (event_id, on_hand_qty, signal_id)
                """,
                {
                    "event_ids": [answer.event_id for answer in answers],
                    "on_hand_qtys": [answer.on_hand_qty for answer in answers],
                    "signal_ids": [answer.signal_id for answer in answers],
                },
            )

    def _first_answer(self, scan: Scan, repeat_seconds: float | None) -> Booking:
        """What was answered when this id was booked. Raises RepeatedScan when only the label was, not the id."""
        told = self.told(scan.event_id)
        if told is None:
            raise RepeatedScan(self._seconds_left(scan, repeat_seconds or 0))
        first = Booking(**told, first=False)
        if (first.event_type, first.payload, first.qty) != (scan.event_type, scan.payload, scan.qty):
            raise TakenId(f"Event id {scan.event_id} names another scan: {first.event_type} of {first.payload}.")
        return first

    def _seconds_left(self, scan: Scan, repeat_seconds: float) -> float:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT extract(
                    epoch FROM max(event_ts) + make_interval(secs => %(repeat_seconds)s) - statement_timestamp()
                )
                FROM scan_events
                WHERE item_id = %(item_id)s
                  AND event_ts > statement_timestamp() - make_interval(secs => %(repeat_seconds)s)
                  AND station_id = %(station_id)s
                  AND event_type = %(event_type)s
                  AND barcode_raw = %(payload)s
                """,
                _values(scan) | {"repeat_seconds": repeat_seconds},
            )
            (seconds,) = cursor.fetchone() or (None,)
        return max(0.0, float(seconds or 0))


def _booking(scan: Scan, event_ts: datetime, on_hand_qty: int, signal_id: UUID | None) -> Booking:
    return Booking(**_values(scan), event_ts=event_ts, on_hand_qty=on_hand_qty, signal_id=signal_id)


def _values(scan: Scan) -> dict[str, Any]:
    # Not `asdict`: it copies what needs no copy, a tenth of the processor time of a booking.
    return {name: getattr(scan, name) for name in Scan.__dataclass_fields__}


def _take_turns(cursor: CursorWrapper, scan: Scan) -> None:
    # A statement of its own: the guard's read needs a snapshot taken after the lock is ours.
    key = "\x1f".join((scan.station_id, scan.event_type, scan.payload))
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
