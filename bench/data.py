"""A year of made-up history, written straight into the benches' database."""

from django.db import connection

events_per_statement = 500_000
hot_item = "PART-0"
one_in_hot = 20


def fill(*, events: int, items: int) -> None:
    """Replace the ledger by `events` events of the last year: one in twenty of `hot_item`, the rest spread evenly."""
    empty()
    for first in range(0, events, events_per_statement):
        _append(first, min(first + events_per_statement, events), events, items)
    _describe(items)
    _open_signals()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = 'replica'")
        cursor.execute(
            """
            TRUNCATE scan_events, scan_outcomes, stock_levels, replenishment_signals, signal_heads, signal_actors, items
            RESTART IDENTITY CASCADE
            """
        )
        cursor.execute("SET session_replication_role = 'origin'")


def _append(first: int, end: int, events: int, items: int) -> None:
    """Each item's stock is a saw: one carton of 120 in, eleven times 10 out; of every 50th item 11, so it runs low."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty, user_email)
            SELECT now() - interval '365 days' * (1 - (n + 1) / %(events)s::float8),
                   CASE WHEN turn %% 12 = 0 THEN 'INTAKE' ELSE 'CONSUME' END,
                   CASE WHEN turn %% 12 = 0 THEN 'DOCK-' ELSE 'LINE-' END || 1 + n %% 2,
                   'ITEM=PART-' || item || ';QTY=' || qty,
                   'PART-' || item,
                   qty,
                   (ARRAY['dana', 'kim', 'lee', 'noor'])[1 + n %% 4] || '@example.com'
            FROM generate_series(%(first)s::bigint, %(end)s - 1) AS n,
                 LATERAL (
                     SELECT CASE WHEN (n + n / %(items)s) %% %(one_in_hot)s = 0 THEN 0 ELSE n %% %(items)s END AS item
                 ) AS chosen,
                 LATERAL (
                     SELECT n / CASE WHEN item = 0 THEN %(one_in_hot)s ELSE %(items)s END + item AS turn
                 ) AS nth,
                 LATERAL (
                     SELECT CASE WHEN turn %% 12 = 0 THEN 120 WHEN item %% 50 = 49 THEN 11 ELSE 10 END AS qty
                 ) AS moved
            """,
            {"first": first, "end": end, "events": events, "items": items, "one_in_hot": one_in_hot},
        )


def _describe(items: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO items (item_id, description, reorder_point)
            SELECT 'PART-' || n, (ARRAY['Bracket', 'Hex bolt M8', 'Seal', 'Bearing'])[1 + n %% 4] || ' no. ' || n,
                   CASE WHEN n %% 10 = 0 THEN 20 END
            FROM generate_series(0, %(items)s - 1) AS n
            """,
            {"items": items},
        )


def _open_signals() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals
                (signal_id, item_id, triggered_at_qty, reorder_point, reorder_qty, trigger_event_id, status)
            SELECT gen_random_uuid(), item_id, on_hand_qty, reorder_point, reorder_qty, event_id, 'OPEN'
            FROM stock_status(10, 24) AS stock,
                 LATERAL (
                     SELECT event_id
                     FROM scan_events
                     WHERE scan_events.item_id = stock.item_id AND event_type = 'CONSUME'
                     ORDER BY event_ts DESC
                     LIMIT 1
                 ) AS last_consume
            WHERE is_low
            """
        )
