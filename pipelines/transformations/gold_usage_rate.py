"""The dataset `gold_usage_rate`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import config, days, gold, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.GOLD_USAGE_RATE.registered())
def gold_usage_rate() -> DataFrame:
    return gold.usage_rate(spark.read.table("silver_item_days"), days.today(CONFIG.time_zone, CONFIG.as_of))
