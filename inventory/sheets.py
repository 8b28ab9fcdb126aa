"""A PDF sheet of QR labels to stick on cartons: 3 × 8 on a page, the part and the quantity in words beneath each."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

import segno
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from inventory.labels import BadLabel, Label, label_text, parse

papers = {"A4": A4, "Letter": LETTER}
sheet_labels_max = 2_400
columns, rows = 3, 8
page_margin_points = 8 * mm
quiet_zone_modules = 4
text_lines_max = 2
text_size_points, text_size_points_min = 9.0, 5.0
_font, _bold = "Helvetica", "Helvetica-Bold"


class BadSheet(ValueError):
    """A sheet that cannot be printed; the message is a sentence for the person."""


def label_sheet(labels: Sequence[Label], *, copies: int = 1, paper: str = "A4") -> bytes:
    """The labels as a PDF, each `copies` times in a row, filled row by row; paper is one of `papers`.

    BadSheet for an unknown paper, no label at all, or more than `sheet_labels_max` with their copies.
    """
    _check(len(labels), copies, paper)
    output = BytesIO()
    canvas = Canvas(output, pagesize=papers[paper])
    canvas.setTitle("Carton labels")
    stickers = [label for label in labels for _ in range(copies)]
    for start in range(0, len(stickers), columns * rows):
        for place, label in enumerate(stickers[start : start + columns * rows]):
            _stick(canvas, label, *_cell(papers[paper], place))
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def label_of_pair(text: str) -> Label:
    """`PART-88219:24` as a Label, split at the last colon since part numbers may contain colons; BadLabel otherwise."""
    item_id, colon, digits = text.strip().rpartition(":")
    if not colon:
        raise BadLabel(f"“{text}” names no quantity: write ITEM:QTY, for example PART-88219:24.")
    return parse(f"ITEM={item_id};QTY={digits}")


def _check(labels: int, copies: int, paper: str) -> None:
    if paper not in papers:
        raise BadSheet(f"There is no paper “{paper}”; choose {' or '.join(papers)}.")
    if not labels or copies < 1:
        raise BadSheet("Name at least one label and one copy to print.")
    if labels * copies > sheet_labels_max:
        raise BadSheet(f"That makes {labels * copies:,} labels; at most {sheet_labels_max:,} fit one print.")


def _cell(paper: tuple[float, float], place: int) -> tuple[float, float, float, float]:
    """(left, bottom, width, height) in points of the place-th label of a page, counted along the rows from the top."""
    width, height = (paper[0] - 2 * page_margin_points) / columns, (paper[1] - 2 * page_margin_points) / rows
    row, column = divmod(place, columns)
    return page_margin_points + column * width, paper[1] - page_margin_points - (row + 1) * height, width, height


def _stick(canvas: Canvas, label: Label, left: float, bottom: float, width: float, height: float) -> None:
    """Drawn once however many copies there are: the others only name the drawing."""
    payload = label_text(label.item_id, label.qty)
    # A name in a PDF has letters and digits.
    drawing = payload.encode().hex()
    if not canvas.hasForm(drawing):
        canvas.beginForm(drawing, 0, 0, width, height)
        _draw_label(canvas, label, payload, width, height)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.doForm(drawing)
    canvas.restoreState()


def _draw_label(canvas: Canvas, label: Label, payload: str, width: float, height: float) -> None:
    middle, baseline = width / 2, 1.5 * mm
    canvas.setFont(_bold, text_size_points)
    canvas.drawCentredString(middle, baseline, f"QTY {label.qty}")
    size, lines = _fitted(label.item_id, width - 4 * mm)
    canvas.setFont(_font, size)
    for line in reversed(lines):
        baseline += text_size_points if line is lines[-1] else size
        canvas.drawCentredString(middle, baseline, line)
    side = height - (baseline + text_size_points * 0.8)
    _draw_qr(canvas, payload, middle - side / 2, height, side)


def _fitted(text: str, width: float) -> tuple[float, list[str]]:
    """The largest size (points) at which the text fits on `text_lines_max` lines, and those lines."""
    size = text_size_points
    while True:
        lines = list(_wrapped(text, size, width))
        if len(lines) <= text_lines_max or size <= text_size_points_min:
            return size, lines
        size -= 0.5


def _wrapped(text: str, size: float, width: float) -> Iterator[str]:
    start = 0
    for end in range(1, len(text) + 1):
        if stringWidth(text[start:end], _font, size) > width:
            yield text[start : end - 1]
            start = end - 1
    yield text[start:]


def _draw_qr(canvas: Canvas, payload: str, left: float, top: float, side: float) -> None:
    """The symbol with its quiet zone in a square of `side` points; one path, so that no hairline parts the modules."""
    code = segno.make_qr(payload, error="m")
    module = side / code.symbol_size(border=quiet_zone_modules)[0]
    path = canvas.beginPath()
    for y, row in enumerate(code.matrix_iter(border=quiet_zone_modules)):
        for x, length in _dark_runs(row):
            path.rect(left + x * module, top - (y + 1) * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    start = None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            yield start, x - start
            start = None
