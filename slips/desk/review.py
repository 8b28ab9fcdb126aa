"""A slip as its reviewer sees it: lines beside their marks on the pages, and what is still to be done, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from linesync.ground.numbers import plain
from slips import checks
from slips.desk.nearest import Known, known_items
from slips.desk.receiving import same_slip, twice
from slips.models import Receipt, Slip, SlipFile, SlipLine, SlipPage


@dataclass(slots=True)
class Mark:
    """Where a line stands on its page, in pixels of the picture."""

    line: "ShownLine"
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class ShownPage:
    """One page and the marks on it."""

    page: SlipPage
    marks: list[Mark]


@dataclass(slots=True)
class ShownLine:
    """One line, its place in the table, and what its reviewer is told of it."""

    line: SlipLine
    place: int
    known: Known

    @property
    def confidence(self) -> str:
        return checks.confidence_words.get(self.line.confidence or "", "entered by hand")

    @property
    def trouble(self) -> str:
        return checks.trouble(self.line)

    @property
    def qty(self) -> str:
        return "" if self.line.qty is None else plain(self.line.qty)

    @property
    def is_unknown(self) -> bool:
        return bool(self.line.item_id) and self.line.item_id not in self.known.item_ids

    @property
    def nearest(self) -> list[str]:
        return self.known.nearest(self.line.item_id) if self.is_unknown else []

    @property
    def was_read_as(self) -> str:
        """What the reader saw, where a person has changed it since."""
        line = self.line
        if line.read_item_id is None or (line.read_item_id, line.read_qty) == (line.item_id, line.qty):
            return ""
        return f"Read as {line.read_item_id or 'no item'}, {checks.plain(line.read_qty) or 'no quantity'}."

    @property
    def difference(self) -> str:
        """The count beside the paper, in words."""
        line = self.line
        if line.found_qty is None or line.qty is None or line.found_qty == line.qty:
            return ""
        more = line.found_qty - line.qty
        return f"{checks.plain(abs(more))} {'more' if more > 0 else 'fewer'} than the paper says"


def review(slip: Slip) -> dict[str, Any]:
    """What the review page and its fragments show."""
    known = known_items()
    drafted = list(SlipLine.objects.filter(slip=slip))
    lines = [line for line in drafted if line.removed_at is None]
    shown = [ShownLine(line, place, known) for place, line in enumerate(lines, start=1)]
    return {
        "slip": slip,
        "lines": shown,
        "removed": [ShownLine(line, 0, known) for line in drafted if line.removed_at is not None],
        "pages": _pages(slip, shown),
        "twice": received_twice(slip),
        "new_line_id": uuid4(),
        **summary(slip, lines),
    }


def summary(slip: Slip, lines: Sequence[SlipLine]) -> dict[str, Any]:
    """How far the review is and whether the paper's totals agree."""
    return {
        "slip": slip,
        "sums": checks.sums(lines),
        "totals": checks.totals(slip, lines),
        "has_printed_totals": slip.printed_lines is not None or slip.printed_pieces is not None,
        "checked": sum(line.checked_at is not None for line in lines),
        "lines_total": len(lines),
    }


def shown_line(slip: Slip, line_id: UUID) -> ShownLine | None:
    """One line of the table; None when it was removed or never was."""
    for place, line in enumerate(SlipLine.objects.draft(slip.slip_id), start=1):
        if line.line_id == line_id:
            return ShownLine(line, place, known_items())
    return None


def received_twice(slip: Slip) -> str:
    """When and by whom this delivery was received as another slip; empty when it was not."""
    digests = list(SlipFile.objects.filter(slip=slip).values_list("digest", flat=True))
    number = same_slip(slip.vendor, slip.po_number, slip.slip_number)
    before = Receipt.objects.received_before(slip.slip_id, digests, number)
    return twice(before) if before else ""


def _pages(slip: Slip, lines: Sequence[ShownLine]) -> list[ShownPage]:
    pages = []
    for page in SlipPage.objects.filter(slip=slip):
        here = [line for line in lines if line.line.page == page.number and line.line.box]
        pages.append(ShownPage(page, [_mark(line, page) for line in here]))
    return pages


def _mark(line: ShownLine, page: SlipPage) -> Mark:
    x0, y0, x1, y1 = line.line.box or (0, 0, 0, 0)
    return Mark(line, x0 * page.width, y0 * page.height, (x1 - x0) * page.width, (y1 - y0) * page.height)
