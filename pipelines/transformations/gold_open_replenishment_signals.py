"""The dataset `gold_open_replenishment_signals`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import gold, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.GOLD_OPEN_REPLENISHMENT_SIGNALS.registered())
def gold_open_replenishment_signals() -> DataFrame:
    signals = spark.read.table("silver_replenishment_signals")
    return gold.open_replenishment_signals(signals, spark.read.table("gold_inventory_summary"))
