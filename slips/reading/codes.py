"""Where a table keeps its items' codes: in a column, behind a label, alone on a row, at either end of the text.

Each way is tried on every line; the first that works for most of them is the table's way.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from . import ids
from .anchors import Anchor, Reread, lines_apart, second_anchor
from .columns import GridRow
from .rows import text_of
from .table import Table, rivals

Way = Callable[[Table, GridRow, list[GridRow]], "str | None"]
"""Table, the row with the count, the rows of the line → the code or None."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line's code, None if it has none, and how much of a guess it is."""

    code: str | None
    doubts: int
    named: bool = False
    """Whether a heading, a label or brackets say that it is one."""


def codes(table: Table, blocks: list[tuple[GridRow, list[GridRow]]]) -> list[Found]:
    """The code of each line (the row with its count, all its rows)."""
    tried = [[way(table, here, rows) for here, rows in blocks] for way in _WAYS]
    shares = [sum(code is not None for code in column) / max(1, len(blocks)) for column in tried]
    usual = [n for n, share in enumerate(shares) if share >= _most]
    own = [n for n in usual if n < _SURE and _share_of_own(tried[n]) >= _most]
    main = next(iter(own or usual), None)
    if main == 0 and shares[1] >= _most and not _is_named(table):
        main = 1  # what a label or brackets say is surer than a column whose heading does not say that it names items
    if main is None:
        main = max(range(_SURE), key=lambda n: shares[n])
    order = [main, *(n for n in range(_SURE) if n != main)]
    found = []
    for line in range(len(blocks)):
        n = next((n for n in order if tried[n][line] is not None), None)
        guessed = n == 0 and (not _is_named(table) or (_are_trade_numbers(tried[0]) and bool(rivals(table))))
        named = n is not None and _WAYS[n] in _NAMING and (n or _is_named(table))
        found.append(Found(None, 2) if n is None else Found(tried[n][line], _doubts(n, main) + guessed, bool(named)))
    return _without_stuck_words(found)


def _without_stuck_words(found: list[Found]) -> list[Found]:
    """The codes without the word of the description that was read as part of one: "3003.36.04.BISAGRA"."""
    told = [one.code for one in found if one.code]
    bare = [ids.without_word(one.code, told) if one.code else None for one in found]
    return [
        one if code == one.code else replace(one, code=code, doubts=one.doubts + 1)
        for one, code in zip(found, bare, strict=True)
    ]


def with_overlooked(table: Table, found: list[Anchor], reread: Reread) -> list[Anchor]:
    """The anchors with those added whose count the reader overlooked: rows placed before a code as the others are."""
    if len(found) < 2:
        return found
    for way in (_labelled, _alone):
        coded = [n for n, row in enumerate(table.rows) if way(table, _NO_ROW, [row])]
        offsets = Counter(n - anchor.row for anchor in found for n in coded if 0 <= n - anchor.row <= 3)
        if len(coded) <= 2 or not offsets:
            continue
        offset, times = offsets.most_common(1)[0]
        taken = {anchor.row for anchor in found}
        if times >= 0.5 * len(found):
            missing = [n - offset for n in coded if n >= offset and n - offset not in taken]
            return _with_second_looks(table, found, missing, reread)
    return found


def _with_second_looks(table: Table, found: list[Anchor], missing: list[int], reread: Reread) -> list[Anchor]:
    """The anchors with those of the `missing` rows that hold a count after all; none nearer than lines stand here."""
    ys = [table.rows[anchor.row].y for anchor in found]
    apart = lines_apart(ys)
    more: list[Anchor] = []
    for n in missing:
        row = table.rows[n]
        if table.count in row.cells or min(abs(row.y - y) for y in ys) < apart:
            continue
        if anchor := second_anchor(table, n, row, reread):
            more.append(anchor)
            ys.append(row.y)
    return sorted([*found, *more], key=lambda anchor: anchor.row)


def _is_named(table: Table) -> bool:
    """Whether the heading says that the column names items: plainly, or as no other column of codes can."""
    if table.code is None:
        return False
    if table.role(table.code) == "id":
        return True
    return "id" in table.cells[table.code].roles and not rivals(table)


def _share_of_own(found: list[str | None]) -> float:
    """The share of lines with a code of the seller's own."""
    return sum(code is not None and not ids.is_trade_number(code) for code in found) / max(1, len(found))


def _are_trade_numbers(found: list[str | None]) -> bool:
    return ids.are_trade_numbers([code for code in found if code])


_most = 0.6
_NO_ROW = GridRow(0.0, {}, [])


def _doubts(way: int, main: int) -> int:
    return (0 if way == main else 1) + (1 if way >= _SURE else 0)


def _in_column(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The cell in the id column beside the count, with what was broken off it onto the next row."""
    if table.code is None:
        return None
    text = here.text(table.code)
    if table.has_numbers and re.match(r"\d{1,5}[.)]? ", text):
        text = text.partition(" ")[2]
    code = text if text and (table.has_blanks or (table.has_codes_only and ids.is_spaced(text))) else ids.in_cell(text)
    if code and code[-1] in "-/":
        below = [row.text(table.code) for row in rows if row.y > here.y and row.text(table.code)]
        code += next((ids.cleaned(more) for more in below if " " not in more), "")
    return code


def _in_column_nearby(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The cell in the id column of another row of the line."""
    if table.code is None:
        return None
    cells = [code for row in rows if (code := ids.in_cell(row.text(table.code))) and ids.looks_like_code(code)]
    alone = [text for row in rows if (text := ids.alone(row.text(table.code))) and not ids.is_trade_number(text)]
    return next(iter(alone), next(iter(cells), None))


def _labelled(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """Behind a label or in brackets, in the text of the line."""
    for text in _texts(table, rows):
        code = ids.labelled(text)
        if code:
            return code
    return None


def _below_label(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """On the row after one that ends with a label."""
    texts = _texts(table, rows)
    for text, after in itertools.pairwise(texts):
        code = ids.cleaned(after.split()[0])
        if ids.label_waits(text) and ids.looks_like_code(code):
            return code
    return None


def _labelled_anywhere(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """Behind a label, whatever column it was dealt out to."""
    return next((code for row in rows if (code := ids.labelled(text_of(row.words)))), None)


def _alone(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The whole of a row of its own."""
    for row in rows:
        if row is not here and len(row.cells) <= 1 and (code := ids.alone(row.text(table.description))):
            return code
    return None


def _dashed(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The beginning of the text beside the count, before a dash."""
    return next((code for n in (table.description, table.code) if (code := ids.dashed(here.text(n)))), None)


def _leading(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The beginning of the text beside the count."""
    return ids.leading(here.text(table.description))


def _leading_nearby(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The beginning of another row of the text."""
    texts = (row.text(table.description) for row in rows if row is not here)
    return next((code for text in texts if (code := ids.leading(text))), None)


def _trailing(table: Table, here: GridRow, rows: list[GridRow]) -> str | None:
    """The last word of the text beside the count."""
    words = here.text(table.description).split()
    return ids.leading(words[-1]) if len(words) > 1 else None


def _texts(table: Table, rows: list[GridRow]) -> list[str]:
    columns = sorted({n for n in (table.code, table.description) if n is not None})
    return [row.text(column) for row in rows for column in columns if row.text(column)]


_WAYS: tuple[Way, ...] = (
    _in_column,
    _labelled,
    _below_label,
    _labelled_anywhere,
    _in_column_nearby,
    _alone,
    _dashed,
    _leading,
    _leading_nearby,
    _trailing,
)
_SURE = 6
"""The first so many ways need no majority."""
_NAMING = (_in_column, _labelled, _below_label, _labelled_anywhere)
