"""Pixels to symbols: the front door to both decoders."""

from dataclasses import replace

import numpy as np

from inventory.decoding import engines
from inventory.decoding.blurred import blurred
from inventory.decoding.engines import engines_available
from inventory.decoding.rescue import rescued
from inventory.decoding.symbol import DOCK_FORMATS, LABEL_FORMATS, LINEAR_FORMATS, Gray, Symbol, merged
from inventory.decoding.transforms import View, cut_out, flat, shrunk, strips

__all__ = [
    "DOCK_FORMATS",
    "LABEL_FORMATS",
    "Symbol",
    "confirm",
    "engines_available",
    "read_foreign",
    "read_symbols",
]

lone_linear_formats = frozenset({"Code128"})  # its check sum makes one reading of a retouched picture believable
tilted_strips_max = 3
quiet_pixels = 16  # on each side of a symbol, besides an eighth of its length
bars_pixels = 48
zbar_row_step = 3  # every third row and column, at a third of the time; a label's bars are taller than that


def read_symbols(gray: Gray, *, formats: frozenset[str] = LABEL_FORMATS, thorough: bool = False) -> list[Symbol]:
    """Every symbol of these formats in a gray picture (rows × columns of uint8), in no particular order.

    `thorough` is for still photos: where nothing was read it tries on, for up to about 150 ms, and where an EAN or UPC
    was asked for, a few seconds more (`blurred.cpu_seconds_max`).

    A QR must not hide a shadowed or tilted Code 128 beside it, and a label at the edge none in the middle, where the
    person aims; so the cheap steps that cure shadow and tilt run although the plain pixels gave a symbol.
    """
    picture = View(gray)
    found = merged(engines.zxing(picture, formats) + engines.zxing(flat(picture), formats & lone_linear_formats))
    middle = gray.shape[1] / 2, gray.shape[0] / 2
    if thorough or not any(symbol.lies_at(middle) for symbol in found):
        found = merged(found + _tilted(picture, formats))
    if found or thorough:
        return found or rescued(picture, formats) or blurred(shrunk(picture), formats)
    return _in_hard_shadow(picture, formats) or engines.zbar(picture, formats, row_step=zbar_row_step)


def read_foreign(gray: Gray) -> list[Symbol]:
    """The symbols in other formats than a label's (an EAN, a carrier's PDF417), so that they can be named.

    One cheap pass: call it when `read_symbols` found nothing.
    """
    return engines.zxing(View(gray), DOCK_FORMATS - LABEL_FORMATS)


def confirm(gray: Gray, symbol: Symbol) -> Symbol:
    """The symbol, with the other engine added to `engines` if that one reads the same text at the same place."""
    place, formats = _cut_out(gray, symbol), frozenset({symbol.format})
    others = [] if "pyzbar" in symbol.engines else engines.zbar(place, formats)
    if "zxing" not in symbol.engines:
        others += engines.zxing(place, formats) or engines.zxing(flat(place), formats)
    return replace(symbol, engines=symbol.engines.union(*(o.engines for o in others if o.text == symbol.text)))


def _cut_out(gray: Gray, symbol: Symbol) -> View:
    """The symbol and its quiet zone, upright; of bars a strip is enough."""
    corners = np.array(symbol.corners)
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    long = 0 if symbol.format not in LINEAR_FORMATS or lengths[0] >= lengths[1] else 1
    width = int(min(1.25 * lengths[long] + 2 * quiet_pixels, sum(gray.shape)))
    height = (
        bars_pixels
        if symbol.format in LINEAR_FORMATS
        else int(min(1.25 * lengths[1] + 2 * quiet_pixels, sum(gray.shape)))
    )
    angle = float(np.degrees(np.arctan2(sides[long, 1], sides[long, 0])))
    return cut_out(gray, angle, symbol.centre, width=width, height=height)


def _in_hard_shadow(picture: View, formats: frozenset[str]) -> list[Symbol]:
    """Where the edge of a shadow is sharp, a mean over fewer pixels follows it."""
    return engines.zxing(flat(picture, window=15), formats)


def _tilted(picture: View, formats: frozenset[str]) -> list[Symbol]:
    found = strips(picture, count=tilted_strips_max, tilted_only=True)
    return merged(symbol for strip in found for symbol in engines.zxing(flat(strip), formats & lone_linear_formats))
