"""Rows that say from which lots a line's count was taken: they add up to it and are no lines of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from . import ids
from .columns import GridRow
from .rows import text_of

_lines_min = 2
_share_min = 0.6

Count = Callable[[GridRow], "Decimal | None"]


def lot_rows(rows: Sequence[GridRow], count: Count) -> set[int]:
    """The numbers of the rows that part the count of a fuller row above them.

    Rows labelled as lots need to do so under most lines, others under all, and more than one under some line.
    """
    counted = [n for n, row in enumerate(rows) if count(row) is not None]
    split = {n: parts for place, n in enumerate(counted) if (parts := _parts(rows, counted, place, count))}
    lots = {part for parts in split.values() for part in parts}
    lines = [n for n in counted if n not in lots]
    split = {n: parts for n, parts in split.items() if n in lines}
    labelled = bool(split) and all(any(map(_is_labelled, (rows[part] for part in parts))) for parts in split.values())
    several = any(len(parts) > 1 for parts in split.values())
    few = _share_min * len(lines) if labelled else max(_lines_min, len(lines)) if several else float("inf")
    return {part for parts in split.values() for part in parts} if len(split) >= few else set()


def _parts(rows: Sequence[GridRow], counted: Sequence[int], place: int, count: Count) -> list[int]:
    """The counted rows right behind one that fill some of its columns only, if they add up to its count."""
    whole = rows[counted[place]]
    wanted, parts, total = count(whole), [], Decimal(0)
    for n in counted[place + 1 :]:
        if not set(rows[n].cells) < set(whole.cells):
            break
        parts.append(n)
        total += count(rows[n]) or Decimal(0)
    return parts if parts and total == wanted else []


def _is_labelled(row: GridRow) -> bool:
    """Whether the row tells a lot, a batch, a serial number."""
    words = [word.text for word in row.words]
    return any(ids.is_another_number(" ".join(words[:n])) for n in range(1, len(words))) and bool(text_of(row.words))
