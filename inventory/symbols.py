"""Pixels to symbols: the front door to both decoders."""

from dataclasses import replace
from itertools import chain

import cv2
import numpy as np

from inventory.decoding import engines
from inventory.decoding.engines import engines_available
from inventory.decoding.rescue import rescued
from inventory.decoding.symbol import DOCK_FORMATS, LABEL_FORMATS, LINEAR_FORMATS, MATRIX_FORMATS, Gray, Symbol, merged
from inventory.decoding.views import View, flat, strips, turned

__all__ = [
    "DOCK_FORMATS",
    "LABEL_FORMATS",
    "Symbol",
    "confirm",
    "engines_available",
    "read_foreign",
    "read_symbols",
]

tilted_strips_max = 3
zbar_row_step = 2  # every second row and column: half the time, and a label's bars are taller than two pixels


def read_symbols(gray: Gray, *, formats: frozenset[str] = LABEL_FORMATS, thorough: bool = False) -> list[Symbol]:
    """Every symbol of these formats in a gray picture (rows × columns of uint8), in no particular order.

    `thorough` is for still photos: where nothing was read it tries on, for up to about 150 ms.
    """
    picture = View(gray)
    if thorough:
        return engines.zxing(picture, formats) or rescued(picture, formats)
    found = _at_first_sight(picture, formats)
    if not any(_covers_the_middle(symbol, gray) for symbol in found):
        found = merged(found + _tilted(picture, formats))
    return found or _in_hard_shadow(picture, formats) or engines.zbar(picture, formats, row_step=zbar_row_step)


def read_foreign(gray: Gray) -> list[Symbol]:
    """The symbols in other formats than a label's (an EAN, a carrier's PDF417), so that they can be named.

    One cheap pass: call it when `read_symbols` found nothing.
    """
    return engines.zxing(View(gray), DOCK_FORMATS - LABEL_FORMATS)


def confirm(gray: Gray, symbol: Symbol) -> Symbol:
    """The symbol, with the other engine added to `engines` if that one reads the same text at the same place."""
    height = int(max(48, _side(symbol, 1, 2))) + 32 if symbol.format not in LINEAR_FORMATS else 64
    (x0, y0), (x1, y1) = symbol.corners[:2]
    angle = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    length = int(_side(symbol, 0, 1) * 1.25) + 32
    strip = turned(gray, angle, symbol.centre, height=height)
    formats = frozenset({symbol.format})
    both = (engines.zbar(strip, formats), engines.zxing(strip, formats)) if length else ()
    agreeing = [other for other in chain(*both) if other.text == symbol.text and other.format == symbol.format]
    return replace(symbol, engines=symbol.engines.union(*(other.engines for other in agreeing)))


def _side(symbol: Symbol, start: int, end: int) -> float:
    """The length of one side, in pixels."""
    (x0, y0), (x1, y1) = symbol.corners[start], symbol.corners[end]
    return float(np.hypot(x1 - x0, y1 - y0))


def _at_first_sight(picture: View, formats: frozenset[str]) -> list[Symbol]:
    """The plain picture, and once more with flattened light: a QR must not hide a shadowed Code 128."""
    return merged(engines.zxing(picture, formats) + engines.zxing(flat(picture), formats & LINEAR_FORMATS))


def _in_hard_shadow(picture: View, formats: frozenset[str]) -> list[Symbol]:
    """The edge of a shadow across a QR needs a closer look than one across bars."""
    return engines.zxing(flat(picture, window=15), formats & MATRIX_FORMATS)


def _covers_the_middle(symbol: Symbol, gray: Gray) -> bool:
    """Whether the symbol lies where the person aims; if not, a tilted one may lie there, and must not lose to it."""
    middle = gray.shape[1] / 2, gray.shape[0] / 2
    return bool(cv2.pointPolygonTest(np.array(symbol.corners, dtype=np.float32), middle, measureDist=False) >= 0)


def _tilted(picture: View, formats: frozenset[str]) -> list[Symbol]:
    found = strips(picture, count=tilted_strips_max, tilted_only=True)
    return merged(symbol for strip in found for symbol in engines.zxing(flat(strip), formats & LINEAR_FORMATS))
