"""EAN-13 and UPC-A that are too blurred for the engines: which number, through which blur, looks like this?

Bars that run into each other have no edges left to measure, but each number still has its own shade of gray along the
line. So every place where a symbol may lie is compared with the best it could be: bars of 95 modules from `left` to
`right`, drawn apart a little on one side (`bend`), out of focus by `blur` modules, in light that changes slowly.

A number is believed when two bands of rows give the same one, it explains nearly all of both, and every other number
with a right check digit explains either of them clearly worse.
"""

import time
from dataclasses import dataclass

import cv2
import numpy as np

from inventory.decoding.ean import Array, bars, likeliest, symbol_modules
from inventory.decoding.shades import BEND, BLUR, LEFT, RIGHT, blurs_modules, explained, misfits, out_of_focus, sampled
from inventory.decoding.symbol import Symbol, as_printed
from inventory.decoding.transforms import View, crossings

cpu_seconds_max = 2.0
misfit_max = 0.045  # the part of the line's variance that the number leaves unexplained
rival_misfit_ratio_min = 1.1
rivals_max = 24
blur_modules_max = 1.75  # beyond it every number looks alike
bend_max = 0.16
pixels_per_module_min = 0.9
edges_min = 11  # rising ones between the ends; 30 if it were sharp
possible_places_max = 1500
places_max = 40
band_pixels = 10
gap_pixels = 4

# What is tried around a place, in these steps: modules, modules, parts of the width, blurs.
_onward = np.array([(1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (0, 0, 0.03, 0)])
_moves = np.concatenate([_onward, -_onward])
_refocus = np.array([(0, 0, 0, 1), (0, 0, 0, -1)])
_rounds_max = 18
_kept_after_round = {2: 24, 5: 10, 8: 4}
_step_min = 0.04


@dataclass(frozen=True, slots=True)
class _Fit:
    """One number at one place; `rival_ratio`: the next best number's misfit over this one's."""

    number: tuple[int, ...]
    misfit: float
    rival_ratio: float
    place: Array
    upside_down: bool

    @property
    def convinces(self) -> bool:
        is_clear = self.misfit <= misfit_max and self.rival_ratio >= rival_misfit_ratio_min
        return is_clear and float(blurs_modules[int(self.place[BLUR])]) <= blur_modules_max


def blurred(picture: View, formats: frozenset[str]) -> list[Symbol]:
    """The EAN-13 or UPC-A that a blurred picture shows; it gives up after `cpu_seconds_max`."""
    if not formats & {"EAN13", "UPCA"}:
        return []
    end = time.thread_time() + cpu_seconds_max
    for strip in crossings(picture, height=2 * band_pixels + gap_pixels):
        if time.thread_time() > end:
            return []
        gray = strip.pixels.astype(np.float64)
        one, two = _read(gray[:band_pixels].mean(axis=0)), None
        if one and one.convinces:
            two = _read(gray[-band_pixels:].mean(axis=0))
        if one and two and two.convinces and one.number == two.number:
            symbol = _symbol(one, strip)
            return [symbol] if symbol.format in formats else []
    return []


def _symbol(fit: _Fit, strip: View) -> Symbol:
    form, text = as_printed("EAN13", "".join(map(str, fit.number)))
    left, right, bottom = fit.place[LEFT], fit.place[RIGHT], strip.pixels.shape[0]
    if fit.upside_down:
        left, right = strip.pixels.shape[1] - 1 - right, strip.pixels.shape[1] - 1 - left
    corners = strip.corners([(left, 0), (right, 0), (right, bottom), (left, bottom)])
    return Symbol(text, form, corners, frozenset({"profile"}))


def _read(line: Array) -> _Fit | None:
    """The number that explains a line of gray values best, read from either end."""
    dark = 255 - line
    fits = [_best_number(dark[::-1] if turned else dark, place, turned) for place, turned in _best_places(dark)]
    return min((fit for fit in fits if fit), key=lambda fit: fit.misfit, default=None)


def _best_places(dark: Array) -> list[tuple[Array, bool]]:
    """The likeliest two places, and whether each is upside down: in the line read from its end."""
    found: list[tuple[float, Array, bool]] = []
    for turned in (False, True):
        directed = dark[::-1].copy() if turned else dark
        places = _possible_places(directed)
        if len(places):
            left, places = _settled(directed, places)
            found += [(float(left[n]), places[n], turned) for n in range(min(2, len(places)))]
    found.sort(key=lambda each: each[0])
    return [(place, turned) for _, place, turned in found[:2]]


def _possible_places(dark: Array) -> Array:
    """Wherever something dark begins and something dark ends, with enough bars between and lighter margins outside."""
    steps = np.diff(cv2.GaussianBlur(dark[None], (0, 0), 0.8)[0])
    strong = 0.15 * float(np.percentile(np.abs(steps), 98))
    begins, ends = _peaks(steps, strong), _peaks(-steps, strong)
    left, right = (each.ravel() for each in np.meshgrid(begins, ends, indexing="ij"))
    module = (right - left) / symbol_modules
    edges = np.searchsorted(begins, right) - np.searchsorted(begins, left)
    fits = (module >= pixels_per_module_min) & (edges >= edges_min)
    left, right, module = left[fits], right[fits], module[fits]
    margin = np.maximum(_mean(dark, left - 4 * module, left - module), _mean(dark, right + module, right + 4 * module))
    contrast = _mean(dark, left, right) - margin
    kept = np.argsort(-contrast)[: min(possible_places_max, int((contrast > 0).sum()))]
    zero = np.zeros(len(kept))
    return np.concatenate([np.stack([left[kept], right[kept], zero, zero + blur], axis=1) for blur in (1, 3)])


def _mean(values: Array, start: Array, stop: Array) -> Array:
    """The means of the values from each start to its stop, both inside."""
    summed = np.concatenate([[0.0], np.cumsum(values)])
    first, last = (each.clip(0, len(values) - 1).astype(np.int64) for each in (start, stop))
    means: Array = (summed[last + 1] - summed[first]) / (last + 1 - first)
    return means


def _peaks(values: Array, least: float) -> Array:
    inner = values[1:-1]
    return np.flatnonzero((inner > least) & (inner >= values[:-2]) & (inner > values[2:])).astype(np.float64) + 1.5


def _settled(dark: Array, places: Array) -> tuple[Array, Array]:
    """(misfits, places), best first, after each place was moved as long as that explains the line better."""
    least = np.concatenate([misfits(dark, some, 1)[0] for some in np.array_split(places, 1 + len(places) // 200)])
    least, places = _first(least, places, places_max)
    step = 1.0
    for count in range(_rounds_max):
        moved = [_moved(places, move * step) for move in _moves] + [_moved(places, move) for move in _refocus]
        tried = misfits(dark, np.concatenate(moved), 1 if count < 4 else 2)[0].reshape(len(moved), -1)
        better = tried.min(axis=0) < least - 1e-5
        places = np.where(better[:, None], np.stack(moved)[tried.argmin(axis=0), np.arange(len(places))], places)
        least, places = _first(np.minimum(least, tried.min(axis=0)), places, _kept_after_round.get(count, places_max))
        step *= 0.5 if not better.any() else 0.75 if count >= 6 else 1
        if step < _step_min:
            break
    return least, places


def _first(least: Array, places: Array, count: int) -> tuple[Array, Array]:
    order = np.argsort(least)[:count]
    return least[order], places[order]


def _moved(places: Array, move: Array) -> Array:
    module = (places[:, RIGHT] - places[:, LEFT]) / symbol_modules
    moved = places + move * np.stack([module, module, np.ones_like(module), np.ones_like(module)], axis=1)
    moved[:, BEND] = moved[:, BEND].clip(-bend_max, bend_max)
    moved[:, BLUR] = moved[:, BLUR].clip(0, len(blurs_modules) - 1)
    return moved


def _best_number(dark: Array, place: Array, upside_down: bool) -> _Fit | None:
    _, costs = misfits(dark, place[None], 2)
    numbers = likeliest(costs[0], rivals_max)
    if len(numbers) < 2:
        return None
    line, blur = np.tile(sampled(dark, place[None]), (len(numbers), 1)), blurs_modules[int(place[BLUR])]
    modules = np.stack([bars(number) for number in numbers])
    left = np.min([explained(line, out_of_focus(modules, part * blur))[1] for part in (0.8, 0.9, 1, 1.1, 1.2)], axis=0)
    best, rival = np.argsort(left)[:2]
    return _Fit(numbers[best], float(left[best]), float(left[rival] / (left[best] + 1e-9)), place, upside_down)
