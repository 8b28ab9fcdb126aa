"""The dataset `gold_daily_activity`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import gold, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.GOLD_DAILY_ACTIVITY.registered())
def gold_daily_activity() -> DataFrame:
    return gold.daily_activity(spark.read.table("silver_scan_events"))
