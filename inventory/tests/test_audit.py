"""audit_inventory finds what nobody should have been able to change."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan
from inventory.models import ScanEvent


@contextmanager
def as_the_owner_without_triggers() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = 'replica'")
        yield cursor
        cursor.execute("SET session_replication_role = 'origin'")


def book(event_type: EventType, item_id: str, qty: int) -> Booking:
    return ScanEvent.objects.record(Scan(event_type, "S", f"ITEM={item_id};QTY={qty}", item_id, qty))


def audited(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], int]:
    """The lines of the audit, and whether it found anything."""
    try:
        call_command("audit_inventory")
    except CommandError as error:
        return capsys.readouterr().out.splitlines(), error.returncode
    return capsys.readouterr().out.splitlines(), 0


def test_an_untouched_ledger_has_no_differences(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert audited(capsys) == (["No differences: the stock is the sum of its events."], 0)
    book(INTAKE, "A", 24)
    book(CONSUME, "A", 20)
    book(INTAKE, "B", 1)
    assert audited(capsys) == (["No differences: the stock is the sum of its events."], 0)


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ("UPDATE stock_levels SET intake_total = 25 WHERE item_id = 'A'", "A"),
        ("UPDATE stock_levels SET last_activity_ts = now() + interval '1 day' WHERE item_id = 'A'", "A"),
        ("DELETE FROM stock_levels WHERE item_id = 'B'", "B"),
        ("INSERT INTO stock_levels VALUES ('C', 1, 0, now())", "C"),
        ("DELETE FROM scan_outcomes; DELETE FROM scan_events WHERE item_id = 'B'", "B"),
        ("INSERT INTO scan_events VALUES (gen_random_uuid(), now(), 'INTAKE', 'S', 'x', 'D', 1)", "D"),
        ("UPDATE signal_heads SET status = 'ACKNOWLEDGED'", "A"),
        ("UPDATE signal_heads SET opened_ts = opened_ts - interval '1 second'", "A"),
        ("UPDATE signal_heads SET reorder_point = 500", "A"),
        ("DELETE FROM signal_heads", "A"),
    ],
)  # fmt: skip
def test_a_planted_difference_is_printed(
    ledger: None, capsys: pytest.CaptureFixture[str], change: str, item: str
) -> None:
    book(INTAKE, "A", 24)
    book(CONSUME, "A", 20)
    book(INTAKE, "B", 1)
    with as_the_owner_without_triggers() as cursor:
        cursor.execute(change)
    lines, code = audited(capsys)
    assert code == 1
    assert [line.partition(":")[0] for line in lines] == [item]


def test_two_live_signals_of_one_item_are_printed(ledger: None, capsys: pytest.CaptureFixture[str]) -> None:
    book(CONSUME, "A", 1)
    with as_the_owner_without_triggers() as cursor:
        cursor.execute(
            """
            INSERT INTO replenishment_signals (signal_id, item_id, triggered_at_qty)
            VALUES (gen_random_uuid(), 'A', 1)
            """
        )
    lines, code = audited(capsys)
    assert code == 1
    assert "A: 2 signals are live, one may be." in lines
