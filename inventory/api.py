"""The API's calls on the ledger and its stock. They book through the very verbs that the pages use."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid5

from django.http import Http404
from ninja import Path, Query, Router

from inventory import labels
from inventory.bookings import CONSUME, INTAKE, Booking, EventType, Scan, repeat_seconds
from inventory.managers.history import Place
from inventory.models import ScanEvent, Stock
from inventory.wire import BulkIn, BulkOut, EventOut, EventsPage, Name, ScanIn, StockOut, StockPage
from linesync.ground.people import DockRequest
from linesync.ground.wire import (
    BadCursor,
    Cursor,
    IdempotencyKey,
    Limit,
    Moment,
    capped,
    cursor_of,
    place_of,
    refusals,
)
from signals.models import Signal

router = Router()
_keys = UUID("8d5f3c1e-6a0b-4a53-9a55-5f4c3e7d2b10")


@router.post("/events/intake", response={200: EventOut} | refusals(400, 409, 411, 413, 415, 429), tags=["events"])
def intake(request: DockRequest, scan: ScanIn, idempotency_key: IdempotencyKey = None) -> EventOut:
    """Book a carton that came in."""
    return _told(_book(request, INTAKE, scan, idempotency_key))


@router.post("/events/consume", response={200: EventOut} | refusals(400, 409, 411, 413, 415, 429), tags=["events"])
def consume(request: DockRequest, scan: ScanIn, idempotency_key: IdempotencyKey = None) -> EventOut:
    """Book a carton that went out. `triggered_signal` when this left too little and nothing was on its way."""
    return _told(_book(request, CONSUME, scan, idempotency_key))


@router.post("/events/bulk-intake", response={200: BulkOut} | refusals(400, 409, 411, 413, 415), tags=["events"])
def bulk_intake(request: DockRequest, delivery: BulkIn, idempotency_key: IdempotencyKey = None) -> BulkOut:
    """Book every line of a delivery, or none of them."""
    person_email = request.person.email
    bookings = ScanEvent.objects.record_all(
        [
            Scan(
                INTAKE, delivery.station_id, labels.label_text(line.item_id, line.qty), line.item_id, line.qty,
                person_email, _event_id(person_email, idempotency_key, place),
            )
            for place, line in enumerate(delivery.items)
        ]
    )  # fmt: skip
    return BulkOut.model_construct(
        events=[_told(booking) for booking in bookings],
        total_items=len(bookings),
        total_qty=sum(booking.qty for booking in bookings),
    )


@router.get("/events/recent", response={200: EventsPage} | refusals(), tags=["events"])
def recent_events(
    request: DockRequest,
    limit: Limit = 20,
    cursor: Cursor = None,
    item_id: Annotated[Name | None, Query()] = None,
    station_id: Annotated[Name | None, Query()] = None,
    event_type: Annotated[EventType | None, Query()] = None,
    since: Annotated[Moment | None, Query(description="This moment or later.")] = None,
    until: Annotated[Moment | None, Query(description="Before this moment.")] = None,
) -> EventsPage:
    """Events, newest first. New events do not move the pages of a walk that has begun."""
    limit = capped(limit)
    found = ScanEvent.objects.page(
        limit=limit + 1,
        before=_event_place(cursor),
        item_id=item_id,
        station_id=station_id,
        event_type=event_type,
        since=since,
        until=until,
    )
    page = found[:limit]
    last = cursor_of(page[-1]["event_ts"].isoformat(), str(page[-1]["event_id"])) if len(found) > limit else None
    return EventsPage.model_construct(events=[EventOut.of_row(row) for row in page], limit=limit, next_cursor=last)


@router.get("/inventory", response={200: StockPage} | refusals(), tags=["inventory"])
def inventory(
    request: DockRequest,
    limit: Limit = 100,
    cursor: Cursor = None,
    as_of: Annotated[Moment | None, Query(description="The stock as it stood then.")] = None,
) -> StockPage:
    """What is on hand, by item id; at an earlier moment with `as_of` (judged by today's reorder points)."""
    limit = capped(limit)
    after = _item_place(cursor)
    if as_of is None:
        found, total_items = Stock.objects.levels(limit=limit + 1, after=after)
    else:
        found, total_items = Stock.objects.levels_as_of(as_of, limit=limit + 1, after=after)
    page = found[:limit]
    last = cursor_of(page[-1]["item_id"]) if len(found) > limit else None
    return StockPage.model_construct(
        items=[StockOut.of_row(row) for row in page],
        limit=limit,
        next_cursor=last,
        total_items=total_items,
        as_of=as_of,
    )


@router.get("/inventory/{path:item_id}", response={200: StockOut} | refusals(404), tags=["inventory"])
def one_item(request: DockRequest, item_id: Annotated[Name, Path()]) -> StockOut:
    """What is on hand of one item. Its id stands in the path as it is, `/` included (`#` and `?` as %23 and %3F)."""
    row = Stock.objects.level(item_id)
    if row is None:
        raise Http404(f"Item not found: {item_id}")
    return StockOut.of_row(row)


def _book(request: DockRequest, event_type: EventType, scan: ScanIn, key: str | None) -> Booking:
    label = labels.parse(scan.barcode_raw)
    email = request.person.email
    named = Scan(
        event_type, scan.station_id, label.payload, label.item_id, label.qty, email, _event_id(email, key, place=0)
    )
    return ScanEvent.objects.record(named, repeat_seconds=None if key else repeat_seconds)


def _event_id(person_email: str | None, key: str | None, place: int) -> UUID | None:
    # The key names the event for good: long after its answer was forgotten, a repeat still books nothing.
    return uuid5(_keys, f"{person_email or ''}\x1f{key}\x1f{place}") if key else None


def _told(booking: Booking) -> EventOut:
    opened = booking.signal_id if booking.event_type == CONSUME else None
    reorder_qty = Signal.objects.get(signal_id=opened).reorder_qty if opened else None
    return EventOut.of_booking(booking, reorder_qty=reorder_qty)


def _event_place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    try:
        moment, event_id = place_of(cursor)
        return Place(datetime.fromisoformat(moment), UUID(event_id))
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor from error


def _item_place(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    match place_of(cursor):
        case [str() as item_id] if "\0" not in item_id:
            return item_id
    raise BadCursor
