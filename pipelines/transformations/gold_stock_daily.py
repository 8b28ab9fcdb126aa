"""The dataset `gold_stock_daily`."""

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession

from pipelines import config, days, gold, tables

spark: SparkSession  # given by the engine
CONFIG = config.read(spark)


@dp.materialized_view(**tables.GOLD_STOCK_DAILY.registered())
def gold_stock_daily() -> DataFrame:
    return gold.stock_daily(spark.read.table("silver_item_days"), days.today(CONFIG.time_zone, CONFIG.as_of))
