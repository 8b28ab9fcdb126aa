"""Bronze: the floor's rows as they are, by either route, and how both come to look the same."""

from collections.abc import Callable
from typing import Any, cast

from pyspark import pipelines as dp
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from pipelines.config import CDF, Config
from pipelines.table import Table

Register = Callable[[Callable[[], DataFrame]], None]


def registered(config: Config, table: Table) -> Register:
    """The decorator for a bronze dataset: a copy made anew each time, or on the change feed a table that grows."""
    settings: dict[str, Any] = table.registered()
    if config.route == CDF:
        # The feed's own columns come along in the types it chose, so the shape is not declared.
        del settings["schema"], settings["cluster_by"]
        return cast(Register, dp.table(**settings))
    return cast(Register, dp.materialized_view(**settings))


def copied(spark: SparkSession, config: Config, table: Table, reads: dict[str, str] | None = None) -> DataFrame:
    """The source of a bronze dataset. `reads`: options of the read, for a source that is read in parts."""
    source = table.name.removeprefix("bronze_")
    if config.route == CDF:
        return spark.readStream.table(f"{config.source}.lb_{source}_history")
    return table.shaped(spark.read.options(**(reads or {})).table(f"{config.source}.{source}"))


def rows(bronze: DataFrame, config: Config, table: Table) -> DataFrame:
    """The floor's rows, one per key (the table's first column), in the types of `table`, whatever the route."""
    if config.route == CDF:
        return table.shaped(current(bronze, key=next(iter(table.columns))))
    return bronze


def current(history: DataFrame, *, key: str) -> DataFrame:
    """What a table holds according to its change feed: the newest row of each key, unless that is a delete.

    The feed repeats rows (its first snapshot, every re-sync) and writes uuids as text or as 16 bytes.
    """
    newest_first = Window.partitionBy(key).orderBy(
        F.col("_sort_by").desc_nulls_last(), F.col("_pg_lsn").desc_nulls_last(), F.col("_timestamp").desc_nulls_last()
    )
    return (
        history.where("_pg_change_type <> 'update_preimage'")
        .select("*", F.row_number().over(newest_first).alias("_nth_newest"))
        .where("_nth_newest = 1 AND _pg_change_type <> 'delete'")
    )
