"""Two tables side by side under a head that says everything twice."""

from __future__ import annotations

from dataclasses import replace

from .heading_cells import HeadCell
from .kinds import Row
from .vocabulary import folded


def side_by_side(cells: list[HeadCell]) -> tuple[list[HeadCell], list[HeadCell]] | None:
    """The two halves of the head; None if it is a head like others.

    A half whose headings stand too close to be told apart is cut as the other one is.
    """
    for cut in range(1, len(cells)):
        left, right = cells[:cut], cells[cut:]
        if _bare(left) and _bare(left) == _bare(right) and len({cell.roles for cell in max(left, right, key=len)}) > 1:
            return _as_finely(left, right), _as_finely(right, left)
    return None


def _bare(cells: list[HeadCell]) -> str:
    return folded("".join(cell.text for cell in cells)).replace(" ", "")


def _as_finely(half: list[HeadCell], other: list[HeadCell]) -> list[HeadCell]:
    if len(half) >= len(other):
        return half
    shift = half[0].x0 - other[0].x0
    return [replace(cell, x0=cell.x0 + shift, x1=cell.x1 + shift) for cell in other]


def parted(rows: list[Row], halves: tuple[list[HeadCell], list[HeadCell]]) -> tuple[list[Row], list[Row]]:
    """The rows of the left table and of the right one, cut where the fewest words stand."""
    border = _border([word for row in rows for word in row], halves[0][-1].x1, halves[1][0].x0)
    left = [[word for word in row if word.xc < border] for row in rows]
    right = [[word for word in row if word.xc >= border] for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _border(words: Row, low: float, high: float) -> float:
    """Of the places between the two heads the one that cuts the fewest words, rather near the right head."""
    steps = [high - (high - low) * n / 40 for n in range(1, 41)]
    return min(steps, key=lambda x: (sum(word.x0 < x < word.x1 for word in words), -x))
