"""Gold: what analysts and planners read. Every function takes silver (or other gold) and gives one dataset."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from pipelines import days, tables

STOCK_DAYS_MAX = 3 * 365
COVER_DAYS_MAX = 100 * 365


def inventory_summary(item_days: DataFrame) -> DataFrame:
    """What is on hand of each item."""
    summed = item_days.groupBy("item_id").agg(
        F.expr("sum(intake_qty) - sum(consume_qty)").alias("on_hand_qty"),
        F.sum("event_count").alias("total_events"),
        F.sum("intake_qty").alias("total_intake"),
        F.sum("consume_qty").alias("total_consumed"),
        F.max("last_event_ts").alias("last_activity"),
    )
    return tables.GOLD_INVENTORY_SUMMARY.shaped(summed)


def daily_activity(events: DataFrame) -> DataFrame:
    """What was scanned each day, undo pairs apart. `events`: silver scan events."""
    stands = "FILTER (WHERE NOT is_taken_back)"
    undone = "FILTER (WHERE is_taken_back)"
    per_day = events.groupBy("event_date", "event_type").agg(
        F.expr(f"count(*) {stands}").alias("event_count"),
        F.expr(f"coalesce(sum(qty) {stands}, 0)").alias("total_qty"),
        F.expr(f"count(DISTINCT item_id) {stands}").alias("unique_items"),
        F.expr(f"count(DISTINCT station_id) {stands}").alias("unique_stations"),
        F.expr(f"count(*) {undone}").alias("undone_count"),
        F.expr(f"coalesce(sum(qty) {undone}, 0)").alias("undone_qty"),
    )
    return tables.GOLD_DAILY_ACTIVITY.shaped(per_day)


def open_replenishment_signals(signals: DataFrame, inventory: DataFrame) -> DataFrame:
    """Signals that nobody has seen to, beside the stock of now. `signals`: silver; `inventory`: the gold summary."""
    joined = (
        newest(signals)
        .where("status = 'OPEN'")
        .join(inventory.select("item_id", "on_hand_qty"), "item_id", "left")
        .select(
            "*",
            F.col("triggered_at_qty").alias("qty_at_signal"),
            F.expr("coalesce(on_hand_qty, 0)").alias("current_on_hand"),
            F.expr("coalesce(on_hand_qty, 0) > reorder_point").alias("already_restocked"),
        )
    )
    return tables.GOLD_OPEN_REPLENISHMENT_SIGNALS.shaped(joined)


def replenishment_metrics(signals: DataFrame) -> DataFrame:
    """Signals by their newest status."""
    counted = (
        newest(signals)
        .groupBy("status")
        .agg(
            F.count("*").alias("signal_count"),
            F.countDistinct("item_id").alias("unique_items"),
            F.avg("qty_below_reorder").alias("avg_qty_below_reorder"),
        )
    )
    return tables.GOLD_REPLENISHMENT_METRICS.shaped(counted)


def newest(signals: DataFrame) -> DataFrame:
    """The newest row of each signal, by id: two rows of one transaction share their created_ts."""
    by_id = Window.partitionBy("signal_id").orderBy(F.col("id").desc())
    return signals.select("*", F.row_number().over(by_id).alias("nth_newest")).where("nth_newest = 1")


def signal_times(signals: DataFrame, time_zone: str) -> DataFrame:
    """One row per signal: when each step was first taken, and how long it took."""
    stories = signals.groupBy("signal_id").agg(
        F.expr("max_by(item_id, id)").alias("item_id"),
        F.expr("max_by(status, id)").alias("status"),
        F.expr("min_by(created_ts, id)").alias("opened_ts"),
        F.expr("min_by(created_ts, id) FILTER (WHERE status = 'ACKNOWLEDGED')").alias("acknowledged_ts"),
        F.expr("min_by(created_ts, id) FILTER (WHERE status = 'FULFILLED')").alias("fulfilled_ts"),
    )
    timed = stories.select(
        "*",
        days.monday(days.day(F.col("opened_ts"), time_zone)).alias("week_start"),
        _seconds("opened_ts", "acknowledged_ts").alias("seconds_to_acknowledge"),
        _seconds("acknowledged_ts", "fulfilled_ts").alias("seconds_acknowledged_to_fulfilled"),
        _seconds("opened_ts", "fulfilled_ts").alias("seconds_to_fulfil"),
    )
    return tables.GOLD_SIGNAL_TIMES.shaped(timed)


def fulfilment_times(times: DataFrame) -> DataFrame:
    """Percentiles per item and week. `times`: the gold signal times. Steps not taken yet are left out of them."""
    steps = ("seconds_to_acknowledge", "seconds_acknowledged_to_fulfilled", "seconds_to_fulfil")
    spread = [F.percentile(step, share / 100).alias(f"p{share}_{step}") for step in steps for share in (50, 90)]
    per_week = times.groupBy("item_id", "week_start").agg(
        F.count("*").alias("signals_opened"),
        F.count("acknowledged_ts").alias("signals_acknowledged"),
        F.count("fulfilled_ts").alias("signals_fulfilled"),
        F.max("seconds_to_fulfil").alias("max_seconds_to_fulfil"),
        *spread,
    )
    return tables.GOLD_FULFILMENT_TIMES.shaped(per_week)


def usage_rate(item_days: DataFrame, today: Column) -> DataFrame:
    """How fast each item is used and how long its stock lasts. `today`: the last day of every window."""
    age = F.date_diff(today, F.col("event_date"))
    used = [
        F.coalesce(F.sum(F.when(age.between(0, length - 1), F.col("used_qty"))), F.lit(0)).alias(
            f"used_qty_{length}_days"
        )
        for length in (7, 28, 90)
    ]
    per_item = item_days.groupBy("item_id").agg(
        F.expr("sum(intake_qty) - sum(consume_qty)").alias("on_hand_qty"),
        F.least(F.lit(28), F.greatest(F.lit(1), F.max(age) + 1)).alias("days_observed"),
        *used,
    )
    rated = per_item.select("*", F.expr("used_qty_28_days / days_observed").alias("usage_per_day")).select(
        "*",
        today.alias("as_of_date"),
        F.expr("CASE WHEN usage_per_day > 0 THEN greatest(on_hand_qty, 0) / usage_per_day END").alias("days_of_cover"),
    )
    last = F.col("days_of_cover") < COVER_DAYS_MAX
    empty_on = F.when(last, F.date_add("as_of_date", F.floor("days_of_cover").cast("int")))
    return tables.GOLD_USAGE_RATE.shaped(rated.select("*", empty_on.alias("empty_on")))


def stock_daily(item_days: DataFrame, today: Column) -> DataFrame:
    """Stock of each item at the end of each day up to `today`, quiet days included."""
    in_order = Window.partitionBy("item_id").orderBy("event_date")
    standing = item_days.where(F.col("event_date") <= today).select(
        "item_id", "event_date", "intake_qty", "consume_qty",
        F.sum(F.expr("intake_qty - consume_qty")).over(in_order).alias("on_hand_qty"),
        F.coalesce(F.date_sub(F.lead("event_date").over(in_order), 1), today).alias("until"),
    )  # fmt: skip
    earliest = F.date_sub(today, STOCK_DAYS_MAX - 1)
    each_day = F.explode(F.sequence(F.greatest("event_date", earliest), F.col("until")))
    per_day = standing.where(F.col("until") >= earliest).select("*", each_day.alias("stock_date"))
    moved = F.col("stock_date") == F.col("event_date")
    return tables.GOLD_STOCK_DAILY.shaped(
        per_day.select(
            "item_id", "stock_date", "on_hand_qty",
            F.when(moved, F.col("intake_qty")).otherwise(0).alias("intake_qty"),
            F.when(moved, F.col("consume_qty")).otherwise(0).alias("consume_qty"),
        )
    )  # fmt: skip


def _seconds(start: str, end: str) -> Column:
    # Never below zero: a row's time is when its transaction began, and that may have waited for the one before.
    return F.greatest(F.lit(0.0), (F.unix_micros(end) - F.unix_micros(start)) / 1_000_000) * F.when(
        F.col(start).isNotNull() & F.col(end).isNotNull(), 1.0
    )
