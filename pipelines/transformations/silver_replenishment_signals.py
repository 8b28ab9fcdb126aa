"""The dataset `silver_replenishment_signals`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, config, rules, silver, tables
from pipelines.quality import drop_refused

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.SILVER_REPLENISHMENT_SIGNALS.registered())
@drop_refused(rules.REPLENISHMENT_SIGNALS)
def silver_replenishment_signals() -> DataFrame:
    floor = bronze.rows(spark.read.table("bronze_replenishment_signals"), CONFIG, tables.BRONZE_REPLENISHMENT_SIGNALS)
    return silver.replenishment_signals(floor, CONFIG.time_zone)
