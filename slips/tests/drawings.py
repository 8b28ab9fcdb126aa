"""Slips and hostile files, drawn for the tests."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

Drawn = tuple[float, float, str] | tuple[float, float, str, str] | tuple[float, float, str, str, float]
"""A text on a page: x and y from the upper left in points, the text[, l, c or r for what x is of it[, font size]]."""

Column = tuple[float, str, str]
"""x, alignment and heading."""

Size = tuple[float, float]

ENGLISH: list[Column] = [(50, "l", "Item No."), (150, "l", "Description"), (450, "r", "Qty")]


def pdf(
    *pages: Iterable[Drawn],
    size: Size = letter,
    prepare: Callable[[canvas.Canvas], None] | None = None,
    font: str = "Helvetica",
) -> bytes:
    """A PDF with these pages. `laid_out` has the same words without one."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=size)
    for words in pages:
        if prepare:
            prepare(sheet)
        for x, y, text, *more in words:
            sheet.setFont(font, more[1] if len(more) > 1 else 10)
            draw = {"l": sheet.drawString, "r": sheet.drawRightString, "c": sheet.drawCentredString}[
                str(more[0]) if more else "l"
            ]
            draw(x, size[1] - y, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def rows(*more: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """Two lines for the columns `ENGLISH`, and more."""
    return [("AB-1001", "Hex bolt zinc", "24"), ("CD-2002", "Ball valve brass", "6"), *more]


def table(
    headings: Sequence[Column], rows: Iterable[Sequence[str]], *, top: float = 200, pitch: float = 18, size: float = 10
) -> list[Drawn]:
    """The words of a table."""
    words: list[Drawn] = [(x, top, text, alignment, size) for x, alignment, text in headings]
    for number, row in enumerate(rows, start=1):
        words += [
            (x, top + pitch * number, text, alignment, size)
            for (x, alignment, _), text in zip(headings, row, strict=True)
            if text
        ]
    return words


def picture(
    words: Iterable[tuple[float, float, str]], *, size: tuple[int, int] = (1240, 1754), mode: str = "RGB"
) -> Image.Image:
    """A picture of a page; words as (x, y, text) in pixels, 28 pixels tall."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    for x, y, text in words:
        draw.text((x, y), text, fill="black", font=font)
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def document(data: bytes | None = None) -> Any:
    """A PDF, or a new one, to be changed with PyMuPDF, which takes a second to load and types nothing."""
    import pymupdf

    library: Any = pymupdf
    return library.open(stream=data)


def locked_pdf() -> bytes:
    aes_256 = 5
    locked: bytes = document(pdf([(50, 50, "secret")])).tobytes(encryption=aes_256, user_pw="open", owner_pw="own")
    return locked


def turned_pdf(data: bytes, degrees: int) -> bytes:
    """The PDF with its pages said to lie on their side."""
    changed = document(data)
    for page in changed:
        page.set_rotation(degrees)
    turned: bytes = changed.tobytes()
    return turned


def layered_pdf(scan: Image.Image, texts: Sequence[str]) -> bytes:
    """A scan, half as many points large as it has pixels, over a layer of text that nobody sees."""
    layered = document()
    page = layered.new_page(width=scan.width / 2, height=scan.height / 2)
    for place, text in enumerate(texts, start=1):
        page.insert_text((50, page.rect.height * place / (len(texts) + 1)), text, render_mode=3)
    page.insert_image(page.rect, stream=encoded(scan, "PNG"))
    data: bytes = layered.tobytes()
    return data


def bare_pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF made of raw objects, numbered from 1."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)


def stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


def endless_pdf(depth: int = 28) -> bytes:
    """Forms that draw forms twice each: 2 to the `depth` drawings in a few kilobytes."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    page += b" /Resources << /XObject << /F 5 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream(b"/F Do"),
    ]
    for level in range(depth):
        more = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>" % (
            6 + level
        )
        objects.append(stream(b"/F Do /F Do", more))
    objects.append(stream(b"0 0 10 10 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"))
    return bare_pdf(*objects)


def script_pdf() -> bytes:
    """A PDF whose JavaScript would change what it shows when opened."""
    changed = document(pdf([(50, 50, "as it was printed")]))
    catalog = changed.pdf_catalog()
    action = changed.get_new_xref()
    changed.update_object(action, "<< /S /JavaScript /JS (app.alert('run'); this.closeDoc();) >>")
    changed.xref_set_key(catalog, "OpenAction", f"{action} 0 R")
    scripted: bytes = changed.tobytes()
    return scripted


def sized_pdf(width: int, height: int) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] >>" % (width, height)
    return bare_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
