"""The SQL of the stock: `inventory_current`, beside its policy `stock_status`, and at any moment `stock_as_of`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from inventory.listing import Listing, page_rows
from linesync.ground.rows import Row, rows, streamed
from signals.policies import defaults


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items there are, stand low (below zero included), stand below zero."""

    items: int
    low: int
    below_zero: int


class StockManager(models.Manager[Any]):
    """What is on hand."""

    def levels(self, *, limit: int, after: str | None) -> tuple[list[Row], int]:
        """Levels by item id, behind the item `after`, and how many items there are in all."""
        return _page_and_total(
            """
            WITH page AS (
                SELECT item_id, on_hand_qty, intake_total, consume_total, last_activity_ts,
                       is_low AS below_reorder_point
                FROM stock_status(%(default_reorder_point)s, %(default_reorder_qty)s)
                WHERE %(after)s::text IS NULL OR item_id > %(after)s
                ORDER BY item_id
                LIMIT %(limit)s
            )
            SELECT page.*, total.total_items
            FROM (SELECT count(*) AS total_items FROM inventory_current) AS total
            LEFT JOIN page ON true
            ORDER BY page.item_id
            """,
            {"limit": limit, "after": after, **defaults()},
        )

    def levels_as_of(self, moment: datetime, *, limit: int, after: str | None) -> tuple[list[Row], int]:
        """The same as it stood at `moment`, counted back from now: the cost follows the events since then."""
        return _page_and_total(
            """
            WITH level AS MATERIALIZED (
                SELECT item_id, on_hand_qty, intake_total, consume_total, last_activity_ts,
                       is_low AS below_reorder_point
                FROM stock_as_of(%(moment)s, %(default_reorder_point)s, %(default_reorder_qty)s)
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
            {"limit": limit, "after": after, "moment": moment, **defaults()},
        )

    def version(self) -> str:
        """Changes with every event. Both figures only grow, so no order of commits can hide one, as a newest
        timestamp could."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), sum(intake_total + consume_total) FROM inventory_current")
            items, moved = cursor.fetchone() or (0, 0)
        return f"{items}-{moved or 0}"

    def counts(self) -> Counts:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*),
                       count(*) FILTER (WHERE is_low),
                       count(*) FILTER (WHERE on_hand_qty < 0)
                FROM stock_status(%(default_reorder_point)s, %(default_reorder_qty)s)
                """,
                defaults(),
            )
            return Counts(*(cursor.fetchone() or (0, 0, 0)))

    def listed(self, listing: Listing) -> list[Row]:
        """One page of the list; each row carries `matches`, the length of the whole list, and `status`."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH stock AS (
                    SELECT item_id, description, on_hand_qty, intake_total, consume_total, last_activity_ts,
                           signal_status, reorder_point,
                           CASE WHEN on_hand_qty < 0 THEN 'below_zero'
                                WHEN is_low THEN 'low'
                                ELSE 'enough'
                           END AS status
                    FROM stock_status(%(default_reorder_point)s, %(default_reorder_qty)s)
                    WHERE (%(search)s = ''
                           OR strpos(lower(item_id), lower(%(search)s)) > 0
                           OR strpos(lower(description), lower(%(search)s)) > 0)
                ), shown AS (
                    SELECT *,
                           CASE %(column)s
                               WHEN 'status' THEN CASE status WHEN 'below_zero' THEN 1 WHEN 'low' THEN 2 ELSE 3 END
                               WHEN 'on_hand' THEN on_hand_qty
                               WHEN 'intake' THEN intake_total
                               WHEN 'consume' THEN consume_total
                               WHEN 'last' THEN (extract(epoch FROM last_activity_ts) * 1000000)::bigint
                           END AS place,
                           -- Of one status, what is furthest below its reorder point comes first.
                           CASE WHEN %(column)s = 'status' THEN on_hand_qty - reorder_point END AS margin
                    FROM stock
                    WHERE %(show)s = 'all'
                       OR (%(show)s = 'low' AND status <> 'enough')
                       OR (%(show)s = 'below_zero' AND status = 'below_zero')
                       OR (%(show)s = 'signal' AND signal_status IS NOT NULL)
                )
                SELECT *, count(*) OVER () AS matches
                FROM shown
                ORDER BY CASE WHEN %(descending)s THEN -place ELSE place END,
                         CASE WHEN %(descending)s THEN -margin ELSE margin END,
                         CASE WHEN %(descending)s AND %(column)s = 'item' THEN item_id END DESC,
                         item_id
                LIMIT %(limit)s
                OFFSET %(offset)s
                """,
                {
                    **defaults(),
                    "search": listing.search,
                    "show": listing.show,
                    "column": listing.column,
                    "descending": listing.descending,
                    "limit": page_rows,
                    "offset": (listing.page - 1) * page_rows,
                },
            )
            return rows(cursor)

    def level(self, item_id: str) -> Row | None:
        """One item's row; None when no carton of it was ever scanned.

        Its policy has the defaults filled in; `short`: the pieces that are missing in the book at least.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT item_id, description, on_hand_qty, intake_total, consume_total, last_activity_ts, signal_id,
                       signal_status, greatest(0, -on_hand_qty) AS short, own_reorder_point, own_reorder_qty,
                       reorder_point, reorder_qty, is_low AS below_reorder_point
                FROM stock_status(%(default_reorder_point)s, %(default_reorder_qty)s)
                WHERE item_id = %(item_id)s
                """,
                {"item_id": item_id, **defaults()},
            )
            found = rows(cursor)
        return found[0] if found else None

    def exported(self) -> Iterator[tuple[Any, ...]]:
        """Every item, as it stood in one moment, read from the server as the reader asks for more."""
        return streamed(
            """
            SELECT item_id, description, on_hand_qty, intake_total, consume_total, last_activity_ts, reorder_point,
                   reorder_qty, coalesce(signal_status, '')
            FROM stock_status(%(default_reorder_point)s, %(default_reorder_qty)s)
            ORDER BY item_id
            """,
            defaults(),
        )

    def exported_as_of(self, moment: datetime) -> Iterator[tuple[Any, ...]]:
        """Every item that had moved by then, as it stood then; its description and policy are those of now."""
        return streamed(
            """
            SELECT item_id, description, on_hand_qty, intake_total, consume_total, last_activity_ts, reorder_point,
                   reorder_qty
            FROM stock_as_of(%(moment)s, %(default_reorder_point)s, %(default_reorder_qty)s)
            ORDER BY item_id
            """,
            {"moment": moment, **defaults()},
        )

    def totals(self) -> dict[str, tuple[int, int, datetime]]:
        """Of every item pieces in, pieces out and the last activity, as the brief's view says."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT item_id, intake_total, consume_total, last_activity_ts FROM inventory_current")
            return {item_id: (intake, consume, last) for item_id, intake, consume, last in cursor.fetchall()}


def _page_and_total(sql: str, asked: dict[str, Any]) -> tuple[list[Row], int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found = rows(cursor)
    # An empty page is one row of nothing but the total.
    totals: list[int] = [row.pop("total_items") for row in found]
    return [row for row in found if row["item_id"] is not None], totals[0]
