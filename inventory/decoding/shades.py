"""How the bars of an EAN look out of focus, and how well that explains a line of gray values.

A place is a row of four: where the bars begin (`LEFT`) and end (`RIGHT`) in pixels of the line, how much they are drawn
apart on one side (`BEND`, a part of the width), and which of `blurs_modules` (`BLUR`). Places come and go many at once.
"""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from inventory.decoding.ean import Array, digit_bars, digit_modules, digit_starts, symbol_modules

blurs_modules = np.array([0.4, 0.7, 1.0, 1.3, 1.6, 1.9])

_k = 3  # samples a module
_quiet = 3  # modules of the margin that are compared too
_samples = (symbol_modules + 2 * _quiet) * _k
_along = (np.arange(_samples) + 0.5) / (symbol_modules * _k) - _quiet / symbol_modules
_drift = np.linspace(-1, 1, _samples)
_windows = np.array([np.arange((_quiet + start) * _k, (_quiet + start + digit_modules) * _k) for start in digit_starts])
LEFT, RIGHT, BEND, BLUR = range(4)


def misfits(dark: Array, places: Array, repeats: int) -> tuple[Array, Array]:
    """The misfit of the digits that explain each place best, whatever the check digit; each digit's cost (n×12×20)."""
    line, blur = sampled(dark, places), places[:, BLUR].astype(np.int64)
    seen, looks = line[:, _windows], _looks()[blur]
    shape = looks - looks.mean(axis=-1, keepdims=True)
    costs = -_matched(seen - seen.mean(axis=-1, keepdims=True), shape / np.linalg.norm(shape, axis=-1, keepdims=True))
    for _ in range(repeats):
        factors, _ = explained(line, _drawn(blur, costs.argmin(axis=2)))
        ground, gain = (
            factors[:, n, None, None] + factors[:, n + 1, None, None] * _drift[_windows][None] for n in (0, 2)
        )
        rest = seen - ground
        costs = _matched(gain * gain, looks * looks) - 2 * _matched(rest * gain, looks)
    factors, left = explained(line, _drawn(blur, costs.argmin(axis=2)))
    return np.where(factors[:, 2] > 0, left, 1.0), costs


def _matched(windows: Array, looks: Array) -> Array:
    """The product of each digit's window (n×12×samples) with each way it may look (n×2×20×samples): n×12×20."""
    halves = (np.matmul(windows[:, 6 * h : 6 * h + 6], looks[:, h].transpose(0, 2, 1)) for h in (0, 1))
    return np.concatenate(list(halves), axis=1)


def sampled(dark: Array, places: Array) -> Array:
    """The line's values at the sample points of each place: n×samples."""
    inside = _along.clip(0, 1)
    bent = _along + places[:, BEND, None] * inside * (1 - inside)
    at = places[:, LEFT, None] + (places[:, RIGHT] - places[:, LEFT])[:, None] * bent
    values: Array = np.interp(at.ravel(), np.arange(len(dark)), dark).reshape(len(places), -1)
    return values


def explained(line: Array, drawn: Array) -> tuple[Array, Array]:
    """The light (ground and gain, each drifting) under which `drawn` comes nearest to the line, and what it leaves."""
    parts = np.stack([np.ones_like(drawn), np.broadcast_to(_drift, drawn.shape), drawn, drawn * _drift], axis=2)
    turned = parts.transpose(0, 2, 1)
    squares = np.matmul(turned, parts) + 1e-6 * np.eye(4)
    factors = np.linalg.solve(squares, np.matmul(turned, line[:, :, None]))
    rest = line - np.matmul(parts, factors)[:, :, 0]
    varied = ((line - line.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return factors[:, :, 0], (rest * rest).sum(axis=1) / (varied + 1e-9)


def _drawn(blur: npt.NDArray[np.int64], digits: npt.NDArray[np.int64]) -> Array:
    """What each place would look like with these digits (n×12, of the 20 ways to print one)."""
    drawn = _frames()[blur].copy()
    looks = _looks()
    for n in range(12):
        drawn[:, _windows[n]] = looks[blur, n // 6, digits[:, n]]
    return drawn


@lru_cache
def _looks() -> Array:
    """How each digit looks in each blur (blurs × left, right × 20 × samples); its neighbours' first module is known."""
    left, right = digit_bars()
    halves = (
        (left, [0.45, 0.45, 0.45, 1], [0, 0.45, 0.45, 0.45]),
        (np.tile(right, (2, 1)), [0.45, 0.45, 0.45, 0], [1, 0.45, 0.45, 0.45]),
    )
    beside = [np.hstack([np.tile(before, (20, 1)), codes, np.tile(after, (20, 1))]) for codes, before, after in halves]
    return np.stack([[_through(codes, blur)[:, 4 * _k : -4 * _k] for codes in beside] for blur in blurs_modules])


@lru_cache
def _frames() -> Array:
    """The margins and guards, in each blur; what digits lie between does not matter much."""
    frame = np.full(symbol_modules, 0.45)
    frame[[0, 2, 46, 48, 92, 94]], frame[[1, 3, 45, 47, 49, 91, 93]] = 1, 0
    frame[[44, 50]] = 1
    return np.stack([out_of_focus(frame[None], blur)[0] for blur in blurs_modules])


def out_of_focus(modules: Array, blur: float) -> Array:
    wide = np.pad(modules, ((0, 0), (8, 8)))
    cut = (8 - _quiet) * _k
    return _through(wide, blur)[:, cut:-cut]


def _through(modules: Array, blur: float) -> Array:
    """Rows of modules as samples, out of focus by `blur` modules."""
    reach = np.arange(-int(4 * blur * _k) - 1, int(4 * blur * _k) + 2)
    spread = np.exp(-(reach**2) / (2 * (blur * _k) ** 2))
    samples = np.repeat(modules, _k, axis=1).astype(np.float64)
    return np.asarray(cv2.filter2D(samples, -1, (spread / spread.sum())[None], borderType=cv2.BORDER_REPLICATE))
