"""What optical reading saw on a bent or lying page is laid straight, and a box there finds its way back."""

from collections.abc import Callable

import numpy as np
import pytest

from slips.reading.flatten import SlopeField, turned_back
from slips.reading.ocr import OcrLine

Bend = Callable[[float], float]


def bent_lines(bend: Bend) -> list[OcrLine]:
    """Text lines whose height follows x as the paper bends."""
    lines = []
    for row in range(12):
        for column in range(6):
            x0, x1 = 50 + column * 150, 170 + column * 150
            corners = np.array(
                [(x, 50 + 40 * row + bend(x) + low) for x, low in ((x0, 0), (x1, 0), (x1, 20), (x0, 20))]
            )
            lines.append(OcrLine("SOME TEXT", 0.99, corners.astype(float), []))
    return lines


@pytest.mark.parametrize(
    "bend", [lambda x: 0.03 * x, lambda x: 25 * np.sin(x / 300), lambda x: -0.02 * x + x * x / 40_000]
)
def test_a_bent_page_is_laid_straight(bend: Bend) -> None:
    field = SlopeField(bent_lines(bend))
    levels = [field.level(x, 50 + 40 * 5 + bend(x) + 10) for x in (100, 300, 500, 700, 900)]
    assert max(levels) - min(levels) < 10


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_box_on_the_upright_page_finds_its_way_back(turns: int) -> None:
    sheet = np.zeros((100, 200))
    sheet[10:20, 30:60] = 1
    ys, xs = np.nonzero(np.rot90(sheet, turns))
    height, width = np.rot90(sheet, turns).shape
    box = (xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height)
    assert turned_back(box, turns) == pytest.approx((30 / 200, 10 / 100, 60 / 200, 20 / 100))
