"""The dataset `bronze_scan_events`."""

from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@bronze.registered(CONFIG, tables.BRONZE_SCAN_EVENTS)
def bronze_scan_events() -> DataFrame:
    return bronze.copied(spark, CONFIG, tables.BRONZE_SCAN_EVENTS, CONFIG.reads)
