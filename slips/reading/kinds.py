"""What a reading is made of: words on a page, lines of a slip, and the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions 0..1 of the page's picture (the one in `PageSource.jpeg`)."""

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a slip. `qty` is an int, or a Decimal where the slip prints a fraction (a person decides)."""

    item_id: str
    qty: int | Decimal
    description: str
    confidence: Confidence
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Reading:
    """What a slip reads as. None means: not found on the paper. `ship_date` is ISO 8601 where it could be parsed."""

    lines: tuple[Line, ...] = ()
    vendor: str | None = None
    po_number: str | None = None
    slip_number: str | None = None
    ship_date: str | None = None
    printed_lines: int | None = None
    printed_pieces: Decimal | None = None
    notes: str = ""
    pages: int = 0
    turns: tuple[int, ...] = ()
    """By page: how many quarter turns against the clock make its picture upright."""


@dataclass(slots=True)
class Word:
    """A word with its place on the straightened page, in pixels, y downwards; `box` is where it is on the picture."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    score: float = 1.0
    box: Box = (0.0, 0.0, 0.0, 0.0)

    @property
    def xc(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def yc(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def height(self) -> float:
        return self.y1 - self.y0


Row = list[Word]
"""Words on one visual line, from left to right."""


@dataclass(slots=True)
class Page:
    """A page's words as rows. `by_ocr` says where they came from, `turns` as in `Reading`."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    by_ocr: bool = False
    turns: int = 0
