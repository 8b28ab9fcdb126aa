"""A frame, a photo or a typed code becomes an event, or a sentence that says why not."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.utils import timezone

from inventory.bookings import Booking, EventType, NoSuchEvent, RepeatedScan, Scan, TakenId, repeat_seconds
from inventory.decoding.symbol import Gray, Symbol
from inventory.labels import BadLabel, Label, name_foreign, parse
from inventory.models import ScanEvent
from inventory.sighting import Scene, central, held_still
from inventory.symbols import confirm, read_foreign, read_symbols
from inventory.why_unread import why_unread

Kind = Literal["booked", "repeat", "refused", "hold", "still", "unread", "undone"]
# A first answer younger than this is a reply that was lost on the way; an older one is another carton's.
lost_reply_seconds_max = 15


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person is told: a kind that has a sound, a sentence, and the label and booking it is about."""

    kind: Kind
    sentence: str
    label: Label | None = None
    booking: Booking | None = None


def look(scene: Scene, gray: Gray, *, user_email: str | None, now: int | None = None) -> tuple[Scene, Answer]:
    """One frame of the camera: the scene after it, and what to tell. Touches the database only to book."""
    symbols = read_symbols(gray)
    labels = _labels(symbols)
    seen = scene.after([symbol.text for symbol, _ in labels], gray, now=now or time.time_ns() // 1_000_000)
    seen = seen.remembering([symbol for symbol, _ in labels], gray)
    if not labels:
        return seen, Answer("unread", _why_nothing(gray, symbols))
    height, width = gray.shape
    symbol = central([symbol for symbol, _ in labels], width=width, height=height)
    if symbol is None:
        return seen, Answer("unread", "Two labels are equally near. Move one into the middle of the box.")
    label = next(label for each, label in labels if each.text == symbol.text)
    sighting = seen.of(symbol.text)
    if sighting is None or sighting.counted:
        return seen, Answer("still", f"{label.item_id} is counted. Next carton, please.", label)
    if not held_still(sighting, symbol) and not held_still(sighting, confirm(gray, symbol)):
        return seen, Answer("hold", f"{label.item_id} seen. Hold it still.", label)
    scan = _scan(label, seen.station_id, seen.event_type, user_email, scene.event_id(symbol.text))
    told = book(scan, label, guard=True)
    return seen.counted(symbol.text).remembering([symbol], gray), told


def afresh(gray: Gray, station_id: str, event_type: EventType) -> Scene:
    """A scene in place of a refused page state. What lies there may have counted already: it has to go first."""
    labels = _labels(read_symbols(gray))
    symbols = [symbol for symbol, _ in labels]
    scene = Scene.empty(station_id, event_type)
    scene = scene.after([symbol.text for symbol in symbols], gray, now=time.time_ns() // 1_000_000)
    for symbol in symbols:
        scene = scene.counted(symbol.text)
    return scene.remembering(symbols, gray)


def book(scan: Scan, label: Label, *, guard: bool) -> Answer:
    """Book one scan and say so. With `guard`, the same label at the same station within 3 seconds is a repeat."""
    try:
        booking = ScanEvent.objects.record(scan, repeat_seconds=repeat_seconds if guard else None)
    except (RepeatedScan, TakenId) as refused:
        return Answer("repeat" if isinstance(refused, RepeatedScan) else "refused", str(refused), label)
    if not booking.first and timezone.now() - booking.event_ts > timedelta(seconds=lost_reply_seconds_max):
        at = timezone.localtime(booking.event_ts).strftime("%H:%M:%S")
        return Answer("repeat", f"Already booked at {at}. Another carton? Use “+1 same label”.", label, booking)
    return Answer("booked", "Booked", label, booking)


def book_typed(
    label: Label, *, station_id: str, event_type: EventType, user_email: str | None, event_id: UUID | None
) -> Answer:
    """A typed code, or what a hardware scanner typed. Without an id of its own it is guarded against repeats."""
    scan = _scan(label, station_id, event_type, user_email, event_id)
    return book(scan, label, guard=event_id is None)


def undo(event_id: UUID, *, user_email: str | None) -> Answer:
    """Reverse one event by appending its opposite."""
    try:
        booking = ScanEvent.objects.undo(event_id, user_email=user_email)
    except NoSuchEvent as refused:
        return Answer("refused", str(refused))
    again = "" if booking.first else " before"
    return Answer("undone", f"Undone{again}: {booking.qty} {booking.item_id}, {booking.on_hand_qty} on hand.")


def read_photo(gray: Gray) -> tuple[list[Label], str]:
    """The labels of a still photo, each once; and, without any, why there are none."""
    symbols = read_symbols(gray, thorough=True)
    found = list(dict.fromkeys(label for _, label in _labels(symbols)))
    return found, "" if found else _why_nothing(gray, symbols)


def _labels(symbols: Sequence[Symbol]) -> list[tuple[Symbol, Label]]:
    found: list[tuple[Symbol, Label]] = []
    for symbol in symbols:
        try:
            label = parse(symbol.text)
        except BadLabel:
            continue
        found.append((replace(symbol, text=label.payload), label))
    return found


def _why_nothing(gray: Gray, symbols: Sequence[Symbol]) -> str:
    foreign = symbols or read_foreign(gray)
    if not foreign:
        return why_unread(gray) or "No label in view."
    text = foreign[0].text
    try:
        parse(text)
    except BadLabel as bad:
        if text.strip().upper().startswith("ITEM"):
            return f"{bad} Nothing was booked."
    return f"That is {name_foreign(foreign[0].format, text)}, not one of our labels."


def _scan(label: Label, station_id: str, event_type: EventType, user_email: str | None, event_id: UUID | None) -> Scan:
    return Scan(event_type, station_id, label.payload, label.item_id, label.qty, user_email, event_id)
