"""Pages → a draft: the embedded reader always, the model beside it where one is configured, labels on the page last."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.conf import settings

from slips.engines import agreement, labels_on_page, model
from slips.paper.pages import PageSource
from slips.reading import Reading, read_pages
from slips.values import Draft, Head, Line

# More is no quantity but a number from elsewhere on the paper (a GTIN, a phone).
read_pieces_max = 99_999_999

Engine = str
"""`embedded` or `model`."""


def engine_default() -> Engine:
    return "model" if settings.SLIP_MODEL_ENDPOINT else "embedded"


def read(
    pages: Iterable[PageSource],
    *,
    on_page: Callable[[int], None] | None = None,
    engine: Engine | None = None,
    is_last: bool = True,
) -> Draft:
    """What the slip says, one page in memory at a time.

    Raises BadSlip, and, unless `is_last`, ModelBusy; with `is_last` a page that the model cannot read is left to the
    embedded reader.
    """
    asks_model = (engine or engine_default()) == "model"
    found = labels_on_page.Found()
    told = model.ModelAnswers()

    def looked_at() -> Iterator[PageSource]:
        for page in pages:
            found.look(page)
            if asks_model:
                told.ask(page, is_last=is_last)
            yield page

    reading = read_pages(looked_at(), on_page=on_page)
    lines = [_bearable(line) for line in reading.lines]
    head, problems = _head(reading), []
    if asks_model:
        lines = agreement.merged(told, lines)
        head = agreement.merged_head(told.heads, head)
        problems += told.problems
    lines, label_notes = found.compared(lines)
    return Draft(head, tuple(lines), " ".join(problems + label_notes), reading.turns)


def _bearable(line: Line) -> Line:
    """The line without a quantity that cannot be one; a person sees what was read."""
    if line.qty is None or abs(line.qty) <= read_pieces_max:
        return line
    return replace(line, qty=None, confidence="low", evidence=f"The reader read the quantity as {str(line.qty)[:20]}.")


def _head(reading: Reading) -> Head:
    # Its notes compare totals as they were read; the review compares them as they are after each edit.
    pieces = reading.printed_pieces
    return Head(
        vendor=reading.vendor or "",
        po_number=reading.po_number or "",
        slip_number=reading.slip_number or "",
        ship_date=reading.ship_date or "",
        printed_lines=reading.printed_lines,
        printed_pieces=pieces if pieces is not None and abs(pieces) <= read_pieces_max else None,
    )


def model_reading(pages: Iterable[PageSource]) -> Reading:
    """What the model engine says, in the embedded reader's shape; lines without a quantity are told in the notes."""
    draft = read(pages, engine="model")
    named = draft.head
    lines = tuple(replace(line, box=line.box or (0.0, 0.0, 1.0, 1.0)) for line in draft.lines if line.qty is not None)
    unread = [
        f"No quantity could be read for {line.item_id or line.description}." for line in draft.lines if not line.qty
    ]
    return Reading(
        lines=lines,
        vendor=named.vendor or None,
        po_number=named.po_number or None,
        slip_number=named.slip_number or None,
        ship_date=named.ship_date or None,
        printed_lines=named.printed_lines,
        printed_pieces=named.printed_pieces,
        notes=" ".join(filter(None, [named.notes, draft.problem, *unread])),
        pages=1 + max((line.page for line in lines), default=-1),
    )
