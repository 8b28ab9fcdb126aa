"""A page that was photographed lying on its side or head down: which way is up, its picture and its boxes turned so."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from PIL import Image

from slips.pages import PageSource
from slips.reading import ocr
from slips.reading.words import has_text
from slips.values import Box, DraftLine

jpeg_quality = 93
sure_lines_min = 2


@dataclass(slots=True)
class Photographed:
    """The pages that are pictures of paper, with their sizes in pixels.

    A page with a text layer is upright already: the renderer turned it by its words.
    """

    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)

    def noted(self, pages: Iterable[PageSource]) -> Iterator[PageSource]:
        for page in pages:
            if not has_text(page):
                self.sizes[page.number] = (page.width, page.height)
            yield page

    def doubtful(self, lines: Sequence[DraftLine]) -> set[int]:
        """The pages whose lines do not show by themselves that they stand upright."""
        return {number for number, size in self.sizes.items() if not _stand_upright(lines, number, size)}


def turns(page: PageSource) -> int:
    """How many quarter turns against the clock make the page upright, as the optical reading finds them. Seconds."""
    with Image.open(io.BytesIO(page.jpeg)) as image:
        return ocr.read(np.asarray(image.convert("RGB"))).turns % 4


def turned_page(page: PageSource, quarters: int) -> PageSource:
    """The page with its picture so many quarter turns against the clock."""
    with Image.open(io.BytesIO(page.jpeg)) as image:
        picture = image.convert("RGB").rotate(90 * quarters, expand=True)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=jpeg_quality)
    return replace(page, jpeg=out.getvalue(), width=picture.width, height=picture.height)


def turned_lines(lines: Sequence[DraftLine], quarters: Mapping[int, int]) -> tuple[DraftLine, ...]:
    """The lines with their boxes where they stand on the turned pages. `quarters`: by page, absent for upright ones."""
    return tuple(
        replace(line, box=turned_box(line.box, quarters.get(line.page, 0))) if line.box else line for line in lines
    )


def turned_box(box: Box, quarters: int) -> Box:
    """A box in fractions of the page, after so many quarter turns of the page against the clock."""
    left, top, right, bottom = box
    for _ in range(quarters):
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    return left, top, right, bottom


def _stand_upright(lines: Sequence[DraftLine], number: int, size: tuple[int, int]) -> bool:
    """Whether there are lines enough, each wider than tall and each below the one before."""
    boxes = [line.box for line in lines if line.page == number and line.box]
    if len(boxes) < sure_lines_min:
        return False
    wide = all((x1 - x0) * size[0] > (y1 - y0) * size[1] for x0, y0, x1, y1 in boxes)
    falls = [below[1] - above[1] for above, below in pairwise(boxes)]
    return wide and sum(fall > 0 for fall in falls) > len(falls) / 2
