"""A day is a day of the site, whatever zone the engine's session has."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from pipelines import days
from pipelines.tests.floor import day, first, moment

BERLIN = "Europe/Berlin"


@pytest.fixture(params=["UTC", "America/New_York"])
def session_zone(spark: SparkSession, request: pytest.FixtureRequest) -> Iterator[str]:
    spark.conf.set("spark.sql.session.timeZone", request.param)
    yield request.param
    spark.conf.set("spark.sql.session.timeZone", "UTC")


# The cases are rows of one table, each with its zone: a query costs more than a row.
MOMENTS = [
    ("UTC", "2026-03-01 23:59:59.999999", "2026-03-01", 23),
    (BERLIN, "2026-03-01 22:59:59.999999", "2026-03-01", 23),
    (BERLIN, "2026-03-01 23:00", "2026-03-02", 0),
    (BERLIN, "2026-07-01 21:59:59", "2026-07-01", 23),
    (BERLIN, "2026-07-01 22:00", "2026-07-02", 0),
    # The clock goes from 02:00 to 03:00, and back from 03:00 to 02:00: that hour is there twice.
    (BERLIN, "2026-03-29 00:59:59", "2026-03-29", 1),
    (BERLIN, "2026-03-29 01:00", "2026-03-29", 3),
    (BERLIN, "2026-10-25 00:30", "2026-10-25", 2),
    (BERLIN, "2026-10-25 01:30", "2026-10-25", 2),
    ("America/New_York", "2026-01-01 04:59", "2025-12-31", 23),
    ("Asia/Kathmandu", "2026-01-01 18:15", "2026-01-02", 0),
    ("Pacific/Kiritimati", "2026-01-01 10:00", "2026-01-02", 0),
    ("UTC", "1969-12-31 23:30", "1969-12-31", 23),
    # Midnight itself does not exist on this day in Beirut: it begins at 01:00.
    ("Asia/Beirut", "2025-03-29 22:00", "2025-03-30", 1),
]


def test_day_and_hour_are_those_of_the_sites_clock(spark: SparkSession, session_zone: str) -> None:
    rows = [(number, moment(at)) for number, (_, at, _, _) in enumerate(MOMENTS)]
    df = spark.createDataFrame(rows, "number INT, at TIMESTAMP")
    by_zone = [
        df.where(F.col("number").isin([n for n, case in enumerate(MOMENTS) if case[0] == zone])).select(
            "number", days.day(F.col("at"), zone).alias("day"), days.hour(F.col("at"), zone).alias("hour")
        )
        for zone in sorted({case[0] for case in MOMENTS})
    ]
    found = {row.number: (row.day, row.hour) for row in reduce(DataFrame.union, by_zone).collect()}
    assert found == {number: (day(on), hour) for number, (_, _, on, hour) in enumerate(MOMENTS)}


def test_every_hour_around_both_changes_of_the_clock_agrees_with_python(spark: SparkSession, session_zone: str) -> None:
    moments = [moment(start) + timedelta(minutes=30 * n) for start in ("2026-03-28", "2026-10-24") for n in range(144)]
    df = spark.createDataFrame([(at.isoformat(), at) for at in moments], "name STRING, at TIMESTAMP")
    found = {
        row.name: (row.day, row.hour)
        for row in df.select(
            "name", days.day(F.col("at"), BERLIN).alias("day"), days.hour(F.col("at"), BERLIN).alias("hour")
        ).collect()
    }
    local = {at.isoformat(): at.astimezone(ZoneInfo(BERLIN)) for at in moments}
    assert found == {name: (at.date(), at.hour) for name, at in local.items()}


def test_no_moment_has_no_day(spark: SparkSession) -> None:
    df = spark.createDataFrame([(None,)], "at TIMESTAMP")
    assert first(df.select(days.day(F.col("at"), BERLIN).alias("day"))).day is None


def test_a_week_begins_on_monday(spark: SparkSession) -> None:
    df = spark.createDataFrame([(day(f"2026-03-{n:02}"),) for n in range(1, 10)], "date DATE")
    mondays = [row.monday.isoformat() for row in df.select(days.monday(F.col("date")).alias("monday")).collect()]
    assert mondays == ["2026-02-23"] + ["2026-03-02"] * 7 + ["2026-03-09"]


def test_the_day_of_a_moment_is_the_sites_day_of_it(spark: SparkSession) -> None:
    found = first(spark.range(1).select(days.today(BERLIN, "2026-03-09T23:00:00+00:00").alias("today"))).today
    assert found == day("2026-03-10")


def test_today_is_the_sites_day(spark: SparkSession) -> None:
    def there() -> date:
        return datetime.now(UTC).astimezone(ZoneInfo("Pacific/Kiritimati")).date()

    before = there()
    far_east = first(spark.range(1).select(days.today("Pacific/Kiritimati").alias("today"))).today
    assert before <= far_east <= there()
