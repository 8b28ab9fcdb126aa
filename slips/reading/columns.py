"""The words of a row are dealt out to the columns: by place, by the blanks between them, and by what a column holds.

Each row is cut in the cheapest way (dynamic programming over the words, columns from left to right). The first pass
knows only the headings' places, the second also where the columns' contents turned out to stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from . import numbers
from .gutters import gutters
from .heading_cells import HeadCell
from .kinds import TextRow, Word
from .rows import middle, text_of
from .vocabulary import Heading, Role

_NUMERIC: frozenset[Role] = frozenset({"shipped", "quantity", "ordered", "later", "money"})
_COUNTS = _NUMERIC - {"money"}
_TIGHT = 0.35
"""A blank below this share of the letters' height does not part two words that carry no digit."""
_fit_best = 0.4
"""What a run gains that stands just where its column does."""
_same_edge = 0.12
"""Edges this near to one another, in heights of the letters, line up."""


@dataclass(slots=True)
class Cell:
    """What stands in one column of one row."""

    words: TextRow

    @property
    def text(self) -> str:
        return text_of(self.words)

    @property
    def score(self) -> float:
        return min(word.score for word in self.words)


@dataclass(slots=True)
class GridRow:
    """One row of a table; `cells` by column number."""

    y: float
    cells: dict[int, Cell]
    words: TextRow

    def text(self, column: int | None) -> str:
        return self.cells[column].text if column is not None and column in self.cells else ""


@dataclass(slots=True)
class _Place:
    """Where a column's contents stand."""

    roles: tuple[Role, ...]
    left: float
    right: float
    center: float
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    anchor: tuple[str, float] | None = None
    low: float = 0.0
    high: float = 0.0
    last_right: float = float("-inf")
    next_left: float = float("inf")
    """Where the neighbouring headings end and begin."""
    region: tuple[float, float] | None = None
    """The blank stripes on both sides, where this is the only heading between them."""


def grid(rows: list[TextRow], cells: list[HeadCell]) -> list[GridRow]:
    """The rows dealt out to the headings' columns."""
    places = [_Place(c.roles, c.x0, c.x1, (c.x0 + c.x1) / 2, low=c.x0, high=c.x1) for c in cells]
    between = gutters(rows)
    _bound(places, between)
    for left, right in pairwise(places):
        left.next_left, right.last_right = right.left, left.right
    dealt = [_dealt(row, places, between) for row in rows]
    _learn(places, dealt)
    dealt = [_dealt(row, places, between) for row in rows]
    return [GridRow(middle(row), given, row) for row, given in zip(rows, dealt, strict=True)]


def unheaded(cells: list[HeadCell], rows: list[GridRow]) -> list[HeadCell]:
    """An empty heading for each column of counts whose cells hold two numbers: the left one has lost its own."""
    more = []
    for number, head in enumerate(cells):
        if head.roles[:1] not in (("shipped",), ("quantity",), ("ordered",), ("later",)):
            continue
        held = [row.cells[number].words for row in rows if number in row.cells]
        pairs = [words for words in held if len(words) == 2 and all(word.text.isdigit() for word in words)]
        if len(pairs) >= max(3, 0.6 * len(held)):
            x0, x1 = median(words[0].x0 for words in pairs), median(words[0].x1 for words in pairs)
            more.append(HeadCell("", x0, x1, Heading((), 0.0)))
    return more


def slipped_back(cells: list[HeadCell], rows: list[GridRow]) -> list[GridRow]:
    """The rows with counts put back that all slipped to the next heading on the right, on a page seen askew.

    It shows where a heading of counts has nothing below it at all while the unit's has a number and a unit.
    """
    for unit in (n for n, cell in enumerate(cells) if cell.roles[:1] == ("unit",)):
        first = unit
        while first and cells[first - 1].roles[:1] and cells[first - 1].roles[0] in _COUNTS:
            first -= 1
        held = [row for row in rows if unit in row.cells]
        pairs = [row for row in held if len(row.cells[unit].words) == 2 and row.cells[unit].words[0].text.isdigit()]
        if first < unit - 1 and len(pairs) >= max(3, 0.7 * len(held)) and not any(first in row.cells for row in rows):
            for row in pairs:
                number, name = row.cells[unit].words
                moved = {column - 1: row.cells[column] for column in range(first + 1, unit) if column in row.cells}
                others = {column: cell for column, cell in row.cells.items() if not first <= column <= unit}
                row.cells = {**others, **moved, unit - 1: Cell([number]), unit: Cell([name])}
    return rows


def put_under_shipped(cells: list[HeadCell], rows: list[GridRow]) -> list[GridRow]:
    """The rows with the counts of this shipment put back that stand under what is to follow, whose zeros were not seen.

    It shows where nothing at all stands under "shipped" while the column to its right is filled in nearly every row.
    """
    roles = [cell.roles[:1] for cell in cells]
    for shipped in (n for n, role in enumerate(roles[:-1]) if role == ("shipped",) and roles[n + 1] == ("later",)):
        counted = [row for row in rows if any(n in row.cells for n, role in enumerate(roles) if role == ("ordered",))]
        held = [row for row in counted if shipped + 1 in row.cells]
        if not any(shipped in row.cells for row in rows) and len(held) >= max(3, 0.7 * len(counted)):
            for row in held:
                row.cells[shipped] = row.cells.pop(shipped + 1)
    return rows


def _bound(places: list[_Place], between: list[float]) -> None:
    """Give a column the whole width between two blank stripes: a heading may stand far from a short text below it."""
    edges = [float("-inf"), *between, float("inf")]
    for left, right in pairwise(edges):
        inside = [place for place in places if left < place.center < right]
        if len(inside) == 1 and between:
            inside[0].region = (left, right)


def _learn(places: list[_Place], dealt: list[dict[int, Cell]]) -> None:
    """Take over the edge at which a column's contents line up."""
    for number, place in enumerate(places):
        cells = [row[number] for row in dealt if number in row]
        if len(cells) < 3:
            continue
        lefts = [cell.words[0].x0 for cell in cells]
        rights = [cell.words[-1].x1 for cell in cells]
        centers = [(x0 + x1) / 2 for x0, x1 in zip(lefts, rights, strict=True)]
        edges = {"left": lefts, "right": rights, "center": centers}
        name, values = min(edges.items(), key=lambda edge: _spread(edge[1]))
        place.anchor = (name, median(values))
        place.low, place.high = min(place.low, median(lefts)), max(place.high, median(rights))


def _spread(values: list[float]) -> float:
    center = median(values)
    return median(abs(value - center) for value in values)


def _dealt(row: TextRow, places: list[_Place], between: list[float]) -> dict[int, Cell]:
    """The cheapest cut of the row into runs, each in a column further right than the one before."""
    units = _units(row, between)
    width = len(places)
    best: list[list[tuple[float, int, int]]] = [[(0.0, 0, -1)] * (width + 1)]
    for end in range(1, len(units) + 1):
        line: list[tuple[float, int, int]] = [(float("inf"), 0, -1)]
        spans = _spans(units, end, between)
        for column, place in enumerate(places):
            cheapest = line[column]
            for start, shared in spans:
                so_far = best[start][column][0] + shared
                if so_far - _fit_best >= cheapest[0]:
                    continue
                cost = so_far + _run_cost(units, start, end, place) + _cut_cost(units, start, place)
                if cost < cheapest[0]:
                    cheapest = (cost, start, column)
            line.append(cheapest)
        best.append(line)
    return _walked(best, units, width)


def _spans(units: list[TextRow], end: int, between: list[float]) -> list[tuple[int, float]]:
    """Where a run that ends at `end` may start, and what it costs in any column: wide blanks and stripes inside it."""
    spans, x1 = [], units[end - 1][-1].x1
    for start in range(end - 1, -1, -1):
        first = units[start][0]
        blanks = 0.0
        for n in range(start + 1, end):
            blanks += min(4.0, max(0.0, (units[n][0].x0 - units[n - 1][-1].x1) / max(1.0, first.height) - 0.8))
        spans.append((start, 1.3 * blanks + 1.5 * sum(first.x0 < x < x1 for x in between)))
    return spans


def _walked(best: list[list[tuple[float, int, int]]], units: list[TextRow], width: int) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    end, limit = len(units), width
    while end:
        _, start, column = best[end][limit]
        if column < 0:  # more runs than columns to the left: give the rest to the first
            cells[0] = Cell([word for unit in units[:end] for word in unit] + (cells[0].words if 0 in cells else []))
            break
        cells[column] = Cell([word for unit in units[start:end] for word in unit])
        end, limit = start, column
    return cells


def _units(row: TextRow, between: list[float]) -> list[TextRow]:
    """Words that are never parted: close together and plain words on both sides."""
    units: list[TextRow] = []
    for word in row:
        if units and _stick(units[-1][-1], word) and not any(units[-1][-1].xc < x < word.xc for x in between):
            units[-1].append(word)
        else:
            units.append([word])
    return (
        units if len(units) <= 24 else [row[i : i + 1 + len(row) // 24] for i in range(0, len(row), 1 + len(row) // 24)]
    )


def _stick(left: Word, right: Word) -> bool:
    if right.x0 - left.x1 >= _TIGHT * min(left.height, right.height):
        return False
    return not (re.search(r"\d", left.text) or re.search(r"\d", right.text))


def _cut_cost(units: list[TextRow], start: int, place: _Place) -> float:
    """Parting two words that stand close together is unlikely, unless their headings part at the very same place."""
    if start == 0:
        return 0.0
    left, right = units[start - 1][-1], units[start][0]
    height = max(1.0, min(left.height, right.height))
    slack = _same_edge * height
    as_headed = abs(right.x0 - place.left) < slack and abs(left.x1 - place.last_right) < slack
    return (0.5 if as_headed else 1.4) * max(0.0, 1.0 - (right.x0 - left.x1) / height)


def _run_cost(units: list[TextRow], start: int, end: int, place: _Place) -> float:
    """How badly a run fits the column; never below -`_fit_best`."""
    first, last = units[start][0], units[end - 1][-1]
    height = max(1.0, first.height)
    over = _overreach(first.x0, last.x1, height, place) if end - start > 1 else 0.0
    return _distance(first.x0, last.x1, height, place) + over + _unlikeness(units, start, end, place)


def _overreach(x0: float, x1: float, height: float, place: _Place) -> float:
    """A run that could be cut should not lie over the neighbouring headings."""
    right = min(1.0, max(0.0, x1 - place.next_left) / (1.5 * height))
    left = min(1.0, max(0.0, place.last_right - x0) / (1.5 * height))
    return 0.9 * (right + left)


def _distance(x0: float, x1: float, height: float, place: _Place) -> float:
    """How badly an extent fits the column, about 0 where it stands as the others do."""
    if place.region and place.region[0] < x0 and x1 < place.region[1]:
        return -_fit_best
    overlap = min(x1, place.high) - max(x0, place.low)
    off = min(abs(x0 - place.left), abs(x1 - place.right), abs((x0 + x1) / 2 - place.center)) / height
    if place.anchor:
        edge = {"left": x0, "right": x1, "center": (x0 + x1) / 2}[place.anchor[0]]
        off = min(off, abs(edge - place.anchor[1]) / height)
    if overlap <= 0:
        return 0.8 + 0.5 * min(off, 12.0)
    return min(off, 6.0) * 0.5 - _fit_best * overlap / max(1.0, min(x1 - x0, place.high - place.low))


def _unlikeness(units: list[TextRow], start: int, end: int, place: _Place) -> float:
    """Words without a digit do not belong into a column of numbers, nor several into that of the line's number."""
    if place.roles[:1] == ("line",):
        return 1.0 * (sum(len(unit) for unit in units[start:end]) - 1)
    if not place.roles or place.roles[0] not in _NUMERIC:
        return 0.0
    words = [word for unit in units[start:end] for word in unit]
    if not any(re.search(r"\d", word.text) for word in words):
        return 0.0 if numbers.is_none(text_of(words)) or numbers.is_to_follow(text_of(words)) else 1.5
    return 0.5 * max(0, len(words) - 3) if re.match(r"\W{0,3}\d", words[0].text) else 1.0
