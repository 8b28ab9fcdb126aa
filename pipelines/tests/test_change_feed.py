"""The change feed route: tables of the shape of Lakebase's `lb_<table>_history`, followed as they grow."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from pipelines import bronze, tables, update
from pipelines.tests.floor import Row, event, events, in_order, moment, named, plain, signal, undo

FEED = "_pg_change_type STRING, _pg_lsn BIGINT, _pg_xid BIGINT, _timestamp TIMESTAMP, _sort_by BIGINT"
SHAPES = {"scan_events": tables.BRONZE_SCAN_EVENTS, "replenishment_signals": tables.BRONZE_REPLENISHMENT_SIGNALS}


def change(row: Row, place: int, kind: str = "insert", lsn: int | None = None) -> Row:
    """A row as the feed writes it; `place` is its order in the feed."""
    return row | {
        "_pg_change_type": kind, "_pg_lsn": place if lsn is None else lsn, "_pg_xid": 700 + place,
        "_timestamp": moment("2026-03-02 12:00"), "_sort_by": place,
    }  # fmt: skip


def feed(spark: SparkSession, source: str, changes: Iterable[Row], *, uuid_type: str = "STRING") -> DataFrame:
    table = SHAPES[source]
    kinds = {
        name: uuid_type if name in ("event_id", "signal_id") else kind for name, (kind, _) in table.columns.items()
    }
    ddl = ", ".join([*(f"{name} {kind}" for name, kind in kinds.items()), FEED])
    names = [*table.columns, "_pg_change_type", "_pg_lsn", "_pg_xid", "_timestamp", "_sort_by"]
    return spark.createDataFrame([tuple(row[name] for name in names) for row in changes], ddl)


def current_ids(spark: SparkSession, changes: Iterable[Row], **kinds: str) -> list[Row]:
    df = bronze.current(feed(spark, "scan_events", changes, **kinds), key="event_id")
    return in_order(plain(tables.BRONZE_SCAN_EVENTS.shaped(df)))


def test_repeats_of_the_first_snapshot_and_of_a_resync_count_once(spark: SparkSession) -> None:
    a, b = event("a"), event("b")
    changes = [change(a, 1, lsn=0), change(b, 2), change(a, 3, lsn=0), change(b, 4), change(b, 4)]
    assert current_ids(spark, changes) == in_order(plain(events(spark, [a, b])))


def test_a_change_in_an_append_only_table_is_followed_as_the_floor_has_it(spark: SparkSession) -> None:
    """The floor refuses changes; should somebody lift its guard, gold still shows what the floor shows."""
    a, b = event("a", qty=5), event("b")
    changes = [
        change(a, 1), change(b, 2),
        change(a, 3, "update_preimage"), change(a | {"qty": 6}, 4, "update_postimage"), change(b, 5, "delete"),
    ]  # fmt: skip
    assert [(row["event_id"], row["qty"]) for row in current_ids(spark, changes)] == [(named("a"), 6)]


def test_uuids_that_come_as_bytes_read_as_text(spark: SparkSession) -> None:
    a = event("a")
    as_bytes = change(a | {"event_id": uuid.UUID(named("a")).bytes}, 1)
    assert current_ids(spark, [as_bytes], uuid_type="BINARY") == plain(events(spark, [a]))


@pytest.fixture
def feeds(spark: SparkSession, tmp_path: Path) -> Iterator[Callable[[], list[update.Step]]]:
    spark.sql("CREATE SCHEMA feed")
    yield lambda: list(
        update.steps(
            spark, {"linesync.source": "spark_catalog.feed", "linesync.route": "cdf", "linesync.time_zone": "UTC"},
            tmp_path / "storage",
        )
    )  # fmt: skip
    spark.sql("DROP SCHEMA feed CASCADE")
    spark.sql(f"DROP SCHEMA {update.SCHEMA} CASCADE")
    spark.conf.set("linesync.route", "catalog")


def append(spark: SparkSession, source: str, changes: Iterable[Row]) -> None:
    feed(spark, source, changes).write.mode("append").saveAsTable(f"feed.lb_{source}_history")


def gold(spark: SparkSession, name: str) -> list[Row]:
    return in_order(plain(spark.table(f"{update.SCHEMA}.{name}")))


def test_two_updates_follow_the_feed_and_read_only_what_is_new(
    spark: SparkSession, feeds: Callable[[], list[update.Step]]
) -> None:
    intake, used = event("a", qty=24), event("b", "2026-03-02 11:00", "CONSUME", qty=20)
    append(spark, "scan_events", [change(intake, 1), change(intake, 2), change(used, 3)])
    append(spark, "replenishment_signals", [change(signal(1, "s", triggered_at_qty=4), 4)])
    feeds()
    assert [(row["on_hand_qty"], row["total_events"]) for row in gold(spark, "gold_inventory_summary")] == [(4, 2)]
    assert [row["current_on_hand"] for row in gold(spark, "gold_open_replenishment_signals")] == [4]

    oops = undo("c", "b", "2026-03-03 00:01", "INTAKE", qty=20)
    append(spark, "scan_events", [change(oops, 5), change(used, 6), change(event("bad", qty=-1), 7)])
    append(spark, "replenishment_signals", [change(signal(2, "s", status="FULFILLED", triggered_at_qty=4), 8)])
    feeds()
    assert [(row["on_hand_qty"], row["total_events"]) for row in gold(spark, "gold_inventory_summary")] == [(24, 3)]
    assert [row["used_qty"] for row in gold(spark, "silver_item_days")] == [0, 0]
    assert gold(spark, "gold_open_replenishment_signals") == []
    assert [row["failed_rules"] for row in gold(spark, "silver_scan_events_rejected")] == [["qty_above_zero"]]
    # Bronze is the feed itself, repeats included, each row once.
    assert spark.table(f"{update.SCHEMA}.bronze_scan_events").count() == 6
