"""Bad rows are refused with a name, never lost."""

import pytest
from pyspark.sql import SparkSession

from pipelines import rules
from pipelines.tests.floor import Row, event, events, first, plain, signal, signals

# What is wrong with a row, and the rules that say so. The cases are rows of one table: a query costs more than a row.
BAD_EVENTS: list[tuple[Row, list[str]]] = [
    ({"event_id": None}, ["has_event_id"]),
    ({"event_ts": None}, ["has_time"]),
    ({"event_type": None}, ["known_type"]),
    ({"event_type": "intake"}, ["known_type"]),
    ({"event_type": "MOVE"}, ["known_type"]),
    ({"qty": None}, ["qty_above_zero"]),
    ({"qty": 0}, ["qty_above_zero"]),
    ({"qty": -1}, ["qty_above_zero"]),
    ({"item_id": None}, ["has_item"]),
    ({"item_id": ""}, ["has_item"]),
    ({"item_id": "  "}, ["has_item"]),
    ({"qty": -1, "item_id": None, "event_type": "X"}, ["known_type", "qty_above_zero", "has_item"]),
]
GOOD_EVENTS: list[Row] = [{"qty": 1}, {"user_email": None, "station_id": None}]
BAD_SIGNALS: list[tuple[Row, list[str]]] = [
    ({"id": None}, ["has_id"]),
    ({"signal_id": None}, ["has_signal_id"]),
    ({"created_ts": None}, ["has_time"]),
    ({"status": None}, ["known_status"]),
    ({"status": "CLOSED"}, ["known_status"]),
    ({"item_id": " "}, ["has_item"]),
]
GOOD_SIGNALS: list[Row] = [{"id": 1}, {"trigger_event_id": None}]


def test_each_bad_event_is_refused_by_its_rules_and_no_good_one(spark: SparkSession) -> None:
    bad = [event(n) | wrong | {"barcode_raw": f"bad {n}"} for n, (wrong, _) in enumerate(BAD_EVENTS)]
    good = [event(f"good {n}") | odd | {"barcode_raw": f"good {n}"} for n, odd in enumerate(GOOD_EVENTS)]
    df = events(spark, [*bad, *good, event("no payload", barcode_raw=None)])
    refused = {row["barcode_raw"]: row["failed_rules"] for row in plain(rules.refused(df, rules.SCAN_EVENTS))}
    assert refused == {f"bad {n}": failed for n, (_, failed) in enumerate(BAD_EVENTS)}
    kept = {row["barcode_raw"] for row in plain(rules.kept(df, rules.SCAN_EVENTS))}
    assert kept == {"good 0", "good 1", None}


def test_each_bad_signal_row_is_refused_by_its_rules_and_no_good_one(spark: SparkSession) -> None:
    # The quantity to order says which row it is.
    bad = [signal(n, n) | wrong | {"reorder_qty": n} for n, (wrong, _) in enumerate(BAD_SIGNALS)]
    good = [signal(100 + n, n) | odd | {"reorder_qty": 100 + n} for n, odd in enumerate(GOOD_SIGNALS)]
    df = signals(spark, [*bad, *good])
    refused = {row["reorder_qty"]: row["failed_rules"] for row in plain(rules.refused(df, rules.REPLENISHMENT_SIGNALS))}
    assert refused == {n: failed for n, (_, failed) in enumerate(BAD_SIGNALS)}
    assert {row["reorder_qty"] for row in plain(rules.kept(df, rules.REPLENISHMENT_SIGNALS))} == {100, 101}


@pytest.mark.parametrize("dataset", [rules.SCAN_EVENTS, rules.REPLENISHMENT_SIGNALS])
def test_no_rule_is_ever_unknown(spark: SparkSession, dataset: rules.Rules) -> None:
    """A rule that is NULL would let the row through one filter and through the opposite one too."""
    nothing = events(spark, [{}]) if dataset is rules.SCAN_EVENTS else signals(spark, [{}])
    verdicts = first(nothing.selectExpr(*[f"({rule}) AS {name}" for name, rule in dataset.items()])).asDict()
    assert None not in verdicts.values()


def test_an_empty_table_refuses_nothing(spark: SparkSession) -> None:
    assert plain(rules.refused(events(spark, []), rules.SCAN_EVENTS)) == []
