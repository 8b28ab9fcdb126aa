"""Photos and scans are read optically: straight, turned, bent; with the numbers that a detector overlooks."""

import json

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image

from slips.paper.pages import open_document
from slips.reading import read_pages
from slips.reading.flatten import SlopeField, turned_back
from slips.reading.ocr import OcrLine
from slips.tests.drawings import encoded, pdf, picture, table
from slips.tests.test_reading_tables import ENGLISH, rows

EXPECTED = [("RTR-1841", 36), ("EAK-2848", 250), ("DNW-5822", 3)]


def slip_picture():
    words = [(100, 80, "Cascade Components"), (900, 80, "PACKING SLIP"), (900, 140, "PO Number: 23823")]
    for x, text in ((100, "Item Code"), (350, "Description"), (1000, "Qty")):
        words.append((x, 300, text))
    for n, (code, qty) in enumerate(EXPECTED):
        words += [(100, 360 + 60 * n, code), (350, 360 + 60 * n, "Hex bolt stainless"), (1010, 360 + 60 * n, str(qty))]
    return picture(words, size=(1240, 700))


def read(data):
    with open_document(data) as document:
        return read_pages(document.pages())


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_photo_is_read_whichever_way_it_lies(turns):
    result = read(encoded(slip_picture().rotate(90 * turns, expand=True), "JPEG", quality=92))
    assert [(line.item_id, line.qty) for line in result.lines] == EXPECTED
    assert result.po_number == "23823"
    x0, y0, x1, y1 = result.lines[0].box
    across, down = (x1 - x0, y1 - y0) if turns % 2 == 0 else (y1 - y0, x1 - x0)
    assert across > 0.6 > 0.2 > down


def test_a_scan_inside_a_pdf_is_read_even_under_a_lying_text_layer():
    import pymupdf

    document = pymupdf.open()
    page = document.new_page(width=620, height=350)
    for n in range(20):
        page.insert_text((50, 20 + 15 * n), f"FAKE-{n} bolt 9999 lying layer", render_mode=3)
    page.insert_image(page.rect, stream=encoded(slip_picture(), "PNG"))
    assert [(line.item_id, line.qty) for line in read(document.tobytes()).lines] == EXPECTED


def bent_lines(bend):
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
def test_a_bent_page_is_laid_straight(bend):
    field = SlopeField(bent_lines(bend))
    levels = [field.level(x, 50 + 40 * 5 + bend(x) + 10) for x in (100, 300, 500, 700, 900)]
    assert max(levels) - min(levels) < 10


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_box_on_the_upright_page_finds_its_way_back(turns):
    sheet = np.zeros((100, 200))
    sheet[10:20, 30:60] = 1
    ys, xs = np.nonzero(np.rot90(sheet, turns))
    height, width = np.rot90(sheet, turns).shape
    box = (xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height)
    assert turned_back(box, turns) == pytest.approx((30 / 200, 10 / 100, 60 / 200, 20 / 100))


def test_read_slip_prints_json_and_names_what_it_cannot_read(tmp_path, capsys):
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


def test_score_slips_counts_what_is_right(tmp_path, capsys):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.pdf").write_bytes(pdf(table(ENGLISH, rows())))
    items = [{"item_id": "ab-1001", "qty": "24"}, {"item_id": "X", "alt_ids": ["CD-2002"], "qty": "7"}]
    truth = {"id": "a", "file": "a.pdf", "kind": "pdf-text", "set": "external", "items": items}
    (tmp_path / "truth.json").write_text(json.dumps({"docs": [truth]}))
    call_command("score_slips", str(tmp_path), "--verbose")
    out = capsys.readouterr().out
    assert "P 0.500  R 0.500  F1 0.500  wholly right 0/1" in out
    assert "a: 1 of 2 right, 2 read" in out


def test_the_customers_number_under_a_code_is_no_line_of_its_own_on_a_scan():
    headings = ((60, "Pos"), (130, "Part No."), (420, "Description"), (820, "Ordered"), (1000, "Shipped"))
    words = [(x, 300, text) for x, text in headings]
    for n, (code, qty) in enumerate(EXPECTED):
        y = 370 + 86 * n
        words += [
            (60, y, str(n + 1)),
            (130, y, code),
            (420, y, "Hex bolt zinc"),
            (840, y, str(qty)),
            (1020, y, str(qty)),
        ]
        words.append((130, y + 42, f"56459{n}3"))
    result = read(encoded(picture(words, size=(1240, 700)), "PNG"))
    assert [(line.item_id, line.qty) for line in result.lines] == EXPECTED


def test_an_empty_picture_is_an_empty_slip():
    result = read(encoded(Image.new("RGB", (400, 300), "white"), "PNG"))
    assert (result.lines, result.vendor, result.pages) == ((), None, 1)
