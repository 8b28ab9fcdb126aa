"""What one decoded barcode is, and which barcodes a dock meets."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Gray: TypeAlias = npt.NDArray[np.uint8]
Point: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Point, Point, Point, Point]

LINEAR_FORMATS: frozenset[str] = frozenset({"Code128", "Code39", "EAN13", "UPCA", "ITF"})
MATRIX_FORMATS: frozenset[str] = frozenset({"QRCode", "DataMatrix", "PDF417", "Aztec"})
LABEL_FORMATS: frozenset[str] = frozenset({"QRCode", "Code128", "DataMatrix"})
DOCK_FORMATS: frozenset[str] = LINEAR_FORMATS | MATRIX_FORMATS


@dataclass(frozen=True, slots=True)
class Symbol:
    """One decoded barcode.

    text: the payload exactly as in the symbol, control characters kept.
    format: one of DOCK_FORMATS, the same spelling whichever engine read it. A UPC-A has 12 digits, an EAN-13 has 13.
    corners: in pixels of the given picture, clockwise from the one at the top left.
    engines: who read this very text, "zxing" and "pyzbar"; "profile" where only a blurred EAN's shades told it.
    """

    text: str
    format: str
    corners: Corners
    engines: frozenset[str]

    @property
    def centre(self) -> Point:
        """The middle of the symbol, in pixels of the picture."""
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4

    def is_same_as(self, other: "Symbol") -> bool:
        """The same text at the same place; two cartons with equal labels are two symbols."""
        return (self.format, self.text) == (other.format, other.text) and (
            other.lies_at(self.centre) or self.lies_at(other.centre)
        )

    def lies_at(self, point: Point) -> bool:
        """Inside the upright box around it, widened a little: an engine may have seen only a few rows of its bars."""
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        margin = 8 + 0.1 * max(max(xs) - min(xs), max(ys) - min(ys))
        return min(xs) - margin <= point[0] <= max(xs) + margin and min(ys) - margin <= point[1] <= max(ys) + margin


def as_printed(form: str, text: str) -> tuple[str, str]:
    """A UPC-A is an EAN-13 that begins with 0; its 12 digits are what is printed under the bars."""
    if form == "EAN13":
        digits = text.rjust(13, "0")
        return ("UPCA", digits[1:]) if digits.startswith("0") else ("EAN13", digits)
    return form, text


def clockwise(points: npt.NDArray[np.floating]) -> Corners:
    """Four points (4×2, any order) as corners, clockwise on the screen from the one nearest to the top left."""
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]), kind="stable")]
    first = int(np.argmin(around.sum(axis=1)))
    a, b, c, d = ((float(x), float(y)) for x, y in np.roll(around, -first, axis=0))
    return a, b, c, d


def merged(symbols: Iterable[Symbol]) -> list[Symbol]:
    """Each symbol once, with every engine that read it; the first reading keeps its corners."""
    once: list[Symbol] = []
    for symbol in symbols:
        for place, known in enumerate(once):
            if known.is_same_as(symbol):
                once[place] = replace(known, engines=known.engines | symbol.engines)
                break
        else:
            once.append(symbol)
    return once
