"""Lists without headings: "12 x CODE", "Packed 3 of 3", "Shipped: 8", and columns that only their contents explain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from . import ids, numbers
from .anchors import Reread
from .arithmetic import shipped
from .counted import counted_lines
from .forms import labelled_lines
from .heading_cells import HeadCell
from .ids import is_running
from .kinds import TextRow
from .lines import UnjudgedLine, table_lines
from .listed import parts_of, sentences, times
from .rows import middle, runs, text_of
from .table import codeness
from .vocabulary import Heading, folded, heading

_line_number_first_max = 100
"""Numbers that rise from more than this are sorted codes rather than the lines' numbers."""
_labelled_share_min = 0.6
"""Labels say more than columns; but not where they tell of a few lines only."""
_labelled_times_min = 2
"""They say more than a list where they tell of so many times its lines: some text had the look of a list's line."""
_doubts_max = 2
"""Where most lines took more guesses than this, the columns are none."""
_UNITS = frozenset(
    re.findall(
        r"\w+",
        """ea each pc pcs pce pk pack pkg bx box cs case ct ctn rl roll set pr pair dz kg g lb lbs m mm cm ft in l ml
        gal stk st stck stuck un uds ud pz nr ks u jeu paar m2 m3 bag drum pal can btl sht""",
    )
)


def headerless_lines(rows: list[TextRow], comma: bool, reread: Reread | None = None) -> list[UnjudgedLine]:
    """The lines of a list without headings; none where nothing is certain enough."""
    in_words, counted, labelled = times(rows, comma), counted_lines(rows, comma, reread), labelled_lines(rows, comma)
    listed = (counted if len(counted) > len(in_words) else in_words) or parts_of(rows, comma)
    if listed:
        return labelled if len(labelled) >= _labelled_times_min * len(listed) else listed
    in_columns = _by_columns(rows, comma, reread)
    if len(labelled) >= max(2, _labelled_share_min * sum(draft.has_code for draft in in_columns)):
        return labelled
    return in_columns or sentences(rows, comma) or labelled


@dataclass(slots=True)
class _Column:
    x0: float
    x1: float
    runs: list[TextRow]

    @property
    def texts(self) -> list[str]:
        """From top to bottom."""
        return [text_of(run) for run in sorted(self.runs, key=middle)]


def _by_columns(rows: list[TextRow], comma: bool, reread: Reread | None) -> list[UnjudgedLine]:
    """Rows in which a code and a count stand in the same places again and again."""
    lettered = _lines_of([row for row in rows if _is_candidate(row, comma)], rows, comma, reread)
    return lettered or _lines_of([row for row in rows if _is_numbered(row, comma)], rows, comma, reread)


def _lines_of(candidates: list[TextRow], rows: list[TextRow], comma: bool, reread: Reread | None) -> list[UnjudgedLine]:
    drafts: list[UnjudgedLine] = []
    for group in _groups(candidates):
        cells = _named(_columns(group), comma)
        first, last = rows.index(group[0]), rows.index(group[-1])
        if cells and not _is_headed_otherwise(rows[max(0, first - 2) : first], cells):
            lines = table_lines(_beside_nothing(rows[first : last + 1], cells), cells, comma, reread)
            for line in lines:
                line.doubts += not _is_proved(group, cells)
            plain = sum(line.doubts <= _doubts_max for line in lines)
            drafts += lines if len(lines) >= max(2, 0.6 * len(group)) and plain >= 0.5 * len(lines) else []
    return drafts


def _beside_nothing(rows: list[TextRow], cells: list[HeadCell]) -> list[TextRow]:
    """The rows without what stands left of all columns: an address beside the list is no part of it."""
    left = min(cell.x0 for cell in cells)
    inside = [[word for word in row if word.x1 > left] for row in rows]
    return [row for row in inside if row]


def _is_proved(rows: list[TextRow], cells: list[HeadCell]) -> bool:
    """Whether more than whole numbers speaks for the counts: a unit, prices, other counts that they balance with."""
    roles = [cell.roles[0] for cell in cells]
    count = cells[roles.index("quantity")]
    inside = [[word for word in row if count.x0 <= word.xc <= count.x1] for row in rows]
    with_unit = sum(bool(re.search(r"\d\s*[^\W\d]{2,}", text_of(words))) for words in inside) >= 0.5 * len(rows)
    return with_unit or "unit" in roles or "other" in roles or roles.count("money") >= 2


def _is_headed_otherwise(above: list[TextRow], cells: list[HeadCell]) -> bool:
    """Whether a heading that we know says that what looks like counts is something else: hours, a price, a pack."""
    count = next(cell for cell in cells if cell.roles == ("quantity",))
    for row in above:
        cut = runs(row, 0.9)
        if sum(bool(heading(text_of(run)).roles) for run in cut) < 2:
            continue
        for run in cut:
            roles = heading(text_of(run)).roles
            stands_over = min(run[-1].x1, count.x1) - max(run[0].x0, count.x0) > 0
            if stands_over and roles and not {"quantity", "shipped", "ordered"} & set(roles):
                return True
    return False


def _is_candidate(row: TextRow, comma: bool) -> bool:
    texts = [text_of(run) for run in runs(row, 0.9)]
    codes = [
        text
        for text in texts
        if len(ids.cleaned(text.split()[0])) >= 4 and ids.begins_with_code(text) and ":" not in text
    ]
    counts = [text for text in texts if text not in codes[:1] and numbers.quantity(text, comma) is not None]
    return 2 <= len(texts) <= 10 and bool(codes) and bool(counts)


def _is_numbered(row: TextRow, comma: bool) -> bool:
    """Whether a code of parted digits ("0480.30", "58/683") may stand in the row, before a text and beside a count."""
    texts = [text_of(run) for run in runs(row, 0.9)]
    names = [n for n, text in enumerate(texts) if re.search(r"[^\W\d]{3}", text)]
    codes = [n for n, text in enumerate(texts) if ids.is_parted_number(text) and names and n < names[0]]
    counts = [n for n, text in enumerate(texts) if n not in codes and numbers.quantity(text, comma) is not None]
    return 2 <= len(texts) <= 10 and bool(codes) and bool(counts)


def _groups(rows: list[TextRow]) -> list[list[TextRow]]:
    """Candidates that follow one another closely, two or more."""
    groups: list[list[TextRow]] = []
    for row in rows:
        if groups and middle(row) - middle(groups[-1][-1]) < 7 * median(word.height for word in row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [group for group in groups if len(group) >= 2]


def _columns(rows: list[TextRow]) -> list[_Column]:
    """Runs that stand above one another; a run over several columns makes none."""
    columns: list[_Column] = []
    cut = [run for row in rows for run in runs(row, 0.9)]
    for run in sorted(cut, key=lambda run: run[-1].x1 - run[0].x0):
        x0, x1 = run[0].x0, run[-1].x1
        over = [column for column in columns if min(x1, column.x1) > max(x0, column.x0)]
        if not over:
            columns.append(_Column(x0, x1, [run]))
        elif len(over) == 1:
            column = over[0]
            column.x0, column.x1 = min(x0, column.x0), max(x1, column.x1)
            column.runs.append(run)
    return sorted((column for column in columns if len(column.runs) >= 0.5 * len(rows)), key=lambda column: column.x0)


def _named(columns: list[_Column], comma: bool) -> list[HeadCell] | None:
    """Headings for the columns by what they hold; None unless exactly one holds codes and one counts."""
    roles = [_role(column.texts, comma) for column in columns]
    for number, column in enumerate(columns):
        if any(re.search(r"[^\W\d]{3}", text) for text in column.texts):
            break  # codes stand before the text that they name, prices behind it
        if ids.are_parted_numbers(column.texts):
            roles[number] = "id"
    if not {"id", "quantity", "description"} <= set(roles) or not _is_sure(columns, roles):
        return None
    counts = [n for n, role in enumerate(roles) if role in ("quantity", "line")]
    if len(counts) > 1 and (balanced := shipped([_counts(columns[n], comma) for n in counts])) is not None:
        roles = ["other" if role == "quantity" and n != counts[balanced] else role for n, role in enumerate(roles)]
    elif roles.count("quantity") > 1 and "money" not in roles:
        with_unit = [n for n, role in enumerate(roles) if role == "quantity" and _has_unit(columns, roles, n)]
        if len(with_unit) != 1:
            return None
        roles = ["other" if role == "quantity" and n != with_unit[0] else role for n, role in enumerate(roles)]
    return [
        HeadCell("", column.x0, column.x1, Heading((role,), 1.0)) for column, role in zip(columns, roles, strict=True)
    ]


def _counts(column: _Column, comma: bool) -> dict[float, Decimal]:
    """The column's numbers by the height of their row."""
    told = {middle(run): numbers.quantity(text_of(run), comma) for run in column.runs}
    return {round(y): count for y, count in told.items() if count is not None}


def _is_sure(columns: list[_Column], roles: list[str]) -> bool:
    """Whether there is a reason to believe in the columns: letters in the codes, a unit at the count, or prices."""
    named = [column.texts for column, role in zip(columns, roles, strict=True) if role == "id"]
    named = [codes for codes in named if len(set(codes)) >= 0.6 * len(codes)]
    if not named:
        return False
    is_lone = roles.count("quantity") == 1
    if any(ids.are_parted_numbers(codes) or _have_letters(codes, or_groups=is_lone) for codes in named):
        return True
    counts = [number for number, role in enumerate(roles) if role == "quantity"]
    return roles.count("money") >= 2 or any(_has_unit(columns, roles, number) for number in counts)


def _have_letters(codes: list[str], *, or_groups: bool) -> bool:
    """Whether most codes have letters; some where others may be groups: "7712-B", "3390-2"."""
    firsts = [text.split()[0] for text in codes]
    lettered = sum(bool(re.search(r"[^\W\d]", first)) for first in firsts)
    parted = sum(map(ids.is_parted_number, firsts))
    return lettered >= 0.7 * len(codes) or (or_groups and lettered >= 2 and lettered + parted >= 0.7 * len(codes))


def _has_unit(columns: list[_Column], roles: list[str], number: int) -> bool:
    if any(re.search(r"\d\s*[A-Za-z]{2,}", text) for text in columns[number].texts):
        return True
    return number + 1 < len(roles) and roles[number + 1] == "unit"


def _only_rises(counts: list[Decimal | None]) -> bool:
    """Whether the numbers grow from row to row, as those of lines and pages do even where some rows are missing."""
    told = [count for count in counts if count is not None]
    return len(told) >= 4 and told[0] <= _line_number_first_max and all(a < b for a, b in pairwise(told))


def _role(texts: list[str], comma: bool) -> str:
    """What a column of such texts is."""
    counts = [numbers.quantity(text, comma) for text in texts]
    if is_running(texts) or _only_rises(counts):
        return "line"
    if sum(bool(re.search(r"\d[.,]\d{2}(?:\D|$)", text)) for text in texts) >= 0.7 * len(texts):
        return "money"
    if sum(len(re.sub(r"\D", "", text)) >= 4 for text in texts) >= 0.7 * len(texts) and codeness(texts) >= 0.7:
        return "id"
    if sum(count is not None and count == count.to_integral_value() for count in counts) >= 0.7 * len(texts):
        return "quantity"
    if codeness(texts) >= 0.7:
        return "id"
    if all(folded(text).strip(".") in _UNITS for text in texts):
        return "unit"
    return "description"
