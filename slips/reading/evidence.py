"""What speaks for and against a table's reading: other columns that may be the counts, arithmetic, the headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from . import arithmetic, ids, numbers
from .columns import GridRow
from .table import COUNTING, Table, multiplies
from .vocabulary import Role, says_now

_filled_share_min = 0.3
_whole_share_min = 0.8
_alike_share_min = 0.3
"""A column that says the same as the counts in so many rows, and not in all, counts the same things."""
_proof_share_min = 0.6
_proof_rows_min = 2
_MONEY = re.compile(r"[$€£¥]|[.,]\d{2}(?!\d)")
_TOLD: frozenset[Role] = frozenset({"money", "unit", "line", "later", "id", "description"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a line beside how it was read. The default is that of a list without headings."""

    code_named: bool = False
    """Whether a heading, a label or brackets say plainly that this is the item's code: it may then look like none."""
    count_role: Role | None = None
    """What the heading over the count says."""
    rival: bool = False
    """Whether another column may as well be the count, and no arithmetic decides."""
    cut: bool = False
    """Whether the code is only a part of what stands in its cell."""
    by_ocr: bool = False
    head_numbered: bool = False
    """Whether what was taken for the headings holds numbers, as the rows below do."""


def may_count_otherwise(table: Table, here: list[GridRow]) -> bool:
    """Whether the rows `here`, which hold the counts, hold others that may be meant, and nothing proves ours."""
    if table.count is None or _is_proved(table, here):
        return False
    ours = _told(table, here, table.count)
    return any(_rivals(table, here, ours, n) for n in range(len(table.cells)) if n not in (table.count, table.code))


def holds_numbers(table: Table) -> bool:
    """Whether a heading holds a number as codes and counts are, not that of a field or a column."""
    return any(re.search(r"\d{3}|\d[.,/-]\d", cell.text) for cell in table.cells)


def _is_proved(table: Table, here: list[GridRow]) -> bool:
    """Whether arithmetic says so: counts times prices are amounts, packs times what each holds the counts, or the sum.

    What was ordered has two parts that are alike to arithmetic; it does not tell what came before from what comes now.
    """
    enough = max(_proof_rows_min, _proof_share_min * len(here))
    if table.count is None or multiplies(table) >= enough or _packs_hold(table, here) >= enough:
        return table.count is not None
    if sum(table.role(n) == table.role(table.count) for n in range(len(table.cells))) > 1:
        return False
    columns = [
        n
        for n, cell in enumerate(table.cells)
        if not cell.roles or not cell.text or table.role(n) in (*COUNTING, "later")
    ]
    balanced = arithmetic.shipped([_told(table, here, n) for n in columns])
    return balanced is not None and columns[balanced] == table.count


def _packs_hold(table: Table, here: list[GridRow]) -> int:
    """In how many rows, at most, the count is two other numbers multiplied, none of them 1."""
    told = [_told(table, here, n) for n in range(len(table.cells))]
    ours = told[table.count] if table.count is not None else {}
    pairs = combinations([column for n, column in enumerate(told) if n != table.count], 2)
    holds = (sum(_is_product(count, a.get(row), b.get(row)) for row, count in ours.items()) for a, b in pairs)
    return max(holds, default=0)


def _is_product(whole: Decimal, packs: Decimal | None, each: Decimal | None) -> bool:
    return packs is not None and each is not None and packs > 1 and each > 1 and packs * each == whole


def _rivals(table: Table, here: list[GridRow], ours: dict[int, Decimal], column: int) -> bool:
    """Whether the column may be the count instead, by its heading and by its numbers."""
    texts = [text for row in here if (text := row.text(column))]
    theirs = _told(table, here, column)
    if _is_told(table, column, texts) or theirs == ours or ids.is_running(texts) or _are_sizes(texts):
        return False
    if len(texts) < _filled_share_min * len(here) or len(theirs) < _whole_share_min * len(texts):
        return False
    role, chosen = table.role(column), table.role(table.count) if table.count is not None else None
    if role == chosen and _is_of_now(table, column):
        return False
    if role in COUNTING:
        return chosen not in COUNTING or COUNTING.index(role) <= COUNTING.index(chosen)
    if role != "other" and not _says_shipped(table):
        return True
    alike = sum(theirs.get(row) == count for row, count in ours.items())
    return alike >= _alike_share_min * len(here)


def _is_told(table: Table, column: int, texts: list[str]) -> bool:
    """Whether the heading says that these are no counts; whole numbers are hardly money."""
    role, known = table.role(column), table.cells[column].meaning.known
    if role == "id":
        return True
    return role in _TOLD and known == 1 and (role != "money" or any(_MONEY.search(text) for text in texts))


def _is_of_now(table: Table, other: int) -> bool:
    """Whether only our heading, not the other, says that it is of this delivery."""
    count = table.cells[table.count] if table.count is not None else None
    return count is not None and says_now(count.text) and not says_now(table.cells[other].text)


def _says_shipped(table: Table) -> bool:
    cell = table.cells[table.count] if table.count is not None else None
    return cell is not None and cell.roles[:1] == ("shipped",) and cell.meaning.known == 1


def _are_sizes(texts: list[str]) -> bool:
    """Whether the numbers are of several units, as what packs hold is: "50 St", "10 ml"."""
    return len({unit for text in texts if (unit := re.sub(r"[\W\d_]", "", text).casefold())}) > 1


def _told(table: Table, here: list[GridRow], column: int) -> dict[int, Decimal]:
    """The column's whole numbers by the number of their row."""
    counts = {n: numbers.quantity(row.text(column), table.comma) for n, row in enumerate(here)}
    return {n: count for n, count in counts.items() if count is not None and count == count.to_integral_value()}
