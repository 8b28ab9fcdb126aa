"""Receive: all lines of a slip into the ledger, in one transaction, once."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from inventory.bookings import INTAKE, Booking, Scan
from inventory.labels import label_text
from inventory.models import ScanEvent
from linesync.ground.rows import Row
from slips.checks import plain, to_book, trouble
from slips.managers.receipts import Received
from slips.models import RECEIVED, REVIEW, Receipt, Slip, SlipLine
from slips.values import AlreadyReceived, ChangedMeanwhile, NotInReview, NotReady, Shown

station_default = "PACKING_SLIP"


def receive(
    slip_id: UUID,
    *,
    revision: int,
    by: str | None,
    station: str = "",
    check_all: bool = False,
    again_reason: str = "",
    shown: Mapping[UUID, Shown] | None = None,
) -> bool:
    """Book every line. False when it was received before: then nothing is written, the receipt stands.

    `revision` is the slip as this person saw it, `shown` what their page showed of each line at the press: what it
    shows and we do not hold is not received (None: a page without script, which shows what it was sent). `check_all`
    says that they looked at every line, `again_reason` why a delivery that was received before is received again.
    Raises NotInReview, ChangedMeanwhile, AlreadyReceived, NotReady.
    """
    with transaction.atomic():
        slip = Slip.objects.locked(slip_id)
        if slip["state"] == RECEIVED:
            return False
        _check_open(slip, revision)
        number = same_slip(slip["vendor"], slip["po_number"], slip["slip_number"])
        Receipt.objects.take_turns(slip["digests"], number)
        before = Receipt.objects.received_before(slip_id, slip["digests"], number)
        if before and not again_reason.strip():
            raise AlreadyReceived(twice(before))
        lines = _ready_lines(slip_id, by, check_all, shown)
        facts = {"received_by": by, "station_id": station or station_default, "same_slip": number}
        facts["again_reason"] = again_reason.strip() or None if before else None
        Receipt.objects.write(slip, _booked(lines, facts["station_id"] or "", by), **facts)
        Slip.objects.close(slip_id, by=by)
    return True


def same_slip(vendor: str, po_number: str, slip_number: str) -> str | None:
    """How two slips are recognised as one: vendor, PO and slip number without case and marks. None without a number."""
    parts = [re.sub(r"[\W_]+", "", part.casefold()) for part in (vendor, po_number, slip_number)]
    return "|".join(parts) if parts[2] else None


def twice(before: Row) -> str:
    """When and by whom this delivery was received before."""
    what = "This file" if before["same_file"] else f"Slip {before['slip_number']}"
    who, when = before["received_by"] or "unknown", before["received_at"]
    return f"{what} was received already, by {who} on {localtime(when):%d %b %Y at %H:%M}."


def _check_open(slip: Row, revision: int) -> None:
    if slip["state"] != REVIEW:
        raise NotInReview(f"This slip is {slip['state']}; it cannot be received.")
    if slip["revision"] != revision:
        raise ChangedMeanwhile("this slip", slip["changed_by"], slip["changed_at"], so="Nothing was received")


def _ready_lines(slip_id: UUID, by: str | None, check_all: bool, shown: Mapping[UUID, Shown] | None) -> list[SlipLine]:
    """The draft's lines, each checked by a person and fit for the ledger. Raises NotReady with what is missing."""
    if check_all:
        SlipLine.objects.check_all(slip_id, by=by)
    lines: list[SlipLine] = SlipLine.objects.draft(slip_id)
    if not lines:
        raise NotReady(["There are no lines to receive. Add what came, or discard the slip."])
    if shown is not None and (unlike := _unlike(lines, shown)):
        raise NotReady(unlike)
    told = [f"Line {place}: {sentence}" for place, line in enumerate(lines, 1) if (sentence := trouble(line))]
    unchecked = [place for place, line in enumerate(lines, 1) if line.checked_at is None]
    if unchecked:
        told.append(f"Nobody has checked {_named(unchecked)} yet. Check each, or tick “I checked all lines”.")
    if told:
        raise NotReady(told)
    return lines


def _unlike(lines: Sequence[SlipLine], shown: Mapping[UUID, Shown]) -> list[str]:
    """A sentence for each line that the page showed otherwise than it is stored."""
    return [
        f"Line {place}: this page shows {_words(shown.get(line.line_id))}, stored is {_words(held)}. Look again."
        for place, line in enumerate(lines, 1)
        if shown.get(line.line_id) != (held := Shown(line.item_id, line.qty, line.found_qty))
    ]


def _words(said: Shown | None) -> str:
    if said is None:
        return "nothing of it"
    counted = "" if said.found_qty is None else f", counted {said.found_qty}"
    return f"{said.item_id or 'no item'}, {plain(said.qty) or 'no quantity'}{counted}"


def _named(places: Sequence[int]) -> str:
    """“line 3”, “lines 1, 2”, or “lines 1, 3 to 10”."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    words = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return f"line{'s' if len(places) > 1 else ''} {', '.join(words)}"


def _booked(lines: Sequence[SlipLine], station: str, by: str | None) -> list[Received]:
    arrived = [line for line in lines if to_book(line)]
    bookings = dict(zip([line.line_id for line in arrived], _book(arrived, station, by), strict=True))
    return [_received(line, bookings.get(line.line_id)) for line in lines]


def _book(lines: Sequence[SlipLine], station: str, by: str | None) -> list[Booking]:
    pieces = [to_book(line) or 0 for line in lines]
    scans = [
        Scan(INTAKE, station, label_text(line.item_id, qty), line.item_id, qty, by, line.event_id)
        for line, qty in zip(lines, pieces, strict=True)
    ]
    return list(ScanEvent.objects.record_all(scans))


def _received(line: SlipLine, booking: Booking | None) -> Received:
    facts: dict[str, Any] = {}
    if booking:
        facts = {
            "event_id": booking.event_id,
            "on_hand_before": booking.on_hand_qty - booking.qty,
            "on_hand_after": booking.on_hand_qty,
            "signal_id": booking.signal_id,
        }
    found = to_book(line) or 0
    return Received(
        line.line_id, line.item_id, line.description, line.qty or Decimal(), found, line.checked_by, **facts
    )
