"""The dataset `gold_replenishment_metrics`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import gold, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.GOLD_REPLENISHMENT_METRICS.registered())
def gold_replenishment_metrics() -> DataFrame:
    return gold.replenishment_metrics(spark.read.table("silver_replenishment_signals"))
