"""The SQL of what was received. These tables' names stand nowhere else in Python but in the models."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from linesync.ground.rows import Row, rows

differences_max = 5000


@dataclass(frozen=True, slots=True)
class Received:
    """One line as it was received. `slip_qty` is what the paper says, `found_qty` what came, in pieces.

    The event and the levels are None where nothing was found; `signal_id` is the signal that it fulfilled.
    """

    line_id: UUID
    item_id: str
    description: str
    slip_qty: Decimal
    found_qty: int
    checked_by: str | None
    event_id: UUID | None = None
    on_hand_before: int | None = None
    on_hand_after: int | None = None
    signal_id: UUID | None = None


class ReceiptManager(models.Manager[Any]):
    """Written once, never changed."""

    def take_turns(self, digests: Sequence[str], same_slip: str | None) -> None:
        """Until the transaction ends, nobody else receives one of these files or this slip number."""
        with connection.cursor() as cursor:
            # Sorted, so that two uploads of the same files cannot deadlock.
            for key in sorted({*digests, same_slip or digests[0]}):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [key])

    def received_before(self, slip_id: UUID, digests: Sequence[str], same_slip: str | None) -> Row | None:
        """The newest receipt of another slip with one of these files or the same number; None if there is none."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT slip_id, received_by, received_at, vendor, po_number, slip_number,
                       digests && %(digests)s::text[] AS same_file
                FROM slip_receipts
                WHERE (digests && %(digests)s::text[] OR same_slip = %(same_slip)s) AND slip_id <> %(slip_id)s
                ORDER BY received_at DESC
                LIMIT 1
                """,
                {"slip_id": slip_id, "digests": list(digests), "same_slip": same_slip},
            )
            found = rows(cursor)
        return found[0] if found else None

    def write(self, slip: Row, lines: Sequence[Received], **facts: str | None) -> None:
        """The record: `facts` are received_by, station_id, same_slip and again_reason."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO slip_receipts (slip_id, received_by, station_id, vendor, po_number, slip_number, digests,
                                           same_slip, again_reason)
                VALUES (%(slip_id)s, %(received_by)s, %(station_id)s, %(vendor)s, %(po_number)s, %(slip_number)s,
                        %(digests)s, %(same_slip)s, %(again_reason)s)
                """,
                slip | facts,
            )
            cursor.executemany(
                """
                INSERT INTO slip_receipt_lines (slip_id, line_id, position, item_id, description, slip_qty, found_qty,
                                                checked_by, event_id, on_hand_before, on_hand_after, signal_id)
                VALUES (%(slip_id)s, %(line_id)s, %(position)s, %(item_id)s, %(description)s, %(slip_qty)s,
                        %(found_qty)s, %(checked_by)s, %(event_id)s, %(on_hand_before)s, %(on_hand_after)s,
                        %(signal_id)s)
                """,
                [
                    asdict(line) | {"slip_id": slip["slip_id"], "position": place}
                    for place, line in enumerate(lines, start=1)
                ],
            )

    def differences(self, slip_id: UUID | None = None) -> list[Row]:
        """Lines where more or less was found than the paper says, newest first, at most `differences_max`."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT receipt.slip_id, receipt.received_at, receipt.received_by, receipt.vendor, receipt.po_number,
                       receipt.slip_number, line.position, line.item_id, line.description, line.slip_qty,
                       line.found_qty, line.found_qty - line.slip_qty AS difference
                FROM slip_receipt_lines AS line
                JOIN slip_receipts AS receipt USING (slip_id)
                WHERE line.found_qty <> line.slip_qty
                  AND (%(slip_id)s::uuid IS NULL OR line.slip_id = %(slip_id)s)
                ORDER BY receipt.received_at DESC, line.position
                LIMIT %(limit)s
                """,
                {"slip_id": slip_id, "limit": differences_max},
            )
            return rows(cursor)
