"""The dataset `silver_undo_pairs`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, silver, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.SILVER_UNDO_PAIRS.registered())
def silver_undo_pairs() -> DataFrame:
    floor = bronze.rows(spark.read.table("bronze_scan_events"), CONFIG, tables.BRONZE_SCAN_EVENTS)
    return silver.undo_pairs(floor)
