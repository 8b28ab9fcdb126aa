"""The dataset `silver_scan_events_rejected`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, rules, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.SILVER_SCAN_EVENTS_REJECTED.registered())
def silver_scan_events_rejected() -> DataFrame:
    floor = bronze.rows(spark.read.table("bronze_scan_events"), CONFIG, tables.BRONZE_SCAN_EVENTS)
    return rules.refused(floor, rules.SCAN_EVENTS)
