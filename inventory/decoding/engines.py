"""The two decoders, zxing-cpp and pyzbar, behind one shape. They are known here and nowhere else."""

import ctypes
import logging
from collections.abc import Iterator
from types import ModuleType
from typing import cast

import cv2
import numpy as np
import zxingcpp

from inventory.decoding.symbol import Gray, Symbol, as_printed
from inventory.decoding.transforms import View

log = logging.getLogger(__name__)

zbar_formats: frozenset[str] = frozenset({"QRCode", "Code128", "Code39", "EAN13", "UPCA", "ITF"})
zbar_quality_min = 2  # scan lines that must agree on a linear symbol; one alone was wrong in 51 of 970 reads

_zbar_names = {
    "QRCODE": "QRCode",
    "CODE128": "Code128",
    "CODE39": "Code39",
    "EAN13": "EAN13",
    "UPCA": "EAN13",
    "I25": "ITF",
}
_zbar_spelling = {
    "QRCode": "QRCODE",
    "Code128": "CODE128",
    "Code39": "CODE39",
    "EAN13": "EAN13",
    "UPCA": "UPCA",
    "ITF": "I25",
}
_zxing_names = {"EANUPC": "EAN13"}


def _load_pyzbar() -> ModuleType | None:
    """pyzbar's binding; None where the system library libzbar is missing."""
    try:
        from pyzbar import wrapper
    except (ImportError, OSError) as missing:
        log.warning("pyzbar cannot find libzbar (%s): labels are read by zxing-cpp alone.", missing)
        return None
    return cast(ModuleType, wrapper)


_zbar: ModuleType | None = _load_pyzbar()


def engines_available() -> tuple[str, ...]:
    """The names of the engines that can run here, "zxing" always first."""
    return ("zxing", "pyzbar") if _zbar else ("zxing",)


def zxing(view: View, formats: frozenset[str], *, full: bool = False, histogram: bool = False) -> list[Symbol]:
    """What zxing-cpp reads. `full` also looks for symbols that are turned by 90° or inverted."""
    wanted = [getattr(zxingcpp.BarcodeFormat, name) for name in sorted(formats)]
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(view.pixels),
        formats=zxingcpp.BarcodeFormats(wanted),
        try_rotate=full,
        try_invert=full,
        try_downscale=True,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.GlobalHistogram if histogram else zxingcpp.Binarizer.LocalAverage,
    )
    return [_from_zxing(view, barcode) for barcode in found if barcode.valid and barcode.text]


def zbar(view: View, formats: frozenset[str], *, row_step: int = 1) -> list[Symbol]:
    """What pyzbar reads, nothing where libzbar is missing. Only every `row_step`-th row and column is looked at.

    A linear symbol needs several scan lines that agree; QR text beyond ASCII is left out, since libzbar guesses its
    character set.
    """
    if _zbar is None or not formats & zbar_formats:
        return []
    found = _zbar_scan(_zbar, np.ascontiguousarray(view.pixels), formats & zbar_formats, row_step)
    return [symbol for symbol in (_from_zbar(view, *one) for one in found) if symbol]


def _from_zxing(view: View, barcode: zxingcpp.Barcode) -> Symbol:
    place = barcode.position
    corners = [(p.x, p.y) for p in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)]
    name = barcode.symbology.name
    form, text = as_printed(_zxing_names.get(name, name), barcode.text)
    return Symbol(text, form, view.corners(corners), frozenset({"zxing"}))


def _from_zbar(view: View, kind: str, data: bytes, quality: int, points: list[tuple[int, int]]) -> Symbol | None:
    name = _zbar_names.get(kind)
    is_doubtful = (kind == "QRCODE" and not data.isascii()) or (kind != "QRCODE" and quality < zbar_quality_min)
    if name is None or not data or not points or is_doubtful:
        return None
    form, text = as_printed(name, data.decode("latin-1"))
    box = cv2.boxPoints(cv2.minAreaRect(np.array(points, dtype=np.float32)))
    return Symbol(text, form, view.corners(box), frozenset({"pyzbar"}))


def _zbar_scan(
    zb: ModuleType, gray: Gray, formats: frozenset[str], row_step: int
) -> Iterator[tuple[str, bytes, int, list[tuple[int, int]]]]:
    """(symbology, data, agreeing scan lines, outline points) of each symbol.

    The scanner is made anew for each picture: a reused one has answered with the previous picture's text.
    """
    scanner, image = zb.zbar_image_scanner_create(), zb.zbar_image_create()
    try:
        zb.zbar_image_scanner_set_config(scanner, zb.ZBarSymbol.NONE, zb.ZBarConfig.CFG_ENABLE, 0)  # all of them off
        for name in formats:
            zb.zbar_image_scanner_set_config(scanner, zb.ZBarSymbol[_zbar_spelling[name]], zb.ZBarConfig.CFG_ENABLE, 1)
        for density in (zb.ZBarConfig.CFG_X_DENSITY, zb.ZBarConfig.CFG_Y_DENSITY):
            zb.zbar_image_scanner_set_config(scanner, zb.ZBarSymbol.NONE, density, row_step)
        pixels = ctypes.create_string_buffer(gray.tobytes(), gray.size)
        zb.zbar_image_set_format(image, int.from_bytes(b"Y800", "little"))
        zb.zbar_image_set_size(image, gray.shape[1], gray.shape[0])
        zb.zbar_image_set_data(image, ctypes.cast(pixels, ctypes.c_void_p), len(pixels), None)
        zb.zbar_scan_image(scanner, image)
        yield from _zbar_results(zb, image)
    finally:
        zb.zbar_image_destroy(image)
        zb.zbar_image_scanner_destroy(scanner)


def _zbar_results(zb: ModuleType, image: object) -> Iterator[tuple[str, bytes, int, list[tuple[int, int]]]]:
    symbol = zb.zbar_image_first_symbol(image)
    while symbol:
        data = ctypes.string_at(zb.zbar_symbol_get_data(symbol), zb.zbar_symbol_get_data_length(symbol))
        points = [
            (zb.zbar_symbol_get_loc_x(symbol, n), zb.zbar_symbol_get_loc_y(symbol, n))
            for n in range(zb.zbar_symbol_get_loc_size(symbol))
        ]
        kind = symbol.contents.type
        known = {member.value: member.name for member in zb.ZBarSymbol}
        yield known.get(kind, ""), data, zb.zbar_symbol_get_quality(symbol), points
        symbol = zb.zbar_symbol_next(symbol)
