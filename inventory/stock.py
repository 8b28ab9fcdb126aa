"""The SQL of the stock: `inventory_current` and the page's view over it."""

from datetime import datetime
from typing import Any

from django.db import connection, models

from inventory.rows import Row, rows


class StockManager(models.Manager[Any]):
    """What is on hand."""

    def levels(self, *, limit: int, after: str | None, as_of: datetime | None) -> tuple[list[Row], int]:
        """Levels by item id, behind the item `after`, and how many items there are in all. `as_of` None: now."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH level AS MATERIALIZED (
                    SELECT item_id, on_hand_qty, intake_total, consume_total, last_activity_ts, reorder_point
                    FROM stock_as_of(coalesce(%(as_of)s::timestamptz, 'infinity'))
                ), page AS (
                    SELECT * FROM level
                    WHERE %(after)s::text IS NULL OR item_id > %(after)s
                    ORDER BY item_id
                    LIMIT %(limit)s
                )
                SELECT page.*, total.total_items
                FROM (SELECT count(*) AS total_items FROM level) AS total
                LEFT JOIN page ON true
                ORDER BY page.item_id
                """,
                {"limit": limit, "after": after, "as_of": as_of},
            )
            found = rows(cursor)
        totals: list[int] = [row.pop("total_items") for row in found]
        return [row for row in found if row["item_id"] is not None], totals[0]

    def level(self, item_id: str) -> Row | None:
        """The level of one item now; None when nothing was ever booked for it."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT item_id, on_hand_qty, intake_total, consume_total, last_activity_ts, reorder_point
                FROM stock_status
                WHERE item_id = %(item_id)s
                """,
                {"item_id": item_id},
            )
            found = rows(cursor)
        return found[0] if found else None
