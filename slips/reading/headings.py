"""Where a table begins: the rows whose words head columns, one to four of them, as cells with their roles."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from .kinds import Row, Word
from .rows import middle, runs, text_of
from .vocabulary import Heading, Role, heading, is_number_word, seam

rows_max = 4
_score_min = 5.0
_score_min_narrow = 3.2
_COUNTS = {"shipped", "quantity", "ordered"}


@dataclass(slots=True)
class HeadCell:
    """One heading: its text, its extent along x in pixels, what it may mean."""

    text: str
    x0: float
    x1: float
    meaning: Heading

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.meaning.roles


@dataclass(slots=True)
class Head:
    """The heading rows of one table: rows[first : first + rows]."""

    first: int
    rows: int
    cells: list[HeadCell]
    score: float


def heads(rows: list[Row]) -> list[list[Head]]:
    """Every table head from top to bottom, each with its readings, best first."""
    found: list[list[Head]] = []
    for first in range(len(rows)):
        readings = _readings(rows, first)
        if not readings:
            continue
        if found and first < _end(found[-1]):
            if readings[0].score > found[-1][0].score + 0.5:
                found[-1] = readings
            continue
        found.append(readings)
    best = max((readings[0].score for readings in found), default=0.0)
    return [readings for readings in found if readings[0].score >= min(best - 6, 8)]


def with_whole_heads(rows: list[Row]) -> list[Row]:
    """The rows of a bent page with those headings moved up, or down, to their row that had slipped into the next one."""
    rows = [list(row) for row in rows]
    for upper, lower in pairwise(rows):
        for head, other in ((upper, lower), (lower, upper)):
            slipped = _slipped_headings(head, other)
            if slipped:
                head[:] = sorted(head + slipped, key=lambda word: word.x0)
                other[:] = [word for word in other if not any(word is moved for moved in slipped)]
    return [row for row in rows if row]


def _slipped_headings(head: Row, other: Row) -> Row:
    """The words of the other row that head columns which `head` leaves free; none unless that row counts something."""
    here = _cells(head)
    if not any(_COUNTS & set(cell.roles[:1]) for cell in here) or re.search(r"\d", text_of(head)):
        return []
    if not re.search(r"\d", text_of(other)) or middle(other) - middle(head) > 2.4 * head[0].height:
        return []
    slipped: Row = []
    for cell in _cells(other):
        free = not any(_overlap(cell, one.x0 - head[0].height, one.x1 + head[0].height) for one in here)
        if free and cell.meaning.known == 1 and cell.roles and not re.search(r"\d", cell.text):
            slipped += [word for word in other if cell.x0 <= word.xc <= cell.x1]
    return slipped


def half_known_heads(rows: list[Row]) -> list[Head]:
    """Rows that look like a table's head although no heading that we know counts, or only one of very few does.

    What is under them must prove it: codes in every line, and counts that add up or are the only whole numbers.
    """
    found = []
    for first in range(len(rows)):
        if _is_running_text(rows[first]):
            continue
        cells = _cells(rows[first])
        known = [cell for cell in cells if cell.roles and cell.meaning.known == 1]
        named = any({"id", "description"} & set(cell.roles) for cell in known)
        if (
            len(cells) >= 3
            and named
            and len(known) >= 0.5 * len(cells)
            and not re.search(r"\d|:", text_of(rows[first]))
        ):
            found.append(Head(first, 1, cells, 0.0))
    return found


def _end(readings: list[Head]) -> int:
    """The row behind the longest of a head's readings that is about as good as the best."""
    return max(head.first + head.rows for head in readings if head.score > readings[0].score - 1)


def _readings(rows: list[Row], first: int) -> list[Head]:
    """The ways in which a head can begin in this row, best first."""
    readings = []
    parts: list[list[HeadCell]] = []
    for count in range(1, rows_max + 1):
        place = first + count - 1
        if place >= len(rows) or (count > 1 and _is_apart(rows[place - 1], rows[place])):
            break
        parts.append(_cells(rows[place]))
        cells = _stacked(parts)
        score = _score(cells) if not all(_is_running_text(rows[n]) for n in range(first, place + 1)) else -1.0
        wanted = _score_min_narrow if len(cells) <= 3 else _score_min
        if score >= wanted:
            readings.append(Head(first, count, cells, score - _goes_on(rows, place)))
    return sorted(readings, key=lambda head: -head.score)


def _goes_on(rows: list[Row], place: int) -> float:
    """1 where the row behind still heads columns: two headings or more and no number."""
    if place + 1 >= len(rows) or _is_apart(rows[place], rows[place + 1]):
        return 0.0
    after = rows[place + 1]
    known = [cell for cell in _cells(after) if cell.roles and cell.meaning.known == 1]
    return float(len(known) >= 2 and not re.search(r"\d", text_of(after)))


def _is_running_text(row: Row) -> bool:
    """Whether the words follow one another as in a sentence; headings stand apart, most of them."""
    blanks = [(b.x0 - a.x1) / max(1.0, min(a.height, b.height)) for a, b in pairwise(row)]
    return len(blanks) >= 3 and sum(blank < 0.42 for blank in blanks) > 0.8 * len(blanks)


def _is_apart(upper: Row, lower: Row) -> bool:
    return middle(lower) - middle(upper) > 2.4 * median(word.height for word in upper)


def _cells(row: Row) -> list[HeadCell]:
    """The row cut into headings: at the wide blanks, and at narrow ones where the words on both sides say so."""
    parted = [piece for word in row for piece in _parted(word)]
    return [cell for run in runs(parted, 0.9) for cell in _cut(run)]


def _parted(word: Word) -> Row:
    """Two headings that were printed or read without a blank between them, as two words."""
    cut = seam(word.text)
    if cut is None:
        return [word]
    x = word.x0 + (word.x1 - word.x0) * cut / len(word.text)
    gap = 0.25 * word.height
    return [replace(word, text=word.text[:cut], x1=x - gap), replace(word, text=word.text[cut:], x0=x + gap)]


def _cut(run: Row) -> list[HeadCell]:
    """The cheapest way to cut a run of words into headings that are known."""
    costs: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        ways = []
        for start in range(max(0, end - 4), end):
            ways.append((costs[start][0] + _cut_cost(run[start:end]) + _seam_cost(run, start), start))
        costs.append(min(ways))
    cells, end = [], len(run)
    while end:
        start = costs[end][1]
        cells.append(_cell(run[start:end]))
        end = start
    return cells[::-1]


def _seam_cost(run: Row, start: int) -> float:
    """Cutting where the words stand close costs; words that overlap were never printed as one text."""
    blank = (run[start].x0 - run[start - 1].x1) / max(1.0, run[start].height) if start else 1.0
    return max(0.0, 0.45 - blank) if blank > -0.15 else 0.0


def _cut_cost(words: Row) -> float:
    """Low for a heading we know; wide blanks inside one cost."""
    meaning = heading(text_of(words))
    blanks = sum(max(0.0, (b.x0 - a.x1) / max(1.0, a.height) - 0.3) for a, b in itertools.pairwise(words))
    known = 0.5 if meaning.roles and meaning.known == 1 else 1.1 if meaning.roles else 0.9 * len(words)
    return known + 1.5 * blanks + (1.5 if _is_several(words) else 0.0)


_GROUPS = {"shipped": "count", "quantity": "count", "ordered": "count", "later": "count", "description": "id"}


def _is_several(words: Row) -> bool:
    """Whether the words make two headings of different kinds: "Qty SKU", "Line Part", but not "Unit Price"."""
    for cut in range(1, len(words)):
        left, right = heading(text_of(words[:cut])), heading(text_of(words[cut:]))
        if not left.roles or not right.roles or left.known + right.known < 2 or is_number_word(text_of(words[cut:])):
            continue
        if words[0].text != "#" and cut == 1 and is_number_word(words[0].text) and right.roles[0] == "id":
            continue  # "Code article", "N° article"
        if _are_two_counts(left, right, cut, len(words) - cut):
            return True
        groups = {_GROUPS.get(left.roles[0], left.roles[0]), _GROUPS.get(right.roles[0], right.roles[0])}
        if groups == {"unit", "money"} and not re.search(r"(?i)^(unit|einheit|eenheid|unidad|per)", words[0].text):
            return True
        if len(groups) == 2 and groups not in (
            {"unit", "money"},
            {"other", "money"},
            {"other", "id"},
            {"other", "count"},
        ):
            return True
    return False


def _are_two_counts(left: Heading, right: Heading, left_words: int, right_words: int) -> bool:
    """ "Ordered Shipped" or "Prev. shipped This shipment": two columns, not one."""
    roles = (left.roles[0], right.roles[0])
    if roles[0] == roles[1] or not set(roles) <= {*_COUNTS, "later"}:
        return False
    return min(left_words, right_words) >= 2 or set(roles) == {"ordered", "shipped"} or roles in _ENDED


_ENDED = {("ordered", "later"), ("shipped", "later")}


def _cell(words: Row) -> HeadCell:
    text = text_of(words)
    return HeadCell(text, words[0].x0, words[-1].x1, heading(text))


def _stacked(parts: list[list[HeadCell]]) -> list[HeadCell]:
    """The heading rows laid over one another: one cell per column, a heading over several belongs to each of them."""
    base = max(range(len(parts)), key=lambda place: (len(parts[place]), -place))
    columns: list[tuple[float, float, dict[int, str]]] = [(cell.x0, cell.x1, {base: cell.text}) for cell in parts[base]]
    for place, cells in enumerate(parts):
        if place == base:
            continue
        for cell in cells:
            under = [n for n, (x0, x1, _) in enumerate(columns) if _overlap(cell, x0, x1)]
            if not under and place < base and _spans(cell, columns):
                continue
            if not under:
                columns.append((cell.x0, cell.x1, {place: cell.text}))
            for n in under:
                x0, x1, texts = columns[n]
                texts[place] = f"{texts[place]} {cell.text}" if place in texts else cell.text
                if len(under) == 1:
                    columns[n] = (min(x0, cell.x0), max(x1, cell.x1), texts)
    stacked = []
    for x0, x1, texts in sorted(columns, key=lambda column: column[0]):
        text = " ".join(texts[place] for place in sorted(texts))
        stacked.append(HeadCell(text, x0, x1, heading(re.sub(r"(?<=\w)- (?=[a-zà-ž])", "", text))))
    return stacked


def _spans(cell: HeadCell, columns: list[tuple[float, float, dict[int, str]]]) -> bool:
    """Whether a heading such as "Quantity" stands centred over the columns on both sides and is none itself."""
    if cell.roles[:1] != ("quantity",):
        return False
    counts = [
        (x0, x1) for x0, x1, texts in columns if set(heading(" ".join(texts.values())).roles[:1]) & {*_COUNTS, "later"}
    ]
    return any(x1 <= cell.x0 for _, x1 in counts) and any(x0 >= cell.x1 for x0, _ in counts)


def _overlap(cell: HeadCell, x0: float, x1: float) -> bool:
    return min(cell.x1, x1) - max(cell.x0, x0) > 0.15 * min(cell.x1 - cell.x0, x1 - x0)


def _score(cells: list[HeadCell]) -> float:
    """How much these cells are a table's head: -1 if there is no count or nothing to be counted."""
    firsts = {cell.roles[0] for cell in cells if cell.roles}
    every = {role for cell in cells for role in cell.roles}
    if not firsts & _COUNTS or not every & {"id", "description"} or len(cells) < 2:
        return -1.0
    if len(cells) <= 3 and any(cell.meaning.known < 1 for cell in cells if len(cells) == 2 or not cell.roles):
        return -1.0
    known = sum(1 for cell in cells if cell.roles and cell.roles[0] != "other")
    unknown = sum(1.0 + (len(cell.text) > 24) + bool(re.search(r"\d", cell.text)) for cell in cells if not cell.roles)
    numbered = sum(bool(re.search(r"(?<![\w-])\d", cell.text)) for cell in cells if cell.roles)
    half_known = sum(1 - cell.meaning.known for cell in cells if cell.roles)
    return (
        known
        + len(firsts - {"other"})
        + 3 * ("id" in every)
        + ("description" in every)
        - 1.2 * unknown
        - 1.5 * half_known
        - 1.5 * numbered
        - 0.35 * len(cells)
    )
