"""Labels of ours on the paper: they confirm lines, contradict them, or stand for a line that is missing."""

import io
from decimal import Decimal

import segno
from PIL import Image

from slips.engines.labels_on_page import Found
from slips.paper.pages import PageSource
from slips.values import Confidence, Line


def page_with(*payloads: str) -> PageSource:
    sheet = Image.new("RGB", (300 * max(1, len(payloads)), 300), "white")
    for place, payload in enumerate(payloads):
        symbol = io.BytesIO()
        segno.make_qr(payload).save(symbol, kind="png", scale=6, border=4)
        sheet.paste(Image.open(symbol).convert("RGB"), (300 * place, 0))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return PageSource(0, out.getvalue(), sheet.width, sheet.height, (), 1.0, 0)


def line(item_id: str, qty: int, confidence: Confidence = "medium") -> Line:
    return Line(item_id, Decimal(qty), "", confidence, 0, None)


def compared(payloads: list[str], *lines: Line) -> tuple[list[Line], list[str]]:
    found = Found()
    found.look(page_with(*payloads))
    return found.compared(lines)


def test_a_label_that_says_the_same_confirms_its_line() -> None:
    lines, notes = compared(["ITEM=PART-1;QTY=5"], line("PART-1", 5), line("PART-2", 5))
    assert [line.confidence for line in lines] == ["high", "medium"]
    assert (lines[0].evidence, notes) == ("A label on the paper says the same.", [])


def test_a_label_with_another_quantity_contradicts_its_line() -> None:
    lines, notes = compared(["ITEM=PART-1;QTY=6"], line("PART-1", 5, "high"))
    assert (lines[0].confidence, lines[0].evidence) == ("low", "A label on the paper says 6 pieces.")
    assert notes == []


def test_each_of_two_lines_of_one_item_meets_its_own_label() -> None:
    lines, _ = compared(["ITEM=PART-1;QTY=6", "ITEM=PART-1;QTY=5"], line("PART-1", 5), line("PART-1", 6))
    assert [line.confidence for line in lines] == ["high", "high"]


def test_labels_without_a_line_and_foreign_ones_are_told() -> None:
    _, notes = compared(["ITEM=PART-9;QTY=6", "https://example.com/track"])
    assert notes[0] == "A label on page 1 (PART-9, 6 pieces) has no line here."
    assert "a QR code (https://example.com/track)" in notes[1]


def test_a_page_that_is_no_picture_has_no_labels() -> None:
    found = Found()
    found.look(PageSource(0, b"not a jpeg", 10, 10, (), 1.0, 0))
    assert found.compared([line("PART-1", 5)]) == ([line("PART-1", 5)], [])


def test_a_number_that_is_no_quantity_is_left_to_the_person() -> None:
    from slips.engines import _bearable

    draft = _bearable(Line("PART-1", Decimal(4006381333931), "", "high", 0, (0, 0, 1, 1)))
    assert (draft.qty, draft.confidence) == (None, "low")
    assert "4006381333931" in draft.evidence
