"""Words become visual rows, rows become runs of words that stand close together."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import fmean, median

import numpy as np

from .kinds import Page, TextRow, Word
from .vocabulary import heading

_open_rows = 6
"""A word, taken from the top down, belongs to one of so many rows or begins one."""

_lower_heights_min = 0.4
_shared_heights_min = 0.3
"""How much lower a word stands than another, and over how much of a width, to be on a line of its own."""


def rows_on(page: Page) -> list[TextRow]:
    """The page's visual rows. Not to be changed."""
    if page.rows is None:
        page.rows = rows_of(page.words)
    return page.rows


def rows_of(words: list[Word]) -> list[TextRow]:
    """The visual rows from top to bottom, each from left to right."""
    rows: list[TextRow] = []
    places: list[tuple[float, float]] = []
    """Of each row its middle and its words' height."""
    for word in sorted(words, key=lambda word: word.yc):
        for number in range(max(0, len(rows) - _open_rows), len(rows)):
            center, height = places[number]
            near = 0.45 * min(height, word.height) + 0.1 * max(height, word.height)
            if abs(word.yc - center) < near and not any(_is_below(word, other) for other in rows[number]):
                rows[number].append(word)
                break
        else:
            number = len(rows)
            rows.append([word])
            places.append((0.0, 0.0))
        row = rows[number]
        places[number] = (fmean(other.yc for other in row[-5:]), median(other.height for other in row))
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return _without_splits(sorted(rows, key=middle))


def _is_below(word: Word, other: Word) -> bool:
    """Whether the word stands on the line under the other: a cell of two lines beside a count that is centred."""
    height = min(word.height, other.height)
    shared = min(word.x1, other.x1) - max(word.x0, other.x0)
    return shared > _shared_heights_min * height and word.yc - other.yc > _lower_heights_min * height


def middle(row: TextRow) -> float:
    """The row's height on the page."""
    return fmean(word.yc for word in row)


def text_of(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


def levelled(body: list[TextRow], head: list[TextRow]) -> list[TextRow]:
    """The rows under a heading made anew, as straight as the heading's own row is: what a bend still left is taken out.

    Otherwise the counts at one edge of a bent page pair with the codes of the next row.
    """
    base = [word for word in max(head, key=len) if heading(word.text).roles]
    ys = [word.yc for word in base]
    if not body or len(base) < 2 or max(ys) - min(ys) <= 0.12 * median(word.height for word in base):
        return body
    xs = [word.xc for word in base]
    moved = []
    for word in (word for row in body for word in row):
        off = float(np.interp(word.xc, xs, ys)) - ys[0]
        moved.append(replace(word, y0=word.y0 - off, y1=word.y1 - off))
    return rows_of(moved)


def is_running_text(row: TextRow) -> bool:
    """Whether the words follow one another as in a sentence; headings stand apart, most of them."""
    blanks = [(b.x0 - a.x1) / max(1.0, min(a.height, b.height)) for a, b in pairwise(row)]
    return len(blanks) >= 3 and sum(blank < 0.42 for blank in blanks) > 0.8 * len(blanks)


def _without_splits(rows: list[TextRow]) -> list[TextRow]:
    """Rows that lie a little apart and nowhere above each other are one row."""
    joined: list[TextRow] = []
    for row in rows:
        if joined and _is_one_row(joined[-1], row):
            joined[-1] = sorted(joined[-1] + row, key=lambda word: word.x0)
        else:
            joined.append(row)
    return joined


def _is_one_row(upper: TextRow, lower: TextRow) -> bool:
    height = median(word.height for word in upper + lower)
    if middle(lower) - middle(upper) >= 0.75 * height:
        return False
    return not any(min(a.x1, b.x1) - max(a.x0, b.x0) > -0.3 * height for a in upper for b in lower)


def runs(row: TextRow, gap: float) -> list[TextRow]:
    """The row cut where the blank is wider than `gap` times the letters' height."""
    cut: list[TextRow] = []
    for word in row:
        if cut and word.x0 - cut[-1][-1].x1 < gap * min(word.height, cut[-1][-1].height):
            cut[-1].append(word)
        else:
            cut.append([word])
    return cut
