"""Where a table begins: the rows whose words head columns, one to four of them, as cells with their roles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .gutters import gutters
from .heading_cells import COUNTS, HeadCell, cells_of
from .ids import is_running
from .kinds import TextRow
from .rows import is_running_text, middle, text_of
from .vocabulary import Heading, heading

rows_max = 4
_body_rows_max = 40
_score_min = 5.0
_boxes_min = 2
BOX = re.compile(r"\(\d{1,3}[a-z]?\)")
"""The number of a form's box, before its label or heading."""
_score_min_narrow = 3.2


@dataclass(slots=True)
class TableHead:
    """The heading rows of one table: rows[first : first + rows]."""

    first: int
    rows: int
    cells: list[HeadCell]
    score: float


def heads(rows: list[TextRow]) -> list[list[TableHead]]:
    """Every table head from top to bottom, each with its readings, best first."""
    rows = _unboxed(rows)
    found: list[list[TableHead]] = []
    counting = [_may_head([row]) for row in rows]
    for first in range(len(rows)):
        readings = _readings(rows, first) if any(counting[first : first + rows_max]) else []
        if not readings:
            continue
        if found and first < _end(found[-1], rows):
            if readings[0].score > found[-1][0].score + 0.5:
                found[-1] = readings
            continue
        found.append(readings)
    best = max((readings[0].score for readings in found), default=0.0)
    return [readings for readings in found if readings[0].score >= min(best - 6, 8)]


def _unboxed(rows: list[TextRow]) -> list[TextRow]:
    """The rows without the numbers of boxes before headings: "(10) Part (13) Qty".

    Two or more in the row, and each once on the page: boxes that come again are those of one item after the other.
    """
    times = Counter(word.text for row in rows for word in row if BOX.fullmatch(word.text))
    once = {text for text, count in times.items() if count == 1}
    plain = [[word for word in row if word.text not in once] for row in rows]
    return [bare if bare and len(row) - len(bare) >= _boxes_min else row for row, bare in zip(rows, plain, strict=True)]


def with_whole_heads(rows: list[TextRow]) -> list[TextRow]:
    """The rows of a bent page with those headings moved up to their row that had slipped into the one below."""
    rows = [list(row) for row in rows]
    for head, other in pairwise(rows):
        if slipped := _slipped_headings(head, other):
            head[:] = sorted(head + slipped, key=lambda word: word.x0)
            other[:] = [word for word in other if not any(word is moved for moved in slipped)]
    return [row for row in rows if row]


def _slipped_headings(head: TextRow, other: TextRow) -> TextRow:
    """The words of the other row that head columns which `head` leaves free; none unless that row is a head itself."""
    here = cells_of(head)
    if sum(bool(cell.roles) and cell.meaning.known == 1 for cell in here) < 2 or re.search(r"[\d:]", text_of(head)):
        return []
    if not re.search(r"\d", text_of(other)) or middle(other) - middle(head) > 2.4 * head[0].height:
        return []
    slipped: TextRow = []
    for cell in cells_of(other):
        beside = cell.x1 < here[0].x0 or cell.x0 > here[-1].x1
        if beside and cell.meaning.known == 1 and cell.roles and not re.search(r"\d", cell.text):
            slipped += [word for word in other if cell.x0 <= word.xc <= cell.x1]
    tells = any(heading(word.text).roles[:1] not in ((), ("line",)) for word in slipped)
    return slipped if tells else []


def half_known_heads(rows: list[TextRow]) -> list[TableHead]:
    """Rows that look like a table's head although no heading that we know counts, or only one of very few does.

    What is under them must prove it: codes in every line, and counts that add up or are the only whole numbers.
    """
    found = []
    for first in range(len(rows)):
        if is_running_text(rows[first]):
            continue
        cells = cells_of(rows[first])
        known = [cell for cell in cells if cell.roles and cell.meaning.known == 1]
        named = any({"id", "description"} & set(cell.roles) for cell in known)
        if not named or len(known) < 0.5 * len(cells) or re.search(r"\d|:", text_of(rows[first])):
            continue
        silent = _silent_counts(rows[first + 1 : first + 1 + _body_rows_max], cells)
        if len(cells) >= 3 or (len(cells) == 2 and len(known) == 2 and silent):
            found.append(TableHead(first, 1, silent + cells, 0.0))
    return found


def _silent_counts(body: list[TextRow], cells: list[HeadCell]) -> list[HeadCell]:
    """A heading for the counts that stand under none, left of the first: "4 x" before the name, line after line."""
    last = cells[-1]
    lines = [row for row in body if any(word.x0 < last.x1 and word.x1 > last.x0 for word in row)]
    firsts = [[word for word in row if word.x1 <= cells[0].x0][:2] for row in lines]
    counts = [words for words in firsts if words and re.fullmatch(r"\d{1,5}(?: ?[x×])?", text_of(words))]
    texts = [words[0].text for words in counts]
    if len(counts) < max(2, 0.6 * len(lines)) or (is_running(texts) and len(counts[0]) < 2):
        return []
    x0, x1 = min(words[0].x0 for words in counts), max(words[-1].x1 for words in counts)
    return [HeadCell("", x0, x1, Heading(("quantity",), 1.0))]


def _end(readings: list[TableHead], rows: list[TextRow]) -> int:
    """The row behind the longest of a head's readings; one with numbers in it must be as good as the best."""

    def is_plain(head: TableHead) -> bool:
        return not any(re.search(r"\d", text_of(row)) for row in rows[head.first : head.first + head.rows])

    return max(head.first + head.rows for head in readings if head.score > readings[0].score - 1 or is_plain(head))


def _readings(rows: list[TextRow], first: int) -> list[TableHead]:
    """The ways in which a head can begin in this row, best first."""
    readings: list[TableHead] = []
    for count in range(1, rows_max + 1):
        place = first + count - 1
        if place >= len(rows) or (count > 1 and _is_apart(rows[place - 1], rows[place])):
            break
        part = rows[first : place + 1]
        if all(is_running_text(row) for row in part):
            continue
        stripes = gutters(rows[place + 1 : place + 1 + _body_rows_max], part) if _may_head(part) else []
        for cuts in ([], stripes) if stripes else ([],):
            cells = _stacked([cells_of(row, cuts) for row in part])
            score = _score(cells)
            if score >= (_score_min_narrow if len(cells) <= 3 else _score_min):
                readings.append(TableHead(first, count, cells, score - _goes_on(rows, place)))
    return _distinct(sorted(readings, key=lambda head: -head.score))


def _may_head(part: list[TextRow]) -> bool:
    """Whether any word counts; spares the search for stripes under every row."""
    return any(COUNTS & set(heading(word.text).roles) for row in part for word in row)


def _distinct(readings: list[TableHead]) -> list[TableHead]:
    kept: dict[tuple[int, tuple[str, ...]], TableHead] = {}
    for head in readings:
        kept.setdefault((head.rows, tuple(cell.text for cell in head.cells)), head)
    return list(kept.values())


def _goes_on(rows: list[TextRow], place: int) -> float:
    """1 where the row behind still heads columns: two headings or more and no number."""
    if place + 1 >= len(rows) or _is_apart(rows[place], rows[place + 1]):
        return 0.0
    after = rows[place + 1]
    known = [cell for cell in cells_of(after) if cell.roles and cell.meaning.known == 1]
    return float(len(known) >= 2 and not re.search(r"\d", text_of(after)))


def _is_apart(upper: TextRow, lower: TextRow) -> bool:
    return middle(lower) - middle(upper) > 2.4 * median(word.height for word in upper)


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
        (x0, x1) for x0, x1, texts in columns if set(heading(" ".join(texts.values())).roles[:1]) & {*COUNTS, "later"}
    ]
    return any(x1 <= cell.x0 for _, x1 in counts) and any(x0 >= cell.x1 for x0, _ in counts)


def _overlap(cell: HeadCell, x0: float, x1: float) -> bool:
    return min(cell.x1, x1) - max(cell.x0, x0) > 0.15 * min(cell.x1 - cell.x0, x1 - x0)


def _score(cells: list[HeadCell]) -> float:
    """How much these cells are a table's head: -1 if there is no count or nothing to be counted."""
    firsts = {cell.roles[0] for cell in cells if cell.roles}
    every = {role for cell in cells for role in cell.roles}
    if not firsts & COUNTS or not every & {"id", "description"} or len(cells) < 2:
        return -1.0
    if len(cells) <= 3 and any(cell.meaning.known < 1 for cell in cells if len(cells) == 2 or not cell.roles):
        return -1.0
    if sum(cell.text.rstrip().endswith(":") for cell in cells) >= 0.5 * len(cells):
        return -1.0  # labels, each with its value below
    known = sum(1 for cell in cells if cell.roles and cell.roles[0] != "other")
    unknown = sum(1.0 + (len(cell.text) > 24) + bool(re.search(r"\d", cell.text)) for cell in cells if not cell.roles)
    numbered = sum(bool(re.search(r"(?<![\w-])\d", cell.text)) for cell in cells if cell.roles)
    half_known = sum(1 - cell.meaning.known for cell in cells if cell.roles)
    return (
        known
        + len(firsts - {"other"})
        + 3 * ("id" in every)
        + ({"ordered", "shipped"} <= firsts)
        + ("description" in every)
        - 1.2 * unknown
        - 1.5 * half_known
        - 1.5 * numbered
        - 0.35 * len(cells)
    )
