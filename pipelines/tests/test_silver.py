"""Silver: the site's day, the effect on stock, and undo pairs."""

from collections.abc import Iterable

from pyspark.sql import DataFrame, SparkSession

from pipelines import silver
from pipelines.tests.floor import Row, day, event, events, in_order, named, plain, signal, signals, silver_of, undo

Mark = tuple[str | None, str | None, bool]


def by_id(df: DataFrame) -> dict[str, Row]:
    return {row["event_id"]: row for row in plain(df)}


def marks(spark: SparkSession, rows: Iterable[Row]) -> dict[str, Mark]:
    found = by_id(silver_of(events(spark, rows), "UTC"))
    words = {named(word): word for word in "abcdefg"}
    return {
        words[name]: (words.get(row["undo_of"]), words.get(row["undone_by"]), row["is_taken_back"])
        for name, row in found.items()
    }


STANDS = (None, None, False)


def test_an_event_gets_the_sites_day_and_hour_and_its_effect_on_stock(spark: SparkSession) -> None:
    rows = [event("a", "2026-03-01 23:30", qty=7), event("b", "2026-03-01 10:05", "CONSUME", qty=3)]
    found = by_id(silver_of(events(spark, rows), "Europe/Berlin"))
    a, b = found[named("a")], found[named("b")]
    assert (a["event_date"], a["event_hour"], a["qty_change"]) == (day("2026-03-02"), 0, 7)
    assert (b["event_date"], b["event_hour"], b["qty_change"]) == (day("2026-03-01"), 11, -3)


def test_an_undo_pair_is_marked_on_both_sides_also_across_midnight(spark: SparkSession) -> None:
    rows = [event("a", "2026-03-01 23:59", "CONSUME"), undo("b", "a", "2026-03-02 00:01", "INTAKE"), event("c")]
    assert marks(spark, rows) == {"a": (None, "b", True), "b": ("a", None, True), "c": STANDS}


def test_an_undo_is_told_by_its_id_in_capitals_too(spark: SparkSession) -> None:
    rows = [event("a"), event("b", event_type="CONSUME", barcode_raw=f"UNDO={named('a').upper()}")]
    assert marks(spark, rows)["a"] == (None, "b", True)


def test_an_undo_of_an_undo_puts_the_first_event_back(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-02 10:00", "CONSUME"),
        undo("b", "a", "2026-03-02 10:01", "INTAKE"),
        undo("c", "b", "2026-03-02 10:02", "CONSUME"),
    ]
    assert marks(spark, rows) == {"a": STANDS, "b": (None, "c", True), "c": ("b", None, True)}


def test_an_undo_stands_when_what_names_it_does_not_match_it(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-02 10:00", "CONSUME"),
        undo("b", "a", "2026-03-02 10:01", "INTAKE"),
        undo("c", "b", "2026-03-02 10:02", "CONSUME", qty=4),
    ]
    assert marks(spark, rows) == {"a": (None, "b", True), "b": ("a", None, True), "c": STANDS}


def test_a_second_undo_of_one_event_is_an_event_of_its_own(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-02 10:00", "CONSUME"),
        undo("c", "a", "2026-03-02 10:02", "INTAKE"),
        undo("b", "a", "2026-03-02 10:01", "INTAKE"),
    ]
    assert marks(spark, rows) == {"a": (None, "b", True), "b": ("a", None, True), "c": STANDS}


def test_what_only_looks_like_an_undo_is_none(spark: SparkSession) -> None:
    rows = [
        event("a", event_type="CONSUME"),
        undo("b", "a", "2026-03-02 10:01", "CONSUME"),  # not the opposite
        undo("c", "a", "2026-03-02 10:01", "INTAKE", qty=4),  # other pieces
        undo("d", "a", "2026-03-02 10:01", "INTAKE", item_id="Q"),  # other item
        undo("e", "nobody", "2026-03-02 10:01", "INTAKE"),
        event("f", event_type="INTAKE", barcode_raw="UNDO=rubbish"),
        event("g", event_type="INTAKE", barcode_raw=f"x UNDO={named('a')}"),
    ]
    assert set(marks(spark, rows).values()) == {STANDS}


def test_a_refused_undo_takes_nothing_back(spark: SparkSession) -> None:
    rows = [event("a", event_type="CONSUME"), undo("b", "a", "2026-03-02 10:01", "INTAKE") | {"event_ts": None}]
    assert marks(spark, rows)["a"] == STANDS


def test_bad_rows_stay_in_for_the_rules_to_count_and_drop(spark: SparkSession) -> None:
    rows = [event("a"), {"event_id": None}, event("b", event_type=None, qty=None)]
    assert len(plain(silver_of(events(spark, rows), "UTC"))) == 3


def test_the_largest_quantities_do_not_overflow(spark: SparkSession) -> None:
    rows = [event("a", event_type="CONSUME", qty=2**31 - 1), event("b", event_type="CONSUME", qty=-(2**31))]
    found = by_id(silver_of(events(spark, rows), "UTC"))
    assert found[named("a")]["qty_change"] == -(2**31 - 1)


def test_a_signal_gets_its_day_and_its_depth(spark: SparkSession) -> None:
    rows = [
        signal(1, "a", "2026-03-01 23:30", triggered_at_qty=4, reorder_point=10),
        signal(2, "b", triggered_at_qty=-(2**31), reorder_point=999_999_999),
    ]
    found = plain(silver.replenishment_signals(signals(spark, rows), "Europe/Berlin"))
    assert [(row["signal_date"], row["qty_below_reorder"]) for row in found] == [
        (day("2026-03-02"), 6),
        (day("2026-03-02"), 999_999_999 + 2**31),
    ]


def test_an_items_day_adds_up_as_the_ledger_does_but_use_leaves_undone_scans_out(spark: SparkSession) -> None:
    rows = [
        event("a", "2026-03-01 08:00", qty=50),
        event("b", "2026-03-01 23:00", "CONSUME", qty=7),
        event("c", "2026-03-01 23:59", "CONSUME", qty=5),
        undo("d", "c", "2026-03-02 00:01", "INTAKE", qty=5),
    ]
    found = plain(silver.item_days(silver_of(events(spark, rows), "UTC")))
    assert [
        (row["event_date"].day, row["event_count"], row["intake_qty"], row["consume_qty"], row["used_qty"])
        for row in in_order(found)
    ] == [(1, 3, 50, 12, 7), (2, 1, 5, 0, 0)]


def test_nothing_in_is_nothing_out(spark: SparkSession) -> None:
    assert plain(silver_of(events(spark, []), "UTC")) == []
    assert plain(silver.item_days(silver_of(events(spark, []), "UTC"))) == []
    assert plain(silver.replenishment_signals(signals(spark, []), "UTC")) == []
