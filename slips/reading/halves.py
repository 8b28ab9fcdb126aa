"""Tables side by side under a head that says everything twice or more often."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

from .heading_cells import HeadCell
from .kinds import TextRow
from .vocabulary import folded

_times_max = 4


def side_by_side(cells: list[HeadCell]) -> list[list[HeadCell]] | None:
    """The like parts of the head; None if it is a head like others.

    A part whose headings stand too close to be told apart is cut as the finest one is.
    """
    for times in range(_times_max, 1, -1):
        parts = _like_parts(cells, times)
        if parts:
            finest = max(parts, key=len)
            return [_as_finely(part, finest) for part in parts]
    return None


def _like_parts(cells: list[HeadCell], times: int) -> list[list[HeadCell]] | None:
    """The cells in so many parts that all say the same, of columns that mean more than one thing."""
    ends = list(accumulate(len(_bare(cell)) for cell in cells))
    whole = "".join(_bare(cell) for cell in cells)
    size = len(whole) // times
    if not size or whole != whole[:size] * times or any(n * size not in ends for n in range(1, times)):
        return None
    borders = [0, *(ends.index(n * size) + 1 for n in range(1, times)), len(cells)]
    parts = [cells[a:b] for a, b in pairwise(borders)]
    return parts if len({cell.roles for cell in max(parts, key=len)}) > 1 else None


def _bare(cell: HeadCell) -> str:
    return folded(cell.text).replace(" ", "")


def _as_finely(part: list[HeadCell], finest: list[HeadCell]) -> list[HeadCell]:
    if len(part) >= len(finest):
        return part
    shift = part[0].x0 - finest[0].x0
    return [replace(cell, x0=cell.x0 + shift, x1=cell.x1 + shift) for cell in finest]


def parted(rows: list[TextRow], parts: list[list[HeadCell]]) -> list[list[TextRow]]:
    """The rows of each table from left to right, cut where the fewest words stand."""
    words = [word for row in rows for word in row]
    borders = [_border(words, left[-1].x1, right[0].x0) for left, right in pairwise(parts)]
    edges = [float("-inf"), *borders, float("inf")]
    cut = [[[word for word in row if a <= word.xc < b] for row in rows] for a, b in pairwise(edges)]
    return [[row for row in table if row] for table in cut]


def _border(words: TextRow, low: float, high: float) -> float:
    """Of the places between two heads the one that cuts the fewest words, rather near the right head."""
    steps = [high - (high - low) * n / 40 for n in range(1, 41)]
    return min(steps, key=lambda x: (sum(word.x0 < x < word.x1 for word in words), -x))
