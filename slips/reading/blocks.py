"""What stands in the block of each labelled count: the item's code and its description, with labels or without."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median

from . import ids
from .fields import Field, Group
from .kinds import TextRow
from .rows import runs, text_of
from .totals import is_total
from .vocabulary import folded, heading

share_min = 0.6
"""What is said of items must be said of so many of them."""
_OTHERS = re.compile(r"customer|cust|your|ihre|kunde|mfr|mfg|manuf|model|votre|su ref|ean|gtin|upc|barcode|client")
_LETTERED = re.compile(r"(?=\d*[A-Z])(?=(?:[A-Z]*\d){4})[A-Z0-9]{5,}")
"""Without a label it might be a measure: "25768X75", "50214M"."""
_CAPITALS = re.compile(r"[A-Z0-9]{2,}(?:[\-./_][A-Z0-9]+)+")

BlockTexts = dict[int, tuple[str, TextRow]]
"""By the number of the count: a text and its words."""


def code(text: str) -> str | None:
    """The code that a value behind a label is or begins with; a label says enough for one of capitals alone."""
    bare = ids.cleaned(text)
    if _LETTERED.fullmatch(bare):
        return bare
    if ids.alone(bare) or ids.are_spaced([bare, bare + "0"]):
        return bare
    first = ids.cleaned(text.split()[0]) if text.split() else ""
    if len(first) >= 3 and (ids.looks_like_code(first) or _CAPITALS.fullmatch(first)):
        return bare if _is_spaced(bare) else first
    return bare if _is_spaced(bare) else None


def _is_spaced(text: str) -> bool:
    """Whether the text is one code with blanks in it."""
    parts = text.split()
    short = all(re.fullmatch(r"[A-Z0-9\-./]{1,6}", part) for part in parts)
    return 1 < len(parts) <= 6 and short and sum(char.isdigit() for char in text) >= 4


def named(found: list[Group], fields: list[Field]) -> BlockTexts:
    """For each count the code that a label of the same block says; of several labels the most plainly ours."""
    ways = []
    for group in found:
        if "id" not in group.meaning.roles:
            continue
        coded = [field for field in group.fields if code(field.text) is not None]
        for before in (True, False):
            paired = _paired(fields, coded, before=before)
            distinct = {code(field.text) for field in paired.values()}
            if len(paired) < share_min * len(fields) or len(distinct) <= 0.5 * len(paired):
                continue
            plain = group.meaning.roles == ("id",)
            far = median(abs(field.row - fields[n].row) for n, field in paired.items())
            whole = sum(code(field.text) == ids.cleaned(field.text) for field in paired.values())
            rank = (len(paired), whole, plain, not _OTHERS.search(group.label), -far)
            ways.append((rank, {n: (code(field.text) or "", field.value) for n, field in paired.items()}))
    return max(ways, key=lambda way: way[0], default=((), {}))[1]


def _paired(fields: list[Field], others: list[Field], *, before: bool) -> dict[int, Field]:
    """For each count the other field of its block: the last before it, or the first behind it, in its column."""
    paired = {}
    for n, field in enumerate(fields):
        column = [other for other in fields if _beside(other, field, fields)]
        place = next(k for k, other in enumerate(column) if other is field)
        lower = column[place - 1].place if place else (-1, 0.0)
        upper = column[place + 1].place if place + 1 < len(column) else (10**6, 0.0)
        mine = [other for other in others if _beside(other, field, fields)]
        if before:
            near = [other for other in mine if lower < other.place < field.place]
        else:
            near = [other for other in mine if field.place < other.place < upper]
        if near:
            paired[n] = near[-1] if before else near[0]
    return paired


def _beside(other: Field, field: Field, fields: list[Field]) -> bool:
    """Whether the other field stands in the same column of blocks, where blocks stand side by side."""
    return _is_in_column(other.words[0].x0, field, fields)


def _is_in_column(x: float, field: Field, fields: list[Field]) -> bool:
    lefts = sorted({round(one.words[0].x0) for one in fields if one.row == field.row})
    edges = [(a + b) / 2 for a, b in pairwise(lefts)]
    return sum(field.words[0].x0 > edge for edge in edges) == sum(x > edge for edge in edges)


def unlabelled(rows: list[TextRow], fields: list[Field]) -> BlockTexts:
    """The codes that stand at the same place of each block without a label: so many rows away, first, alone or last."""
    best: BlockTexts = {}
    places = [(offset, how) for offset in (0, -1, 1, -2, 2, -3, 3) for how in ("first", "last")]
    taken = {field.row for field in fields} | {field.value_row for field in fields}
    for offset, how in places:
        told = {}
        for n, field in enumerate(fields):
            at = field.row + offset
            if not 0 <= at < len(rows) or (offset and (at in taken or _is_past(fields, n, at))):
                continue
            words = [word for word in rows[at] if word not in field.value and word not in field.words]
            word = (words[0] if how == "first" else words[-1]) if words else None
            code = ids.cleaned(word.text) if word else ""
            if word and len(code) >= 4 and ids.looks_like_code(code):
                told[n] = (code, [word])
        distinct = {code for code, _ in told.values()}
        if len(told) >= max(2, share_min * len(fields), len(best) + 1) and len(distinct) > 0.5 * len(told):
            best = told
    return best


def _is_past(fields: list[Field], n: int, row: int) -> bool:
    """Whether another count stands between this one and the row."""
    first, last = sorted((fields[n].row, row))
    return any(first < other.row < last for other in fields)


def described(rows: list[TextRow], found: list[Group], fields: list[Field], named: BlockTexts) -> BlockTexts:
    """For each count the text behind a label that describes, else the first text of its block."""
    for group in found:
        telling = [field for field in group.fields if not code(field.text) and re.search(r"[^\W\d]{3}", field.text)]
        if "description" not in group.meaning.roles and not _describes(group):
            continue
        for before in (True, False):
            paired = _paired(fields, telling, before=before)
            if len(paired) >= share_min * len(fields):
                return {n: (field.text, field.value) for n, field in paired.items()}
    labels = {id(word) for group in found for field in group.fields for word in (*field.words, *field.value)}
    labels |= _repeated(rows, share_min * len(fields))
    return {n: title for n, field in enumerate(fields) if (title := _title(rows, fields, n, labels, named.get(n)))}


def _repeated(rows: list[TextRow], times_min: float) -> set[int]:
    """The words of the texts that come again and again, and of those beside them: labels, in whatever language."""
    cut = [runs(row, 0.9) for row in rows]
    times = Counter(folded(text_of(run)) for row in cut for run in row)
    again = {text for text, count in times.items() if count >= max(2.0, times_min)}
    found = set()
    for row in cut:
        for left, run in zip([None, *row], row, strict=False):
            if folded(text_of(run)) in again or (left and folded(text_of(left)) in again):
                found |= {id(word) for word in run}
    return found


def _title(
    rows: list[TextRow], fields: list[Field], n: int, labels: set[int], named: tuple[str, TextRow] | None
) -> tuple[str, TextRow] | None:
    """The nearest text above the count, or beside it, that no label explains."""
    last = max([-1, *(field.value_row for field in fields if field.row < fields[n].row)])
    for row in reversed(rows[max(last + 1, fields[n].row - 6) : fields[n].row + 1]):
        for run in runs(row, 0.9):
            words = [word for word in run if id(word) not in labels and not (named and word in named[1])]
            text = text_of(words)
            if not _is_in_column(run[0].x0, fields[n], fields):
                continue
            if re.search(r"[^\W\d]{3}", text) and not is_total(text) and not re.search(r"[:=]", folded(text)):
                return re.sub(r"^\d{1,3}[.)]?\s", "", text), words
    return None


def _describes(group: Group) -> bool:
    """Whether a word of the label says that it describes: "Bezeichnung der Lieferung"."""
    return any(heading(word).roles[:1] == ("description",) for word in group.label.split())
