"""What a reviewer is told about a slip and its lines, in words: totals that do not add up, lines that need a person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from inventory.labels import BadLabel, label_text

confidence_words = {"high": "read clearly", "medium": "read, please compare", "low": "hardly readable"}


def to_book(line: Any) -> int | None:
    """Pieces that receiving this line books: what was counted, else what the paper says. None: a person decides."""
    if line.found_qty is not None:
        return int(line.found_qty)
    if line.qty is None or line.qty != line.qty.to_integral_value():
        return None
    return int(line.qty)


def trouble(line: Any) -> str:
    """Why this line cannot be received as it stands, as a sentence; empty when it can."""
    if not line.item_id:
        return "No item number. Enter the one on the carton, or remove the line."
    pieces = to_book(line)
    if pieces is None and line.qty is None:
        return "No quantity. Enter how many pieces came."
    if pieces is None:
        return f"{plain(line.qty)} is not a whole number of pieces. Count them and enter the number under Counted."
    if line.qty is None:
        return "No quantity on the paper. Enter what the paper says, or 0 when it says nothing."
    if not pieces:
        return "" if line.found_qty is not None else "The paper says 0. Remove the line, or enter what came."
    try:
        label_text(line.item_id, pieces)
    except BadLabel as refusal:
        return str(refusal)
    return ""


def totals(slip: Any, lines: Sequence[Any]) -> list[str]:
    """Where the totals printed on the paper differ from the lines; empty when they agree or none are printed."""
    told = []
    if slip.printed_lines is not None and slip.printed_lines != len(lines):
        told.append(f"The paper says {counted(slip.printed_lines, 'line')}, the table has {len(lines)}.")
    pieces = sum((line.qty or Decimal() for line in lines), Decimal())
    if slip.printed_pieces is not None and slip.printed_pieces != pieces:
        told.append(
            f"The paper says {plain(slip.printed_pieces)} pieces in all, the table adds up to {plain(pieces)} "
            f"({plain(abs(pieces - slip.printed_pieces))} too {'many' if pieces > slip.printed_pieces else 'few'})."
        )
    return told


def sums(lines: Sequence[Any]) -> str:
    """How much there is: “3 lines, 120 pieces”."""
    pieces = sum((line.qty or Decimal() for line in lines), Decimal())
    return f"{counted(len(lines), 'line')}, {counted(plain(pieces), 'piece')}"


def counted(number: int | str, noun: str) -> str:
    return f"{number} {noun}" if str(number) == "1" else f"{number} {noun}s"


def plain(number: Decimal | int | None) -> str:
    """12 rather than 12.000, 0.5 rather than 5E-1, nothing for None."""
    if number is None:
        return ""
    return f"{number.normalize():f}" if isinstance(number, Decimal) else str(number)
