"""A photographed page is bent and turned: its text lines are laid straight before rows are made of them.

The slope of the text as a function of the place is fitted (a plane, then a smoothed rest) and integrated along x.
"""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt

from .kinds import Word
from .ocr import Corners, OcrLine, OcrPage

Floats = npt.NDArray[np.float64]

_STEPS = 48
_BAND_PIXELS = 8
_plane_lines_min = 12
"""Fewer lines tell how far the page is turned, but not how it is bent."""


def flattened(page: OcrPage) -> list[Word]:
    """The page's words with straightened places; their boxes are where they stand on the picture as it was given."""
    height, width = page.picture.shape[:2]
    field = SlopeField([line for line in page.lines if _is_level(line.corners)])
    words: list[Word] = []
    for line in page.lines:
        for text, corners in line.words or [(line.text, line.corners)]:
            for piece, part in _pieces(text, corners):
                words.append(_word(piece, part, line.score, field, (width, height), page.turns))
    return words


def _is_level(corners: Corners) -> bool:
    across = (corners[1] + corners[2] - corners[0] - corners[3]) / 2
    return bool(abs(across[1]) < 0.5 * abs(across[0]))


def _pieces(text: str, corners: Corners) -> list[tuple[str, Corners]]:
    """The text cut at its blanks, the corners shared out by letters."""
    total = max(1, len(text))
    pieces = []
    for found in re.finditer(r"\S+", text):
        start, end = found.start() / total, found.end() / total
        upper, lower = corners[1] - corners[0], corners[2] - corners[3]
        part = np.array(
            [corners[0] + upper * start, corners[0] + upper * end, corners[3] + lower * end, corners[3] + lower * start]
        )
        pieces.append((found.group(), part))
    return pieces


def _word(text: str, corners: Corners, score: float, field: SlopeField, size: tuple[int, int], turns: int) -> Word:
    left = math.hypot(*(corners[3] - corners[0]))
    right = math.hypot(*(corners[2] - corners[1]))
    half = max(4.0, (left + right) / 2) / 2
    x, y = corners.mean(axis=0)
    level = field.level(float(x), float(y))
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    box = (x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1])
    return Word(text, float(x0), level - half, float(x1), level + half, score, turned_back(box, turns))


def turned_back(box: tuple[float, float, float, float], turns: int) -> tuple[float, float, float, float]:
    """A box on the upright picture, as it lies on the picture before `turns` quarter turns against the clock.

    Below 0: the other way, from that picture to the upright one.
    """
    x0, y0, x1, y1 = (min(1.0, max(0.0, float(value))) for value in box)
    for _ in range(turns % 4):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return x0, y0, x1, y1


class SlopeField:
    """How the text rises at each place of the page."""

    def __init__(self, lines: list[OcrLine]) -> None:
        self.plane = np.zeros(3)
        self.rest: Floats = np.zeros((0, 4))
        long = [line for line in lines if len(line.text) >= 4]
        if len(long) >= _plane_lines_min:
            self.plane = _fitted_plane(long)
        elif len(long) >= 3:
            self.plane[0] = float(np.median([_slope(line) for line in long]))
        self.width = max([1.0, *(float(line.corners[:, 0].mean()) for line in lines)])
        self.grid = np.linspace(0, self.width, _STEPS)
        self.rest = self._rest_slopes([line for line in lines if len(line.text) >= 6])
        self._bands: dict[int, Floats] = {}

    def level(self, x: float, y: float) -> float:
        """The straightened y of a point, in pixels."""
        level = self._on_plane(x, y)
        if len(self.rest) < _plane_lines_min:
            return level
        return level - float(np.interp(x, self.grid, self._band(int(level / _BAND_PIXELS))))

    def _on_plane(self, x: float, y: float) -> float:
        a, b, c = self.plane
        return float(y - (a * x + b * x * x / 2 + c * x * y))

    def _rest_slopes(self, lines: list[OcrLine]) -> Floats:
        """Rows of x, y, slope left over, length."""
        rest = []
        for line in lines:
            (ax, ay), (bx, by) = (line.corners[0] + line.corners[3]) / 2, (line.corners[1] + line.corners[2]) / 2
            ya, yb = self._on_plane(ax, ay), self._on_plane(bx, by)
            rest.append(((ax + bx) / 2, (ya + yb) / 2, (yb - ya) / max(1.0, bx - ax), math.hypot(bx - ax, by - ay)))
        return np.array(rest) if rest else np.zeros((0, 4))

    def _band(self, band: int) -> Floats:
        """What is to be taken off y along x, in the strip of the page at `band`."""
        if band not in self._bands:
            wide = 0.10 * self.width
            near = np.exp(-(((self.rest[:, 1] - band * _BAND_PIXELS) / (0.6 * wide)) ** 2) / 2) * self.rest[:, 3]
            weight = np.exp(-(((self.grid[:, None] - self.rest[None, :, 0]) / wide) ** 2) / 2) * near[None, :]
            calm = 0.2 * self.rest[:, 3].mean()
            slope = (weight * self.rest[None, :, 2]).sum(axis=1) / (weight.sum(axis=1) + calm)
            risen = np.concatenate([[0.0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(self.grid))])
            self._bands[band] = risen - np.interp(self.width / 2, self.grid, risen)
        return self._bands[band]


def _slope(line: OcrLine) -> float:
    across = (line.corners[1] + line.corners[2] - line.corners[0] - line.corners[3]) / 2
    return float(across[1] / across[0])


def _fitted_plane(lines: list[OcrLine]) -> Floats:
    """slope = a + b·x + c·y, by length-weighted least squares without the outliers."""
    places, slopes, lengths = [], [], []
    for line in lines:
        across = (line.corners[1] + line.corners[2] - line.corners[0] - line.corners[3]) / 2
        x, y = line.corners.mean(axis=0)
        places.append([1.0, x / 1000, y / 1000])
        slopes.append(across[1] / across[0])
        lengths.append(math.hypot(*across))
    at, slope, weight = np.array(places), np.array(slopes), np.array(lengths)
    keep = np.ones(len(slope), dtype=bool)
    fit = np.zeros(3)
    for _ in range(3):
        damping = np.diag([0.0, 0.2, 0.2]) * weight.mean()
        left = np.vstack([at[keep] * weight[keep, None], damping])
        fit = np.linalg.lstsq(left, np.concatenate([slope[keep] * weight[keep], np.zeros(3)]), rcond=None)[0]
        off = np.abs(at @ fit - slope)
        keep = off <= max(0.004, float(np.quantile(off, 0.85)))
    return np.asarray(fit / np.array([1.0, 1000.0, 1000.0]))
