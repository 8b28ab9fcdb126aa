"""The reader end to end: whole files through the page renderer, by their text layer or by optical reading.

What the reader makes of words is asked in the other test_reading_*.py, of words without a file.
"""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image

from slips.paper.pages import open_document
from slips.reading import Reading, read_pages
from slips.tests.drawings import ENGLISH, encoded, layered_pdf, pdf, picture, rows, table, turned_pdf
from slips.tests.readings import box_of, items

pytestmark = pytest.mark.long

EXPECTED = [("RTR-1841", 36), ("EAK-2848", 250), ("DNW-5822", 3)]
TWO = [("AB-1001", 24), ("CD-2002", 6)]


def read(data: bytes) -> Reading:
    with open_document(data) as document:
        return read_pages(document.pages())


def pairs(data: bytes) -> list[tuple[str, object]]:
    return items(read(data).lines)


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """A slip of three lines, upright."""
    words = [(100, 40, "Cascade Components"), (900, 40, "PACKING SLIP"), (900, 100, "PO Number: 23823")]
    words += [(100, 180, "Item Code"), (350, 180, "Description"), (1000, 180, "Qty")]
    for n, (code, qty) in enumerate(EXPECTED):
        words += [(100, 240 + 60 * n, code), (350, 240 + 60 * n, "Hex bolt stainless"), (1010, 240 + 60 * n, str(qty))]
    return picture(words, size=(1240, 430))


def test_a_plain_table_is_read_with_its_places() -> None:
    first, second = read(pdf(table(ENGLISH, rows()))).lines
    assert items([first, second]) == TWO
    assert (first.description, first.confidence) == ("Hex bolt zinc", "high")
    assert first.page == 0
    assert box_of(first) == pytest.approx((50 / 612, 210 / 792, 450 / 612, 221 / 792), abs=0.01)
    assert box_of(second)[1] > box_of(first)[1]


def test_sixty_lines_over_three_pages_are_one_slip() -> None:
    lines = [(f"AB-{1000 + n}", "Hex bolt", str(n + 1)) for n in range(60)]
    first, *others = (lines[n : n + 20] for n in (0, 20, 40))
    sheets = [table(ENGLISH, first), *(table([(x, a, "") for x, a, _ in ENGLISH], part) for part in others)]
    result = read(pdf(*[[word for word in sheet if word[2]] for sheet in sheets]))
    assert items(result.lines) == [(f"AB-{1000 + n}", n + 1) for n in range(60)]
    assert [line.page for line in result.lines] == [0] * 20 + [1] * 20 + [2] * 20
    assert result.pages == 3


def test_each_page_is_told_when_it_is_read() -> None:
    told: list[int] = []
    with open_document(pdf(table(ENGLISH, rows()), table(ENGLISH, rows()))) as document:
        read_pages(document.pages(), on_page=told.append)
    assert told == [0, 1]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_pdf_that_lies_on_its_side_is_read_with_its_places(degrees: int) -> None:
    first, second = read(turned_pdf(pdf(table(ENGLISH, rows())), degrees)).lines
    assert items((first, second)) == TWO
    assert box_of(first) == pytest.approx((50 / 612, 210 / 792, 450 / 612, 221 / 792), abs=0.01)


def test_rules_drawn_with_letters_are_no_part_of_the_words() -> None:
    rule = "+----+---------+------------------+--------+"
    texts = [rule, "|LINE|ITEM     |DESCRIPTION       |QUANTITY|", rule]
    for n, (code, qty) in enumerate(EXPECTED):
        texts += [f"|{n + 1:4}|{code:9}|{'Hex bolt M8x25':18}|{qty:8}|", rule]
    assert pairs(pdf([(50, 200 + 14 * n, text) for n, text in enumerate(texts)], font="Courier")) == EXPECTED


def test_a_count_printed_up_against_the_code_is_parted_where_their_headings_part() -> None:
    columns = [(91, "r", "QTY"), (93, "l", "SKU"), (224, "l", "DESCRIPTION")]
    lines = [("8", "XA59-24", "Label roll"), ("36", "CT15-40", "Wiper blade"), ("50", "RL95-35", "Ink cartridge")]
    assert pairs(pdf(table(columns, lines))) == [("XA59-24", 8), ("CT15-40", 36), ("RL95-35", 50)]


def test_a_pdf_of_a_few_words_is_read_from_its_picture() -> None:
    words = [(50, 50, "12 x DAKB2498 Hex bolt"), (50, 68, "3 x TNTP4204 Valve")]
    assert pairs(pdf(words, size=(300, 200))) == [("DAKB2498", 12), ("TNTP4204", 3)]


def test_a_pdf_whose_letters_stand_alone_is_read_from_its_picture() -> None:
    headings = ("I T E M", "D E S C", "O R D E R E D", "S H I P P E D", "B / O")
    columns = list(zip((40, 130, 340, 430, 520), "llrrr", headings, strict=True))
    lines = [
        ("AB-1001", "Hex bolt", "24", "20", "4"),
        ("CD-2002", "Valve", "9", "9", "0"),
        ("EF-3003", "Nut", "9", "5", "4"),
    ]
    assert pairs(pdf(table(columns, lines, top=50, size=8), size=(600, 200))) == [
        ("AB-1001", 20),
        ("CD-2002", 9),
        ("EF-3003", 5),
    ]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_photo_is_read_whichever_way_it_lies(photo: Image.Image, turns: int) -> None:
    result = read(encoded(photo.rotate(90 * turns, expand=True), "JPEG", quality=92))
    assert items(result.lines) == EXPECTED
    assert result.po_number == "23823"
    x0, y0, x1, y1 = box_of(result.lines[0])
    across, down = (x1 - x0, y1 - y0) if turns % 2 == 0 else (y1 - y0, x1 - x0)
    assert across > 0.6 > 0.2 > down


def test_a_scan_inside_a_pdf_is_read_even_under_a_lying_text_layer(photo: Image.Image) -> None:
    lies = [f"FAKE-{n} bolt 9999 lying layer" for n in range(20)]
    assert pairs(layered_pdf(photo, lies)) == EXPECTED


def test_the_customers_number_under_a_code_is_no_line_of_its_own_on_a_scan() -> None:
    headings = ((60, "Pos"), (130, "Part No."), (420, "Description"), (820, "Ordered"), (1000, "Shipped"))
    words = [(x, 40, text) for x, text in headings]
    for n, (code, qty) in enumerate(EXPECTED):
        y = 110 + 86 * n
        words += [(60, y, str(n + 1)), (130, y, code), (420, y, "Hex bolt zinc")]
        words += [(840, y, str(qty)), (1020, y, str(qty)), (130, y + 42, f"56459{n}3")]
    assert pairs(encoded(picture(words, size=(1240, 400)), "PNG")) == EXPECTED


def test_an_empty_picture_is_an_empty_slip() -> None:
    result = read(encoded(Image.new("RGB", (400, 300), "white"), "PNG"))
    assert (result.lines, result.vendor, result.pages) == ((), None, 1)


def test_read_slip_prints_json_and_names_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "slip.pdf", tmp_path / "notes.txt"
    good.write_bytes(pdf(table(ENGLISH, rows())))
    bad.write_text("not a slip")
    call_command("read_slip", str(good), "--json")
    told = json.loads(capsys.readouterr().out)
    assert [(item["item_id"], item["qty"], item["confidence"], item["page"]) for item in told["items"]] == [
        ("AB-1001", 24, "high", 0),
        ("CD-2002", 6, "high", 0),
    ]
    assert set(told) == {"items", "vendor", "po_number", "slip_number", "ship_date", "notes", "totals"}
    with pytest.raises(CommandError):
        call_command("read_slip", str(bad))
    assert "neither a PDF nor a picture" in capsys.readouterr().err


def test_score_slips_counts_what_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(pdf(table(ENGLISH, rows())))
    items = [{"item_id": "ab-1001", "qty": "24"}, {"item_id": "X", "alt_ids": ["CD-2002"], "qty": "7"}]
    truth = {"id": "a", "file": "a.pdf", "kind": "pdf-text", "set": "external", "items": items}
    (tmp_path / "truth.json").write_text(json.dumps({"docs": [truth]}))
    call_command("score_slips", str(tmp_path), "--verbose")
    out = capsys.readouterr().out
    assert "P 0.500  R 0.500  F1 0.500  wholly right 0/1" in out
    assert "a: 1 of 2 right, 2 read" in out
