"""A table's rows become lines: which column counts, where each line begins and ends, what its code is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from . import ids, numbers
from .columns import Cell, GridRow, grid
from .headings import HeadCell
from .kinds import Row, Word
from .rows import text_of
from .totals import is_total, is_total_cell


@dataclass(slots=True)
class Draft:
    """A line as it was found, before its confidence is judged."""

    item_id: str
    qty: Decimal
    description: str
    words: list[Word]
    score: float
    has_code: bool = True
    doubts: int = 0
    """How many steps of reading it were guesses."""


@dataclass(slots=True)
class Table:
    """A table with the columns that matter, by number; None where it has none."""

    rows: list[GridRow]
    cells: list[HeadCell]
    comma: bool
    count: int | None = None
    code: int | None = None
    description: int | None = None
    unit: int | None = None
    line: int | None = None
    others: set[int] = field(default_factory=set)


Reread = Callable[[float, float, float, float], tuple[str, float]]
"""A second look at a place of the straightened page (x0, y0, x1, y1 in pixels): its text and score."""


def table_lines(rows: list[Row], cells: list[HeadCell], comma: bool, reread: Reread | None = None) -> list[Draft]:
    """The lines of the table under the headings `cells`."""
    halves = _side_by_side(cells)
    if halves:
        border = (halves[0][-1].x1 + halves[1][0].x0) / 2
        left = [[word for word in row if word.xc < border] for row in rows]
        right = [[word for word in row if word.xc >= border] for row in rows]
        return [
            line
            for half, part in zip(halves, (left, right), strict=True)
            for line in table_lines([row for row in part if row], half, comma, reread)
        ]
    table = Table(grid(rows, cells), cells, comma)
    _choose_columns(table)
    if table.count is None:
        return []
    return _lines(table)


def _side_by_side(cells: list[HeadCell]) -> tuple[list[HeadCell], list[HeadCell]] | None:
    """The two halves of a head that says everything twice."""
    half = len(cells) // 2
    if len(cells) < 4 or len(cells) % 2:
        return None
    left, right = cells[:half], cells[half:]
    same = all(a.roles == b.roles and a.roles for a, b in zip(left, right, strict=True))
    return (left, right) if same and len({cell.roles for cell in left}) > 1 else None


def _choose_columns(table: Table) -> None:
    table.count = _column(table, ("shipped", "quantity", "ordered"))
    table.code = _code_column(table)
    table.description = _column(table, ("description",), {table.count, table.code})
    table.unit = _column(table, ("unit",), {table.count})
    if table.code is None and table.description is None:
        table.description = _column(table, ("id",), {table.count})


def _column(table: Table, roles: tuple[str, ...], taken: set[int | None] = frozenset()) -> int | None:  # type: ignore[assignment]
    """The first column with the first of these roles that any has."""
    for role in roles:
        for first_only in (True, False):
            for number, cell in enumerate(table.cells):
                means = cell.roles[:1] if first_only else cell.roles
                if role in means and number not in taken:
                    return number
    return None


def _code_column(table: Table) -> int | None:
    """The column whose contents look most like codes, among those whose headings allow it."""
    best: tuple[float, int] | None = None
    for number, cell in enumerate(table.cells):
        if "id" not in cell.roles or number == table.count:
            continue
        values = [row.text(number) for row in table.rows if row.text(number)]
        if not values:
            continue
        worth = _codeness(values) + 0.4 * (cell.roles[0] == "id") + 0.2 * _is_ours(cell.text) - 0.01 * number
        if "description" in cell.roles:
            worth -= 0.2
        if best is None or worth > best[0]:
            best = (worth, number)
    return best[1] if best else None


def _codeness(values: list[str]) -> float:
    """The share of values that are one code or hold one, less if they only count up."""
    first = [ids.cleaned(value.split()[0]) for value in values]
    if is_running(first):
        return -1.0
    good = sum(bool(ids.looks_like_code(token) or ids.labelled(value)) for token, value in zip(first, values, strict=True))
    return good / len(values)


def is_running(values: list[str]) -> bool:
    """1, 2, 3 … or 10, 20, 30 …: the numbers of the lines."""
    steps = [int(value.rstrip(".")) for value in values if re.fullmatch(r"\d{1,4}\.?", value)]
    if len(steps) < max(2, 0.6 * len(values)):
        return bool(len(values) == 1 and re.fullmatch(r"0{0,3}10?\.?", values[0]))
    rises = [b - a for a, b in zip(steps, steps[1:], strict=False)]
    return sum(rise in (1, 5, 10, 100) for rise in rises) >= 0.8 * len(rises)


def _is_ours(heading: str) -> bool:
    return not re.search(r"(?i)customer|cust|your|ihre|kunde|mfr|mfg|manuf|model|votre|su ref|ean|gtin|upc", heading)


@dataclass(slots=True)
class _Anchor:
    """A row that counts something."""

    row: int
    qty: Decimal
    score: float
    doubts: int = 0


def _lines(table: Table) -> list[Draft]:
    anchors = _anchors(table)
    drafts = []
    for place, anchor in enumerate(anchors):
        block = _block(table, anchors, place)
        draft = _draft(table, anchor, block)
        if draft is not None and anchor.qty > 0:
            drafts.append(draft)
    return drafts


def _anchors(table: Table) -> list[_Anchor]:
    """The rows with a count, up to the table's end."""
    anchors: list[_Anchor] = []
    ended = False
    for number, row in enumerate(table.rows):
        text = text_of(row.words)
        if is_total(text) or is_total_cell([cell.text for cell in row.cells.values()]):
            ended = ended or bool(anchors)
            continue
        anchor = _anchor(table, number, row)
        if anchor is None:
            continue
        code = row.text(table.code)
        if ended and not (code and ids.looks_like_code(ids.cleaned(code.split()[0]))):
            continue
        if anchors and _is_far_below(table, anchors, row) and not code:
            break
        anchors.append(anchor)
    return anchors


def _is_far_below(table: Table, anchors: list[_Anchor], row: GridRow) -> bool:
    ys = [table.rows[anchor.row].y for anchor in anchors]
    pitch = median([b - a for a, b in zip(ys, ys[1:], strict=False)]) if len(ys) > 1 else 0.0
    height = median(word.height for word in row.words)
    return row.y - ys[-1] > max(5 * pitch, 14 * height)


def _anchor(table: Table, number: int, row: GridRow) -> _Anchor | None:
    assert table.count is not None
    cell = row.cells.get(table.count)
    if cell is not None:
        qty = numbers.quantity(cell.text, table.comma)
        if qty is not None:
            return _Anchor(number, qty, cell.score)
        qty = numbers.quantity_misread(cell.text, table.comma)
        if qty is not None and row.text(table.code):
            return _Anchor(number, qty, cell.score, doubts=2)
        return None
    unit = row.text(table.unit)
    if re.match(r"\d[\d.,]*\s*[A-Za-z]{1,8}\.?$", unit):
        qty = numbers.quantity(unit, table.comma)
        return None if qty is None else _Anchor(number, qty, row.cells[table.unit].score, doubts=1)  # type: ignore[index]
    return None


def _block(table: Table, anchors: list[_Anchor], place: int) -> list[int]:
    """The rows that belong to an anchor: from it to the next, less what stands nearer to the next."""
    first = anchors[place].row
    last = anchors[place + 1].row if place + 1 < len(anchors) else min(len(table.rows), first + 7)
    before = anchors[place - 1].row if place else -1
    above = _split(table, before, first) if place else _lead(table, first)
    below = _split(table, first, last) if place + 1 < len(anchors) else _tail(table, first, last)
    return list(range(above, below))


def _split(table: Table, upper: int, lower: int) -> int:
    """The first row between two anchors that belongs to the lower one."""
    if lower - upper <= 1:
        return lower
    ys = [table.rows[n].y for n in range(upper, lower + 1)]
    gaps = [b - a for a, b in zip(ys, ys[1:], strict=False)]
    widest = max(range(len(gaps)), key=lambda n: gaps[n])
    others = [gap for n, gap in enumerate(gaps) if n != widest]
    if others and gaps[widest] > 1.25 * max(others):
        return upper + 1 + widest
    return lower


def _lead(table: Table, first: int) -> int:
    """The rows above the first anchor that belong to it: those that stand close."""
    height = median(word.height for word in table.rows[first].words)
    start = first
    while start > 0 and first - start < 3 and table.rows[start].y - table.rows[start - 1].y < 1.7 * height:
        start -= 1
    return start


def _tail(table: Table, first: int, last: int) -> int:
    height = median(word.height for word in table.rows[first].words)
    end = first + 1
    while end < last:
        row = table.rows[end]
        if row.y - table.rows[end - 1].y > 3.2 * height or is_total(text_of(row.words)):
            break
        end += 1
    return end


def _draft(table: Table, anchor: _Anchor, block: list[int]) -> Draft | None:
    rows = [table.rows[number] for number in block]
    here = table.rows[anchor.row]
    code, doubts = _code(table, here, rows)
    description = _description(table, here, rows, code)
    if is_total(f"{code or ''} {description}".strip()):
        return None
    words = [word for row in rows for word in row.words] if len(rows) <= 6 else here.words
    score = min([anchor.score, *(word.score for word in here.words if code and code in word.text)])
    if code is None:
        if not description or not re.search(r"[^\W\d]{3}", description):
            return None
        return Draft(description, anchor.qty, description, words, score, has_code=False, doubts=2)
    return Draft(code, anchor.qty, description, words, score, doubts=doubts + anchor.doubts)


def _code(table: Table, here: GridRow, rows: list[GridRow]) -> tuple[str | None, int]:
    """The line's code and how much of a guess it is."""
    own = _code_in_cell(here.text(table.code)) if table.code is not None else None
    if own and re.search(r"\d", own):
        return own, 0
    texts = [(row, row.text(column)) for row in rows for column in (table.code, table.description) if row.text(column)]
    for _, text in texts:
        code = ids.labelled(text)
        if code:
            return code, 0
    for (_, text), (_, after) in zip(texts, texts[1:], strict=False):
        if ids.label_waits(text) and ids.looks_like_code(ids.cleaned(after.split()[0])):
            return ids.cleaned(after.split()[0]), 0
    if own and table.description is not None and table.code != table.description and len(own) >= 3:
        return own, 1
    for row in rows:
        text = row.text(table.code)
        if row is not here and text and ids.looks_like_code(ids.cleaned(text.split()[0])):
            return ids.cleaned(text.split()[0]), 1
    for row, text in texts:
        if row is not here and " " not in text and len(text) >= 4 and ids.looks_like_code(ids.cleaned(text)):
            return ids.cleaned(text), 1
    return ids.first_code(here.text(table.description)), 2


def _code_in_cell(text: str) -> str | None:
    """The code in an id column's cell: the cell, or the token of it that looks like one."""
    if not text:
        return None
    code = ids.labelled(text)
    if code:
        return code
    tokens = [ids.cleaned(token) for token in text.split()]
    if len(tokens) == 1:
        return tokens[0] or None
    for token in tokens:
        if ids.looks_like_code(token):
            return token
    return text if len(text) <= 24 and re.search(r"\d", text) else None


def _description(table: Table, here: GridRow, rows: list[GridRow], code: str | None) -> str:
    """The description's lines joined, without the code."""
    column = table.description if table.description is not None else table.code
    parts = [row.text(column) for row in rows if row.text(column)]
    text = " ".join(parts if rows else [here.text(column)])
    if code:
        text = re.sub(rf"[\[(*]?{re.escape(code)}[\])*]?", " ", text, count=1) if column == table.code or code in text else text
    return " ".join(text.split())[:300]
