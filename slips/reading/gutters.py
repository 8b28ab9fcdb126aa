"""The blank stripes that run down through a table: what stands on both sides of one are different columns."""

from __future__ import annotations

from statistics import median

import numpy as np

from .kinds import TextRow
from .rows import is_running_text

_rows_min = 2
_heights_min = {2: 0.9, 3: 0.5}
"""How wide a stripe must be, in heights of the letters: few rows leave blanks above one another by chance."""
_crossing_share_max = 0.15
_slack_heights = 0.25
"""Words that were read optically end about there where they are said to."""
_step_pixels = 2


def gutters(rows: list[TextRow], over: list[TextRow] | None = None) -> list[float]:
    """The middles (x) of the stripes that nearly every row leaves blank, of rows with words on both sides.

    `over`: rows above (of headings) that must leave the stripe blank too.
    """
    rows = [row for row in rows if len(row) > 1 and not is_running_text(row)]
    if len(rows) < _rows_min:
        return []
    right = max(word.x1 for row in [*rows, *(over or [])] for word in row)
    covered = np.zeros(int(right / _step_pixels) + 2)
    spanned = np.zeros_like(covered)
    for row in rows:
        for word in row:
            slack = _slack_heights * word.height if word.score < 1 else 0.0
            covered[_at(word.x0 + slack) : _at(word.x1 - slack) + 1] += 1
        spanned[_at(row[0].x0) : _at(row[-1].x1) + 1] += 1
    blank = (spanned >= max(_rows_min, 0.25 * len(rows))) & (covered <= _crossing_share_max * spanned)
    wide = _heights_min.get(len(rows), 0.3) * median(word.height for row in rows for word in row)
    stripes = [(a, b) for a, b in _stripes(blank) if b - a >= wide]
    for word in (word for row in over or [] for word in row):
        slack = _slack_heights * word.height if word.score < 1 else 0.0
        blank[_at(word.x0 + slack) : _at(word.x1 - slack) + 1] = False
    return [middle for a, b in stripes if (middle := _widest(blank, a, b)) is not None]


def _widest(blank: np.ndarray, a: float, b: float) -> float | None:
    """The middle of the widest part of the stripe that is still blank."""
    parts = [(x1 - x0, (x0 + x1) / 2 + a) for x0, x1 in _stripes(blank[_at(a) : _at(b)])]
    return max(parts)[1] if parts else None


def _at(x: float) -> int:
    return max(0, int(x / _step_pixels))


def _stripes(blank: np.ndarray) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], blank.astype(int), [0]])))
    return [(float(a) * _step_pixels, float(b) * _step_pixels) for a, b in zip(edges[::2], edges[1::2], strict=True)]
