"""Gold beside the floor: what is only older is no difference, every real one is told with its cause."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory import reconciling
from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.models import GoldRefresh, ScanEvent
from linesync.ground.rows import Row
from linesync.testing import at_once
from signals.models import Signal

pa = pytest.importorskip("pyarrow", reason="reading gold needs pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

EVENT = pa.schema(
    [("event_id", pa.string()), ("item_id", pa.string()), ("event_type", pa.string()), ("qty", pa.int32())]
)
SIGNAL = pa.schema([("id", pa.int32()), ("signal_id", pa.string())])
FAILED = pa.field("failed_rules", pa.list_(pa.string()))
INVENTORY = pa.schema([("item_id", pa.string()), ("total_intake", pa.int64()), ("total_consumed", pa.int64())])
TIMES = pa.schema([("signal_id", pa.string()), ("item_id", pa.string()), ("status", pa.string())])
OPEN = pa.schema([("signal_id", pa.string()), ("item_id", pa.string()), ("qty_at_signal", pa.int32())])


class Gold:
    """A lakehouse as a refresh of now would leave it, to be spoiled before it is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshot_ts = datetime.now(UTC)
        self.rejected: list[Row] = []
        self.rejected_signals: list[Row] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            (self.transactions,) = cursor.fetchone()
            cursor.execute("SELECT event_id::text, item_id, event_type, qty FROM scan_events")
            self.events = [dict(zip(EVENT.names, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute("SELECT id, signal_id::text FROM replenishment_signals")
            self.signal_rows = [dict(zip(SIGNAL.names, row, strict=True)) for row in cursor.fetchall()]
        self.signals = [
            {"signal_id": str(s.signal_id), "item_id": s.item_id, "status": s.status} for s in Signal.objects.all()
        ]
        self.open = [
            {"signal_id": str(s.signal_id), "item_id": s.item_id, "qty_at_signal": s.triggered_at_qty}
            for s in Signal.objects.filter(status="OPEN")
        ]

    def write(self) -> None:
        refused = {row["event_id"] for row in self.rejected}
        totals: dict[str, dict[str, int]] = {}
        for event in self.events:
            if event["event_id"] not in refused:
                pieces = totals.setdefault(event["item_id"], {"INTAKE": 0, "CONSUME": 0})
                pieces[event["event_type"]] += event["qty"]
        inventory = [
            {"item_id": item, "total_intake": sums["INTAKE"], "total_consumed": sums["CONSUME"]}
            for item, sums in totals.items()
        ]
        self._table("bronze_scan_events", self.events, EVENT)
        self._table("silver_scan_events_rejected", self.rejected, EVENT.append(FAILED))
        self._table("bronze_replenishment_signals", self.signal_rows, SIGNAL)
        self._table("silver_replenishment_signals_rejected", self.rejected_signals, SIGNAL.append(FAILED))
        self._table("gold_inventory_summary", inventory, INVENTORY)
        self._table("gold_signal_times", self.signals, TIMES)
        self._table("gold_open_replenishment_signals", self.open, OPEN)
        record = {
            "refreshed_ts": (self.snapshot_ts + timedelta(minutes=1)).isoformat(),
            "snapshot_ts": self.snapshot_ts.isoformat(),
            "newest_event_ts": None,
            "transactions": self.transactions,
            "rows": {"bronze_scan_events": len(self.events)},
        }
        (self.folder / "current" / "last_refresh.json").write_text(json.dumps(record))

    def _table(self, name: str, rows: list[Row], schema: Any) -> None:
        table = self.folder / "current" / name
        table.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pa.Table.from_pylist(rows, schema=schema), table / "part-0.parquet")


def book(
    event_type: EventType = INTAKE, qty: int = 24, item_id: str = "PART-1", event_id: UUID | None = None
) -> Booking:
    scan = Scan(event_type, "DOCK-1", f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com", event_id)
    return ScanEvent.objects.record(scan)


@pytest.fixture
def gold(ledger: None, tmp_path: Path) -> Callable[[], Gold]:
    """Call it to refresh gold from the floor as it is now."""
    book()
    book(CONSUME, 20)
    book(item_id="PART-2")
    return lambda: Gold(tmp_path)


def newest_check() -> Row:
    check = GoldRefresh.objects.newest()
    assert check is not None
    return check


def reconcile(gold: Gold) -> str:
    gold.write()
    said = StringIO()
    try:
        call_command("reconcile", folder=gold.folder, stdout=said)
    except CommandError as refused:
        return f"{said.getvalue()}{refused}"
    return said.getvalue()


def test_gold_that_agrees_is_said_to_and_kept_for_the_stock_page(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    said = reconcile(refreshed)
    assert "agrees with the floor." in said
    check = newest_check()
    assert (check["drift_count"], check["event_count"], check["snapshot_ts"]) == (0, 3, refreshed.snapshot_ts)


def test_before_any_refresh_there_is_nothing_to_say(db: None, tmp_path: Path) -> None:
    assert GoldRefresh.objects.newest() is None
    with pytest.raises(CommandError, match="make pipeline"):
        call_command("reconcile", folder=tmp_path)


def test_events_and_signals_after_the_refresh_are_no_difference(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    book(CONSUME, 1)
    book(item_id="PART-NEW")
    book(INTAKE, 100)
    said = reconcile(refreshed)
    assert "newer  item PART-1: gold 4 on hand (24 in, 20 out), floor 103 on hand (124 in, 21 out): 2 events" in said
    assert "newer  item PART-NEW: gold 0 on hand" in said
    assert "newer  signal" in said
    assert "3 items or signals have changed since" in said
    assert newest_check()["drift_count"] == 0


def test_an_event_with_an_old_time_that_came_after_the_refresh_is_no_difference_either(
    gold: Callable[[], Gold],
) -> None:
    refreshed = gold()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty)
            VALUES ('2020-01-01', 'INTAKE', 'S', 'x', 'PART-2', 5)
            """
        )
    assert "1 event written after the refresh, 1 of them with an earlier time" in reconcile(refreshed)


def test_an_event_that_bronze_lost_is_drift(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    lost = refreshed.events.pop()
    book(item_id="PART-2")
    said = reconcile(refreshed)
    assert f"DRIFT  item {lost['item_id']}" in said
    assert f"1 events of before the refresh are missing in bronze, such as {lost['event_id']}" in said
    assert "1 real differences" in said
    assert newest_check()["drift_count"] == 1


def test_an_event_that_a_rule_refused_is_drift_with_the_rules_name(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    refreshed.rejected = [refreshed.events[0] | {"failed_rules": ["known_type"]}]
    assert "1 rejected by known_type, see silver_scan_events_rejected" in reconcile(refreshed)


@pytest.mark.parametrize(("extra", "told"), [(0, False), (1, True)])
def test_only_so_many_causes_are_looked_for(
    gold: Callable[[], Gold], monkeypatch: pytest.MonkeyPatch, extra: int, told: bool
) -> None:
    monkeypatch.setattr(reconciling, "causes_sought_max", 3)
    for number in range(3 + extra):
        book(item_id=f"LOST-{number}")
    refreshed = gold()
    refreshed.events = [event for event in refreshed.events if not event["item_id"].startswith("LOST")]
    said = reconcile(refreshed)
    assert said.count("missing in bronze") == 3
    assert ("LOST-3: gold 0 on hand (0 in, 0 out), floor 24 on hand (24 in, 0 out): not looked into" in said) == told
    assert f"{3 + extra} real differences" in said


def test_an_event_that_only_gold_has_is_drift(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    refreshed.events.append({"event_id": str(uuid4()), "item_id": "PART-2", "event_type": "INTAKE", "qty": 1})
    assert "1 events in bronze are not on the floor" in reconcile(refreshed)


def test_a_floor_whose_stock_is_not_its_ledger_is_told_apart(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = 'replica'")
        cursor.execute("UPDATE stock_levels SET intake_total = intake_total + 1 WHERE item_id = 'PART-2'")
        cursor.execute("SET session_replication_role = 'origin'")
    assert "run manage.py audit_inventory" in reconcile(refreshed)


def test_a_signal_that_gold_lost_or_made_up_is_drift(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    (known,), made_up = refreshed.open, str(uuid4())
    refreshed.open = [known | {"signal_id": made_up}]
    refreshed.signals = [refreshed.signals[0] | {"signal_id": made_up}]
    said = reconcile(refreshed)
    assert f"DRIFT  signal {known['signal_id']}: gold not there, floor open for PART-1 at 4" in said
    assert f"DRIFT  signal {made_up}: gold open for PART-1 at 4, floor not there: not on the floor" in said
    assert "2 real differences" in said


def test_an_open_signal_that_only_its_own_table_lost_is_drift(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    refreshed.open = []
    assert "gold open for PART-1, floor open for PART-1 at 4: the refresh missed" in reconcile(refreshed)


def test_a_step_that_gold_missed_is_drift_though_nobody_has_to_order_any_more(gold: Callable[[], Gold]) -> None:
    (signal,) = Signal.objects.all()
    Signal.objects.acknowledge(signal.signal_id, user_email="dana@example.com")
    book(INTAKE, 100)
    refreshed = gold()
    assert "agrees with the floor." in reconcile(refreshed)
    refreshed.signals[0]["status"] = "ACKNOWLEDGED"
    assert "gold acknowledged for PART-1, floor fulfilled for PART-1: the refresh missed" in reconcile(refreshed)


def test_a_signal_row_that_a_rule_refused_is_named(gold: Callable[[], Gold]) -> None:
    refreshed = gold()
    refreshed.open = []
    refreshed.rejected_signals = [refreshed.signal_rows[0] | {"failed_rules": ["has_item"]}]
    assert "1 rows rejected by has_item" in reconcile(refreshed)


def test_scans_that_were_being_written_at_the_refresh_are_no_difference(gold: Callable[[], Gold]) -> None:
    """They had their number before the refresh and were seen only after it, also inside a savepoint."""
    refreshed = []

    def write() -> None:
        from django.db import transaction

        with transaction.atomic(), transaction.atomic():
            book(item_id="PART-3")
            refreshed.append(at_once([gold])[0])

    write()
    (one,) = refreshed
    assert not [event for event in one.events if event["item_id"] == "PART-3"]
    assert "newer  item PART-3" in reconcile(one)


def test_a_transaction_number_is_counted_on_behind_32_bits(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_number(pg_current_xact_id()::xid) = pg_current_xact_id()::text::bigint")
        assert cursor.fetchone() == (True,)
        # A number above the newest one is from before the counter began again.
        cursor.execute("SELECT transaction_number('4294967295'::xid)")
        assert cursor.fetchone() == (-1,)
