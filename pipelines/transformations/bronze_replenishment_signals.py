"""The dataset `bronze_replenishment_signals`."""

from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@bronze.registered(CONFIG, tables.BRONZE_REPLENISHMENT_SIGNALS)
def bronze_replenishment_signals() -> DataFrame:
    return bronze.copied(spark, CONFIG, tables.BRONZE_REPLENISHMENT_SIGNALS)
