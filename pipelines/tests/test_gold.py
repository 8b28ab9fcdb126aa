"""Gold, one rule at a time; that all of it equals Postgres is shown in test_equal_to_postgres."""

from collections.abc import Iterable

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from pipelines import gold, silver
from pipelines.tests.floor import (
    Row,
    day,
    event,
    events,
    in_order,
    micros,
    named,
    plain,
    signal,
    signals,
    silver_of,
    undo,
)

TODAY = day("2026-03-10")


def silver_events(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    return silver_of(events(spark, rows), "UTC")


def item_days(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    return silver.item_days(silver_events(spark, rows))


def silver_signals(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    return silver.replenishment_signals(signals(spark, rows), "UTC")


def only(df: DataFrame) -> Row:
    (row,) = plain(df)
    return row


def test_on_hand_is_intake_minus_consume_undos_included(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-01 10:00", qty=24),
        event("b", "2026-03-02 10:00", "CONSUME", qty=30),
        event("c", "2026-03-02 11:00", "CONSUME", qty=5),
        undo("d", "c", "2026-03-03 09:00", "INTAKE", qty=5),
    ]
    assert only(gold.inventory_summary(item_days(spark, rows))) == {
        "item_id": "P", "on_hand_qty": -6, "total_events": 4, "total_intake": 29, "total_consumed": 35,
        "last_activity": micros("2026-03-03 09:00"),
    }  # fmt: skip


def test_ids_that_differ_in_case_or_blanks_are_items_of_their_own_as_on_the_floor(spark: SparkSession) -> None:
    ids = ["Part", "PART", " Part", "Part "]
    rows = [event(item, item_id=item, qty=number) for number, item in enumerate(ids, 1)]
    found = {row["item_id"]: row["on_hand_qty"] for row in plain(gold.inventory_summary(item_days(spark, rows)))}
    assert found == {"Part": 1, "PART": 2, " Part": 3, "Part ": 4}


def test_activity_counts_what_stands_and_shows_what_was_undone_apart(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-01 23:58", "CONSUME", qty=5),
        undo("b", "a", "2026-03-02 00:01", "INTAKE"),
        event("c", "2026-03-02 08:00", "INTAKE", qty=7, item_id="Q"),
        event("d", "2026-03-02 09:00", "INTAKE", qty=7, item_id="Q", station_id="DOCK-2"),
    ]
    found = in_order(plain(gold.daily_activity(silver_events(spark, rows))))
    assert [tuple(row.values()) for row in found] == [
        (day("2026-03-01"), "CONSUME", 0, 0, 0, 0, 1, 5),
        (day("2026-03-02"), "INTAKE", 2, 14, 1, 2, 1, 5),
    ]


def test_the_newest_row_of_a_signal_is_decided_by_id_when_times_tie_or_run_backwards(spark: SparkSession) -> None:
    rows = [
        signal(1, "tied", "2026-03-02 10:00", "OPEN"),
        signal(2, "tied", "2026-03-02 10:00", "FULFILLED"),
        signal(3, "backwards", "2026-03-02 10:00", "OPEN"),
        signal(4, "backwards", "2026-03-02 09:59", "ACKNOWLEDGED"),
    ]
    newest = {row["signal_id"]: row["status"] for row in plain(gold.newest(silver_signals(spark, rows)))}
    assert newest == {named("tied"): "FULFILLED", named("backwards"): "ACKNOWLEDGED"}


def test_open_signals_show_the_stock_of_now(spark: SparkSession) -> None:
    stock = gold.inventory_summary(item_days(spark, [event("a", qty=10, item_id="P"), event("b", qty=11, item_id="Q")]))
    rows = [
        signal(1, "p", item_id="P", triggered_at_qty=3),
        signal(2, "q", item_id="Q"),
        signal(3, "gone", item_id="R"),
        signal(4, "seen", item_id="P"),
        signal(5, "seen", item_id="P", status="ACKNOWLEDGED"),
    ]
    found = {r["item_id"]: r for r in plain(gold.open_replenishment_signals(silver_signals(spark, rows), stock))}
    assert {item: (r["current_on_hand"], r["already_restocked"]) for item, r in found.items()} == {
        "P": (10, False), "Q": (11, True), "R": (0, False),
    }  # fmt: skip
    assert (found["P"]["qty_at_signal"], found["P"]["signal_date"]) == (3, day("2026-03-02"))


def test_metrics_count_each_signal_once_under_its_newest_status(spark: SparkSession) -> None:
    rows = [
        signal(1, "a", triggered_at_qty=8),
        signal(2, "a", triggered_at_qty=8, status="ACKNOWLEDGED"),
        signal(3, "b", triggered_at_qty=10, status="ACKNOWLEDGED"),
        signal(4, "c", triggered_at_qty=-5, item_id="Q"),
    ]
    found = {
        row["status"]: tuple(row.values())[1:] for row in plain(gold.replenishment_metrics(silver_signals(spark, rows)))
    }
    assert found == {"ACKNOWLEDGED": (2, 1, 1.0), "OPEN": (1, 1, 15.0)}


def test_a_signals_life_has_both_intervals(spark: SparkSession) -> None:
    rows = [
        signal(1, "a", "2026-03-04 10:00:00", "OPEN"),
        signal(2, "a", "2026-03-04 10:00:30.5", "ACKNOWLEDGED"),
        signal(3, "a", "2026-03-04 11:00:00", "FULFILLED"),
    ]
    row = only(gold.signal_times(silver_signals(spark, rows), "UTC"))
    assert (row["status"], row["week_start"]) == ("FULFILLED", day("2026-03-02"))
    assert (row["opened_ts"], row["fulfilled_ts"]) == (micros("2026-03-04 10:00"), micros("2026-03-04 11:00"))
    assert row["seconds_to_acknowledge"] == 30.5
    assert row["seconds_acknowledged_to_fulfilled"] == 3569.5
    assert row["seconds_to_fulfil"] == 3600


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ([("OPEN", "10:00")], (None, None, None)),
        ([("OPEN", "10:00"), ("FULFILLED", "10:01")], (None, None, 60)),
        ([("OPEN", "10:00"), ("ACKNOWLEDGED", "10:02")], (120, None, None)),
        # A transaction that waited for another writes an older time after a newer one.
        ([("OPEN", "10:00"), ("ACKNOWLEDGED", "09:59"), ("FULFILLED", "10:01")], (0, 120, 60)),
    ],
)
def test_a_step_not_taken_has_no_interval_and_none_is_negative(
    spark: SparkSession, steps: list[tuple[str, str]], seconds: tuple[int | None, ...]
) -> None:
    rows = [signal(n, "a", f"2026-03-04 {at}", status) for n, (status, at) in enumerate(steps, 1)]
    row = only(gold.signal_times(silver_signals(spark, rows), "UTC"))
    names = ("seconds_to_acknowledge", "seconds_acknowledged_to_fulfilled", "seconds_to_fulfil")
    assert tuple(row[name] for name in names) == seconds


def test_percentiles_are_per_item_and_week_over_finished_steps(spark: SparkSession) -> None:
    rows: list[Row] = []
    number = 0
    for minutes in (10, 20, 30, 40):
        name = f"s{minutes}"
        rows += [
            signal(number + 1, name, "2026-03-04 10:00"),
            signal(number + 2, name, f"2026-03-04 10:{minutes}", "FULFILLED"),
        ]
        number += 2
    rows += [signal(90, "unfinished", "2026-03-05 10:00"), signal(91, "next week", "2026-03-09 10:00")]
    found = in_order(plain(gold.fulfilment_times(gold.signal_times(silver_signals(spark, rows), "UTC"))))
    first, second = found
    assert (first["signals_opened"], first["signals_acknowledged"], first["signals_fulfilled"]) == (5, 0, 4)
    assert (first["p50_seconds_to_fulfil"], first["p90_seconds_to_fulfil"]) == (1500, 2220)
    assert (first["max_seconds_to_fulfil"], first["p50_seconds_to_acknowledge"]) == (2400, None)
    assert (second["week_start"], second["signals_fulfilled"]) == (day("2026-03-09"), 0)


def test_cover_is_stock_by_the_rate_of_28_days_without_undone_scans(spark: SparkSession) -> None:
    rows = [
        event("in", "2026-01-01 10:00", qty=1000),
        event("old", "2026-02-10 10:00", "CONSUME", qty=100),  # day 29 of the window's 28
        event("edge", "2026-02-11 10:00", "CONSUME", qty=14),
        event("new", "2026-03-10 10:00", "CONSUME", qty=14),
        event("oops", "2026-03-09 10:00", "CONSUME", qty=500),
        undo("un", "oops", "2026-03-10 00:01", "INTAKE", qty=500),
    ]
    row = only(gold.usage_rate(item_days(spark, rows), F.lit(TODAY)))
    assert (row["used_qty_7_days"], row["used_qty_28_days"], row["used_qty_90_days"]) == (14, 28, 128)
    assert (row["on_hand_qty"], row["days_observed"], row["usage_per_day"]) == (872, 28, 1.0)
    assert (row["days_of_cover"], row["empty_on"]) == (872.0, day("2028-07-29"))


@pytest.mark.parametrize(
    ("rows", "observed", "rate", "cover"),
    [
        ([event("a", "2026-03-09 10:00", qty=20), event("b", "2026-03-10 10:00", "CONSUME", qty=4)], 2, 2.0, 8.0),
        ([event("a", "2026-03-10 10:00", qty=20)], 1, 0.0, None),
        ([event("a", "2026-03-10 10:00", "CONSUME", qty=20)], 1, 20.0, 0.0),
        ([event("a", "2027-01-01 10:00", "CONSUME", qty=20)], 1, 0.0, None),  # a clock that runs ahead
    ],
)
def test_new_unused_and_empty_items_have_a_rate_too(
    spark: SparkSession, rows: list[Row], observed: int, rate: float, cover: float | None
) -> None:
    row = only(gold.usage_rate(item_days(spark, rows), F.lit(TODAY)))
    assert (row["days_observed"], row["usage_per_day"], row["days_of_cover"]) == (observed, rate, cover)


def test_a_stock_that_lasts_for_ages_has_no_last_day(spark: SparkSession) -> None:
    rows = [event("a", "2026-01-01 10:00", qty=2**31 - 1), event("b", "2026-03-01 10:00", "CONSUME", qty=1)]
    row = only(gold.usage_rate(item_days(spark, rows), F.lit(TODAY)))
    assert (row["days_of_cover"] > 36500, row["empty_on"]) == (True, None)


def stock(spark: SparkSession, rows: Iterable[Row]) -> list[tuple[str, int, int, int]]:
    return [
        (row["stock_date"].isoformat(), row["intake_qty"], row["consume_qty"], row["on_hand_qty"])
        for row in in_order(plain(gold.stock_daily(item_days(spark, rows), F.lit(TODAY))))
    ]


def test_every_day_has_its_stock_quiet_days_included(spark: SparkSession) -> None:
    rows = [event("a", "2026-03-06 10:00", qty=20), event("b", "2026-03-08 10:00", "CONSUME", qty=25)]
    assert stock(spark, rows) == [
        ("2026-03-06", 20, 0, 20), ("2026-03-07", 0, 0, 20), ("2026-03-08", 0, 25, -5), ("2026-03-09", 0, 0, -5),
        ("2026-03-10", 0, 0, -5),
    ]  # fmt: skip


def test_stock_begins_three_years_back_with_what_was_there(spark: SparkSession) -> None:
    rows = [event("a", "1970-01-01 10:00", qty=20), event("b", "2026-03-10 10:00", qty=1)]
    found = stock(spark, rows)
    assert (len(found), found[0], found[-1]) == (3 * 365, ("2023-03-12", 0, 0, 20), ("2026-03-10", 1, 0, 21))


def test_a_day_that_has_not_come_is_not_told(spark: SparkSession) -> None:
    rows = [event("a", "2026-03-09 10:00", qty=20), event("b", "2030-01-01 10:00", qty=1)]
    assert stock(spark, rows) == [("2026-03-09", 20, 0, 20), ("2026-03-10", 0, 0, 20)]


def test_nothing_in_is_nothing_out(spark: SparkSession) -> None:
    no_days, no_signals = item_days(spark, []), silver_signals(spark, [])
    summary, times = gold.inventory_summary(no_days), gold.signal_times(no_signals, "UTC")
    for df in (
        summary, gold.daily_activity(silver_events(spark, [])), gold.open_replenishment_signals(no_signals, summary),
        gold.replenishment_metrics(no_signals), times, gold.fulfilment_times(times),
        gold.usage_rate(no_days, F.lit(TODAY)), gold.stock_daily(no_days, F.lit(TODAY)),
    ):  # fmt: skip
        assert plain(df) == []
