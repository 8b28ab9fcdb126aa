"""A closer look at one cell of a page that was read optically: detectors overlook a lone digit between two rules."""

from __future__ import annotations

import itertools
from statistics import median

import numpy as np
import numpy.typing as npt

from . import ocr
from .anchors import Reread
from .columns import GridRow
from .flatten import turned_back
from .kinds import Word

_ink_levels_min = 40


def second_look(page: ocr.OcrPage) -> Reread:
    """Looks at the place of a row between two x (pixels of the upright picture) and tells its text and score."""

    def look(row: GridRow, left: float, right: float) -> tuple[str, float]:
        height, width = page.picture.shape[:2]
        places = [_place(word, page.turns, width, height) for word in row.words]
        tall = median(bottom - top for _, top, _, bottom in places)
        y = _height_at((left + right) / 2, places)
        x0, x1 = max(0, int(left - 0.6 * tall)), min(width, int(right + 0.6 * tall))
        y0, y1 = max(0, int(y - 0.75 * tall)), min(height, int(y + 0.75 * tall))
        cut = _around_ink(page.picture[y0:y1, x0:x1], int(0.35 * tall))
        return ocr.read_cell(cut) if cut is not None else ("", 0.0)

    return look


def _place(word: Word, turns: int, width: int, height: int) -> tuple[float, float, float, float]:
    """The word's box in pixels of the upright picture."""
    x0, y0, x1, y1 = turned_back(word.box, -turns)
    return x0 * width, y0 * height, x1 * width, y1 * height


def _height_at(x: float, places: list[tuple[float, float, float, float]]) -> float:
    """Where the row runs at x, along its nearest words."""
    near = sorted(places, key=lambda place: abs((place[0] + place[2]) / 2 - x))[:5]
    xs = [(place[0] + place[2]) / 2 for place in near]
    ys = [(place[1] + place[3]) / 2 for place in near]
    if len(near) < 2 or max(xs) - min(xs) < 3 * (near[0][3] - near[0][1]):
        return ys[0]
    slope, level = np.polyfit(xs, ys, 1)
    return float(level + slope * x) if abs(slope) < 0.15 else ys[0]


def _around_ink(cell: ocr.Picture, pad: int) -> ocr.Picture | None:
    """The cell cut down to what is printed in it, rules aside; None if it is empty."""
    if cell.size == 0:
        return None
    gray = cell.mean(axis=2)
    ink = gray < np.median(gray) - _ink_levels_min
    ink[ink.mean(axis=1) > 0.6, :] = False
    start, end = _between_rules(ink)
    ink, cell = ink[:, start:end], cell[:, start:end]
    ys, xs = np.nonzero(ink)
    if len(ys) < 6:
        return None
    top, bottom = max(0, int(ys.min()) - pad), int(ys.max()) + pad
    left, right = max(0, int(xs.min()) - 2 * pad), int(xs.max()) + 2 * pad
    return np.ascontiguousarray(cell[top:bottom, left:right])


def _between_rules(ink: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """The columns of pixels between two upright rules, or a rule and the edge, that hold the most ink."""
    thick = ink.copy()
    thick[:, 1:] |= ink[:, :-1]
    thick[:, :-1] |= ink[:, 1:]
    rules = np.flatnonzero(thick.mean(axis=0) > 0.85)
    edges = [-1, *(int(x) for x in rules), ink.shape[1]]
    parts = [(a + 1, b) for a, b in itertools.pairwise(edges) if b - a > 2]
    return max(parts, key=lambda part: int(ink[:, part[0] : part[1]].sum()), default=(0, ink.shape[1]))
