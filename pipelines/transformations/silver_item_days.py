"""The dataset `silver_item_days`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import silver, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.SILVER_ITEM_DAYS.registered())
def silver_item_days() -> DataFrame:
    return silver.item_days(spark.read.table("silver_scan_events"))
