"""The dataset `gold_fulfilment_times`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import gold, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.GOLD_FULFILMENT_TIMES.registered())
def gold_fulfilment_times() -> DataFrame:
    return gold.fulfilment_times(spark.read.table("gold_signal_times"))
