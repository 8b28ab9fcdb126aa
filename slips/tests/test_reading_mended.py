"""What optical reading ran together or took for something else is mended by the ink, the rows above and the shapes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from slips.reading.blanks import with_blanks
from slips.reading.glued import without_glue
from slips.reading.heading_cells import HeadCell
from slips.reading.kinds import Word
from slips.reading.lines import table_lines
from slips.reading.misread import mended
from slips.reading.vocabulary import heading
from slips.reading.words import with_point


def drawn(text: str, size: int = 36) -> tuple[np.ndarray, np.ndarray]:
    """The text as a picture with the corners of its box."""
    font = ImageFont.load_default(size)
    image = Image.new("RGB", (60 + int(font.getlength(text)), 3 * size), "white")
    ImageDraw.Draw(image).text((30, size), text, fill="black", font=font)
    x1, y0, y1 = 30 + font.getlength(text), 0.95 * size, 2.3 * size
    return np.array([[30, y0], [x1, y0], [x1, y1], [30, y1]], dtype=np.float64), np.asarray(image)


@pytest.mark.parametrize(
    ("printed", "read", "mended"),
    [
        ("2 pz", "2pz", "2 pz"),
        ("4 RPT217", "4RPT217", "4 RPT217"),
        ("144 PCS", "144PCS", "144 PCS"),
        ("MS34533Z – EAN", "MS34533Z·EAN", "MS34533Z · EAN"),
        ("12kg", "12kg", "12kg"),
        ("RPT217", "RPT217", "RPT217"),
        ("540-8019-K", "540-8019-K", "540-8019-K"),
        ("1259.02.66", "1259.02.66", "1259.02.66"),
        ("10 250", "10250", "10250"),
    ],
)
def test_a_blank_that_the_ink_leaves_is_put_back_but_none_inside_a_number(printed: str, read: str, mended: str) -> None:
    corners, picture = drawn(printed)
    assert with_blanks(read, corners, picture) == mended


def test_a_blank_is_not_looked_for_where_ink_and_paper_look_alike() -> None:
    corners, picture = drawn("2 pz")
    assert with_blanks("2pz", corners, np.full_like(picture, 200)) == "2pz"


def word(text: str, x: float, y: float) -> Word:
    return Word(text, x, y, x + 12 * len(text), y + 20, 0.99, (0.1, 0.1, 0.2, 0.2))


def column(texts: list[str], x: float = 100) -> list[Word]:
    return [word(text, x, 100 + 40 * n) for n, text in enumerate(texts)]


def test_a_word_ends_where_one_begins_that_stands_alone_in_two_other_rows() -> None:
    glued = word("144PCS", 64, 300)
    assert [piece.text for piece in without_glue([*column(["PCS", "PCS"]), glued])][-2:] == ["144", "PCS"]
    assert without_glue([*column(["PCS"]), glued])[-1].text == "144PCS"
    assert without_glue([*column(["PCS", "PCS"], x=400), glued])[-1].text == "144PCS"


def test_a_word_begins_with_one_that_stands_alone_in_other_rows() -> None:
    found = without_glue([*column(["PLT", "PLT"]), word("PLT1332", 100, 300)])
    assert [piece.text for piece in found][-2:] == ["PLT", "1332"]
    assert found[-2].x1 == found[-1].x0
    assert found[-1].score < 0.97


USUAL = [("Z1234", 0.99), ("K4711", 0.99), ("B8899", 0.99)]


def test_a_doubtful_code_is_brought_to_the_shape_of_four_in_the_same_table() -> None:
    assert mended([*USUAL, ("A1000", 0.99), ("28748", 0.92)])[-1] == "Z8748"
    assert mended([*USUAL, ("28748", 0.92)])[-1] == "28748"


def test_a_code_that_was_read_surely_or_looks_like_nothing_else_stays() -> None:
    usual = [*USUAL, ("A1000", 0.99)]
    assert mended([*usual, ("28748", 0.99)])[-1] == "28748"
    assert mended([*usual, ("78748", 0.92)])[-1] == "78748"


def test_codes_of_several_lengths_share_a_shape_too() -> None:
    assert mended([("BOLT-12", 0.99), ("NUT-7", 0.99), ("PIN-1", 0.99), ("HOSE-3", 0.99), ("8OLT-44", 0.9)])[-1] == (
        "BOLT-44"
    )


def test_a_colon_before_three_digits_is_no_time() -> None:
    assert with_point(word("1:000", 0, 0)).text == "1000"
    assert with_point(word("10:30", 0, 0)).text == "10:30"


def test_a_count_that_was_overlooked_is_looked_for_before_a_packs_size_is_taken_for_it() -> None:
    cells = [
        HeadCell("Code", 100, 160, heading("Code")),
        HeadCell("Pack", 300, 360, heading("Pack")),
        HeadCell("Packs delivered", 500, 600, heading("Packs delivered")),
    ]
    table = [("AK497", "each", "8"), ("Z5695", "each", "6"), ("P3009", "2.27kg", ""), ("CX455", "1kg", "8")]
    rows = [
        [word(text, x, 200 + 60 * n) for text, x in zip(texts, (100, 300, 540), strict=True) if text]
        for n, texts in enumerate(table)
    ]
    lines = table_lines(rows, cells, False, lambda row, left, right: ("1", 0.99))
    assert [(line.item_id, int(line.qty)) for line in lines] == [("AK497", 8), ("Z5695", 6), ("P3009", 1), ("CX455", 8)]
