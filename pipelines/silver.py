"""Silver: valid rows, the site's days, undo pairs marked. The rules themselves stand in `rules`."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from pipelines import days, rules, tables

_UNDO_PAYLOAD = r"^UNDO=([0-9A-Fa-f-]{36})$"
_TAKES_BACK = """
    undo.names = done.event_id
    AND undo.item_id = done.item_id AND undo.qty = done.qty AND undo.event_type <> done.event_type
"""


def undo_pairs(events: DataFrame) -> DataFrame:
    """Which event took which back: an event and the first opposite one that names it, of the same item and quantity.

    An undo that was itself taken back undoes nothing. `events`: the floor's rows; bad ones count for none.
    """
    named = rules.kept(events, rules.SCAN_EVENTS).select(
        "event_id", "event_ts", "event_type", "item_id", "qty",
        F.nullif(F.lower(F.regexp_extract("barcode_raw", _UNDO_PAYLOAD, 1)), F.lit("")).alias("names"),
    )  # fmt: skip
    undos = named.where("names IS NOT NULL")
    undone_undos = undos.alias("undo").join(undos.alias("done"), F.expr(_TAKES_BACK)).select("done.event_id")
    first = Window.partitionBy("done_id").orderBy("undo_ts", "undo_id")
    pairs = (
        undos.join(undone_undos, "event_id", "left_anti")
        .alias("undo")
        .join(named.alias("done"), F.expr(_TAKES_BACK))
        .select(
            F.col("done.event_id").alias("done_id"),
            F.col("undo.event_id").alias("undo_id"),
            F.col("undo.event_ts").alias("undo_ts"),
        )
    )
    numbered = pairs.select("*", F.row_number().over(first).alias("nth"))
    return tables.SILVER_UNDO_PAIRS.shaped(numbered.where("nth = 1"))


def scan_events(events: DataFrame, pairs: DataFrame, time_zone: str) -> DataFrame:
    """Events with their day, hour, effect on stock and undo. Rows that break a rule are still among them."""
    undone = pairs.select(F.col("done_id").alias("event_id"), F.col("undo_id").alias("undone_by"))
    undoing = pairs.select(F.col("undo_id").alias("event_id"), F.col("done_id").alias("undo_of"))
    marked = (
        events.join(undone, "event_id", "left")
        .join(undoing, "event_id", "left")
        .select(
            "*",
            days.day(F.col("event_ts"), time_zone).alias("event_date"),
            days.hour(F.col("event_ts"), time_zone).alias("event_hour"),
            F.expr("CASE event_type WHEN 'INTAKE' THEN qty WHEN 'CONSUME' THEN -CAST(qty AS BIGINT) END").alias(
                "qty_change"
            ),
            F.expr("undo_of IS NOT NULL OR undone_by IS NOT NULL").alias("is_taken_back"),
        )
    )
    return tables.SILVER_SCAN_EVENTS.shaped(marked)


def replenishment_signals(signals: DataFrame, time_zone: str) -> DataFrame:
    """Signal rows with their day and how far below the reorder point the stock was."""
    dated = signals.select(
        "*",
        days.day(F.col("created_ts"), time_zone).alias("signal_date"),
        F.expr("CAST(reorder_point AS BIGINT) - triggered_at_qty").alias("qty_below_reorder"),
    )
    return tables.SILVER_REPLENISHMENT_SIGNALS.shaped(dated)


def item_days(events: DataFrame) -> DataFrame:
    """What each item did on each day that has an event. `events`: silver scan events."""
    per_day = events.groupBy("item_id", "event_date").agg(
        F.count("*").alias("event_count"),
        F.expr("coalesce(sum(qty) FILTER (WHERE event_type = 'INTAKE'), 0)").alias("intake_qty"),
        F.expr("coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME'), 0)").alias("consume_qty"),
        F.expr("coalesce(sum(qty) FILTER (WHERE event_type = 'CONSUME' AND NOT is_taken_back), 0)").alias("used_qty"),
        F.max("event_ts").alias("last_event_ts"),
    )
    return tables.SILVER_ITEM_DAYS.shaped(per_day)
