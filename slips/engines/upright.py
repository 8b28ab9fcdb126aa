"""A page that was photographed lying on its side or head down: its picture and its boxes turned upright."""

import io
from dataclasses import replace

from PIL import Image

from slips.paper.pages import PageSource
from slips.reading.flatten import turned_back
from slips.values import Draft, Line

jpeg_quality = 93


def turned_page(page: PageSource, quarters: int) -> PageSource:
    """The page with its picture so many quarter turns against the clock."""
    with Image.open(io.BytesIO(page.jpeg)) as image:
        picture = image.convert("RGB").rotate(90 * quarters, expand=True)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=jpeg_quality)
    return replace(page, jpeg=out.getvalue(), width=picture.width, height=picture.height)


def turned_lines(draft: Draft) -> tuple[Line, ...]:
    """The draft's lines with their boxes where they stand on the turned pages."""
    return tuple(replace(line, box=line.box and turned_back(line.box, -draft.turns[line.page])) for line in draft.lines)
