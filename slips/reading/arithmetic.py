"""What counts must do among themselves: what was ordered is what was shipped and what is still to follow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations

_rows_min = 3
_holds_share_min = 0.8


def shipped(columns: Sequence[Mapping[Hashable, Decimal]]) -> int | None:
    """The column that was shipped, of columns that give each row's count by the row's key; None if none balances.

    An empty cell of what is to follow means none. Of the two parts the shipped one stands first, as everywhere.
    """
    best: tuple[int, int] | None = None
    for whole, part, rest in permutations(range(len(columns)), 3):
        if part > rest:
            continue
        holds = _balanced_rows(columns[whole], columns[part], columns[rest])
        if holds and (best is None or holds > best[0]):
            best = (holds, part)
    return best[1] if best else None


def _balanced_rows(
    whole: Mapping[Hashable, Decimal], part: Mapping[Hashable, Decimal], rest: Mapping[Hashable, Decimal]
) -> int:
    """In how many rows whole = part + rest; 0 where it fails too often or says nothing."""
    rows = [row for row in whole if row in part]
    holds = sum(whole[row] == part[row] + rest.get(row, Decimal(0)) for row in rows)
    tells = any(rest.get(row) for row in rows) and any(part[row] for row in rows)
    if len(rows) < _rows_min or not tells or holds < _holds_share_min * len(rows):
        return 0
    return holds
