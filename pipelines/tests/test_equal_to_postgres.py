"""Gold equals the same gold in plain SQL on the same rows, dataset by dataset, row by row."""

import pytest
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from pipelines import gold, rules, silver
from pipelines.tests import gold_in_postgres, history
from pipelines.tests.floor import Floor, day, in_order, plain, silver_of

TODAY = day("2026-03-20")


def all_gold(events: DataFrame, signals: DataFrame, zone: str, today: Column) -> dict[str, DataFrame]:
    """Every gold dataset from bronze, as the transformations wire them."""
    valid_events = rules.kept(silver_of(events, zone), rules.SCAN_EVENTS).cache()
    valid_signals = rules.kept(silver.replenishment_signals(signals, zone), rules.REPLENISHMENT_SIGNALS).cache()
    days = silver.item_days(valid_events).cache()
    summary, times = gold.inventory_summary(days), gold.signal_times(valid_signals, zone)
    return {
        "gold_inventory_summary": summary,
        "gold_daily_activity": gold.daily_activity(valid_events),
        "gold_open_replenishment_signals": gold.open_replenishment_signals(valid_signals, summary),
        "gold_replenishment_metrics": gold.replenishment_metrics(valid_signals),
        "gold_signal_times": times,
        "gold_fulfilment_times": gold.fulfilment_times(times),
        "gold_usage_rate": gold.usage_rate(days, today),
        "gold_stock_daily": gold.stock_daily(days, today),
    }


@pytest.mark.parametrize(("seed", "zone"), [(1, "UTC"), (2, "America/Sao_Paulo"), (3, "Pacific/Auckland")])
def test_gold_of_a_random_history_equals_postgres(
    spark: SparkSession, empty_floor: Floor, seed: int, zone: str
) -> None:
    empty_floor.add(events=history.events(seed, 600), signals=history.signals(seed, 60))
    events = spark.read.table("lakebase.public.scan_events")
    signals = spark.read.table("lakebase.public.replenishment_signals")
    found = all_gold(events, signals, zone, F.lit(TODAY))
    assert set(found) == set(gold_in_postgres.GOLD)
    for name, df in found.items():
        expected = empty_floor.select(gold_in_postgres.query(name), time_zone=zone, today=TODAY)
        assert in_order(plain(df)) == in_order(expected), name
        assert expected, name


def test_the_histories_hold_what_they_promise() -> None:
    rows = history.events(1, 600)
    undos = [row for row in rows if row["barcode_raw"].startswith("UNDO=")]
    undone = {row["barcode_raw"][5:] for row in undos}
    assert len(undos) > 30
    assert any(row["event_id"] in undone for row in undos)
    assert any(row["qty"] is None for row in rows)
    signals = history.signals(1, 60)
    times = [(row["signal_id"], row["created_ts"]) for row in signals]
    assert len(set(times)) < len(times)
