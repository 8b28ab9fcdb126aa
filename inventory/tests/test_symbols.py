import logging
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import pytest
from pyzbar import zbar_library

from inventory.decoding import engines
from inventory.decoding.symbol import LINEAR_FORMATS, Corners, Gray, Point
from inventory.decoding.transforms import View, enlarged
from inventory.symbols import (
    DOCK_FORMATS,
    LABEL_FORMATS,
    Symbol,
    confirm,
    engines_available,
    read_foreign,
    read_symbols,
)
from inventory.tests.drawing import LABEL, frame, middle, noisy, shadowed, symbol, turned

needs_zbar = pytest.mark.skipif("pyzbar" not in engines_available(), reason="libzbar is not installed here")
CODE = symbol("ITEM=PART-88219;QTY=24", "Code128", module=2, height=110)


def read(gray: Gray, **how: Any) -> list[tuple[str, str]]:
    return [(s.format, s.text) for s in read_symbols(gray, **how)]


def near(corners: Corners, expected: Sequence[Point], tolerance: float) -> bool:
    return bool(np.abs(np.array(corners) - np.array(expected)).max() <= tolerance)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("QRCode", LABEL),
        ("Code128", LABEL),
        ("DataMatrix", LABEL),
        ("Code39", "PART-88219"),
        ("EAN13", "4006381333931"),
        ("UPCA", "036000291452"),
        ("ITF", "10012345678902"),
        ("PDF417", "a carrier's text"),
        ("Aztec", "a ticket"),
    ],
)
@pytest.mark.parametrize("thorough", [False, True])
def test_each_dock_format_reads_under_one_name(form: str, text: str, thorough: bool) -> None:
    gray = noisy(middle(symbol(text, form, module=2 if form in LINEAR_FORMATS else 4)))
    assert read(gray, formats=DOCK_FORMATS, thorough=thorough) == [(form, text)]


@needs_zbar
@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("QRCode", LABEL),
        ("Code128", LABEL),
        ("Code39", "A-1"),
        ("EAN13", "4006381333931"),
        ("UPCA", "036000291452"),
        ("ITF", "123456"),
    ],
)
def test_both_engines_spell_a_format_and_its_text_alike(form: str, text: str) -> None:
    view = View(noisy(middle(symbol(text, form, module=2))))
    for engine in (engines.zxing, engines.zbar):
        assert [(s.format, s.text) for s in engine(view, DOCK_FORMATS)] == [(form, text)]


def test_control_characters_are_kept() -> None:
    assert read(middle(symbol("[)>\x1e06\x1dP123\x1e\x04", "DataMatrix"))) == [
        ("DataMatrix", "[)>\x1e06\x1dP123\x1e\x04")
    ]


@pytest.mark.parametrize("degrees", range(-40, 41, 10))
def test_a_tilted_code_128_reads(degrees: int) -> None:
    assert read(noisy(turned(middle(CODE, width=1280, height=720), degrees)[0])) == [("Code128", LABEL)]


@pytest.mark.parametrize("degrees", [0, 45, 90, 180, 215])
def test_a_qr_reads_at_any_angle(degrees: int) -> None:
    assert read(noisy(turned(middle(symbol(module=4)), degrees)[0])) == [("QRCode", LABEL)]


@pytest.mark.parametrize("picture", [symbol(module=4), CODE], ids=["QR", "Code128"])
def test_a_little_blur_reads(picture: Gray) -> None:
    assert read(noisy(cv2.GaussianBlur(middle(picture), (0, 0), 1.2)))[0][1] == LABEL


@pytest.mark.parametrize("picture", [symbol(module=4), CODE], ids=["QR", "Code128"])
def test_a_shadow_across_a_label_reads(picture: Gray) -> None:
    assert read(noisy(shadowed(middle(picture))))[0][1] == LABEL


def test_an_inverted_qr_reads_on_a_photo() -> None:
    assert read(255 - middle(symbol(module=4)), thorough=True) == [("QRCode", LABEL)]


def test_an_inverted_code_reads_on_a_photo() -> None:
    assert read(255 - middle(CODE), thorough=True) == [("Code128", LABEL)]


def test_every_label_in_view_is_returned() -> None:
    many = [(symbol(f"ITEM=P{n};QTY={n + 1}", module=3), 20 + 150 * (n % 4), 20 + 150 * (n // 4)) for n in range(12)]
    gray = noisy(frame(*many, width=700, height=500))
    expected = {f"ITEM=P{n};QTY={n + 1}" for n in range(12)}
    for thorough in (False, True):
        assert {text for _, text in read(gray, thorough=thorough)} == expected


def test_two_cartons_with_equal_labels_are_two_symbols() -> None:
    assert len(read_symbols(frame((symbol(module=3), 20, 20), (symbol(module=3), 600, 100)))) == 2


def test_a_qr_does_not_hide_a_shadowed_code_beside_it() -> None:
    code = symbol("ITEM=B;QTY=2", "Code128", module=2, height=110)
    gray = shadowed(frame((symbol(module=3), 10, 20), (code, 330, 60)))
    assert {text for _, text in read(gray)} == {LABEL, "ITEM=B;QTY=2"}


def test_a_qr_at_the_edge_does_not_hide_a_tilted_code_in_the_middle() -> None:
    code = symbol("ITEM=B;QTY=2", "Code128", module=2, height=80)
    gray = turned(middle(code, width=1280, height=720), 25)[0]
    gray[10 : 10 + 135, 10 : 10 + 135] = symbol(module=3)[:135, :135]
    assert {text for _, text in read(gray)} == {LABEL, "ITEM=B;QTY=2"}


def test_corners_are_clockwise_from_the_top_left() -> None:
    gray = frame((symbol(module=4), 300, 60))
    inner = 300 + 40, 60 + 40, 300 + 40 + 25 * 4, 60 + 40 + 25 * 4
    left, top, right, bottom = inner
    assert near(read_symbols(gray)[0].corners, [(left, top), (right, top), (right, bottom), (left, bottom)], 4)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_corners_start_at_the_top_left_of_the_picture_however_the_symbol_lies(degrees: int) -> None:
    (found,) = read_symbols(np.rot90(middle(symbol(module=4)), degrees // 90).copy())
    (a, b, c, d) = found.corners
    assert a[0] < b[0]
    assert a[1] < d[1]
    assert c[0] > d[0]
    assert c[1] > b[1]


def test_corners_find_the_way_back_from_a_turned_strip() -> None:
    gray = middle(CODE, width=1280, height=720)
    slanted, matrix = turned(gray, 30)
    (found,) = read_symbols(slanted)
    back = np.hstack([np.array(found.corners), np.ones((4, 1))]) @ cv2.invertAffineTransform(matrix).T
    width = CODE.shape[1] - 40
    assert abs(back[:, 0].min() - (640 - width / 2)) < 12
    assert abs(back[:, 0].max() - (640 + width / 2)) < 12
    assert abs(back[:, 1].mean() - 360) < 60


def test_corners_find_the_way_back_from_an_enlarged_picture() -> None:
    tiny = cv2.resize(symbol(module=5), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    gray = noisy(frame((tiny, 100, 120), width=400, height=300))
    large = engines.zxing(enlarged(View(gray), factor=3), LABEL_FORMATS)
    left, top, side = 100 + 10 * 1.5, 120 + 10 * 1.5, 25 * 1.5
    assert near(large[0].corners, [(left, top), (left + side, top), (left + side, top + side), (left, top + side)], 2)


@needs_zbar
@pytest.mark.parametrize("picture", [symbol(module=4), CODE], ids=["QR", "Code128"])
@pytest.mark.parametrize("degrees", [0, 25])
def test_the_second_engine_confirms_what_the_first_read(picture: Gray, degrees: int) -> None:
    gray = noisy(turned(middle(picture, width=1280, height=720), degrees)[0])
    (found,) = read_symbols(gray)
    assert confirm(gray, found).engines == {"zxing", "pyzbar"}


def test_another_text_is_not_confirmed() -> None:
    gray = middle(symbol(module=4))
    (found,) = read_symbols(gray)
    invented = Symbol("ITEM=OTHER;QTY=1", found.format, found.corners, frozenset({"zxing"}))
    assert confirm(gray, invented) == invented


def test_a_data_matrix_stays_with_the_one_engine_that_can_read_it() -> None:
    gray = middle(symbol(LABEL, "DataMatrix"))
    (found,) = read_symbols(gray)
    assert confirm(gray, found).engines == {"zxing"}


def test_a_confirmation_needs_no_whole_symbol_in_the_picture() -> None:
    edge = Symbol(LABEL, "QRCode", ((-20.0, -20.0), (5.0, -20.0), (5.0, 5.0), (-20.0, 5.0)), frozenset({"zxing"}))
    assert confirm(middle(symbol(module=4)), edge).engines == {"zxing"}


def test_formats_not_asked_for_are_not_read() -> None:
    gray = middle(symbol("4006381333931", "EAN13", module=3))
    assert read(gray) == []
    assert [(s.format, s.text) for s in read_foreign(gray)] == [("EAN13", "4006381333931")]
    assert read_foreign(middle(symbol())) == []


@pytest.mark.parametrize("thorough", [False, True])
def test_nothing_is_read_where_nothing_stands(thorough: bool) -> None:
    for seed in range(5):
        gray = noisy(np.full((320, 640), 128, np.uint8), sigma=50, seed=seed)
        assert read(gray, formats=DOCK_FORMATS, thorough=thorough) == []


@pytest.mark.parametrize("shape", [(8, 8), (8, 3000), (3000, 8), (17, 9)])
@pytest.mark.parametrize("thorough", [False, True])
def test_a_picture_of_any_shape_is_looked_at(shape: tuple[int, int], thorough: bool) -> None:
    assert read(np.full(shape, 200, np.uint8), formats=DOCK_FORMATS, thorough=thorough) == []


def test_a_label_cut_in_half_reads_as_nothing() -> None:
    picture = CODE.copy()
    picture[:, picture.shape[1] // 2 :] = 255
    assert read(middle(picture), thorough=True) == []


def test_without_libzbar_zxing_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_zbar", None)
    assert engines_available() == ("zxing",)
    gray = noisy(middle(symbol(module=4)))
    (found,) = read_symbols(gray)
    assert confirm(gray, found).engines == {"zxing"}
    assert read(np.full((100, 100), 9, np.uint8), formats=DOCK_FORMATS, thorough=True) == []


def test_a_missing_libzbar_is_told_once_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(zbar_library, "find_library", lambda _: None)
    monkeypatch.delitem(sys.modules, "pyzbar.wrapper", raising=False)
    monkeypatch.delattr("pyzbar.wrapper", raising=False)
    with caplog.at_level(logging.WARNING):
        assert engines._load_pyzbar() is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "libzbar" in caplog.text


def test_many_threads_read_at_once_and_never_each_other() -> None:
    pictures = {f"ITEM=T{n};QTY={n + 1}": noisy(middle(symbol(f"ITEM=T{n};QTY={n + 1}", module=4))) for n in range(20)}
    answers: Counter[tuple[str, tuple[str, ...]]] = Counter()

    def scan(text: str, gray: Gray) -> None:
        for _ in range(3):
            answers[text, tuple(s.text for s in engines.zbar(View(gray), LABEL_FORMATS) or read_symbols(gray))] += 1

    threads = [threading.Thread(target=scan, args=pair) for pair in pictures.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == Counter({(text, (text,)): 3 for text in pictures})


def dotted(form: str, *, module: int = 10, dot: float = 0.7) -> Gray:
    """A symbol printed in separate dots, each that part of a module wide."""
    cells = symbol(LABEL, form, module=1)
    picture = np.full((cells.shape[0] * module, cells.shape[1] * module), 255, np.uint8)
    for y, x in zip(*np.nonzero(cells == 0), strict=True):
        centre = int((x + 0.5) * module), int((y + 0.5) * module)
        cv2.circle(picture, centre, int(module * dot / 2), 0, -1, cv2.LINE_AA)
    return middle(picture, width=640, height=480)


def specked(form: str, *, share: float = 0.15) -> Gray:
    """A symbol of which a part is covered by white and black specks."""
    picture, chance = symbol(LABEL, form, module=8), np.random.default_rng(4)
    for _ in range(int(share * picture.size / 9)):
        y, x = chance.integers(0, picture.shape)
        picture[y : y + 3, x : x + 3] = chance.choice([0, 255])
    return middle(picture, width=640, height=480)


@pytest.mark.parametrize("form", ["QRCode", "DataMatrix"])
@pytest.mark.parametrize("dot", [0.5, 0.75, 0.9])
def test_a_label_printed_in_dots_reads_on_a_photo(form: str, dot: float) -> None:
    assert read(noisy(dotted(form, dot=dot)), thorough=True) == [(form, LABEL)]
    assert read(noisy(255 - dotted(form, dot=dot)), thorough=True) == [(form, LABEL)]


@pytest.mark.parametrize("form", ["QRCode", "DataMatrix"])
def test_a_label_full_of_specks_reads_on_a_photo(form: str) -> None:
    assert read(noisy(specked(form)), thorough=True) == [(form, LABEL)]


@pytest.mark.parametrize("form", ["QRCode", "DataMatrix"])
def test_a_mirrored_label_reads_on_a_photo(form: str) -> None:
    assert read(noisy(middle(symbol(module=5, form=form)))[:, ::-1].copy(), thorough=True) == [(form, LABEL)]
