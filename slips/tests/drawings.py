"""Slips and hostile files, drawn for the tests."""

import io

import pymupdf
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas


def pdf(*pages, size=letter, prepare=None, font="Helvetica"):
    """A PDF; each page is a list of (x, y from the top, text[, alignment[, font size]])."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=size)
    for words in pages:
        if prepare:
            prepare(sheet)
        for x, y, text, *more in words:
            sheet.setFont(font, more[1] if len(more) > 1 else 10)
            draw = {"l": sheet.drawString, "r": sheet.drawRightString, "c": sheet.drawCentredString}[
                more[0] if more else "l"
            ]
            draw(x, size[1] - y, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def table(headings, rows, *, top=200, pitch=18):
    """The words of a table: `headings` are (x, alignment, text), rows are texts."""
    words = [(x, top, text, alignment) for x, alignment, text in headings]
    for number, row in enumerate(rows, start=1):
        words += [
            (x, top + pitch * number, text, alignment)
            for (x, alignment, _), text in zip(headings, row, strict=True)
            if text
        ]
    return words


def picture(words, *, size=(1240, 1754), mode="RGB"):
    """A picture of a page; words as (x, y, text) in pixels, 28 pixels tall."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(28)
    for x, y, text in words:
        draw.text((x, y), text, fill="black", font=font)
    return image.convert(mode)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def locked_pdf():
    document = pymupdf.open(stream=pdf([(50, 50, "secret")]))
    return document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="open", owner_pw="own")


def bare_pdf(*objects, root=1):
    """A PDF made of raw objects, numbered from 1."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)


def stream(body, entries=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


def endless_pdf(depth=28):
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


def script_pdf():
    """A PDF whose JavaScript would change what it shows when opened."""
    document = pymupdf.open(stream=pdf([(50, 50, "as it was printed")]))
    catalog = document.pdf_catalog()
    action = document.get_new_xref()
    document.update_object(action, "<< /S /JavaScript /JS (app.alert('run'); this.closeDoc();) >>")
    document.xref_set_key(catalog, "OpenAction", f"{action} 0 R")
    return document.tobytes()


def sized_pdf(width, height):
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] >>" % (width, height)
    return bare_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
