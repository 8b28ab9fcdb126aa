"""Papers drawn for the tests: packing slips as PDFs and pictures."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

PaperRow = tuple[str, int | str, str]
"""Item, quantity and description."""

ROWS: tuple[PaperRow, ...] = (("PART-88219", 24, "Hex bolt M8"),)


def pdf(
    rows: Sequence[PaperRow] = ROWS,
    *,
    vendor: str = "Acme Fasteners Inc",
    po_number: str = "PO-4711",
    slip_number: str = "PS-1001",
    rows_per_page: int = 20,
    totals: str = "",
    password: str = "",
) -> bytes:
    """A packing slip with the columns item, description and quantity shipped; as many pages as the rows need."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=letter, invariant=1, encrypt=password or None)
    for start in range(0, max(1, len(rows)), rows_per_page):
        _page(paper, rows[start : start + rows_per_page], vendor, po_number, slip_number)
        if start + rows_per_page >= len(rows) and totals:
            paper.drawString(60, 80, totals)
        paper.showPage()
    paper.save()
    return out.getvalue()


def _page(paper: canvas.Canvas, rows: Sequence[PaperRow], vendor: str, po_number: str, slip_number: str) -> None:
    paper.setFont("Helvetica-Bold", 16)
    paper.drawString(60, 740, vendor)
    paper.setFont("Helvetica", 11)
    for place, text in enumerate(
        (f"Packing Slip No: {slip_number}", f"Purchase Order: {po_number}", "Ship Date: 2026-11-20")
    ):
        paper.drawString(60, 715 - 16 * place, text)
    paper.setFont("Helvetica-Bold", 11)
    for x, heading in ((60, "Item Number"), (200, "Description"), (450, "Qty Shipped")):
        paper.drawString(x, 640, heading)
    paper.setFont("Helvetica", 11)
    for place, (item_id, qty, description) in enumerate(rows):
        y = 615 - 22 * place
        paper.drawString(60, y, item_id)
        paper.drawString(200, y, description)
        paper.drawRightString(510, y, str(qty))


def picture_height(rows: Sequence[PaperRow]) -> int:
    """Blank paper costs optical reading as much time as a printed one: there is a line's height of it."""
    return 360 + 60 * len(rows)


def line_middle(place: int) -> int:
    """How far below the picture's upper edge the line at this place has its middle."""
    return 316 + 60 * place


def picture(
    rows: Sequence[PaperRow] = ROWS,
    *,
    kind: str = "JPEG",
    turned: bool = False,
    quarters: int = 0,
) -> bytes:
    """The same as a photo of 1240 pixels' width and `picture_height`.

    `turned` lies on its side and says so in EXIF; `quarters` turns with the clock, of which the file says nothing.
    """
    sheet = Image.new("RGB", (1240, picture_height(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=30)
    texts = [(60, 40, "Acme Fasteners Inc"), (60, 90, "Packing Slip No: PS-2002"), (60, 140, "Purchase Order: PO-9")]
    texts += [(60, 230, "Item Number"), (420, 230, "Description"), (950, 230, "Qty Shipped")]
    for place, (item_id, qty, description) in enumerate(rows):
        y = line_middle(place) - 16
        texts += [(60, y, item_id), (420, y, description), (1020, y, str(qty))]
    for x, y, text in texts:
        pen.text((x, y), text, fill="black", font=font)
    out = io.BytesIO()
    exif = Image.Exif()
    if turned:
        sheet, exif[0x0112] = sheet.rotate(90, expand=True), 6
    sheet = sheet.rotate(-90 * quarters, expand=True)
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    sheet.save(out, kind, **({"exif": exif} if turned else {}))
    return out.getvalue()
