"""Pixels to symbols: the front door to both decoders."""

from dataclasses import replace
from itertools import chain

import cv2
import numpy as np

from inventory.decoding import engines
from inventory.decoding.engines import engines_available
from inventory.decoding.symbol import DOCK_FORMATS, LABEL_FORMATS, LINEAR_FORMATS, Gray, Symbol, merged
from inventory.decoding.views import View, contrasty, enlarged, flat, tilted_strips, turned

__all__ = [
    "DOCK_FORMATS",
    "LABEL_FORMATS",
    "Symbol",
    "confirm",
    "engines_available",
    "read_foreign",
    "read_symbols",
]


def read_symbols(gray: Gray, *, formats: frozenset[str] = LABEL_FORMATS, thorough: bool = False) -> list[Symbol]:
    """Every symbol of these formats in a gray picture (rows × columns of uint8), in no particular order.

    `thorough` is for still photos: it tries longer where nothing was read at first.
    """
    picture = View(gray)
    return _at_first_sight(picture, formats) or _tilted(picture, formats) or _rescued(picture, formats, thorough)


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


def _tilted(picture: View, formats: frozenset[str]) -> list[Symbol]:
    strips = tilted_strips(picture.pixels, count=5)
    return merged(chain(*(engines.zxing(flat(strip), formats & LINEAR_FORMATS) for strip in strips)))


def _rescued(picture: View, formats: frozenset[str], thorough: bool) -> list[Symbol]:
    found = engines.zbar(picture, formats, row_step=1 if thorough else 2)
    if found or not thorough:
        return merged(found)
    return merged(
        engines.zxing(picture, formats, full=True)
        or engines.zxing(contrasty(picture), formats)
        or engines.zxing(enlarged(picture, how=cv2.INTER_LINEAR), formats)
        or engines.zxing(flat(enlarged(picture)), formats & LINEAR_FORMATS)
    )
