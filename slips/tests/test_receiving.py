"""Receive: everything once, or nothing and why."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid5

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from inventory.bookings import CONSUME, Scan
from inventory.models import ScanEvent, Stock
from linesync.testing import at_once
from signals.models import Signal
from slips.desk import receiving
from slips.models import Receipt, ReceiptLine, Slip, SlipLine
from slips.tests.conftest import receive_fields, to_review
from slips.values import AlreadyReceived, Head, NotReady


def receive(slip: Slip, **facts: Any) -> bool:
    slip.refresh_from_db()
    return receiving.receive(slip.slip_id, revision=slip.revision, by="dana@example.com", **facts)


def on_hand(item_id: str) -> int:
    qty: int = Stock.objects.get(item_id=item_id).on_hand_qty
    return qty


def test_two_identical_lines_are_two_events(db: None) -> None:
    slip = to_review(("PART-1", 12), ("PART-1", 12))
    assert receive(slip, check_all=True)
    events = list(ScanEvent.objects.all())
    assert [(event.item_id, event.qty, event.station_id) for event in events] == [("PART-1", 12, "PACKING_SLIP")] * 2
    assert {event.barcode_raw for event in events} == {"ITEM=PART-1;QTY=12"}
    assert on_hand("PART-1") == 24


def test_an_events_id_follows_from_slip_and_line(db: None) -> None:
    slip = to_review(("PART-1", 12))
    line = SlipLine.objects.get()
    receive(slip, check_all=True)
    assert ScanEvent.objects.get().event_id == uuid5(slip.slip_id, str(line.line_id))


def test_receiving_again_writes_nothing(db: None) -> None:
    slip = to_review(("PART-1", 12))
    assert receive(slip, check_all=True)
    assert not receive(slip, check_all=True)
    assert on_hand("PART-1") == 12


def test_twenty_presses_at_once_receive_once(ledger: None) -> None:
    slip = to_review(*[(f"PART-{n}", n) for n in range(1, 8)])
    results = at_once(
        [lambda: receiving.receive(slip.slip_id, revision=slip.revision, by="d@example.com", check_all=True)] * 20
    )
    assert sorted(results) == [False] * 19 + [True]
    assert (ScanEvent.objects.count(), Receipt.objects.count()) == (7, 1)


def test_one_bad_line_books_nothing(db: None) -> None:
    slip = to_review(*[(f"PART-{n}", 1) for n in range(1, 7)], ("PÄRT 7", 1), ("PART-8", 1))
    with pytest.raises(NotReady, match="Line 7: "):
        receive(slip, check_all=True)
    assert not ScanEvent.objects.exists()
    assert Slip.objects.get().state == "review"
    assert all(line.checked_at is None for line in SlipLine.objects.all())


@pytest.mark.parametrize(
    ("item_id", "qty", "why"),
    [
        ("", 1, "No item number"),
        ("P", None, "No quantity"),
        ("P", "1.5", "not a whole number"),
        ("P", 0, "The paper says 0"),
        ("P", 1_000_000, "999,999|999999|quantity"),
        ("P" * 65, 1, "64"),
    ],
)
def test_a_line_that_fits_no_label_says_why(db: None, item_id: str, qty: int | str | None, why: str) -> None:
    with pytest.raises(NotReady, match=why):
        receive(to_review((item_id, qty)), check_all=True)


def test_the_largest_quantity_and_the_longest_item_fit(db: None) -> None:
    assert receive(to_review(("P" * 64, 999_999)), check_all=True)


def test_a_fraction_is_received_by_its_count(db: None) -> None:
    slip = to_review(("CABLE", "2.5"))
    SlipLine.objects.update(found_qty=2)
    assert receive(slip, check_all=True)
    assert (on_hand("CABLE"), ReceiptLine.objects.get().difference) == (2, Decimal("-0.5"))


def test_no_lines_cannot_be_received(db: None) -> None:
    with pytest.raises(NotReady, match="no lines"):
        receive(to_review(), check_all=True)


def test_nothing_is_received_that_nobody_looked_at(db: None) -> None:
    slip = to_review(("PART-1", 1), ("PART-2", 2))
    with pytest.raises(NotReady, match="Nobody has checked lines 1, 2 yet"):
        receive(slip)


def test_over_and_short_keep_both_numbers(db: None) -> None:
    slip = to_review(("OVER", 10), ("SHORT", 10), ("NONE", 10), ("EVEN", 10))
    for item_id, found in (("OVER", 12), ("SHORT", 9), ("NONE", 0)):
        SlipLine.objects.filter(item_id=item_id).update(found_qty=found)
    receive(slip, check_all=True)
    told = [
        (row["item_id"], row["slip_qty"], row["found_qty"], row["difference"]) for row in Receipt.objects.differences()
    ]
    assert told == [("OVER", 10, 12, 2), ("SHORT", 10, 9, -1), ("NONE", 10, 0, -10)]
    assert sorted(ScanEvent.objects.values_list("item_id", "qty")) == [("EVEN", 10), ("OVER", 12), ("SHORT", 9)]


def test_the_receipt_shows_before_and_after_and_the_fulfilled_signal(db: None, client: Client) -> None:
    ScanEvent.objects.record(Scan(CONSUME, "LINE-1", "ITEM=PART-1;QTY=1", "PART-1", 1))
    slip = to_review(("PART-1", 20), ("PART-1", 20))
    receive(slip, check_all=True)
    lines = ReceiptLine.objects.all()
    assert [(line.on_hand_before, line.on_hand_after) for line in lines] == [(-1, 19), (19, 39)]
    assert Signal.objects.get().status == "FULFILLED"
    assert "1 replenishment signal fulfilled" in client.get(f"/slips/{slip.slip_id}/").content.decode()


def test_the_persons_station_is_booked(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1))
    fields = receive_fields(slip, check_all="1", station="DOCK-2")
    assert client.post(f"/slips/{slip.slip_id}/receive", fields).status_code == 302
    assert ScanEvent.objects.get().station_id == "DOCK-2"


def test_an_unknown_station_is_refused(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1))
    answer = client.post(f"/slips/{slip.slip_id}/receive", receive_fields(slip, check_all="1", station="MOON"))
    assert (answer.status_code, ScanEvent.objects.count()) == (422, 0)


def test_a_slip_that_changed_since_it_was_seen_is_not_received(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1))
    fields = receive_fields(slip, check_all="1")
    with Slip.objects.changing(slip.slip_id, by="kim@example.com"):
        SlipLine.objects.update(qty=99)
    answer = client.post(f"/slips/{slip.slip_id}/receive", fields)
    assert answer.status_code == 409
    assert "kim@example.com changed this slip" in answer.content.decode()
    assert not ScanEvent.objects.exists()


SAME = Head(vendor="Acme GmbH", po_number="PO 4711", slip_number="LS-1")


@pytest.mark.parametrize(
    ("head", "stops"),
    [
        (SAME, True),
        (Head(vendor="ACME GMBH.", po_number="po-4711", slip_number="ls 1"), True),
        (Head(vendor="Acme GmbH", po_number="PO 4711", slip_number="LS-2"), False),
        (Head(vendor="Other", po_number="PO 4711", slip_number="LS-1"), False),
        (Head(vendor="Acme GmbH", po_number="PO 4711"), False),
    ],
)
def test_the_same_vendor_po_and_number_stops(db: None, head: Head, stops: bool) -> None:
    receive(to_review(("PART-1", 1), head=SAME), check_all=True)
    again = to_review(("PART-1", 1), head=head)
    if not stops:
        assert receive(again, check_all=True)
        return
    with pytest.raises(AlreadyReceived, match=r"Slip LS-1 was received already, by dana@example\.com on"):
        receive(again, check_all=True)
    assert on_hand("PART-1") == 1


def test_the_same_file_stops_and_a_reason_overrides_it_on_the_record(db: None, client: Client) -> None:
    receive(to_review(("PART-1", 1), digest="same"), check_all=True)
    again = to_review(("PART-1", 1), digest="same")
    answer = client.post(f"/slips/{again.slip_id}/receive", receive_fields(again, check_all="1"))
    assert answer.status_code == 409
    assert "This file was received already" in answer.content.decode()
    fields = receive_fields(again, check_all="1", again_reason="Second pallet of the order")
    assert client.post(f"/slips/{again.slip_id}/receive", fields).status_code == 302
    assert Receipt.objects.get(slip_id=again.slip_id).again_reason == "Second pallet of the order"
    assert on_hand("PART-1") == 2


def test_two_uploads_of_one_file_received_at_once_are_received_once(ledger: None) -> None:
    slips = [to_review(("PART-1", 1), digest="same") for _ in range(8)]
    results = at_once([partial(receive, slip, check_all=True) for slip in slips])
    assert sum(result is True for result in results) == 1
    assert sum(isinstance(result, AlreadyReceived) for result in results) == 7


@pytest.mark.parametrize("table", ["slip_receipts", "slip_receipt_lines"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET slip_id = slip_id"])
def test_the_record_cannot_be_changed(db: None, table: str, verb: str) -> None:
    receive(to_review(("PART-1", 1)), check_all=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.parametrize("state", ["reading", "failed", "discarded"])
def test_only_a_slip_under_review_is_received(db: None, client: Client, state: str) -> None:
    slip = to_review(("PART-1", 1))
    Slip.objects.update(state=state)
    answer = client.post(f"/slips/{slip.slip_id}/receive", receive_fields(slip, check_all="1"))
    assert (answer.status_code, ScanEvent.objects.count()) == (409, 0)


def test_a_received_slip_cannot_be_discarded(db: None, client: Client) -> None:
    slip = to_review(("PART-1", 1))
    receive(slip, check_all=True)
    assert client.post(f"/slips/{slip.slip_id}/discard").status_code == 409
    assert Slip.objects.get().state == "received"
