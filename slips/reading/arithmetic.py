"""What counts must do among themselves: what was ordered is what was shipped and what is still to follow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Any

Counts = Mapping[Any, Decimal]
_rows_min = 3
_packed_rows_min = 2
_holds_share_min = 0.8
_doubt_share_min = 0.6
"""Rows that break what so many others keep are doubted; to choose a column by it takes more."""


def shipped(columns: Sequence[Counts]) -> int | None:
    """The column that was shipped, of columns that give each row's count by the row's key; None if none balances.

    An empty cell of what is to follow means none. Of the two parts the shipped one stands first, as everywhere.
    """
    found = _balance(columns)
    return found[1] if found else None


def packed(columns: Sequence[Counts]) -> list[tuple[int, int, int]]:
    """Every three columns of which the first, the packs, times the second, what each holds, is the third."""
    found = []
    for each, packs, whole in permutations(range(len(columns)), 3):
        rows = columns[each].keys() & columns[packs].keys() & columns[whole].keys()
        holds = sum(columns[each][row] * columns[packs][row] == columns[whole][row] for row in rows)
        tells = any(columns[each][row] > 1 and columns[packs][row] > 1 for row in rows)
        if each < packs and tells and holds >= max(_packed_rows_min, _holds_share_min * len(columns[whole])):
            found.append((packs, each, whole))
    return found


def unbalanced(columns: Sequence[Counts]) -> set[Hashable] | None:
    """The rows that break the balance which the others keep; None if the columns keep none."""
    found = _balance(columns, _doubt_share_min)
    if found is None:
        return None
    whole, part, rest = (columns[number] for number in found)
    broken = {row for row in {*whole, *part} if whole.get(row) != part.get(row, Decimal(0)) + rest.get(row, Decimal(0))}
    return {row for row in broken if not _adds_up_with_all(columns, whole, row)}


def _adds_up_with_all(columns: Sequence[Counts], whole: Counts, row: Hashable) -> bool:
    """Whether what was ordered is all of the others together: with what was shipped before, too."""
    others = [column.get(row, Decimal(0)) for column in columns if column is not whole]
    return len(others) > 2 and whole.get(row) == sum(others)


def _balance(columns: Sequence[Counts], share: float = _holds_share_min) -> tuple[int, int, int] | None:
    """The whole, the part shipped and the rest, by number."""
    best: tuple[int, tuple[int, int, int]] | None = None
    for whole, part, rest in permutations(range(len(columns)), 3):
        holds = _balanced_rows(columns[whole], columns[part], columns[rest], share) if part < rest else 0
        if holds and (best is None or holds > best[0]):
            best = (holds, (whole, part, rest))
    return best[1] if best else None


def _balanced_rows(whole: Counts, part: Counts, rest: Counts, share: float) -> int:
    """In how many rows whole = part + rest; 0 where it fails too often or says nothing."""
    rows = [row for row in whole if row in part]
    holds = sum(whole[row] == part[row] + rest.get(row, Decimal(0)) for row in rows)
    tells = any(rest.get(row) for row in rows) and any(part[row] for row in rows)
    if len(rows) < _rows_min or not tells or holds < share * len(rows):
        return 0
    return holds
