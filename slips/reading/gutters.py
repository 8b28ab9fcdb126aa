"""The blank stripes that run down through a table: what stands on both sides of one are different columns."""

from __future__ import annotations

from statistics import median

import numpy as np

from .kinds import Row

_rows_min = 4
_crossing_share_max = 0.04
_step_pixels = 2


def gutters(rows: list[Row]) -> list[float]:
    """The middles (x) of the stripes that nearly every row leaves blank, of rows with words on both sides."""
    rows = [row for row in rows if len(row) > 1]
    if len(rows) < _rows_min:
        return []
    right = max(word.x1 for row in rows for word in row)
    covered = np.zeros(int(right / _step_pixels) + 2)
    spanned = np.zeros_like(covered)
    for row in rows:
        for word in row:
            covered[_at(word.x0) : _at(word.x1) + 1] += 1
        spanned[_at(row[0].x0) : _at(row[-1].x1) + 1] += 1
    enough = spanned >= max(_rows_min, 0.25 * len(rows))
    blank = enough & (covered <= _crossing_share_max * spanned)
    wide = 0.3 * median(word.height for row in rows for word in row)
    return [(a + b) / 2 for a, b in _stripes(blank) if b - a >= wide]


def _at(x: float) -> int:
    return max(0, int(x / _step_pixels))


def _stripes(blank: np.ndarray) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], blank.astype(int), [0]])))
    return [(float(a) * _step_pixels, float(b) * _step_pixels) for a, b in zip(edges[::2], edges[1::2], strict=True)]
