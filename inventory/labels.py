"""What our labels say: the one parser of payloads, its inverse, and words for symbols that are not ours."""

import re
from dataclasses import dataclass

from linesync.ground.item_ids import is_item_id, item_id_characters_max
from linesync.ground.numbers import event_digits_max, event_pieces_max

foreign_text_characters_max = 40

_edge_blanks = " \t\r\n"
_fields = re.compile(r"ITEM=(?P<item_id>[^;]*);QTY=(?P<qty>[^;]*)", re.ASCII | re.DOTALL)


class BadLabel(ValueError):
    """A payload that is not one of our labels; the message is a sentence for the person at the dock."""


@dataclass(frozen=True, slots=True)
class Label:
    """One carton label: which part, how many pieces, and the payload as it was read (outer blanks trimmed)."""

    item_id: str
    qty: int
    payload: str


def parse(payload: str) -> Label:
    """`ITEM=<item_id>;QTY=<n>` as a Label; BadLabel with a sentence for everything else."""
    text = payload.strip(_edge_blanks)
    _refuse_reserved(text)
    fields = _fields.fullmatch(text)
    if fields is None:
        raise BadLabel("This is not one of our labels: a label reads ITEM=<part>;QTY=<number>.")
    return Label(_checked_item_id(fields["item_id"].strip(" ")), _checked_qty(fields["qty"].strip(" ")), text)


def label_text(item_id: str, qty: int) -> str:
    """The payload of a label, the inverse of `parse`; BadLabel when the id or the quantity cannot stand on one."""
    return f"ITEM={_checked_item_id(item_id)};QTY={_checked_qty(str(qty))}"


def name_foreign(symbol_format: str, text: str) -> str:
    """Words for a symbol that is not one of our labels, its text escaped and shortened."""
    kind = _foreign_kinds.get(symbol_format, "a barcode")
    return f"{kind} ({escaped(text, characters_max=foreign_text_characters_max)})"


def escaped(text: str, *, characters_max: int | None = None) -> str:
    """The text with control and other unprintable characters as `\\n`, `\\t` or `\\xNN` and backslashes doubled."""
    if characters_max is not None and len(text) > characters_max:
        text = text[: characters_max - 1] + "…"
    return "".join(_escape(character) for character in text)


_foreign_kinds = {
    "EAN13": "an EAN-13 product barcode",
    "UPCA": "a UPC-A product barcode",
    "ITF": "an ITF carton barcode",
    "Code39": "a Code 39 barcode",
    "Code128": "a Code 128 barcode",
    "PDF417": "a carrier's PDF417 barcode",
    "Aztec": "an Aztec code",
    "QRCode": "a QR code",
    "DataMatrix": "a Data Matrix code",
}


def _refuse_reserved(text: str) -> None:
    if not text:
        raise BadLabel("The label is empty. Scan it again or type what is printed on it.")
    if text.startswith("UNDO="):
        raise BadLabel(
            "This text belongs to an undo record and cannot be scanned. Use the Undo button beside the event."
        )
    if text.startswith("CMD="):
        raise BadLabel("This is a command card, not a carton label. Scan the label on the carton.")


def _checked_item_id(item_id: str) -> str:
    if not item_id:
        raise BadLabel("The label names no part: nothing stands after ITEM=.")
    if len(item_id) > item_id_characters_max:
        raise BadLabel(f"The part number has {len(item_id)} characters; at most {item_id_characters_max} are allowed.")
    if not is_item_id(item_id):
        raise BadLabel(
            f"The part number “{escaped(item_id)}” is not allowed: letters, digits and - _ . / + # : only, "
            "beginning with a letter or digit."
        )
    return item_id


def _checked_qty(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= event_digits_max):
        raise BadLabel(
            f"The quantity “{escaped(digits, characters_max=foreign_text_characters_max)}” is not a whole number "
            f"from 1 to {event_pieces_max:,}."
        )
    qty = int(digits)
    if not 1 <= qty <= event_pieces_max:
        raise BadLabel(f"The quantity {qty:,} is out of range: 1 to {event_pieces_max:,}.")
    return qty


def _escape(character: str) -> str:
    short = {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}.get(character)
    if short is not None:
        return short
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
