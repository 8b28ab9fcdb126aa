"""What a model's answer says of a page: every item is judged here, and nonsense becomes a line for a person."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from linesync.ground.numbers import event_pieces_max
from slips.values import Head, Line

text_characters_max = 400
items_max = 500


class Nonsense(Exception):
    """An answer that is no reading of a page; the message is the complaint that is sent back once."""


def bare(text: str) -> str:
    """An item number without blanks and case."""
    return "".join(text.split()).casefold()


def text_of(answer: Any) -> str:
    choices = getattr(answer, "choices", None) or []
    content = choices[0].message.content if choices and choices[0].message else None
    if isinstance(content, list):
        # Reasoning models answer in blocks; the words are in those of type text.
        parts = [block.get("text") or "" for block in content if isinstance(block, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def said(text: str, number: int) -> tuple[list[Line], Head]:
    answer = _parsed(text)
    items = answer.get("items")
    if not isinstance(items, list):
        raise Nonsense("Your answer has no list “items”.")
    lines = [_line(item, number) for item in items[:items_max] if isinstance(item, dict)]
    if items and not lines:
        raise Nonsense("The items of your answer are no objects.")
    return [line for line in lines if line.item_id or line.description], _head(answer)


def _parsed(text: str) -> dict[str, Any]:
    """The JSON object in the text, with or without a code fence around it. Raises Nonsense."""
    start, end = text.find("{"), text.rfind("}")
    try:
        answer = json.loads(text[start : end + 1]) if 0 <= start < end else None
    except (json.JSONDecodeError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise Nonsense("Your answer is no JSON object." if text.strip() else "Your answer is empty.")
    return answer


def _line(item: dict[str, Any], number: int) -> Line:
    qty, complaint = _quantity(item.get("qty"))
    return Line(
        _words(item.get("item_id")), qty, _words(item.get("description")), "low", number, box=None, evidence=complaint
    )


def _quantity(value: object) -> tuple[Decimal | None, str]:
    """The quantity, or None and why. A fraction is kept: a person decides."""
    number = _number(value)
    if number is None:
        return None, "" if value in (None, "") else f"The model read the quantity as “{str(value)[:20]}”."
    if number <= 0 or number > event_pieces_max:
        return None, "" if number == 0 else f"The model read the quantity as {number:f}."
    return number, ""


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**8 else None


def _head(answer: dict[str, Any]) -> Head:
    lines, pieces = _number(answer.get("printed_lines")), _number(answer.get("printed_pieces"))
    return Head(
        **{name: _words(answer.get(name)) for name in ("vendor", "po_number", "slip_number", "ship_date", "notes")},
        printed_lines=int(lines) if lines is not None and 0 < lines <= items_max else None,
        printed_pieces=pieces if pieces is not None and pieces > 0 else None,
    )


def _words(value: object) -> str:
    """Printable text on one line; a number becomes its digits, everything else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value).split())
    return "".join(character for character in text if character.isprintable())[:text_characters_max]
