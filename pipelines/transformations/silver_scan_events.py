"""The dataset `silver_scan_events`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, rules, silver, tables
from pipelines.quality import drop_refused

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.SILVER_SCAN_EVENTS.registered())
@drop_refused(rules.SCAN_EVENTS)
def silver_scan_events() -> DataFrame:
    floor = bronze.rows(spark.read.table("bronze_scan_events"), CONFIG, tables.BRONZE_SCAN_EVENTS)
    return silver.scan_events(floor, spark.read.table("silver_undo_pairs"), CONFIG.time_zone)
