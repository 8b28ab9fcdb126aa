"""What stands around the table: who sent it, under which numbers, when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .kinds import Page
from .order_number import order_number
from .phrases import Sheet
from .rows import rows_on, text_of
from .sender import sender
from .ship_date import Cells, below, ship_date
from .vocabulary import folded

_NO = r"(?:[ \-]*(?:number|num|no|nr|nbr|nummer|numero|n\.?[o°º]|n|c\.|#)(?![a-z])\.?º?)?"
_SLIP = (
    rf"(?:packing|pack|pick) ?(?:slip|list|ticket){_NO}",
    rf"(?:delivery|dispatch|despatch|goods) ?(?:note|ticket|docket|dispatch note|advice)?{_NO}",
    rf"lieferschein(?:nummer|nr)?{_NO}",
    rf"(?:bl|bon de livraison|n[o°º] de bl|b\.l\.){_NO}",
    rf"albaran{_NO}",
    rf"(?:ddt|bolla){_NO}",
    rf"pakbon(?:nummer)?{_NO}",
    rf"(?:guia(?: de remessa)?|dodaci list|dodaci|wz|foljesedel(?:snr)?|folgeseddel|pakkeseddel){_NO}",
    rf"(?:shipper|shipment|slip|gdn|ticket|list|beleg){_NO}",
    rf"(?:invoice|rechnung(?:s)?|facture|factura|fattura|factuur|fatura){_NO}",
)
_DAY_FIRST = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\bVAT\b|\+44\b|\+61\b|£|\b(?:Ltd|Pty|PLC)\b")
"""What papers of English-speaking countries show that write the day before the month."""
_VALUE = re.compile(r"[A-Z]{2,4} \d{4,}(?=$|[\s,;])|[A-Z0-9][A-Z0-9\-_./#]*\d[A-Z0-9\-_./#]*|\d+", re.I)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """None: not found. `ship_date` is ISO 8601."""

    vendor: str | None = None
    po_number: str | None = None
    slip_number: str | None = None
    ship_date: str | None = None


def letterhead(page: Page, table: int | None, day_first: bool) -> Letterhead:
    """What the slip's first page says of itself. `day_first`: whether 03/04/2025 is in April."""
    rows = rows_on(page)
    table_top = page.height if table is None or table >= len(rows) else min(word.y0 for word in rows[table])
    sheet = Sheet(page.words)
    cells = [[(phrase.words, phrase.bare) for phrase in line] for line in sheet.lines]
    before = sum(line[0].yc < table_top for line in sheet.lines)
    return Letterhead(
        sender(sheet, page.height, table_top),
        order_number(sheet, table_top),
        _number(cells, _SLIP),
        ship_date(cells, before, day_first or bool(_DAY_FIRST.search(text_of(page.words)))),
    )


def _number(cells: Cells, labels: tuple[str, ...]) -> str | None:
    """The number behind, beside or below the first of the labels that has one."""
    for label in labels:
        pattern = re.compile(rf"(?:^|(?<=[\s(]))(?:{label})\s*[:.#]*\s*(?=$|[^a-z]|[a-z]{{1,4}}[-/]?\d)")
        for place, row in enumerate(cells):
            for number, (run, text) in enumerate(row):
                found = pattern.search(text)
                if found and (value := _value(cells, place, number, text_of(run), found.end())):
                    return value
    return None


def _value(cells: Cells, place: int, number: int, text: str, end: int) -> str | None:
    """The value of a label that ends at `end` of its run: behind it, else in the next run, else below."""
    behind = text[end:].strip(" :#.") if len(folded(text)) == len(text) else text.rpartition(":")[2].strip()
    if re.match(r"/ ?[^\W\d]", behind):  # "Order no. / Date", "Bestell-Nr. / Order no.: 4711"
        behind = behind.rpartition(":")[2].strip() if ":" in behind else ""
    if behind:
        found = _VALUE.match(behind)
        return _bare(found.group()) if found and not _is_date(behind) else None
    if number + 1 < len(cells[place]):
        found = _VALUE.match(text_of(cells[place][number + 1][0]))
        if found and not _is_date(text_of(cells[place][number + 1][0])):
            return _bare(found.group())
    under = below(cells, place, cells[place][number][0])
    found = _VALUE.match(under) if under else None
    return _bare(found.group()) if found and under and not _is_date(under) else None


def _is_date(text: str) -> bool:
    return bool(re.match(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}-\d{2}-\d{2}\b", text))


def _bare(value: str) -> str:
    return re.sub(r"/\d{1,2}[./]\d{1,2}[./]\d{2,4}$", "", value).rstrip(".,:;/-")
