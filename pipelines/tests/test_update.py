"""The real declarative engine over the transformations: two updates in a row, late rows, bad rows, nothing at all."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from pipelines import bronze, tables, update
from pipelines.config import BadConfig, Config
from pipelines.days import today
from pipelines.tests import gold_in_postgres, history
from pipelines.tests.floor import Floor, Row, day, event, first, in_order, plain, signal, undo

pytestmark = pytest.mark.long

ZONE = "Europe/Berlin"
Refresh = Callable[..., list[update.Step]]


@pytest.fixture
def refreshed(spark: SparkSession, empty_floor: Floor, tmp_path: Path) -> Iterator[Refresh]:
    """Call it to run an update; then read the tables."""

    def refresh(**configuration: str) -> list[update.Step]:
        settings = {"linesync.source": "lakebase.`public`", "linesync.time_zone": ZONE} | configuration
        return list(update.steps(spark, settings, tmp_path / "storage"))

    yield refresh
    spark.sql(f"DROP SCHEMA {update.SCHEMA} CASCADE")
    for key in ("linesync.read_parts", "linesync.route", "linesync.as_of"):
        spark.conf.unset(key)


def table(spark: SparkSession, name: str) -> list[Row]:
    return plain(spark.table(f"{update.SCHEMA}.{name}"))


def assert_gold_equals_postgres(spark: SparkSession, floor: Floor, as_of: str = "") -> None:
    then = first(spark.range(1).select(today(ZONE, as_of).alias("today"))).today
    # The day that the update saw: where none was given, midnight may have come since.
    slack = timedelta(days=0 if as_of else 1)
    for seen in {row["as_of_date"] for row in table(spark, "gold_usage_rate")}:
        assert then - slack <= seen <= then
        then = seen
    for name in gold_in_postgres.GOLD:
        expected = floor.select(gold_in_postgres.query(name), time_zone=ZONE, today=then)
        assert in_order(table(spark, name)) == in_order(expected), name


def test_each_update_shows_the_floor_as_it_then_is(spark: SparkSession, empty_floor: Floor, refreshed: Refresh) -> None:
    empty_floor.add(events=history.events("first", 250), signals=history.signals("first", 30))
    steps = refreshed()
    assert {step.dataset for step in steps if step.state == "COMPLETED"} == set(tables.ALL)
    assert_gold_equals_postgres(spark, empty_floor)
    before = {name: len(table(spark, name)) for name in tables.ALL}
    assert all(before.values()), before

    late = event("late", "2025-12-31 22:59", "CONSUME", qty=3, item_id="PART-1")
    across = [event("x", "2026-03-29 21:59", "CONSUME"), undo("y", "x", "2026-03-29 22:01", "INTAKE")]
    tied = [signal(900, "tied", "2026-03-02 10:00"), signal(901, "tied", "2026-03-02 10:00", "FULFILLED")]
    empty_floor.add(events=[late, *across], signals=tied)
    refreshed(**{
        "linesync.read_parts": "3", "linesync.read_from": "2026-01-05 00:00:00",
        "linesync.read_until": "2026-02-01 00:00:00", "linesync.as_of": "2026-04-09T22:30:00+00:00",
    })  # fmt: skip
    assert_gold_equals_postgres(spark, empty_floor, "2026-04-09T22:30:00+00:00")
    assert {row["as_of_date"] for row in table(spark, "gold_usage_rate")} == {day("2026-04-10")}
    after = {name: len(table(spark, name)) for name in tables.ALL}
    assert after["bronze_scan_events"] == before["bronze_scan_events"] + 3
    assert after["silver_scan_events"] + after["silver_scan_events_rejected"] == after["bronze_scan_events"]
    assert after["bronze_replenishment_signals"] == before["bronze_replenishment_signals"] + 2
    marked = {row["event_id"]: row for row in table(spark, "silver_scan_events")}
    pair = [marked[row["event_id"]] for row in across]
    assert [(row["is_taken_back"], row["event_date"]) for row in pair] == [
        (True, day("2026-03-29")),
        (True, day("2026-03-30")),
    ]


def test_events_are_read_in_parts_that_together_are_all_of_them(spark: SparkSession, empty_floor: Floor) -> None:
    rows = [event(name, f"2026-03-0{name} 10:00") for name in range(1, 10)] + [event("timeless", event_ts=None)]
    empty_floor.add(events=rows)
    reads = {
        "partitionColumn": "event_ts", "numPartitions": "3",
        "lowerBound": "2026-03-01 00:00:00", "upperBound": "2026-03-10 00:00:00",
    }  # fmt: skip
    read = bronze.copied(spark, Config("lakebase.public", reads=reads), tables.BRONZE_SCAN_EVENTS, reads)
    found = read.select("event_id", F.spark_partition_id().alias("part")).collect()
    assert sorted(row.event_id for row in found) == sorted(row["event_id"] for row in rows)
    assert sorted(Counter(row.part for row in found).values()) == [3, 3, 4]


def test_an_empty_floor_gives_empty_tables_and_the_catalog_shows_what_every_column_says(
    spark: SparkSession, refreshed: Refresh
) -> None:
    refreshed()
    for name, described in tables.ALL.items():
        assert table(spark, name) == []
        shown = {field.name: field.metadata.get("comment") for field in spark.table(f"{update.SCHEMA}.{name}").schema}
        assert shown == {column: says for column, (_, says) in described.columns.items()}
        details = {r.col_name: r.data_type for r in spark.sql(f"DESCRIBE EXTENDED {update.SCHEMA}.{name}").collect()}
        assert details["Comment"] == described.comment


def test_an_update_that_cannot_read_its_source_says_so(refreshed: Refresh) -> None:
    with pytest.raises(update.UpdateFailed, match="nowhere"):
        refreshed(**{"linesync.source": "lakebase.nowhere"})


def test_an_update_that_fails_half_way_says_why(refreshed: Refresh, empty_floor: Floor) -> None:
    empty_floor.add(events=[event("a")])
    with pytest.raises(update.UpdateFailed, match=r"silver_scan_events' has FAILED(.|\n)*Mars/Base is invalid"):
        refreshed(**{"linesync.time_zone": "Mars/Base"})


def test_a_route_that_does_not_exist_is_refused(refreshed: Refresh) -> None:
    with pytest.raises(BadConfig, match=r"linesync\.route is 'stream'"):
        refreshed(**{"linesync.route": "stream"})
