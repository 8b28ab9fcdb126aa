import cv2
import numpy as np
import pytest
import zxingcpp

from inventory.decoding import blurred
from inventory.decoding.ean import bars, likeliest
from inventory.decoding.symbol import Gray
from inventory.symbols import DOCK_FORMATS, LABEL_FORMATS, read_foreign, read_symbols
from inventory.tests.drawing import middle, noisy, symbol

ISBN = "9780345460950"


def out_of_focus(text: str = ISBN, form: str = "EAN13", *, pixels: float, cut: slice = slice(None)) -> Gray:
    """A small picture of one linear symbol, `pixels` out of focus; its modules are 2 pixels wide."""
    picture = symbol(text, form, module=2, height=90)[:, cut]
    sharp = middle(picture, width=max(320, picture.shape[1] + 40), height=160, level=225)
    return noisy(cv2.GaussianBlur(sharp, (0, 0), pixels), sigma=1)


def read(gray: Gray, formats: frozenset[str] = DOCK_FORMATS) -> list[tuple[str, str]]:
    return [(found.format, found.text) for found in read_symbols(gray, formats=formats, thorough=True)]


@pytest.mark.parametrize("pixels", [2.6, 3.0])
def test_a_number_whose_bars_run_into_each_other_reads_on_a_photo(pixels: float) -> None:
    (found,) = read_symbols(out_of_focus(pixels=pixels), formats=DOCK_FORMATS, thorough=True)
    assert (found.format, found.text, found.engines) == ("EAN13", ISBN, frozenset({"profile"}))


def test_a_upc_is_told_by_its_12_digits() -> None:
    assert read(out_of_focus("071831007995", "UPCA", pixels=2.8)) == [("UPCA", "071831007995")]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_it_reads_however_the_picture_lies(quarters: int) -> None:
    assert read(np.rot90(out_of_focus(pixels=2.8), quarters).copy()) == [("EAN13", ISBN)]


def test_its_corners_lie_around_the_bars() -> None:
    (found,) = read_symbols(np.rot90(out_of_focus(pixels=2.8), 2).copy(), formats=DOCK_FORMATS, thorough=True)
    left, right = 160 - 95, 160 + 95
    assert [abs(x - side) < 4 for (x, _), side in zip(found.corners, (left, right, right, left), strict=True)] == [
        True
    ] * 4
    assert 30 < found.centre[1] < 130


def test_what_is_too_blurred_to_tell_is_not_guessed() -> None:
    assert read(out_of_focus(pixels=5)) == []


@pytest.mark.parametrize("cut", [slice(0, -40), slice(40, None), slice(0, 120)])
def test_a_number_that_is_cut_off_is_not_guessed(cut: slice) -> None:
    assert read(out_of_focus(pixels=2.8, cut=cut)) == []


@pytest.mark.parametrize(
    ("form", "text"),
    [("Code128", "ITEM=BOLT-7;QTY=5"), ("Code128", "4417902283"), ("ITF", "10012345678902"), ("Code39", "PART-8")],
)
def test_another_kind_of_bars_is_not_taken_for_a_number(form: str, text: str) -> None:
    assert read(out_of_focus(text, form, pixels=2.8)) == []


def test_a_live_frame_is_not_kept_waiting_for_it() -> None:
    gray = out_of_focus(pixels=2.8)
    assert read_symbols(gray) == []
    assert read_foreign(gray) == []
    assert read(gray, LABEL_FORMATS) == []


def test_it_gives_up_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blurred, "cpu_seconds_max", 0)
    assert read(out_of_focus(pixels=2.8)) == []


@pytest.mark.parametrize("first", range(10))
def test_the_bars_of_a_number_are_those_of_the_standard(first: int) -> None:
    number = "".join(map(str, check_digit_added([first, 4, 1, 9, 0, 8, 2, 7, 3, 6, 5, first])))
    code = zxingcpp.create_barcode(number, zxingcpp.BarcodeFormat.EAN13)
    row = np.array(code.to_image(scale=1, add_quiet_zones=False))[0]
    assert bars(tuple(map(int, number))).tolist() == (row == 0).astype(float).tolist()


def test_only_numbers_with_a_right_check_digit_are_likely() -> None:
    costs = np.random.default_rng(3).normal(size=(12, 20))
    numbers = likeliest(costs, 20)
    assert len(set(numbers)) == 20
    assert all(list(number) == check_digit_added(list(number[:12])) for number in numbers)


def check_digit_added(digits: list[int]) -> list[int]:
    return [*digits, -sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10]
