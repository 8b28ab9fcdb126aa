"""Events of any time, written as psql would."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection

from inventory.bookings import CONSUME, INTAKE


def write(
    item_id: str,
    qty: int,
    event_ts: str | datetime = "2026-05-03T12:00:00+00:00",
    *,
    payload: str | None = None,
    station: str = "DOCK-1",
    by: str = "dana@example.com",
) -> UUID:
    """One event: `qty` below zero went out. Returns its id."""
    event_id = uuid4()
    kind = INTAKE if qty > 0 else CONSUME
    payload = payload or f"ITEM={item_id};QTY={abs(qty)}"
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_id, event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [event_id, event_ts, kind, station, payload, item_id, abs(qty), by],
        )
    return event_id
