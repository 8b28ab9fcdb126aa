"""The ledger's promises, seen at the tables."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.bookings import CONSUME, INTAKE, EventType, NoSuchEvent, RepeatedScan, Scan, TakenId
from inventory.models import ScanEvent, Stock
from linesync.testing import at_once, post_json
from signals.models import Item, Signal

# Far longer than any machine takes for a test.
guard_seconds = 3600


def scan(
    event_type: EventType = INTAKE,
    qty: int = 24,
    item_id: str = "PART-1",
    station_id: str = "DOCK-1",
    event_id: UUID | None = None,
) -> Scan:
    return Scan(event_type, station_id, f"ITEM={item_id};QTY={qty}", item_id, qty, "dana@example.com", event_id)


def on_hand(item_id: str = "PART-1") -> int:
    pieces: int = Stock.objects.get(item_id=item_id).on_hand_qty
    return pieces


def test_an_intake_is_on_hand(db: None) -> None:
    booking = ScanEvent.objects.record(scan())
    assert (booking.on_hand_qty, booking.signal_id, booking.first) == (24, None, True)
    assert on_hand() == 24


def test_the_same_id_again_returns_the_first_answer_and_writes_nothing(db: None) -> None:
    event_id = uuid4()
    first = ScanEvent.objects.record(scan(event_id=event_id))
    ScanEvent.objects.record(scan(qty=5))
    again = ScanEvent.objects.record(scan(event_id=event_id))
    assert (again.on_hand_qty, again.event_ts, again.first) == (first.on_hand_qty, first.event_ts, False)
    assert on_hand() == 29


def test_an_id_does_not_name_two_scans(db: None) -> None:
    event_id = uuid4()
    ScanEvent.objects.record(scan(event_id=event_id))
    with pytest.raises(TakenId):
        ScanEvent.objects.record(scan(event_id=event_id, qty=25))


def test_the_same_label_within_the_guards_seconds_is_a_repeat(db: None) -> None:
    ScanEvent.objects.record(scan(), repeat_seconds=guard_seconds)
    with pytest.raises(RepeatedScan) as repeated:
        ScanEvent.objects.record(scan(), repeat_seconds=guard_seconds)
    assert 0 < repeated.value.seconds_left <= guard_seconds
    assert on_hand() == 24


@pytest.mark.parametrize("other", [{"station_id": "DOCK-2"}, {"event_type": CONSUME}, {"qty": 25}])
def test_another_station_direction_or_label_is_no_repeat(
    db: None, other: dict[str, Any] | dict[str, int] | dict[str, str]
) -> None:
    ScanEvent.objects.record(scan(), repeat_seconds=guard_seconds)
    ScanEvent.objects.record(scan(**other), repeat_seconds=guard_seconds)
    assert ScanEvent.objects.count() == 2


def test_a_booking_that_moves_no_signal_is_three_statements(db: None) -> None:
    """Whose turn it is, the event, its answer. The first item has a live signal already, the second has none to end."""
    ScanEvent.objects.record(scan(CONSUME, 1))
    for booked, left in [(scan(CONSUME, 2), -3), (scan(item_id="P"), 24), (scan(CONSUME, 13, "P"), 11)]:
        with CaptureQueriesContext(connection) as captured:
            assert ScanEvent.objects.record(booked, repeat_seconds=3).on_hand_qty == left
        assert len(captured) == 3


def test_the_guard_looks_at_the_last_seconds_of_one_item_and_at_nothing_older(db: None) -> None:
    """Also on tables that were never analyzed, where the planner takes every index for equally good."""
    with CaptureQueriesContext(connection) as captured:
        ScanEvent.objects.record(scan(), repeat_seconds=3)
    insert = next(query["sql"] for query in captured if "INSERT INTO scan_events" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + insert)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "item_id = " in condition
    assert "event_ts > " in condition


@pytest.mark.parametrize(
    "statement",
    ["UPDATE scan_events SET qty = 1", "DELETE FROM scan_events", "TRUNCATE scan_events CASCADE",
     "UPDATE stock_levels SET intake_total = 0", "DELETE FROM scan_outcomes",
     "DELETE FROM replenishment_signals", "UPDATE signal_heads SET status = 'FULFILLED'"],
)  # fmt: skip
def test_the_database_itself_refuses_change(db: None, statement: str) -> None:
    ScanEvent.objects.record(scan())
    with pytest.raises(DatabaseError, match="append"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_psql_moves_the_stock_too(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty)
            VALUES ('INTAKE', 'S', 'x', 'P', 7), ('CONSUME', 'S', 'x', 'P', 9), ('INTAKE', 'S', 'x', 'Q', 1)
            """
        )
    assert (on_hand("P"), on_hand("Q")) == (-2, 1)


def test_consuming_to_the_reorder_point_opens_one_signal_and_restocking_fulfils_it(db: None) -> None:
    ScanEvent.objects.record(scan(qty=24))
    assert ScanEvent.objects.record(scan(CONSUME, 13)).signal_id is None
    opened = ScanEvent.objects.record(scan(CONSUME, 1))
    assert opened.on_hand_qty == 10
    signal = Signal.objects.get(signal_id=opened.signal_id)
    assert (signal.status, signal.triggered_at_qty, signal.reorder_point, signal.reorder_qty) == ("OPEN", 10, 10, 24)
    assert ScanEvent.objects.record(scan(CONSUME, 1)).signal_id is None
    assert ScanEvent.objects.record(scan(INTAKE, 1)).signal_id is None
    assert ScanEvent.objects.record(scan(INTAKE, 24)).signal_id == opened.signal_id
    assert Signal.objects.get().status == "FULFILLED"


def test_an_items_own_reorder_point_decides(db: None) -> None:
    Item.objects.create(item_id="PART-1", reorder_point=0, reorder_qty=100)
    ScanEvent.objects.record(scan(qty=5))
    assert ScanEvent.objects.record(scan(CONSUME, 4)).signal_id is None
    assert ScanEvent.objects.record(scan(CONSUME, 1)).signal_id is not None
    assert Signal.objects.get().reorder_qty == 100


def test_on_hand_may_go_below_zero(db: None) -> None:
    assert ScanEvent.objects.record(scan(CONSUME, 999_999)).on_hand_qty == -999_999


def test_identical_lines_of_a_bulk_are_both_booked_each_with_its_own_on_hand(db: None) -> None:
    bookings = ScanEvent.objects.record_all([scan(qty=12), scan(qty=12), scan(qty=5, item_id="PART-2")])
    assert [booking.on_hand_qty for booking in bookings] == [12, 24, 5]


def test_a_bulk_again_is_the_first_answer(db: None) -> None:
    lines = [scan(qty=12, event_id=uuid4()), scan(qty=12, event_id=uuid4())]
    first = ScanEvent.objects.record_all(lines)
    again = ScanEvent.objects.record_all(lines)
    assert [b.event_id for b in first] == [b.event_id for b in again]
    assert (on_hand(), {b.first for b in again}) == (24, {False})


def test_twenty_threads_with_one_id_book_once(ledger: None) -> None:
    event_id = uuid4()
    bookings = at_once([lambda: ScanEvent.objects.record(scan(event_id=event_id))] * 20)
    assert sum(booking.first for booking in bookings) == 1
    assert {booking.on_hand_qty for booking in bookings} == {24}
    assert on_hand() == 24


def test_twenty_threads_with_one_label_book_once(ledger: None) -> None:
    results = at_once([lambda: ScanEvent.objects.record(scan(), repeat_seconds=guard_seconds)] * 20)
    assert sum(isinstance(result, RepeatedScan) for result in results) == 19
    assert on_hand() == 24


def test_fifty_consumes_across_the_threshold_open_one_signal(ledger: None) -> None:
    ScanEvent.objects.record(scan(qty=30))
    results = at_once([lambda: ScanEvent.objects.record(scan(CONSUME, 1))] * 50)
    assert sum(result.signal_id is not None for result in results) == 1
    assert (on_hand(), Signal.objects.count()) == (-20, 1)


def test_bulks_that_share_items_in_opposite_order_do_not_deadlock(ledger: None) -> None:
    forward = [scan(item_id=f"P{n}") for n in range(20)]
    jobs = [lambda order=order: ScanEvent.objects.record_all(order) for order in (forward, forward[::-1])] * 10
    assert not [result for result in at_once(jobs) if isinstance(result, Exception)]
    assert {stock.on_hand_qty for stock in Stock.objects.all()} == {24 * 20}


def test_a_writers_temporary_table_does_not_stand_in_for_ours(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE stock_levels (LIKE public.stock_levels INCLUDING ALL)")
        cursor.execute(
            "INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) "
            "VALUES ('INTAKE', 'S', 'x', 'P', 7)"
        )
        cursor.execute("DROP TABLE pg_temp.stock_levels")
    assert on_hand("P") == 7


def test_a_writers_own_functions_do_not_open_the_guard(db: None) -> None:
    ScanEvent.objects.record(scan())
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA theirs")
        cursor.execute("CREATE FUNCTION theirs.pg_trigger_depth() RETURNS int LANGUAGE sql AS 'SELECT 5'")
        cursor.execute("SET LOCAL search_path = theirs, public, pg_catalog")
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            cursor.execute("UPDATE stock_levels SET intake_total = 99")
    assert on_hand() == 24


@pytest.mark.parametrize("moment", ["infinity", "10000-01-01 00:00Z"])
def test_a_time_that_no_page_could_show_is_refused(db: None, moment: str) -> None:
    with pytest.raises(IntegrityError, match="is_a_date"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scan_events (event_ts, event_type, station_id, barcode_raw, item_id, qty) "
            "VALUES (%s, 'INTAKE', 'S', 'x', 'PART-1', 1)",
            [moment],
        )


def test_an_event_that_another_writer_undid_cannot_be_undone_again(db: None) -> None:
    booking = ScanEvent.objects.record(scan())
    ScanEvent.objects.record(Scan(CONSUME, "S", f"UNDO={booking.event_id}", "PART-1", 24))
    with pytest.raises(NoSuchEvent):
        ScanEvent.objects.undo(booking.event_id, user_email=None)
    assert on_hand() == 0


def test_an_item_that_somebody_holds_is_refused_in_time(ledger: None, client: Client) -> None:
    ScanEvent.objects.record(scan())
    holder = connection.copy()
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute(
                "INSERT INTO scan_events (event_type, station_id, barcode_raw, item_id, qty) "
                "VALUES ('INTAKE', 'S', 'x', 'PART-1', 1)"
            )
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answer = client.post("/receive/", {"station": "DOCK-1", "code": "ITEM=PART-1;QTY=3", "event_id": str(uuid4())})
        assert answer.status_code == 503
        assert "Other work that is not finished holds this" in answer.content.decode()
        told = post_json(client, "events/intake", {"station_id": "S", "barcode_raw": "ITEM=PART-1;QTY=3"})
        assert (told.status_code, told["Retry-After"]) == (503, "3")
        assert "Try again in a moment" in told.json()["detail"]
    finally:
        holder.rollback()
        holder.close()
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")
    assert on_hand() == 24
