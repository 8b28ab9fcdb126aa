"""The rows that count something, and the rows around each that belong to it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from . import arithmetic, ids, numbers
from .columns import GridRow
from .heading_cells import cells_of
from .rows import text_of
from .table import COUNTING, Table
from .totals import is_group, is_sum, is_sum_cell, is_title_of_others, is_total

Reread = Callable[[GridRow, float, float], tuple[str, float]]
"""A second, closer look at a row between two x (pixels): the text there and its score."""

_second_row_pitches = 0.7
_second_row_share_min = 0.6
_places_min = 3
_off_place_heights = 1.5
_other_headings_min = 3
_title_pitches_min = 1.3
_alike_min = 2
_far_below_thousands = 100
_apart_pitches = 0.6
_WEIGHED = re.compile(r"(?:\b|\d)(?:kg|kgs|kilo|lbs?|to|t|m|mtr|lm|l|ltr|m2|m3|m²|m³)\b\.?", re.I)


@dataclass(slots=True)
class Anchor:
    """A row that counts something. `doubts`: how many guesses it took."""

    row: int
    qty: Decimal
    score: float
    doubts: int = 0


def anchors(table: Table, reread: Reread | None) -> list[Anchor]:
    """The rows with a count, down to the table's end."""
    shaken = _realign(table) if reread else False
    found = _without_echoes(table, _found(table, reread))
    if shaken:
        for anchor in found:
            anchor.doubts += 1
    _weigh_balance(table, found)
    _weigh_place(table, found)
    _weigh_thousands(table, found)
    return found


def _without_echoes(table: Table, found: list[Anchor]) -> list[Anchor]:
    """Without the anchors whose second look saw the count of a fuller row, nearer than lines of this table stand."""
    ys = [table.rows[anchor.row].y for anchor in found]
    if len(ys) < 3:
        return found
    apart = lines_apart(ys)

    def is_echo(anchor: Anchor, of: Anchor) -> bool:
        row, other = table.rows[anchor.row], table.rows[of.row]
        return abs(other.y - row.y) < apart and of.qty == anchor.qty and len(other.cells) > len(row.cells)

    def was_looked_for(anchor: Anchor) -> bool:
        return table.count not in table.rows[anchor.row].cells

    return [one for one in found if not (was_looked_for(one) and any(is_echo(one, of) for of in found))]


def lines_apart(ys: Sequence[float]) -> float:
    """How far apart lines of a table stand at least, by the heights (pixels) of two or more of them."""
    return _apart_pitches * median(b - a for a, b in itertools.pairwise(ys))


def _weigh_thousands(table: Table, found: list[Anchor]) -> None:
    """A count such as "6.028 kg" far above all others may be six and a bit: of what is weighed it is, else in doubt."""
    grouped = [anchor for anchor in found if _is_one_group(table, anchor)]
    others = [anchor.qty for anchor in found if not any(anchor is other for other in grouped)]
    if len(others) < len(grouped) or not others or max(others) >= _far_below_thousands:
        return
    for anchor in grouped:
        row = table.rows[anchor.row]
        if _WEIGHED.search(f"{row.text(table.count)} {row.text(table.unit)}"):
            anchor.qty /= 1000
        anchor.doubts += 1


def _is_one_group(table: Table, anchor: Anchor) -> bool:
    text = table.rows[anchor.row].text(table.count)
    return anchor.qty >= 1000 and bool(re.match(r"\d{1,3}[.,]\d{3}(?![\d.,])", text))


def _weigh_place(table: Table, found: list[Anchor]) -> None:
    """A count that stands far from where the others do may be another column's."""
    if table.count is None:
        return
    cells = [(anchor, table.rows[anchor.row].cells.get(table.count)) for anchor in found]
    places = [(anchor, cell.words[0].x0, cell.words[-1].x1, cell.words[0].height) for anchor, cell in cells if cell]
    if len(places) < _places_min:
        return
    left, right = median(x0 for _, x0, _, _ in places), median(x1 for _, _, x1, _ in places)
    for anchor, x0, x1, height in places:
        off = min(abs(x0 - left), abs(x1 - right), abs(x0 + x1 - left - right) / 2)
        anchor.doubts += off > _off_place_heights * height


def _weigh_balance(table: Table, found: list[Anchor]) -> None:
    """A count that breaks the balance of ordered, shipped and to follow is doubted."""
    columns = [n for n, cell in enumerate(table.cells) if not cell.roles or table.role(n) in (*COUNTING, "later")]
    told = []
    for column in columns:
        counts = {anchor.row: numbers.quantity(table.rows[anchor.row].text(column), table.comma) for anchor in found}
        told.append({row: count for row, count in counts.items() if count is not None})
    broken = arithmetic.unbalanced(told) or set()
    for anchor in found:
        anchor.doubts += anchor.row in broken


def _realign(table: Table) -> bool:
    """Where a bent page has let the counts slip by a row, put them back; True if there is a doubt about the rows.

    As many codes as counts, but not on the same rows: they belong together in their order.
    """
    if table.code is None or table.count is None:
        return False
    counted = table.counted()
    coded = [row for row in table.rows if ids.begins_with_code(row.text(table.code))]
    second = _second_rows(table, counted)
    coded = [row for row in coded if row not in second]
    lone_codes = [row for row in coded if row not in counted]
    lone_counts = [row for row in counted if not row.text(table.code) and not is_total(text_of(row.words))]
    if not lone_codes or not lone_counts:
        return False
    counted = [row for row in counted if not is_total(text_of(row.words))]
    if len(coded) == len(counted) and all(a in coded or not a.text(table.code) for a in counted):
        cells = [row.cells.pop(table.count) for row in counted]
        for row, cell in zip(coded, cells, strict=True):
            row.cells[table.count] = cell
    return True


def _second_rows(table: Table, counted: list[GridRow]) -> list[GridRow]:
    """The rows with a code that go on what a row with code and count began just above: the customer's number, say.

    They say less than the row above, by more than the count, and most lines have one: else a count was overlooked.
    """
    begun = [row for row in counted if ids.begins_with_code(row.text(table.code))]
    if len(begun) < 2:
        return []
    pitch = sorted(b.y - a.y for a, b in itertools.pairwise(begun))[len(begun) // 4]
    coded = [row for row in table.rows if row not in counted and ids.begins_with_code(row.text(table.code))]

    def goes_on(row: GridRow, other: GridRow) -> bool:
        return 0 < row.y - other.y < _second_row_pitches * pitch and len(row.cells) < len(other.cells) - 1

    second = [row for row in coded if any(goes_on(row, other) for other in begun)]
    return second if len(second) >= _second_row_share_min * len(begun) else []


def _found(table: Table, reread: Reread | None) -> list[Anchor]:
    found: list[Anchor] = []
    ended = False
    counted = table.counted()
    second = _second_rows(table, counted) if reread else []
    codes_lead = table.code is None and sum(_leads(table, row) for row in counted) >= 0.6 * max(1, len(counted))
    for number, row in enumerate(table.rows):
        text = text_of(row.words)
        if found and (_heads_another(row) or _tells_of_others(table, number)):
            break
        if is_sum(text) or is_sum_cell([cell.text for cell in row.cells.values()]):
            ended = ended or bool(found)
            continue
        if number in table.lots:
            continue
        has_code = bool(table.code is not None and ids.begins_with_code(row.text(table.code)))
        if is_total(text) or _is_group(table, row) or (ended and not has_code and not _is_filled_as(table, found, row)):
            continue
        near = (has_code or (codes_lead and _leads(table, row))) and not _is_far_below(table, found, row, pitches=1.9)
        near = near and row not in second
        anchor = _anchor(table, number, row, reread if near else None)
        if anchor is None:
            continue
        if not has_code and _is_far_below(table, found, row):
            break
        found.append(anchor)
    return found


def _heads_another(row: GridRow) -> bool:
    """Whether the row heads the columns of something else, carriage and weights say: all its words are headings."""
    if re.search(r"\d", text_of(row.words)):
        return False
    cells = cells_of(row.words)
    known = [cell for cell in cells if cell.roles and cell.meaning.known == 1]
    return len(known) >= _other_headings_min and len(known) >= 0.6 * len(cells)


def _tells_of_others(table: Table, number: int) -> bool:
    """Whether the row is a title over what did not come with this delivery: "Items to follow:", once, at the left."""
    row, text = table.rows[number], text_of(table.rows[number].words)
    if len(row.cells) > 1 or not is_title_of_others(text):
        return False
    left = min(other.words[0].x0 for other in table.rows)
    apart = number > 0 and row.y - table.rows[number - 1].y > _title_pitches_min * _pitch(table)
    if not apart and not text.endswith(":"):
        return False  # a note on the item above it
    once = sum(text_of(other.words) == text for other in table.rows) == 1
    return once and row.words[0].x0 - left < row.words[0].height


def _pitch(table: Table) -> float:
    return median([b.y - a.y for a, b in itertools.pairwise(table.rows)])


def _is_group(table: Table, row: GridRow) -> bool:
    """Whether the row names a pallet or a carton and counts what stands below it."""
    usual = median(len(other.cells) for other in table.counted()) if is_group(text_of(row.words)) else 0
    return len(row.cells) < usual


def _leads(table: Table, row: GridRow) -> bool:
    """Whether the row's text begins with a code."""
    return ids.leading(row.text(table.description)) is not None


def _is_filled_as(table: Table, found: list[Anchor], row: GridRow) -> bool:
    """Whether the row fills the columns that the counted rows above fill: an item after a subtotal, not a sum."""
    usual = set(table.rows[found[-1].row].cells)
    return len(usual) >= 3 and len(usual & set(row.cells)) >= 0.75 * len(usual | set(row.cells))


def _anchor(table: Table, number: int, row: GridRow, reread: Reread | None) -> Anchor | None:
    cell = row.cells.get(table.count) if table.count is not None else None
    if cell is not None:
        if numbers.is_to_follow(cell.text) or numbers.is_none(cell.text):
            return Anchor(number, Decimal(0), cell.score)
        qty = numbers.quantity(cell.text, table.comma)
        if qty is not None:  # "156 144" may be one number or two
            return Anchor(number, qty, cell.score, doubts=int(bool(re.search(r"\d \d", cell.text))))
        qty = numbers.quantity_misread(cell.text, table.comma)
        return Anchor(number, qty, cell.score, doubts=2) if qty is not None and row.text(table.code) else None
    overlooked = second_anchor(table, number, row, reread) if reread else None
    if overlooked:
        return overlooked
    unit = row.text(table.unit)
    if table.unit is not None and re.match(r"\d[\d.,]*\s*[A-Za-z]{1,8}\.?$", unit):
        qty = numbers.quantity(unit, table.comma)
        return None if qty is None else Anchor(number, qty, row.cells[table.unit].score, doubts=1)
    return None


def second_anchor(table: Table, number: int, row: GridRow, reread: Reread) -> Anchor | None:
    """The count that the reader overlooked: a lone digit in a cell of its own."""
    if table.count is None:
        return None
    cells = [other.cells[table.count] for other in table.counted()]
    head = table.cells[table.count]
    left = min([head.x0, *(cell.words[0].x0 for cell in cells)])
    right = max([head.x1, *(cell.words[-1].x1 for cell in cells)])
    text, score = reread(row, left, right)
    qty = numbers.quantity(text, table.comma)
    if qty is None:
        qty = numbers.quantity_misread(text, table.comma)
    return None if qty is None else Anchor(number, qty, score, doubts=1)


def _is_far_below(table: Table, found: list[Anchor], row: GridRow, pitches: float = 5) -> bool:
    """Whether the blank above the row is too wide for it to belong to this table."""
    height = median(word.height for word in row.words)
    if not found:
        return bool(row.y - table.rows[0].y > 14 * height)
    ys = [table.rows[anchor.row].y for anchor in found]
    pitch = median([b - a for a, b in itertools.pairwise(ys)]) if len(ys) > 1 else 0.0
    return row.y - ys[-1] > max(pitches * pitch, 2.8 * pitches * height)


def block(table: Table, found: list[Anchor], place: int) -> list[int]:
    """The rows that belong to an anchor: from it to the next, less what stands nearer to the next."""
    first = found[place].row
    start = _border(table, found[place - 1].row, first) if place else _lead(table, first)
    if place + 1 < len(found):
        return list(range(start, _border(table, first, found[place + 1].row)))
    end = _tail(table, first)
    if table.code is None and len(found) > _alike_min:  # the text names the item: no row more than other items have
        end = min(end, first + max(b.row - a.row for a, b in itertools.pairwise(found)))
    return list(range(start, end))


def _border(table: Table, upper: int, lower: int) -> int:
    """The first row between two anchors that belongs to the lower one: behind the widest blank, if one is wider."""
    if lower - upper <= 1:
        return lower
    ys = [table.rows[number].y for number in range(upper, lower + 1)]
    gaps = [b - a for a, b in itertools.pairwise(ys)]
    widest = max(range(len(gaps)), key=lambda number: gaps[number])
    others = [gap for number, gap in enumerate(gaps) if number != widest]
    return upper + 1 + widest if gaps[widest] > 1.25 * max(others) else lower


def _lead(table: Table, first: int) -> int:
    """The rows above the first anchor that stand close to it."""
    height = median(word.height for word in table.rows[first].words)
    start = first
    while start > 0 and first - start < 3 and table.rows[start].y - table.rows[start - 1].y < 1.7 * height:
        start -= 1
    return start


def _tail(table: Table, first: int) -> int:
    """The end of the last anchor's block: before a wide blank, a sum, or the eighth row."""
    height = median(word.height for word in table.rows[first].words)
    end = first + 1
    while end < min(len(table.rows), first + 8):
        row = table.rows[end]
        if row.y - table.rows[end - 1].y > 3.2 * height or is_total(text_of(row.words)):
            break
        end += 1
    return end
