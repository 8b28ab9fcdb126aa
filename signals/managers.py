"""The SQL of the signals: their ledger, its heads and the item policies. These names stand nowhere else in Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Settled:
    """How an item stands after its events: pieces on hand, and the signal that this opened or fulfilled (else None)."""

    item_id: str
    on_hand_qty: int
    signal_id: UUID | None
    reorder_qty: int


class SignalManager(models.Manager[Any]):
    """The verbs of the signal ledger. Callers hold the lock of the items' stock rows: they have just changed them."""

    def open_if_low(self, *, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
        """Open a signal for each item that its consume left at or below the reorder point while none is live.

        `causes` maps each item to the event that decided. Returns every item, opened or not.
        """
        return _settle(
            """
            WITH consumed AS (
                SELECT * FROM unnest(%(item_ids)s::text[], %(event_ids)s::uuid[]) AS cause (item_id, event_id)
            ), stock AS (
                SELECT item_id, event_id, on_hand_qty,
                       coalesce(reorder_point, %(reorder_point)s) AS reorder_point,
                       coalesce(reorder_qty, %(reorder_qty)s) AS reorder_qty
                FROM stock_policy
                JOIN consumed USING (item_id)
            ), opened AS (
                INSERT INTO replenishment_signals
                    (signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
                SELECT gen_random_uuid(), item_id,
                       greatest(least(on_hand_qty, 2147483647), -2147483648), reorder_point, reorder_qty, event_id,
                       'OPEN'
                FROM stock
                WHERE on_hand_qty <= reorder_point
                  AND NOT EXISTS (
                      SELECT FROM signal_heads AS head WHERE head.item_id = stock.item_id AND head.status <> 'FULFILLED'
                  )
                RETURNING id, signal_id, item_id, trigger_event_id
            ), told AS (
                INSERT INTO signal_actors (id, user_email, event_id)
                SELECT id, %(user_email)s, trigger_event_id FROM opened
            )
            SELECT stock.item_id, stock.on_hand_qty, opened.signal_id, stock.reorder_qty
            FROM stock
            LEFT JOIN opened USING (item_id)
            """,
            causes,
            user_email,
        )

    def fulfil_if_restocked(self, *, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
        """Append FULFILLED to the live signal of each item whose intake lifted it above the reorder point."""
        return _settle(
            """
            WITH taken_in AS (
                SELECT * FROM unnest(%(item_ids)s::text[], %(event_ids)s::uuid[]) AS cause (item_id, event_id)
            ), stock AS (
                SELECT item_id, event_id, on_hand_qty,
                       coalesce(reorder_point, %(reorder_point)s) AS reorder_point,
                       coalesce(reorder_qty, %(reorder_qty)s) AS reorder_qty
                FROM stock_policy
                JOIN taken_in USING (item_id)
            ), fulfilled AS (
                INSERT INTO replenishment_signals
                    (signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
                SELECT s.signal_id, s.item_id, s.triggered_at_qty, s.reorder_point, s.reorder_qty, s.trigger_event_id,
                       'FULFILLED'
                FROM stock
                JOIN signal_heads AS head ON head.item_id = stock.item_id AND head.status <> 'FULFILLED'
                JOIN replenishment_signals AS s ON s.id = head.id
                WHERE stock.on_hand_qty > stock.reorder_point
                RETURNING id, signal_id, item_id
            ), told AS (
                INSERT INTO signal_actors (id, user_email, event_id)
                SELECT fulfilled.id, %(user_email)s, stock.event_id FROM fulfilled JOIN stock USING (item_id)
            )
            SELECT stock.item_id, stock.on_hand_qty, fulfilled.signal_id, stock.reorder_qty
            FROM stock
            LEFT JOIN fulfilled USING (item_id)
            """,
            causes,
            user_email,
        )


def _settle(sql: str, causes: Mapping[str, UUID | None], user_email: str | None) -> dict[str, Settled]:
    parameters: dict[str, Any] = {
        "item_ids": list(causes),
        "event_ids": list(causes.values()),
        "user_email": user_email,
        "reorder_point": settings.REORDER_POINT,
        "reorder_qty": settings.REORDER_QTY,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0]: Settled(*row) for row in cursor.fetchall()}
