"""Bad rows are refused with a name, never lost."""

import pytest

from pipelines import rules
from pipelines.tests.floor import event, events, plain, signal, signals


@pytest.mark.parametrize(
    ("bad", "failed"),
    [
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
        ({"qty": 1}, []),
        ({"user_email": None, "station_id": None, "barcode_raw": None}, []),
    ],
)
def test_each_bad_event_is_refused_by_its_rules(spark, bad, failed):
    df = events(spark, [event(1) | bad])
    refused = plain(rules.refused(df, rules.SCAN_EVENTS))
    assert [row["failed_rules"] for row in refused] == ([failed] if failed else [])
    assert rules.kept(df, rules.SCAN_EVENTS).count() == (0 if failed else 1)


@pytest.mark.parametrize(
    ("bad", "failed"),
    [
        ({"id": None}, ["has_id"]),
        ({"signal_id": None}, ["has_signal_id"]),
        ({"created_ts": None}, ["has_time"]),
        ({"status": None}, ["known_status"]),
        ({"status": "CLOSED"}, ["known_status"]),
        ({"item_id": " "}, ["has_item"]),
        ({"trigger_event_id": None}, []),
    ],
)
def test_each_bad_signal_row_is_refused_by_its_rules(spark, bad, failed):
    df = signals(spark, [signal(1, "a") | bad])
    refused = plain(rules.refused(df, rules.REPLENISHMENT_SIGNALS))
    assert [row["failed_rules"] for row in refused] == ([failed] if failed else [])


@pytest.mark.parametrize("dataset", [rules.SCAN_EVENTS, rules.REPLENISHMENT_SIGNALS])
def test_no_rule_is_ever_unknown(spark, dataset):
    """A rule that is NULL would let the row through one filter and through the opposite one too."""
    nothing = events(spark, [{}]) if dataset is rules.SCAN_EVENTS else signals(spark, [{}])
    verdicts = nothing.selectExpr(*[f"({rule}) AS {name}" for name, rule in dataset.items()]).first().asDict()
    assert None not in verdicts.values()


def test_an_empty_table_refuses_nothing(spark):
    assert plain(rules.refused(events(spark, []), rules.SCAN_EVENTS)) == []
