"""Scans, events and stock as the API's clients see them."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from inventory.bookings import Booking, EventType
from linesync.ground import item_ids
from linesync.ground.numbers import event_digits_max, event_pieces_max
from linesync.ground.rows import Row
from linesync.ground.wire import Moment, PageOfList

bulk_lines_max = 1000
name_characters_max = 200

item_id_pattern, station_pattern = f"^{item_ids.item_id_pattern}$", f"^{item_ids.station_pattern}$"
_qty_digits = len(str(event_pieces_max))
# A number from 1 to 999999 with leading zeros, in all at most `event_digits_max` digits. ECMAScript has no lookbehind.
_qty_pattern = (
    rf"(0{{0,{event_digits_max - _qty_digits}}}[1-9][0-9]{{0,{_qty_digits - 1}}}"
    rf"|0{{{event_digits_max - _qty_digits + 1},{event_digits_max - 1}}}[1-9])"
)
barcode_pattern = rf"^[ \t\r\n]*ITEM= *{item_ids.item_id_pattern} *;QTY= *{_qty_pattern} *[ \t\r\n]*$"


def _station(station_id: str) -> str:
    if not item_ids.is_station(station_id):
        raise ValueError(f"A station is named by {item_ids.station_words}.")
    return station_id


def _item_id(item_id: str) -> str:
    if not item_ids.is_item_id(item_id):
        raise ValueError(f"An item id is {item_ids.item_id_words}.")
    return item_id


StationId = Annotated[
    str,
    AfterValidator(_station),
    WithJsonSchema({"type": "string", "pattern": station_pattern}),
    Field(examples=["DOCK_1"]),
]


def _whole(value: Any) -> Any:
    # JSON knows one kind of number: 24.0 is a whole one. "24" and true are none.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("A NUL character stands in no name of ours.")
    return text


# What is asked for need not be what we would book: an adopted ledger holds other people's names.
Name = Annotated[
    str,
    Field(min_length=1, max_length=name_characters_max),
    AfterValidator(_no_nul),
    WithJsonSchema({"type": "string", "pattern": rf"^[^\u0000]{{1,{name_characters_max}}}$"}),
]
ItemId = Annotated[str, AfterValidator(_item_id), WithJsonSchema({"type": "string", "pattern": item_id_pattern})]


class ScanIn(BaseModel):
    """One label, as it was scanned."""

    station_id: StationId
    barcode_raw: Annotated[
        str,
        Field(description="The label's payload, ITEM=<item_id>;QTY=<n>.", examples=["ITEM=PART-88219;QTY=24"]),
        WithJsonSchema({"type": "string", "pattern": barcode_pattern}),
    ]


class LineIn(BaseModel):
    """One line of a delivery."""

    item_id: ItemId
    qty: Annotated[int, Field(strict=True, ge=1, le=event_pieces_max, description="Pieces."), BeforeValidator(_whole)]


class BulkIn(BaseModel):
    """A delivery: all its lines are booked, or none. Identical lines stay two lines."""

    station_id: StationId = "PACKING_SLIP"
    items: Annotated[list[LineIn], Field(min_length=1, max_length=bulk_lines_max)]


class TriggeredSignal(BaseModel):
    """The signal that an event opened, with the stock that opened it."""

    signal_id: UUID
    item_id: str
    current_qty: int
    reorder_qty: int


class EventOut(BaseModel):
    """A booked event. `on_hand_qty` is the stock right after it; null where another writer booked it."""

    event_id: UUID
    event_ts: Moment
    event_type: EventType
    station_id: str
    barcode_raw: str
    item_id: str
    qty: int
    on_hand_qty: int | None
    user_email: str | None
    triggered_signal: TriggeredSignal | None

    @classmethod
    def of_booking(cls, booking: Booking, *, reorder_qty: int | None) -> Self:
        """`reorder_qty` of the signal that this booking opened; None when it opened none."""
        return cls.model_construct(
            event_id=booking.event_id,
            event_ts=booking.event_ts,
            event_type=booking.event_type,
            station_id=booking.station_id,
            barcode_raw=booking.payload,
            item_id=booking.item_id,
            qty=booking.qty,
            on_hand_qty=booking.on_hand_qty,
            user_email=booking.user_email,
            triggered_signal=_triggered(booking.signal_id, booking.item_id, booking.on_hand_qty, reorder_qty),
        )

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """From a row of `ScanEvent.objects.page`."""
        signal_id, reorder_qty = row.pop("opened_signal_id"), row.pop("reorder_qty")
        opened = _triggered(signal_id, row["item_id"], row["on_hand_qty"], reorder_qty)
        return cls.model_construct(**row, triggered_signal=opened)


class BulkOut(BaseModel):
    """The events of a delivery, in the order of its lines."""

    events: list[EventOut]
    total_items: Annotated[int, Field(description="Lines booked.")]
    total_qty: Annotated[int, Field(description="Pieces booked.")]


class EventsPage(PageOfList):
    """Events, newest first. They carry no total: walking goes on while `next_cursor` is not null."""

    events: list[EventOut]


class StockOut(BaseModel):
    """What is on hand of one item. `below_reorder_point`: at or below the point where a consume asks for more."""

    item_id: str
    on_hand_qty: int
    intake_total: int
    consume_total: int
    last_activity_ts: Moment
    below_reorder_point: bool

    @classmethod
    def of_row(cls, row: Row) -> Self:
        """From a row of `Stock.objects.levels`."""
        return cls.model_construct(**row)


class StockPage(PageOfList):
    """Items by item id."""

    items: list[StockOut]
    total_items: Annotated[int, Field(description="All items, not only this page's.")]
    as_of: Annotated[Moment | None, Field(description="The moment asked for; null: now.")]


def _triggered(
    signal_id: UUID | None, item_id: str, current_qty: int, reorder_qty: int | None
) -> TriggeredSignal | None:
    if signal_id is None or reorder_qty is None:
        return None
    return TriggeredSignal.model_construct(
        signal_id=signal_id, item_id=item_id, current_qty=current_qty, reorder_qty=reorder_qty
    )
