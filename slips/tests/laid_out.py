"""Words laid out on pages as `drawings.pdf` draws them and the page renderer finds them, without a PDF in between.

test_laid_out.py compares the two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth

from slips.paper.pages import PageSource, PageWord
from slips.reading import Box
from slips.tests.drawings import Drawn, Size

_above_and_below_em = {"Helvetica": (1.075, 0.299), "Courier": (0.932, 0.317)}
"""How far a word's box reaches from its baseline."""
_left_part = {"l": 0.0, "c": 0.5, "r": 1.0}

# Two texts run together into one word where the second begins so near to the end of the first, in its own size.
_back_em, _ahead_em, _step_em = 0.8, 0.15, 0.8


def laid_out(*pages: Iterable[Drawn], size: Size = letter, font: str = "Helvetica") -> list[PageSource]:
    """The pages of the PDF that `drawings.pdf` makes of the same; they have no picture.

    A letter that the font lacks is itself here; the PDF shows a black square, which is read as an I.
    """
    return [_page(number, drawn, size, font) for number, drawn in enumerate(pages)]


def _page(number: int, drawn: Iterable[Drawn], size: Size, font: str) -> PageSource:
    width, height = size
    words = tuple(PageWord(run.text, run.box(size)) for run in _runs(drawn, font))
    return PageSource(number, b"", round(2 * width), round(2 * height), words, 0.0, 0)


@dataclass(slots=True)
class _Run:
    """Letters without a blank between them, in points from the page's upper left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float

    def box(self, size: Size) -> Box:
        """In fractions of a page of this size, which holds the whole word; as fine as the renderer tells them."""
        width, height = size
        assert 0 <= self.x0 < self.x1 <= width, self
        assert 0 <= self.baseline <= height, self
        x0, y0, x1, y1 = self.x0 / width, self.y0 / height, self.x1 / width, self.y1 / height
        return round(x0, 5), round(y0, 5), round(x1, 5), round(y1, 5)

    def goes_on(self, x: float, baseline: float, em: float) -> bool:
        """Whether a text that begins there is the same word."""
        return -_back_em * em < x - self.x1 < _ahead_em * em and abs(baseline - self.baseline) < _step_em * em

    def with_next(self, other: "_Run") -> "_Run":
        return _Run(
            self.text + other.text,
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
            other.baseline,
        )


def _runs(drawn: Iterable[Drawn], font: str) -> Iterator[_Run]:
    """The words in the order they were drawn in."""
    open_run: _Run | None = None
    for x, y, text, side, em in map(_whole, drawn):
        left = x - _left_part[side] * stringWidth(text, font, em)
        pieces = _pieces(text, left, y, em, font)
        if open_run and pieces and not text[0].isspace() and open_run.goes_on(left, y, em):
            pieces[0] = open_run.with_next(pieces[0])
        elif open_run:
            yield open_run
        open_run = pieces.pop() if pieces and not text[-1].isspace() else None
        yield from pieces
    if open_run:
        yield open_run


def _whole(drawn: Drawn) -> tuple[float, float, str, str, float]:
    """The text with its alignment and its size, said or not."""
    if len(drawn) == 3:
        return *drawn, "l", 10
    return (*drawn, 10) if len(drawn) == 4 else drawn


def _pieces(text: str, left: float, y: float, em: float, font: str) -> list[_Run]:
    """One text's words."""
    above, below = _above_and_below_em[font]
    pieces, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        x0 = left + stringWidth(text[:start], font, em)
        pieces.append(_Run(word, x0, y - above * em, x0 + stringWidth(word, font, em), y + below * em, y))
        start += len(word)
    return pieces
