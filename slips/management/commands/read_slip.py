"""`manage.py read_slip FILE…`: what slips read as, for operators and for measuring. Needs no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from slips import engines, reading
from slips.paper.pages import BadSlip, PageSource, open_document
from slips.reading import Reading

Engine = Callable[[Iterable[PageSource]], Reading]

ENGINES: dict[str, Engine] = {"embedded": reading.read_pages, "model": engines.model_reading}
"""The ways to read a slip, by name."""


class Command(BaseCommand):
    help = "Read packing slips (PDF or pictures) and print their lines."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--engine", choices=sorted(ENGINES), default="embedded")
        parser.add_argument("--json", action="store_true", help="one JSON object per file, one per line")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for path in options["files"]:
            try:
                result = read_file(path, ENGINES[options["engine"]])
            except (BadSlip, OSError) as error:
                failed = True
                self.stderr.write(f"{path}: {error}")
                continue
            self.stdout.write(json.dumps(as_json(result)) if options["json"] else as_table(path, result))
        if failed:
            raise CommandError("not every file could be read")


def read_file(path: Path, engine: Engine = reading.read_pages) -> Reading:
    """The reading of one file. Errors: BadSlip, OSError."""
    with open_document(path.read_bytes(), path.name) as document:
        return engine(document.pages())


def as_json(result: Reading) -> dict[str, Any]:
    """The reading as plain values: items with their box as fractions of the page picture, and the printed totals."""
    pieces = result.printed_pieces
    return {
        "items": [
            {
                "item_id": line.item_id,
                "qty": _plain(line.qty),
                "description": line.description,
                "confidence": line.confidence,
                "page": line.page,
                "box": [round(edge, 4) for edge in line.box or ()],
            }
            for line in result.lines
        ],
        "vendor": result.vendor,
        "po_number": result.po_number,
        "slip_number": result.slip_number,
        "ship_date": result.ship_date,
        "notes": result.notes,
        "totals": {"lines": result.printed_lines, "pieces": None if pieces is None else float(pieces)},
    }


def _plain(qty: Decimal | None) -> int | str | None:
    """Whole pieces as a number, a fraction as it was printed."""
    return qty if qty is None else int(qty) if qty == qty.to_integral_value() else str(qty)


def as_table(path: Path, result: Reading) -> str:
    """The reading for a person's eyes."""
    rows = [
        f"{path}: {result.vendor or 'vendor unknown'} · PO {result.po_number or '–'} · slip {result.slip_number or '–'}"
        f" · shipped {result.ship_date or '–'} · {result.pages} pages"
    ]
    rows += [
        f"  {line.qty!s:>8}  {line.item_id:<24.24}  {line.confidence:<6}  p{line.page + 1}  {line.description:.60}"
        for line in result.lines
    ]
    rows.append(f"  {len(result.lines)} lines" + (f" · {result.notes}" if result.notes else ""))
    return "\n".join(rows)
