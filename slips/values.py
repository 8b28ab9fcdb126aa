"""What a slip is made of before it is a row: plain values and the facts that stop a person. No database."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.utils.timezone import localtime

Confidence = Literal["high", "medium", "low"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions 0..1 of the page's picture (the one in `PageSource.jpeg`)."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is safely kept: its own name, size, SHA-256 and where the storage put it."""

    name: str
    bytes: int
    digest: str
    stored_name: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the lines. Empty or None: not on the paper. `ship_date` is ISO 8601 where it could be read."""

    vendor: str = ""
    po_number: str = ""
    slip_number: str = ""
    ship_date: str = ""
    printed_lines: int | None = None
    printed_pieces: Decimal | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a slip, from whichever engine read it until it is a row that a person checks.

    `qty` in pieces; a fraction is kept, a person decides; None: nothing usable. `box` None: not found on the page.
    `page` counts from 0. `evidence` is a sentence for the reviewer: what speaks for or against this reading.
    """

    item_id: str
    qty: Decimal | None
    description: str
    confidence: Confidence
    page: int
    box: Box | None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole slip as it was read. `problem` is a sentence for the reviewer where something went wrong.

    `turns`: by page, how many quarter turns against the clock make its picture upright.
    """

    head: Head = Head()
    lines: tuple[Line, ...] = ()
    problem: str = ""
    turns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person makes of a line. `found_qty` None: not counted; `check`: they looked at it and it is right."""

    item_id: str
    qty: Decimal | None
    description: str
    found_qty: int | None
    check: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page showed of a line when Receive was pressed. `found_qty` None: not counted."""

    item_id: str
    qty: Decimal | None
    found_qty: int | None


class ChangedMeanwhile(Exception):
    """Somebody else changed it since this person saw it; the message says who and when."""

    def __init__(
        self, what: str, by: str | None, at: datetime | None, *, so: str = "Nothing of yours was saved"
    ) -> None:
        who = by or "Somebody else"
        when = f" at {localtime(at):%H:%M:%S}" if at else ""
        super().__init__(f"{who} changed {what}{when}, after you saw it. {so}; look again.")


class SavedBefore(Exception):
    """It says this already: a repeat of a request whose answer was lost. Nothing was changed."""


class AddedBefore(Exception):
    """A line of this name is there already; `is_same`: it says the same, so that this was a repeat."""

    def __init__(self, *, is_same: bool) -> None:
        super().__init__("The line of this form was added before, and this one was not. Press Add again to add it too.")
        self.is_same = is_same


class NotInReview(Exception):
    """The slip is not (or no longer) open for review; the message says what it is."""


class AlreadyReceived(Exception):
    """This delivery was received before; the message says when and by whom."""


class NotReady(Exception):
    """What still has to be done before the slip can be received: `sentences`, one per line or fact."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class ModelBusy(Exception):
    """The model service does not answer now (limits, a failure, a time-out): worth another try later."""


class Discarded(Exception):
    """The slip was discarded while it was being read."""
