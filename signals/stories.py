"""How a signal lives, as plain values: what its lists and its history show, and what the loser of a race is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.utils import timezone

from linesync.ground.clock import clock, span_text
from linesync.ground.numbers import signed
from linesync.ground.people import by_whom

Status = Literal["OPEN", "ACKNOWLEDGED", "FULFILLED"]
OPEN: Status = "OPEN"
ACKNOWLEDGED: Status = "ACKNOWLEDGED"
FULFILLED: Status = "FULFILLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of a signal's story: who told it, when, and the event that decided.

    None in `user_email`: nobody is known. None in the event's fields: a person told it, or the event is not known.
    """

    id: int
    signal_id: UUID
    created_ts: datetime
    status: Status
    item_id: str
    triggered_at_qty: int
    reorder_point: int
    reorder_qty: int
    user_email: str | None
    event_id: UUID | None
    event_type: str | None
    event_ts: datetime | None
    station_id: str | None
    qty: int | None

    @property
    def sum_text(self) -> str:
        """The arithmetic of an opening in pieces: “14 − 6 = 8 ≤ 10 at LINE-1, by dana, 10:42”."""
        return f"{self.arithmetic}, {clock(self.event_ts)}" if self.event_ts else self.arithmetic

    @property
    def arithmetic(self) -> str:
        """The same without the time; where the consume that opened it is not known, only “8 ≤ 10”."""
        verdict = f"{signed(self.triggered_at_qty)} ≤ {signed(self.reorder_point)}"
        if self.event_type != "CONSUME" or self.qty is None:
            return verdict
        before = signed(self.triggered_at_qty + self.qty)
        return f"{before} − {signed(self.qty)} = {verdict} at {self.station_id}, by {by_whom(self.user_email)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSignal:
    """A signal that is OPEN or ACKNOWLEDGED, with the stock of now (pieces) and the row that opened it."""

    signal_id: UUID
    item_id: str
    description: str
    status: Status
    opened_ts: datetime
    created_ts: datetime
    current_qty: int
    triggered_at_qty: int
    reorder_point: int
    reorder_qty: int
    acknowledged_by: str | None
    opening: Step

    @property
    def is_open(self) -> bool:
        return self.status == OPEN

    @property
    def is_out_of_stock(self) -> bool:
        return self.current_qty <= 0

    @property
    def sum_text(self) -> str:
        """The sum that caused it, for any page to show."""
        return self.opening.sum_text

    @property
    def left_percent(self) -> int:
        """How full the item is between nothing and its reorder point, for a drawing: 0 to 100."""
        return min(100, max(0, 100 * self.current_qty // max(1, self.reorder_point)))

    @property
    def age_text(self) -> str:
        return span_text(timezone.now() - self.opened_ts)

    @property
    def acknowledged_text(self) -> str:
        """Who has seen it and when; empty while nobody has."""
        return "" if self.is_open else f"Acknowledged by {by_whom(self.acknowledged_by)}, {clock(self.created_ts)}"


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """How many signals are live, how many of them out of stock, and how many nobody has acknowledged."""

    live: int
    out_of_stock: int
    open: int


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How long signals took to reach a status, over seven days: how many did, and the median. None: none did."""

    status: Status
    weeks_ago: int
    signals: int
    median: timedelta | None


class Overtaken(Exception):
    """Somebody (or the stock itself) was first; the message says who and when. `now` is the signal's newest row."""

    def __init__(self, now: Step) -> None:
        self.now = now
        done = "Acknowledged" if now.status == ACKNOWLEDGED else "Fulfilled"
        how = f" by an intake at {now.station_id}" if now.event_id and now.status == FULFILLED else ""
        super().__init__(f"{done}{how} already, by {by_whom(now.user_email)}, {clock(now.created_ts)}.")


class NoSuchSignal(Exception):
    """No signal has this id."""
