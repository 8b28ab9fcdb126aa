"""The dataset `gold_signal_times`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import config, gold, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.GOLD_SIGNAL_TIMES.registered())
def gold_signal_times() -> DataFrame:
    return gold.signal_times(spark.read.table("silver_replenishment_signals"), CONFIG.time_zone)
