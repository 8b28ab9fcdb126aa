"""A table's columns get their parts: which one counts, which names the item, which describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from . import arithmetic, ids, numbers
from .columns import GridRow
from .heading_cells import HeadCell
from .lots import lot_rows
from .vocabulary import WHOLE, Role, folded, says_now

_PER_PACK = re.compile(
    r"(?:/|\bper |\bje |\bpor |\bpar |\bper\b ?)\s*(?:pack|pkg|pk|box|bx|carton|ctn|case|cs|colis|caja|karton|pal)"
)
_PACKS = re.compile(
    r"pack|pkg|\bpk|\bbox|\bbx|carton|ctn|case|\bcs\b|colis|caja|bulto|karton|kolli|coll[io]|pallet|palett|doos|opak|\bve\b|vpe"
)
_AMOUNT = re.compile(r"(?:amount|amt|betrag|montant|importe|importo|bedrag|belopp)\W*")
_MONEY = re.compile(r"[$€£¥]|\b(?:eur|usd|gbp|chf|sek|dkk|pln|zl|kr)\b|[.,]\d{2}(?!\d)", re.I)
_foreign_cost = 0.85
"""What a column of GTINs or of one number for all lines loses to another: more than its heading gains."""
_lines_alike_min = 3
_THEIRS = re.compile(
    r"customer|cust|your|ihre|kund|mfr|mfg|manuf|model|votre|\bvos\b|\bvs\b|\bsu ref|\bean\b|gtin|upc|buyer|client|"
    r"klant|\buw\b|vostr|acheteur|comprador|\bold\b|former|supersed|replac|ersetzt|\balte|ancien|remplac|anterior|sostitu|"
    r"vervang|ersatt"
)
"""Words of a heading over codes that are not the seller's own, or no longer."""
COUNTING: tuple[Role, ...] = ("shipped", "quantity", "ordered")


@dataclass(slots=True)
class Table:
    """Rows dealt out to columns, and the columns that matter, by number; None where there is none."""

    rows: list[GridRow]
    cells: list[HeadCell]
    comma: bool
    count: int | None = None
    code: int | None = None
    description: int | None = None
    unit: int | None = None
    doubts: int = 0
    """One more if the column that should count could not be read."""
    has_numbers: bool = False
    """Whether the line's number stands before the code in its cell."""
    has_blanks: bool = False
    """Whether the codes are of one pattern with blanks in it."""
    has_codes_only: bool = False
    """Whether the codes have a column to themselves, the descriptions another or the rows below."""
    lots: frozenset[int] = frozenset()
    """The rows, by number, that only say from which lots a count was taken."""

    def role(self, number: int) -> Role | None:
        roles = self.cells[number].roles
        return roles[0] if roles else None

    def columns(self, *roles: Role) -> list[int]:
        """The columns whose likeliest meaning is one of these."""
        return [number for number in range(len(self.cells)) if self.role(number) in roles]

    def counted(self) -> list[GridRow]:
        """The rows that hold a line's count."""
        rows = [row for n, row in enumerate(self.rows) if n not in self.lots]
        return [row for row in rows if numbers.quantity(row.text(self.count), self.comma) is not None]


def choose_columns(table: Table) -> None:
    """Fill in the columns; `count` stays None where nothing counts."""
    table.comma = _comma(table)
    table.count = _count_column(table)
    if table.count is None:
        return
    table.count = _pieces(table, table.count)
    table.lots = frozenset(lot_rows(table.rows, lambda row: numbers.quantity(row.text(table.count), table.comma)))
    table.code = _code_column(table)
    if table.code is not None:
        values = [row.text(table.code) for row in table.counted() if row.text(table.code)]
        bare = ids.unnumbered(values)
        table.has_numbers, table.has_blanks = bare is not None, ids.are_spaced(bare or values)
    table.unit = next(iter(n for n in table.columns("unit") if n != table.count), None)
    taken = {table.count, table.code}
    allowed = [n for n, cell in enumerate(table.cells) if n not in taken and "description" in cell.roles]
    first = [n for n in allowed if table.role(n) == "description"]
    table.description = next(iter(first or allowed), None)
    table.has_codes_only = _has_codes_only(table)
    if table.description is None and table.code is None:
        table.description = next(
            (n for n, cell in enumerate(table.cells) if "id" in cell.roles and n not in taken), None
        )


def _has_codes_only(table: Table) -> bool:
    """Whether the column of codes says nothing else: the descriptions have their own, or every cell is one code."""
    if table.code is None or table.role(table.code) != "id":
        return False
    values = [row.text(table.code) for row in table.counted() if row.text(table.code)]
    return table.description is not None or all(len(v.split()) == 1 or ids.is_prefixed(v) for v in values)


def _comma(table: Table) -> bool:
    """The decimal convention under which count × price = amount holds more often; else the document's."""
    here, other = (_best_product(table, comma)[0] for comma in (table.comma, not table.comma))
    return (not table.comma) if other > here else table.comma


def _count_column(table: Table) -> int | None:
    """What was shipped rather than what was asked for, if it says anything; of several, the one that multiplies."""
    for role in COUNTING:
        columns = [number for number in table.columns(role) if _counts(table, number)]
        if len(columns) > 1:
            _, factor = _best_product(table, table.comma, columns)
            return factor if factor is not None else _of_several(table, columns)
        if columns:
            table.doubts += any(table.columns(better) for better in COUNTING[: COUNTING.index(role)])
            table.doubts += role == "ordered" and _has_smaller_counts(table, columns[0])
            return columns[0]
    _, factor = _best_product(table, table.comma)
    return factor if factor is not None else _unnamed_count(table)


def _has_smaller_counts(table: Table, ordered: int) -> bool:
    """Whether a column of another name holds whole numbers up to what was ordered: it may be what came."""
    asked = _told(table, ordered)
    named = [n for n in range(len(table.cells)) if table.role(n) in ("id", "description") and _holds_counts(table, n)]
    return any(all(count <= asked.get(row, count) for row, count in _told(table, n).items()) for n in named)


def _of_several(table: Table, columns: list[int]) -> int:
    """Of columns headed alike the one of this delivery, or that balances with what was ordered and what follows."""
    of_now = [n for n in columns if says_now(table.cells[n].text)]
    if len(of_now) == 1:
        return of_now[0]
    others = [n for n, cell in enumerate(table.cells) if not cell.roles or table.role(n) in (*COUNTING, "later")]
    balanced = arithmetic.shipped([_told(table, n) for n in others])
    if balanced is not None:
        return others[balanced]
    table.doubts += 1
    return _preferred(table, columns)


def _told(table: Table, column: int) -> dict[int, Decimal]:
    """The column's counts by the number of their row."""
    return {n: count for n, row in enumerate(table.rows) if (count := _count(table, row, column)) is not None}


def _pieces(table: Table, count: int) -> int:
    """The column of pieces in all, where it is the packs times what each holds; else `count`, in doubt if per pack."""
    countable = (None, "other", "unit", *COUNTING)
    columns = [n for n in range(len(table.cells)) if table.role(n) in countable or _is_whole(table, n)]
    told = [_told(table, n) for n in columns]
    for packs, each, whole in arithmetic.packed(told):
        named = any(_PACKS.search(folded(table.cells[columns[n]].text)) for n in (packs, each))
        role, rows = table.role(columns[whole]), told[packs].keys() & told[each].keys()
        is_sure = named or (role in COUNTING and sum(told[packs][n] > 1 and told[each][n] > 1 for n in rows) >= 2)
        if is_sure and role in (None, "money", *COUNTING) and count in (columns[n] for n in (packs, each, whole)):
            table.doubts = 0
            return columns[whole]
    table.doubts += bool(_PER_PACK.search(folded(table.cells[count].text)))
    return count


def _is_whole(table: Table, number: int) -> bool:
    """Whether the column is headed "Total" and holds no amounts of money."""
    texts = [row.text(number) for row in table.rows if number in row.cells]
    return folded(table.cells[number].text) in WHOLE and not any(_MONEY.search(text) for text in texts)


def _unnamed_count(table: Table) -> int | None:
    """Under headings that we do not know: the counts that balance with their neighbours, or the only whole numbers."""
    columns = [n for n in range(len(table.cells)) if table.role(n) in (None, "other") and _holds_counts(table, n)]
    balanced = arithmetic.shipped([_told(table, column) for column in columns])
    table.doubts += 1
    if balanced is not None:
        return columns[balanced]
    unknown = [n for n in columns if table.role(n) is None]
    if table.columns(*COUNTING):
        return None
    return unknown[0] if len(unknown) == 1 else _amount_counted(table) if not unknown else None


def _amount_counted(table: Table) -> int | None:
    """The column "Amount", where it holds whole numbers and no other column prices or counts anything."""
    money = table.columns("money")
    if len(money) != 1 or not _AMOUNT.fullmatch(folded(table.cells[money[0]].text)):
        return None
    texts = [row.text(money[0]) for row in table.rows if money[0] in row.cells]
    is_money = any(_MONEY.search(text) for text in texts)
    return money[0] if _holds_counts(table, money[0]) and not is_money else None


def _holds_counts(table: Table, number: int) -> bool:
    """Whether nearly every cell of the column is a whole number, of rows that say something else too."""
    texts = [row.text(number) for row in table.rows if number in row.cells and len(row.cells) > 1]
    counts = [numbers.quantity(text, table.comma) for text in texts]
    whole = [count for count in counts if count is not None and count == count.to_integral_value() and count < 100_000]
    return len(whole) >= max(1, 0.8 * len(texts)) and not ids.is_running(texts)


def _counts(table: Table, number: int) -> bool:
    """Whether the column holds counts, in at least a quarter of the rows that hold any number."""
    counting = table.columns(*COUNTING)
    rows = [row for row in table.rows if any(_count(table, row, n) is not None for n in counting)]
    found = [row for row in rows if _count(table, row, number) is not None]
    return bool(found) and len(found) >= 0.25 * len(rows)


def _count(table: Table, row: GridRow, number: int) -> Decimal | None:
    return numbers.quantity(row.text(number), table.comma)


def _preferred(table: Table, columns: list[int]) -> int:
    """Pieces rather than cartons, the whole rather than per pack, else the first."""

    def rank(number: int) -> tuple[int, int]:
        text = folded(table.cells[number].text)
        worse = re.search(r"\b(pack|per|ctns?|cartons?|case|cases|box|pal\w*|kg|lbs?|m2|min)\b", text)
        better = re.search(r"\b(total|pcs|pieces|stk|stuck|ea|each|units)\b", text)
        return (2 if worse else 0 if better else 1, number)

    return min(columns, key=rank)


def _best_product(table: Table, comma: bool, columns: Iterable[int] | None = None) -> tuple[int, int | None]:
    """In how many rows count × price = amount, at best, and the column that is then the count."""
    numeric = [n for n in range(len(table.cells)) if table.role(n) in ("money", *COUNTING, None, "unit")]
    money = [n for n in numeric if table.role(n) in ("money", None)]
    best: tuple[int, int | None] = (1, None)
    for factor in columns if columns is not None else numeric:
        for price in money:
            for amount in money:
                if len({factor, price, amount}) == 3 and price < amount:
                    holds = sum(_multiplies(row, factor, price, amount, comma) for row in table.rows)
                    if holds > best[0]:
                        best = (holds, factor)
    return best if best[1] is not None else (0, None)


def multiplies(table: Table) -> int:
    """In how many rows the count times a price makes an amount; 0 where another column does so more often."""
    holds, factor = _best_product(table, table.comma)
    return holds if factor is not None and factor == table.count else 0


def _multiplies(row: GridRow, factor: int, price: int, amount: int, comma: bool) -> bool:
    count = numbers.quantity(row.text(factor), comma)
    each, total = numbers.money(row.text(price), comma), numbers.money(row.text(amount), comma)
    if count is None or each is None or total is None or count <= 0 or each <= 0 or count == each == 1:
        return False
    return abs(count * each - total) <= max(Decimal("0.011"), total * Decimal("0.002"))


def _code_column(table: Table) -> int | None:
    """The column whose contents look most like codes, among those whose headings allow it."""
    best: tuple[float, int] | None = None
    rows = table.counted()
    for number, cell in enumerate(table.cells):
        if (cell.roles and not {"id", "line"} & set(cell.roles)) or number == table.count:
            continue
        values = [row.text(number) for row in rows if row.text(number)]
        values = ids.unnumbered(values) or values
        alone = cell.roles == ("id",) and values and all(ids.is_spaced(v) or ids.looks_like_code(v) for v in values)
        alone = alone and not ids.is_running(values)
        named = "id" in cell.roles and (alone or ids.are_spaced(values) or ids.are_patterned(values))
        share = (1.0 if named or ids.are_spaced(values) else codeness(values)) * min(
            1.0, len(values) / max(1, 0.5 * len(rows))
        )
        plain = cell.roles[:1] == ("id",) and "description" not in cell.roles
        if "id" not in cell.roles and "line" in cell.roles:
            share -= 0.3  # only where the line's number is printed up against the code
        if share < 0.5 and not (plain and share >= 0 and values and _are_single(values)):
            continue
        worth = share + 0.6 * plain + 0.2 * _is_ours(cell.text) + 0.3 * (cell.meaning.known == 1) - 0.01 * number
        worth -= _foreign_cost * (ids.are_trade_numbers(values) or _is_one_for_all(values))
        if best is None or worth > best[0]:
            best = (worth, number)
    return best[1] if best else None


def _is_one_for_all(values: list[str]) -> bool:
    """Whether all lines say the same: the order that they belong to rather than what they are."""
    return len(values) >= _lines_alike_min and len(set(values)) == 1


def rivals(table: Table) -> list[int]:
    """The other columns whose contents look like codes, whatever their headings say."""
    rows = table.counted()
    found = []
    for number in range(len(table.cells)):
        values = [row.text(number) for row in rows if row.text(number)]
        if number in (table.code, table.count) or table.role(number) in ("money", *COUNTING):
            continue
        if len(values) < 0.5 * len(rows) or not _are_single(values):
            continue
        if codeness(values) >= 0.6 or ids.are_parted_numbers(values):
            found.append(number)
    return found


def _are_single(values: list[str]) -> bool:
    return sum(len(value.split()) == 1 for value in values) >= 0.7 * len(values)


def codeness(values: list[str]) -> float:
    """The share of values that are a code or begin with one; -1 if they only count up."""
    if not values:
        return 0.0
    bare = [re.sub(r"^\d{1,4}[.)]? (?=\S)", "", value) for value in values]
    first = [ids.cleaned(value.split()[0]) for value in bare]
    if ids.is_running(first):
        return -1.0
    return sum(ids.begins_with_code(value) for value in values) / len(values)


def _is_ours(heading: str) -> bool:
    return not re.search(_THEIRS, folded(heading))
