"""A table's rows become lines: each count with its code, its description and its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .anchors import Anchor, Reread, anchors, block
from .codes import Found, codes, with_overlooked
from .columns import GridRow, grid
from .headings import HeadCell
from .kinds import Row, Word
from .table import Table, choose_columns
from .totals import is_total

_columns_max = 24


@dataclass(slots=True)
class Draft:
    """A line as it was found, before its confidence is judged. `doubts`: how many guesses it took."""

    item_id: str
    qty: Decimal
    description: str
    words: list[Word]
    score: float
    has_code: bool = True
    doubts: int = 0


def table_lines(rows: list[Row], cells: list[HeadCell], comma: bool, reread: Reread | None = None) -> list[Draft]:
    """The lines of the table under the headings `cells`."""
    if not rows or not 2 <= len(cells) <= _columns_max:
        return []
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
    choose_columns(table)
    return _lines(table, reread) if table.count is not None else []


def _side_by_side(cells: list[HeadCell]) -> tuple[list[HeadCell], list[HeadCell]] | None:
    """The two halves of a head that says everything twice."""
    half = len(cells) // 2
    if len(cells) < 4 or len(cells) % 2:
        return None
    left, right = cells[:half], cells[half:]
    same = all(a.roles == b.roles and a.roles for a, b in zip(left, right, strict=True))
    return (left, right) if same and len({cell.roles for cell in left}) > 1 else None


def _lines(table: Table, reread: Reread | None) -> list[Draft]:
    found = anchors(table, reread)
    if reread:
        found = with_overlooked(table, found, reread)
    blocks = [[table.rows[number] for number in block(table, found, place)] for place in range(len(found))]
    here = [table.rows[anchor.row] for anchor in found]
    named = _without_positions(table, codes(table, list(zip(here, blocks, strict=True))))
    drafts = (_draft(table, *parts) for parts in zip(found, here, blocks, named, strict=True))
    return [draft for draft in drafts if draft is not None]


def _without_positions(table: Table, found: list[Found]) -> list[Found]:
    """The codes without the line numbers that were printed up against them ("1TB100", "2TB200")."""
    heads_line = any("line" in cell.roles or re.match(r"(?i)pos|#|ln|lfd|nr", cell.text) for cell in table.cells)
    line_columns = table.columns("line")
    if not heads_line or any(row.text(number) for row in table.counted() for number in line_columns):
        return found
    for step in (1, 10):
        numbers = [str(step * (n + 1)) for n in range(len(found))]
        stripped = [
            re.sub(rf"^0{{0,4}}{number}[.)]?", "", one.code or "") for one, number in zip(found, numbers, strict=True)
        ]
        if found and all(
            one.code and rest != one.code and len(rest) >= 3 for one, rest in zip(found, stripped, strict=True)
        ):
            return [Found(rest, max(1, one.doubts)) for one, rest in zip(found, stripped, strict=True)]
    return found


def _draft(table: Table, anchor: Anchor, here: GridRow, rows: list[GridRow], named: Found) -> Draft | None:
    if anchor.qty <= 0:
        return None
    description = _description(table, rows, named.code)
    if is_total(f"{named.code or ''} {description}".strip()) or is_total(description):
        return None
    words = [word for row in rows for word in row.words] if len(rows) <= 8 else here.words
    if named.code is None:
        if not re.search(r"[^\W\d]{3}", description):
            return None
        return Draft(description, anchor.qty, description, words, anchor.score, has_code=False, doubts=2)
    own = [word.score for row in rows for word in row.words if named.code in word.text or word.text in named.code]
    score = min([anchor.score, *own[:1]])
    doubts = named.doubts + anchor.doubts + table.doubts + (not description)
    return Draft(named.code, anchor.qty, description, words, score, doubts=doubts)


def _description(table: Table, rows: list[GridRow], code: str | None) -> str:
    """The description's lines joined, without the code."""
    column = table.description if table.description is not None else table.code
    text = " ".join(row.text(column) for row in rows if row.text(column))
    if code and code in text:
        text = re.sub(
            rf"(?:\b(?:sku|item|part)[ #:.no]*)?[\[(*]?{re.escape(code)}[\])*]?", " ", text, count=1, flags=re.I
        )
    return " ".join(text.split()).strip(" -–:")[:300]
