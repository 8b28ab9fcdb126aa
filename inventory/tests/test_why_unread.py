from collections.abc import Callable

import cv2
import numpy as np
import pytest

from inventory.decoding.symbol import Gray
from inventory.tests.drawing import middle, noisy, symbol, turned
from inventory.why_unread import blurred, tilted, too_bright, too_dark, too_far, why_unread

QR = symbol(module=5)
CODE = symbol("PART-88219", "Code128", module=3, height=120)


def small(picture: Gray, factor: float) -> Gray:
    smaller: Gray = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return smaller


@pytest.mark.parametrize("picture", [QR, CODE], ids=["QR", "Code128"])
@pytest.mark.parametrize(
    ("spoil", "phrase"),
    [
        (lambda gray: (gray * 0.1).astype(np.uint8), too_dark),
        (lambda gray: np.clip(gray.astype(int) * 3, 0, 255).astype(np.uint8), too_bright),
        (lambda gray: cv2.GaussianBlur(gray, (0, 0), 5), blurred),
    ],
    ids=["dark", "glare", "blur"],
)
def test_light_and_focus_are_named(picture: Gray, spoil: Callable[[Gray], Gray], phrase: str) -> None:
    assert why_unread(noisy(spoil(middle(picture)), sigma=2)) == phrase


@pytest.mark.parametrize("picture", [small(QR, 0.24), small(CODE, 0.33)], ids=["QR", "Code128"])
def test_modules_of_about_one_pixel_are_too_far(picture: Gray) -> None:
    assert why_unread(noisy(middle(picture), sigma=2)) == too_far


@pytest.mark.parametrize("degrees", [20, 35, -35])
def test_slanting_bars_are_tilted(degrees: int) -> None:
    assert why_unread(noisy(turned(middle(CODE), degrees)[0])) == tilted


@pytest.mark.parametrize("level", [60, 120, 200])
def test_nothing_in_view_has_no_reason(level: int) -> None:
    assert why_unread(noisy(np.full((320, 960), level, np.uint8))) is None


def test_a_picture_of_any_size_is_judged() -> None:
    assert why_unread(np.full((8, 8), 120, np.uint8)) is None
    assert why_unread(noisy(cv2.GaussianBlur(middle(QR, width=3000, height=2000), (0, 0), 6), sigma=1)) == blurred
