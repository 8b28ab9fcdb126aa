"""What is tried on a still photo when its plain pixels did not read: many views, and a vote.

Each attempt reads pictures that no earlier one can, and each now and then invents a linear text. So a linear symbol
counts when two attempts or both engines read it alike, or when no attempt saw any other; a Code 128, which may be one
of our labels, only in the first case. The symbols with error correction (QR, Data Matrix and so on) need no vote.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

import cv2

from inventory.decoding import engines
from inventory.decoding.symbol import LINEAR_FORMATS, MATRIX_FORMATS, Symbol, merged
from inventory.decoding.transforms import (
    View,
    banded,
    contrasty,
    enlarged,
    flat,
    inverted,
    mended,
    sharpened,
    shrunk,
    smeared,
    softened,
    strips,
)

votes_min = 2


def rescued(picture: View, formats: frozenset[str]) -> list[Symbol]:
    """The symbols that a vote among many attempts believes in; it stops at the first of them."""
    seen: dict[tuple[str, str], list[Symbol]] = defaultdict(list)
    for attempt in _attempts:
        read = merged(attempt(shrunk(picture), formats))
        for key, symbol in {(symbol.format, symbol.text): symbol for symbol in read}.items():
            seen[key].append(symbol)
        believed = [s for s in read if s.format not in LINEAR_FORMATS or _votes(seen[s.format, s.text]) >= votes_min]
        if believed:
            return [_with_all_engines(symbol, seen[symbol.format, symbol.text]) for symbol in believed]
    return [only[0] for (form, _), only in seen.items() if len(seen) == 1 and form != "Code128"]


def _votes(symbols: list[Symbol]) -> int:
    return sum(len(symbol.engines) for symbol in symbols)


def _with_all_engines(symbol: Symbol, votes: list[Symbol]) -> Symbol:
    return Symbol(symbol.text, symbol.format, symbol.corners, frozenset().union(*(vote.engines for vote in votes)))


Attempt = Callable[[View, frozenset[str]], list[Symbol]]


def _each(views: Iterator[View], read: Callable[[View], list[Symbol]]) -> list[Symbol]:
    return [symbol for view in views for symbol in read(view)]


def _flat(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(flat(picture), formats)


def _flatter(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(flat(picture, window=15), formats & MATRIX_FORMATS)


def _bands_by_zxing(picture: View, formats: frozenset[str]) -> list[Symbol]:
    lines = formats & LINEAR_FORMATS
    return _each(strips(picture, count=5, height=64), lambda strip: engines.zxing(banded(strip, repeat=3), lines))


def _bands_by_zbar(picture: View, formats: frozenset[str]) -> list[Symbol]:
    lines = formats & LINEAR_FORMATS
    return _each(strips(picture, count=5, height=64), lambda strip: engines.zbar(banded(strip), lines))


def _strips_by_zxing(picture: View, formats: frozenset[str]) -> list[Symbol]:
    lines = formats & LINEAR_FORMATS
    return _each(strips(picture, count=5), lambda strip: engines.zxing(flat(strip), lines))


def _zbar(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zbar(picture, formats)


def _turned_or_inverted(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(picture, formats, full=True)


def _contrasty(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(contrasty(picture), formats)


def _large(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(enlarged(picture, how=cv2.INTER_LINEAR), formats)


def _large_and_contrasty(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(contrasty(enlarged(picture)), formats)


def _large_and_sharp(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(sharpened(enlarged(picture), reach=6, amount=2), formats)


def _large_and_crisp(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(sharpened(enlarged(picture), reach=2, amount=2), formats)


def _large_and_crisp_by_zbar(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zbar(sharpened(enlarged(picture), reach=2, amount=2), formats)


def _large_and_flat(picture: View, formats: frozenset[str]) -> list[Symbol]:
    wide = enlarged(picture, factor=1.5, how=cv2.INTER_LINEAR)
    return engines.zxing(flat(wide), formats & LINEAR_FORMATS)


def _large_and_smeared(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(smeared(enlarged(picture), rows=25), formats & LINEAR_FORMATS)


def _soft(picture: View, formats: frozenset[str]) -> list[Symbol]:
    return engines.zxing(softened(picture), formats)


def _mended(picture: View, formats: frozenset[str]) -> list[Symbol]:
    squares = formats & MATRIX_FORMATS
    return next((read for view in mended(picture) if (read := engines.zxing(view, squares, full=True))), [])


def _negative(picture: View, formats: frozenset[str]) -> list[Symbol]:
    lines = formats & LINEAR_FORMATS
    return engines.zxing(inverted(picture), lines) + engines.zbar(inverted(picture), lines)


# Cheap ones first, so that two agree as soon as possible.
_attempts: tuple[Attempt, ...] = (
    _flat,
    _bands_by_zxing,
    _bands_by_zbar,
    _strips_by_zxing,
    _zbar,
    _turned_or_inverted,
    _flatter,
    _contrasty,
    _large,
    _large_and_contrasty,
    _large_and_sharp,
    _large_and_crisp,
    _large_and_flat,
    _large_and_smeared,
    _soft,
    _negative,
    _large_and_crisp_by_zbar,
    _mended,
)
