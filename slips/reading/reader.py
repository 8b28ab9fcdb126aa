"""A slip from its pages: words, rows, tables over several pages, lines, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from slips.paper.pages import PageSource
from slips.values import Box, Line

from . import numbers, words
from .anchors import Reread
from .confidence import judged
from .forms import labelled_lines
from .headerless import headerless_lines
from .heading_cells import HeadCell
from .headings import TableHead, half_known_heads, heads, with_whole_heads
from .kinds import Page, Reading, TextRow, Word
from .letterhead import Letterhead, letterhead
from .lines import UnjudgedLine, table_lines
from .numbers import as_count
from .rows import levelled, rows_on, runs, text_of
from .second_look import second_look
from .totals import is_title_of_others, printed_totals

_picture_share_min = 0.2
"""A page that shows at least so large a picture and whose text holds no table is also read optically."""
_number_weight = 3.0


@dataclass(slots=True)
class _Slip:
    """What the pages before have told."""

    drafts: list[tuple[int, UnjudgedLine]] = field(default_factory=list)
    carried: list[HeadCell] | None = None
    """The head that a table on the next page may go on under, as if all pages were 1 wide."""
    text: str = ""
    """What the pages so far say: the decimal convention is the document's, not the page's."""
    table: int | None = None
    """The row of the first page where its table begins."""
    pages: list[Page] = field(default_factory=list)


def read_pages(pages: Iterable[PageSource], *, on_page: Callable[[int], None] | None = None) -> Reading:
    """What the slip says. Pages are taken one at a time; `on_page` hears each page's number when it has been read."""
    slip = _Slip()
    for place, source in enumerate(pages):
        _read_page(slip, place, source)
        if on_page is not None:
            on_page(place)
    return _reading(slip)


def _read_page(slip: _Slip, place: int, source: PageSource) -> None:
    drafts: list[UnjudgedLine] = []
    page = None
    if words.has_text(source):
        page = words.printed(source)
        drafts, carried = _page_lines(page, slip)
    if page is None or (not drafts and source.picture_share >= _picture_share_min):
        page, seen = words.recognized(source)
        drafts, carried = _page_lines(page, slip, second_look(seen))
    slip.carried = carried
    slip.text += _text(rows_on(page))
    slip.pages.append(page)
    slip.drafts += [(place, draft) for draft in drafts]


def _page_lines(
    page: Page, slip: _Slip, reread: Reread | None = None
) -> tuple[list[UnjudgedLine], list[HeadCell] | None]:
    """The page's lines, and the head that a table on the next page may go on under."""
    rows = rows_on(page)
    comma = numbers.decimal_comma(slip.text + _text(rows))
    if page.by_ocr:
        rows = with_whole_heads(rows)
    found = heads(rows)
    if found and not slip.pages:
        slip.table = max((readings[0] for readings in found), key=lambda head: head.score).first
    if found:
        headed = _under_heads(rows, found, comma, reread, begun=bool(slip.drafts))
        drafts = _stronger(headed, labelled_lines(rows, comma))
        return drafts or headerless_lines(rows, comma, reread), _scaled(found[-1][0].cells, 1 / page.width)
    drafts = table_lines(rows, _scaled(slip.carried, page.width), comma, reread) if slip.carried else []
    drafts = [draft for draft in drafts if draft.has_code]
    if drafts:
        return drafts, slip.carried
    for head in half_known_heads(rows):
        drafts = table_lines(rows[head.first + head.rows :], head.cells, comma, reread)
        if drafts and all(draft.has_code for draft in drafts):
            return drafts, _scaled(head.cells, 1 / page.width)
    return headerless_lines(rows, comma, reread), slip.carried


def _stronger(headed: list[UnjudgedLine], labelled: list[UnjudgedLine]) -> list[UnjudgedLine]:
    """The lines under headings, unless labels that repeat from item to item tell more and leave less to guess."""
    enough = len(labelled) >= 2 and not any(draft.doubts for draft in labelled) and _sure(labelled) >= _sure(headed)
    most = max(len(labelled), len(headed))
    return labelled if enough and _worth(labelled, most) > _worth(headed, most) else headed


def _sure(drafts: list[UnjudgedLine]) -> float:
    """How many lines there are, those that took guesses counting less."""
    return sum(max(0.0, draft.has_code - 0.2 * draft.doubts) for draft in drafts)


def _scaled(cells: list[HeadCell], factor: float) -> list[HeadCell]:
    return [replace(cell, x0=cell.x0 * factor, x1=cell.x1 * factor) for cell in cells]


def _text(rows: list[TextRow]) -> str:
    return "".join(f"{text_of(row)}\n" for row in rows)


def _under_heads(
    rows: list[TextRow], found: list[list[TableHead]], comma: bool, reread: Reread | None, *, begun: bool
) -> list[UnjudgedLine]:
    """The lines of the page's tables, less those of a second one whose title says that it came before or is to follow.

    `begun`: whether a page before had lines.
    """
    others = [number for number, readings in enumerate(found) if _is_of_others(rows, readings[0])]
    drafts = []
    for number, readings in enumerate(found):
        end = found[number + 1][0].first if number + 1 < len(found) else len(rows)
        if number not in others or (len(others) == len(found) and not begun):
            drafts += _best(rows, readings, end, comma, reread)
    return drafts


def _is_of_others(rows: list[TextRow], head: TableHead) -> bool:
    """Whether the row above the head, or its own first one if it is a title, says so."""
    above = rows[max(0, head.first - 1) : head.first + (head.rows > 1)]
    return any(len(runs(row, 1.5)) == 1 and is_title_of_others(text_of(row)) for row in above)


def _best(
    rows: list[TextRow], readings: list[TableHead], end: int, comma: bool, reread: Reread | None
) -> list[UnjudgedLine]:
    """The lines under the reading of the head that makes the most sense."""
    tried = []
    for head in readings[:5]:
        body = rows[head.first + head.rows : end]
        if reread:
            body = levelled(body, rows[head.first : head.first + head.rows])
        tried.append(table_lines(body, head.cells, comma, reread))
    most = max(map(_coded, tried))
    worths = [_worth(drafts, most) + head.score for drafts, head in zip(tried, readings, strict=False)]
    return tried[max(range(len(tried)), key=lambda n: worths[n])]


def _coded(drafts: list[UnjudgedLine]) -> int:
    return sum(draft.has_code for draft in drafts)


def _worth(drafts: list[UnjudgedLine], most: int) -> float:
    """How well the lines were found on average, and how many of the most that any reading found.

    The number weighs less than the doubts: a wrong column may count a few lines more.
    """
    if not drafts:
        return -10.0
    found = sum(draft.has_code - 0.2 * draft.doubts for draft in drafts) / len(drafts)
    return 4 * found + _number_weight * _coded(drafts) / max(1, most)


def _reading(slip: _Slip) -> Reading:
    rows: list[TextRow] = [row for page in slip.pages for row in rows_on(page)]
    printed_lines, printed_pieces = printed_totals(rows, numbers.decimal_comma(slip.text))
    top = _letterhead(slip)
    words_of_trust = judged([draft for _, draft in slip.drafts], printed_pieces)
    lines = tuple(
        Line(draft.item_id, as_count(draft.qty), draft.description, trust, place, _around(draft.words))
        for (place, draft), trust in zip(slip.drafts, words_of_trust, strict=True)
    )
    return Reading(
        lines=lines,
        vendor=top.vendor,
        po_number=top.po_number,
        slip_number=top.slip_number,
        ship_date=top.ship_date,
        printed_lines=printed_lines,
        printed_pieces=printed_pieces,
        notes=_notes(lines, printed_lines, printed_pieces),
        pages=len(slip.pages),
        turns=tuple(page.turns for page in slip.pages),
    )


def _notes(lines: tuple[Line, ...], printed_lines: int | None, printed_pieces: Decimal | None) -> str:
    """Where the slip's own totals and its lines disagree, in words."""
    notes = []
    if printed_lines is not None and printed_lines != len(lines):
        notes.append(f"The slip says that it has {printed_lines} lines; {len(lines)} were read.")
    pieces = sum((line.qty or Decimal(0) for line in lines), Decimal(0))
    if printed_pieces is not None and printed_pieces != pieces:
        notes.append(f"The slip says that it holds {printed_pieces} pieces; the lines read add up to {pieces}.")
    return " ".join(notes)


def _letterhead(slip: _Slip) -> Letterhead:
    if not slip.pages or not slip.pages[0].words:
        return Letterhead()
    first = slip.pages[0]
    return letterhead(first, slip.table, day_first=numbers.decimal_comma(text_of(first.words)))


def _around(found: list[Word]) -> Box:
    boxes = [word.box for word in found]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
