"""The dataset `silver_replenishment_signals_rejected`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, rules, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.SILVER_REPLENISHMENT_SIGNALS_REJECTED.registered())
def silver_replenishment_signals_rejected() -> DataFrame:
    floor = bronze.rows(spark.read.table("bronze_replenishment_signals"), CONFIG, tables.BRONZE_REPLENISHMENT_SIGNALS)
    return rules.refused(floor, rules.REPLENISHMENT_SIGNALS)
