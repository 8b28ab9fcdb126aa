"""A table's rows become lines: each count with its code, its description and its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from .anchors import Anchor, Reread, anchors, block
from .codes import Found, codes, with_overlooked
from .columns import GridRow, grid, put_under_shipped, slipped_back, unheaded
from .evidence import Evidence, holds_numbers, may_count_otherwise
from .flatten import guessed_score_max
from .halves import parted, side_by_side
from .heading_cells import HeadCell
from .ids import shape
from .kinds import TextRow, Word
from .misread import mended
from .table import Table, choose_columns
from .totals import is_total
from .vocabulary import is_label

_columns_max = 24
_GLUED_WORD = re.compile(r"(?<=\d)[-.,:;][^\W\d_]{4,}$")
_LONE_NUMBER = re.compile(r"\d{1,6}[.)]?")


@dataclass(slots=True)
class UnjudgedLine:
    """A line as it was found, before its confidence is judged. `doubts`: how many guesses it took."""

    item_id: str
    qty: Decimal
    description: str
    words: list[Word]
    score: float
    has_code: bool = True
    doubts: int = 0
    evidence: Evidence = field(default_factory=Evidence)


def table_lines(
    rows: list[TextRow], cells: list[HeadCell], comma: bool, reread: Reread | None = None
) -> list[UnjudgedLine]:
    """The lines of the table under the headings `cells`."""
    if not rows or not 2 <= len(cells) <= _columns_max:
        return []
    heads = side_by_side(cells)
    if heads:
        parts = parted(rows, heads)
        return [
            line for head, part in zip(heads, parts, strict=True) for line in table_lines(part, head, comma, reread)
        ]
    table = _laid_out(rows, cells, comma)
    choose_columns(table)
    return _lines(table, reread) if table.count is not None else []


def _laid_out(rows: list[TextRow], cells: list[HeadCell], comma: bool) -> Table:
    """The rows dealt out to columns; where a heading was overlooked and two counts fell together, to one more."""
    dealt = grid(rows, cells)
    missing = unheaded(cells, dealt)
    if missing:
        cells = sorted([*cells, *missing], key=lambda cell: cell.x0 + cell.x1)
        dealt = grid(rows, cells)
    return Table(put_under_shipped(cells, slipped_back(cells, dealt)), cells, comma)


def _lines(table: Table, reread: Reread | None) -> list[UnjudgedLine]:
    found = anchors(table, reread)
    if reread:
        found = with_overlooked(table, found, reread)
    blocks = [[table.rows[number] for number in block(table, found, place)] for place in range(len(found))]
    here = [table.rows[anchor.row] for anchor in found]
    named = _without_positions(table, codes(table, list(zip(here, blocks, strict=True))))
    rival = may_count_otherwise(table, here)
    if reread:
        named = _without_next_word(named)
    drafts = []
    for parts in zip(found, here, blocks, named, strict=True):
        draft = _draft(table, *parts)
        if draft is not None:
            draft.evidence = _evidence(table, parts[1], parts[3], rival, by_ocr=reread is not None)
            drafts.append(draft)
    if reread:
        _mend(drafts)
    return drafts


def _mend(drafts: list[UnjudgedLine]) -> None:
    """Codes with signs misread are brought to the shape of the others; nobody is sure of them then."""
    coded = [draft for draft in drafts if draft.has_code]
    for draft, code in zip(coded, mended([(draft.item_id, draft.score) for draft in coded]), strict=True):
        if code != draft.item_id:
            draft.item_id = code
            draft.score = min(draft.score, guessed_score_max)


def _evidence(table: Table, here: GridRow, named: Found, rival: bool, *, by_ocr: bool) -> Evidence:
    count, code = (table.cells[n] if n is not None else None for n in (table.count, table.code))
    role = count.roles[0] if count and count.text and count.roles else None
    is_named = named.named and (code is None or bool(code.text))
    return Evidence(is_named, role, rival, _is_cut(table, here, named.code), by_ocr, holds_numbers(table))


def _is_cut(table: Table, here: GridRow, code: str | None) -> bool:
    """Whether a column that holds nothing but codes has more in the code's cell, no label and no brackets."""
    if table.code is None or not code or "description" in table.cells[table.code].roles:
        return False
    text = here.text(table.code)
    _, found, after = text.partition(code)
    return bool(found) and bool(re.search(r"\w", after)) and not re.search(r"[:(\[]", text)


def _without_positions(table: Table, found: list[Found]) -> list[Found]:
    """The codes without the line numbers that were printed up against them ("1TB100", "2TB200")."""
    heads_line = any("line" in cell.roles or re.match(r"(?i)pos|#|ln|lfd|nr", cell.text) for cell in table.cells)
    numbered = [row for row in table.counted() for n in table.columns("line") if _LONE_NUMBER.fullmatch(row.text(n))]
    if not heads_line or len(numbered) >= 0.5 * len(found):
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


def _without_next_word(found: list[Found]) -> list[Found]:
    """The codes without the word behind a dash or a stop from which the reader left out the blank: "JX.408-colour".

    Where no other code ends so: the few that do differ from all others by that word alone.
    """
    tails = [_GLUED_WORD.search(one.code or "") for one in found]
    others = {shape(one.code) for one, tail in zip(found, tails, strict=True) if one.code and not tail}
    return [
        Found(cut, max(1, one.doubts), one.named)
        if tail and shape(cut := (one.code or "")[: tail.start()]) in others
        else one
        for one, tail in zip(found, tails, strict=True)
    ]


def _draft(table: Table, anchor: Anchor, here: GridRow, rows: list[GridRow], named: Found) -> UnjudgedLine | None:
    if anchor.qty <= 0 or (named.code and is_label(named.code)):
        return None
    description = _description(table, rows, named.code)
    if is_total(f"{named.code or ''} {description}".strip()) or is_total(description):
        return None
    words = [word for row in rows for word in row.words] if len(rows) <= 8 else here.words
    if named.code is None:
        if not re.search(r"[^\W\d]{3}", description):
            return None
        return UnjudgedLine(description, anchor.qty, description, words, anchor.score, has_code=False, doubts=2)
    own = [word.score for row in rows for word in row.words if named.code in word.text or word.text in named.code]
    score = min([anchor.score, *own[:1]])
    doubts = named.doubts + anchor.doubts + table.doubts + (not description and table.description is not None)
    return UnjudgedLine(named.code, anchor.qty, description, words, score, doubts=doubts)


def _description(table: Table, rows: list[GridRow], code: str | None) -> str:
    """The description's lines joined, without the code."""
    column = table.description if table.description is not None else table.code
    text = " ".join(row.text(column) for row in rows if row.text(column))
    if code and code in text:
        text = re.sub(
            rf"(?:\b(?:sku|item|part|art|artikel|ref|réf|code|mpn)[ #:.no]*)?[\[(*]?{re.escape(code)}[\])*]?",
            " ",
            text,
            count=1,
            flags=re.I,
        )
    return " ".join(text.split()).strip(" -–:")[:300]
