"""The SQL of the items: what is known of them and the policy that decides when one runs low."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models

from signals.policies import Policy


class ItemManager(models.Manager[Any]):
    """The items that have a row. An item without one moves all the same, under the environment's policy."""

    def policies(self, item_ids: Sequence[str]) -> dict[str, Policy]:
        """What is known now of these items; those without a row are left out."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT item_id, description, reorder_point, reorder_qty
                FROM items
                WHERE item_id = ANY(%(item_ids)s)
                """,
                {"item_ids": list(item_ids)},
            )
            return {row[0]: Policy(*row) for row in cursor.fetchall()}

    def every_policy(self) -> Iterator[Policy]:
        """Every item in the order of its id, fetched as it is read: an export of any length fits in memory."""
        columns = ("item_id", "description", "reorder_point", "reorder_qty")
        for row in self.order_by("item_id").values_list(*columns).iterator(chunk_size=2000):
            yield Policy(*row)

    def version(self) -> str:
        """Changes with every change of an item, whoever made it: each leaves its row the id of a new transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), sum(xmin::text::bigint) FROM items")
            items, writers = cursor.fetchone() or (0, 0)
        return f"{items}-{writers or 0}"

    def hold_still(self) -> None:
        """Until the transaction ends nobody else writes an item; everybody still reads."""
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE items IN SHARE ROW EXCLUSIVE MODE")

    def write(self, policies: Sequence[Policy]) -> int:
        """Insert or replace these items in one statement, all or none. Returns how many differed from before."""
        columns: Mapping[str, list[Any]] = {
            f"{name}s": [getattr(policy, name) for policy in policies] for name in Policy.__dataclass_fields__
        }
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO items AS item (item_id, description, reorder_point, reorder_qty)
                SELECT *
                FROM unnest(%(item_ids)s::text[], %(descriptions)s::text[], %(reorder_points)s::int[],
                            %(reorder_qtys)s::int[])
                    AS line (item_id, description, reorder_point, reorder_qty)
                ORDER BY item_id
                ON CONFLICT (item_id) DO UPDATE
                SET description = excluded.description,
                    reorder_point = excluded.reorder_point,
                    reorder_qty = excluded.reorder_qty,
                    updated_ts = now()
                WHERE (item.description, item.reorder_point, item.reorder_qty)
                      IS DISTINCT FROM (excluded.description, excluded.reorder_point, excluded.reorder_qty)
                """,
                columns,
            )
            return int(cursor.rowcount)
