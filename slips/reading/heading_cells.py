"""A row of headings cut into cells: at wide blanks, at the table's blank stripes, and where the words say so."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .kinds import TextRow, Word
from .rows import runs, text_of
from .vocabulary import WHOLE, Heading, Role, folded, heading, is_glue, is_number_word, seam

COUNTS = {"shipped", "quantity", "ordered"}
_GROUPS = {"shipped": "count", "quantity": "count", "ordered": "count", "later": "count", "description": "id"}
_PACKED = {
    "box",
    "boxes",
    "carton",
    "cartons",
    "ctn",
    "ctns",
    "case",
    "cases",
    "pallet",
    "pallets",
    "lot",
    "package",
    "packages",
    "pkg",
    "colis",
    "kolli",
    "karton",
    "kartons",
    "bulto",
    "bultos",
    "caja",
    "cajas",
    "collo",
    "colli",
    "doos",
    "dozen",
    "volume",
    "volumes",
}
"""Of these there are counts: "Box Qty" is one heading, "Notes Qty" two."""
_belong_heights_max = 0.5
_BOX_NUMBER = re.compile(r"\d{1,2}[.)]")
_boxes_min = 3
_ENDED = {("ordered", "later"), ("shipped", "later")}


@dataclass(slots=True)
class HeadCell:
    """One heading: its text, its extent along x in pixels, what it may mean."""

    text: str
    x0: float
    x1: float
    meaning: Heading

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.meaning.roles


def cells_of(row: TextRow, cuts: Sequence[float] = ()) -> list[HeadCell]:
    """The row cut into headings: at the wide blanks and at `cuts`, and at narrow blanks where the words say so."""
    row, boxes = _without_box_numbers(row)
    cuts = [*cuts, *boxes]
    parted = [piece for word in row for piece in _parted(word)]
    return [cell for run in runs(parted, 0.9) for piece in _cut_at(run, cuts) for cell in _cut(piece)]


def _without_box_numbers(row: TextRow) -> tuple[TextRow, list[float]]:
    """The row without the running numbers that a form gives its boxes ("11. ITEM 12. QTY"), and where they stood."""
    places = [n for n, word in enumerate(row) if _BOX_NUMBER.fullmatch(word.text)]
    told = [int(re.sub(r"\D", "", row[n].text)) for n in places]
    if len(told) < _boxes_min or any(b - a != 1 for a, b in itertools.pairwise(told)):
        return row, []
    return [word for n, word in enumerate(row) if n not in places], [row[n].xc for n in places]


def _cut_at(run: TextRow, cuts: Sequence[float]) -> list[TextRow]:
    pieces: list[TextRow] = [[]]
    for word in run:
        left = pieces[-1][-1] if pieces[-1] else None
        if left and not _belong(left, word) and any(left.xc < x < word.xc for x in cuts):
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _belong(left: Word, right: Word) -> bool:
    """Whether the words are of one heading, narrow as the blank between them is: "this shipment", "Order No"."""
    if right.x0 - left.x1 > _belong_heights_max * min(left.height, right.height):
        return False
    return is_glue(left.text) or is_glue(right.text) or is_number_word(right.text)


def _parted(word: Word) -> TextRow:
    """Two headings that were printed or read without a blank between them, as two words."""
    cut = seam(word.text)
    if cut is None:
        return [word]
    x = word.x0 + (word.x1 - word.x0) * cut / len(word.text)
    gap = 0.25 * word.height
    return [replace(word, text=word.text[:cut], x1=x - gap), replace(word, text=word.text[cut:], x0=x + gap)]


def _cut(run: TextRow) -> list[HeadCell]:
    """The cheapest way to cut a run of words into headings that are known."""
    costs: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        ways = []
        for start in range(max(0, end - 4), end):
            ways.append((costs[start][0] + _cut_cost(run[start:end]) + _seam_cost(run, start), start))
        costs.append(min(ways))
    cells, end = [], len(run)
    while end:
        start = costs[end][1]
        cells.append(_cell(run[start:end]))
        end = start
    return cells[::-1]


def _seam_cost(run: TextRow, start: int) -> float:
    """Cutting where the words stand close costs; words that overlap were never printed as one text."""
    blank = (run[start].x0 - run[start - 1].x1) / max(1.0, run[start].height) if start else 1.0
    return max(0.0, 0.45 - blank) if blank > -0.15 else 0.0


def _cut_cost(words: TextRow) -> float:
    """Low for a heading we know; wide blanks inside one cost."""
    meaning = heading(text_of(words))
    blanks = sum(max(0.0, (b.x0 - a.x1) / max(1.0, a.height) - 0.3) for a, b in itertools.pairwise(words))
    known = 0.5 if meaning.roles and meaning.known == 1 else 1.1 if meaning.roles else 0.9 * len(words)
    return known + 1.5 * blanks + (1.5 if _is_several(words) else 0.0)


def _is_several(words: TextRow) -> bool:
    """Whether the words make two headings of different kinds: "Qty SKU", "Line Part", but not "Unit Price"."""
    for cut in range(1, len(words)):
        left, right = heading(text_of(words[:cut])), heading(text_of(words[cut:]))
        if not left.roles or not right.roles or left.known + right.known < 2 or is_number_word(text_of(words[cut:])):
            continue
        if words[0].text != "#" and _is_number(words[:cut]) and right.roles[0] in ("id", "other"):
            continue  # "Code article", "N° lot", "N° de lot"
        if left.roles[0] == "other" and right.roles[0] in ("id", "description") and folded(words[0].text) != "po":
            return True  # "Lot No. Item Description", "Location Article"
        if _are_two_counts(left, right, cut, len(words) - cut):
            return True
        groups = {_GROUPS.get(left.roles[0], left.roles[0]), _GROUPS.get(right.roles[0], right.roles[0])}
        unit_first = left.roles[0] == "unit" and not re.search(r"(?i)^(unit|einheit|eenheid|unidad|per)", words[0].text)
        if groups == {"unit", "money"} and unit_first:
            return True
        counts = heading(text_of(words)).roles[:1] != ("other",)
        if groups == {"other", "count"} and counts and not _PACKED & {folded(word.text).strip(".") for word in words}:
            return True
        if groups == {"money", "count"} and WHOLE & {
            folded(text_of(part)).strip(".") for part in (words[:cut], words[cut:])
        }:
            continue
        if len(groups) == 2 and groups not in (
            {"unit", "money"},
            {"line", "money"},
            {"other", "money"},
            {"other", "id"},
            {"other", "count"},
        ):
            return True
    return False


def _is_number(words: TextRow) -> bool:
    """Whether the words say "number", or "number of": what of comes behind."""
    return is_number_word(words[0].text) and all(is_glue(word.text) for word in words[1:])


def _are_two_counts(left: Heading, right: Heading, left_words: int, right_words: int) -> bool:
    """ "Ordered Shipped" or "Prev. shipped This shipment": two columns, not one."""
    roles = (left.roles[0], right.roles[0])
    if roles[0] == roles[1] or not set(roles) <= {*COUNTS, "later"}:
        return False
    return min(left_words, right_words) >= 2 or set(roles) == {"ordered", "shipped"} or roles in _ENDED


def _cell(words: TextRow) -> HeadCell:
    text = text_of(words)
    return HeadCell(text, words[0].x0, words[-1].x1, heading(text))
