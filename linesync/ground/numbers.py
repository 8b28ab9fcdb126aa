"""How many pieces there may be, how a number of them is written, and how people's own writing of one is understood."""

import re
import unicodedata
from decimal import Decimal

event_pieces_max = 999_999
"""Pieces that one scan or one line of a delivery may book; 1 is the least."""
event_digits_max = 12
"""Digits that such a number may be written with, leading zeros counted."""
policy_pieces_max = 999_999_999
"""Pieces that a reorder point or a reorder quantity may ask for."""
typed_characters_max = 40

_blanks = " \u00a0\u2007\u2009\u202f"
_group_signs = _blanks + "'’`"
_digits_only = re.compile(r"[0-9]+")
_in_threes = re.compile(r"[0-9]{1,3}(?:\x1f[0-9]{3})+")


class BadNumber(ValueError):
    """What was typed is no number; the message is a sentence for the person."""


class TwoReadings(BadNumber):
    """What was typed is one of two numbers and only the person knows which: `smaller` or `larger`."""

    def __init__(self, text: str, smaller: Decimal, larger: Decimal) -> None:
        self.smaller, self.larger = smaller, larger
        self.offers = plain(smaller), plain(larger)
        super().__init__(
            f"“{text}” can be {smaller.normalize():f} or {signed(int(larger))}. "
            f"Enter {self.offers[0]} or {self.offers[1]}; nothing is stored yet."
        )


def signed(pieces: int) -> str:
    """A number of pieces, for example “−1,204”: thousands apart, a true minus sign."""
    return f"{pieces:,}".replace("-", "−")


def plain(number: Decimal) -> str:
    """The number without grouping as a field holds it, to come back as the same: 1000, 2.5, and 2.1250 for 2⅛.

    Three digits behind the point would be taken for thousands, so that a zero follows them.
    """
    bare = number.normalize()
    return f"{bare:f}0" if bare.as_tuple().exponent == -3 else f"{bare:f}"


def typed(text: str) -> Decimal:
    """The number that a person typed, in whatever notation tells it surely.

    Grouping by blanks, apostrophes, points or commas, a decimal point or comma, the digits of one script, a minus in
    front or behind, or brackets for it. One point or comma before the last three digits (“1.000”, “1,000”) tells
    nothing surely: raises TwoReadings. Raises BadNumber for everything that is no number.
    """
    text = text.strip()
    if not text or len(text) > typed_characters_max:
        raise BadNumber("Enter a number of pieces.")
    is_minus, bare = _unsigned(_in_ascii(text))
    number = _unsigned_number(text, bare)
    return -number if is_minus else number


def _in_ascii(text: str) -> str:
    """The same with ASCII digits and signs. Digits of two scripts in one number are a slip of the keyboard."""
    digits = [character for character in text if character.isdecimal()]
    zeros = {ord(digit) - unicodedata.decimal(digit) for digit in digits}
    if len(zeros) > 1:
        raise _no_number(text)
    turned = "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)
    return turned.translate(_ascii_signs)


_ascii_signs = str.maketrans({"٫": ".", "٬": "'", "−": "-", "－": "-", "．": ".", "，": ","})


def _unsigned(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.endswith("-"):
        return True, text[:-1].rstrip()
    if text.startswith(("-", "+")):
        return text[0] == "-", text[1:].lstrip()
    return False, text


def _unsigned_number(text: str, bare: str) -> Decimal:
    if _digits_only.fullmatch(bare):
        return Decimal(bare)
    marks = re.findall(r"[.,]", bare)
    signs = {sign for sign in bare if sign in _group_signs}
    if len(signs) > 1 or (signs and len(set(marks)) > 1):
        raise _no_number(text)
    if not signs and len(marks) == 1:
        return _with_one_mark(text, *bare.split(marks[0]))
    grouping = signs.pop() if signs else marks[0] if marks else ""
    if not grouping:
        raise _no_number(text)
    return _grouped(text, bare, grouping)


def _with_one_mark(text: str, left: str, right: str) -> Decimal:
    if not _digits_only.fullmatch(right) or (left and not _digits_only.fullmatch(left)):
        raise _no_number(text)
    decimal = Decimal(f"{left or 0}.{right}")
    may_be_thousands = len(right) == 3 and 1 <= len(left) <= 3 and not left.startswith("0")
    if may_be_thousands:
        raise TwoReadings(text, decimal, Decimal(left + right))
    return decimal


def _grouped(text: str, bare: str, grouping: str) -> Decimal:
    """Thousands apart by one sign, with at most one decimal mark, another one, behind them."""
    mark = next((sign for sign in ".," if sign != grouping and sign in bare), "")
    whole, _, fraction = bare.partition(mark) if mark else (bare, "", "")
    in_threes = _in_threes.fullmatch(whole.replace(grouping, "\x1f"))
    if not in_threes or whole.startswith("0") or (mark and not _digits_only.fullmatch(fraction)):
        raise _no_number(text)
    return Decimal(f"{whole.replace(grouping, '')}.{fraction or 0}")


def _no_number(text: str) -> BadNumber:
    return BadNumber(f"“{text}” is not a number. Enter a number of pieces in digits, for example 1000 or 2.5.")
