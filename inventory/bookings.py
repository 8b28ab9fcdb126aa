"""What goes into the ledger and what comes back: plain values, no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

EventType = Literal["INTAKE", "CONSUME"]
INTAKE: EventType = "INTAKE"
CONSUME: EventType = "CONSUME"
repeat_seconds = 3


@dataclass(frozen=True, slots=True)
class Scan:
    """One movement to book. `event_id` None: the ledger names it, and a repeat cannot be recognised by its id."""

    event_type: EventType
    station_id: str
    payload: str
    item_id: str
    qty: int
    user_email: str | None = None
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """A booked scan. `on_hand_qty` in pieces, right after it. `signal_id`: what it opened or fulfilled, else None.

    `first` is False when the id was booked before: then this is the first answer again and nothing was written.
    """

    event_id: UUID
    event_ts: datetime
    event_type: EventType
    station_id: str
    payload: str
    item_id: str
    qty: int
    on_hand_qty: int
    signal_id: UUID | None
    user_email: str | None
    first: bool = True


class RepeatedScan(Exception):
    """The same station, direction and payload were booked less than `repeat_seconds` ago."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"Same label again too soon. Wait {seconds_left:.0f} s, or use “+1 same label”.")
        self.seconds_left = seconds_left


class TakenId(Exception):
    """The caller's event id names another scan already."""


class NoSuchEvent(Exception):
    """No event has this id, or it is one that cannot be undone."""
