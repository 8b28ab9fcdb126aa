"""The dataset `gold_inventory_summary`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import gold, tables

spark: SparkSession  # given by the engine


@dp.materialized_view(**tables.GOLD_INVENTORY_SUMMARY.registered())
def gold_inventory_summary() -> DataFrame:
    return gold.inventory_summary(spark.read.table("silver_item_days"))
