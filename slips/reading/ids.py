"""What on a line is an item's code: by its shape, by a label or brackets around it, and by what it stands behind."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from .vocabulary import heading

_CODE = re.compile(r"(?=[^\s]*\d)[A-Z0-9ÄÖÜ][A-Z0-9ÄÖÜ\-_./#+*]{2,}", re.I)
_MEASURE = re.compile(
    r"\d+(?:[.,]\d+)?(?:[x×/\-]\d+(?:[.,]\d+)?)*(?:mm|cm|m|in|oz|w|kw|k|a|v|vdc|vac|ft|kg|g|mg|l|ml|lb|lbs|%|mil|ga|µm|um|"
    r'"|\'|pk|cs|ct|pc|pcs|ea|rl|bx|hz|mhz|gb|tb|mb|grit|deg|bar|psi|gal|nf|pf|uf|µf|awg|pt|hp|rpm|mic|cc|yd|er|ers|st|th|nd)?',
    re.I,
)
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_BRACKETS = re.compile(r"[\[*{]\s*([A-Z0-9][\w\-./]{2,}|[A-Z0-9][A-Z0-9\-./ ]{2,20}[A-Z0-9])\s*[\]*}]", re.I)
_GROUPED = re.compile(r"\d{2,}(?:-\d+)+|\d+(?:\.\d+){2,}|\d+(?:[-/]\d+){2,}")
"""Groups of digits: with six digits or more no measure, but a code."""
_PARTED = re.compile(r"\d+(?:[./\-]\d+)+")
_DASHED = re.compile(r"([A-Z0-9ÄÖÜ]+(?:[-./_+][A-Z0-9ÄÖÜ]+)*) +[-–—:|] +(?=\S*[^\W\d])")
_letters_alone_min = 5
"""Brackets around fewer capitals and no digit say what follows: "[REF]", "[LOT]"."""
_spaced_tokens_max = 5
_label_words_max = 3
_spaced_letters_max = 24
_SPACED = re.compile(r"[A-Z]{0,4}\d{1,6}(?: [A-Z\d]{1,5}){1,5}")
_OUR_LABEL = (
    r"sku|upc|ean|gtin|mpn|asin|pn|p/n|part|item|product|prod|artikel|art|article|articulo|articolo|ref|reference|referenz|"
    r"code|codigo|codice|catalog|cat|model|material|mat|stock|style|itemid|id|se_id|referencia|réf|réference|référence|"
    r"código|sachnummer|teile|clave|cod|kod"
)
_LABEL = re.compile(
    rf"(?<![\w/])(?:{_OUR_LABEL})[ .\-]*(?:no|nr|num|number|nummer|n[°º]|#|code|id|"
    rf"cod)?\.?(?:[ \-]?(?:lieferant|kunde|lief))?"
    r"\.?\s*[:#]\s*([A-Z]{1,4}(?: \d{2,5}){2,4}(?!\S)|\S+)",
    re.I,
)
_PREFIXED = re.compile(r"[A-Z]{1,4} \d[A-Z\d]*(?:[\-./][A-Z\d]+)*")
_prefixed_digits_min = 4
_prefixed_share_min = 0.7
_NEXT_LABEL = re.compile(r"(?<=\w)[\-–—·•.,;:/|]+(?:ean|gtin|upc|isbn|barcode)(?:13|8)?$", re.I)
"""The label of the trade number behind a code, run together with it: "MS34533Z·EAN"."""
_WORD_AT_END = re.compile(r"(.*\d.*?)[.,:;·]([^\W\d_]{4,})")
_SPACED_ALONE = re.compile(r"[A-Z]{1,4}\d{0,4}(?: \d{2,5}){1,4}")
_LABEL_PLAIN = re.compile(
    r"(?<![\w/])(?:sku|p/n|pn|mpn|(?:part|item|art(?:ikel|icle)?|product|material|catalog|stock)[ .\-]*"
    r"(?:no|nr|num|number|nummer|#|code|id))\.?\s+([A-Z0-9][\w\-./#]*\d[\w\-./#]*)",
    re.I,
)
_LABEL_FIRST = re.compile(
    rf"[(\[]?(?:{_OUR_LABEL})(?:[ .\-]*(?:no|nr|num|number|nummer|n[°º]|#|code|id))?[.\])]{{0,2}}\s*[:#]?\s+"
    r"((?=\S*[\d\-])[A-Z0-9][A-Z0-9]*(?:[\-./_#+][A-Z0-9]+)*(?:-[A-Z0-9]+)*)(?=[\s,;)·|]|$)",
    re.I,
)
"""A line that begins with an item's label and goes on with something like a code, capitals alone if they are parted."""
_LABEL_AT_END = re.compile(
    rf"(?<![\w/])(?:{_OUR_LABEL})[ .\-]*(?:no|nr|num|number|nummer|#|code)?\.?(?:[ \-]?(?:lieferant|"
    rf"kunde|lief))?\.?\s*:\s*$",
    re.I,
)
_OTHER_LABEL = re.compile(
    r"(?<!\w)(?:s/?n|serial|serien|ser|lot|los|lote|lotto|batch|charge|chargen|hts?|hs|hsn|tariff|taric|exp|expiry|mhd|coo|origin|country|"
    r"po|p\.o|order|auftrag|bestellung|bestell|commande|pedido|weight|wt|gewicht|poids|date|datum|eccn|zolltarif|tel|phone|fax|"
    r"your|ihre|customer|cust|kunden?|votre|su|heat|rev|revision|drawing|dwg|zeichnung|ship|carton|ctn|pallet|tracking|nve|sscc|"
    r"statistische|warennummer|ursprung|dim|size|length|colli|karton|unit price|price|"
    r"line)\b[\w .\-/]{0,18}?[:#.]?\s*$",
    re.I,
)


def labelled(text: str) -> str | None:
    """The code in brackets or behind a label such as "SKU:", rather than a trade number; None if there is none."""
    found = _BRACKETS.search(text)
    if found and (
        re.search(r"\d", found[1])
        or (found.start() == 0 and found[1].isupper() and len(found[1]) >= _letters_alone_min)
    ):
        return found[1]
    trade_number = None
    for found in [*_LABEL.finditer(text), *_LABEL_PLAIN.finditer(text)]:
        code = cleaned(found[1])
        if not is_another_number(text[: found.start()]) and len(code) >= 2 and not _DATE.fullmatch(code):
            if not is_trade_number(code):
                return code
            trade_number = trade_number or code
    return trade_number or _behind_heading(text) or _behind_first_label(text)


def _behind_first_label(text: str) -> str | None:
    """The code of a line that begins with its label: "Art. SB-7712-04", "SKU MB-CHR-OS"."""
    found = _LABEL_FIRST.match(text.strip())
    code = cleaned(found[1]) if found else ""
    has_shape = looks_like_code(code) or bool(re.fullmatch(r"[A-Z0-9]{2,}(?:[\-./_][A-Z0-9]+)+", code))
    return code if len(code) >= 4 and has_shape and not _DATE.fullmatch(code) else None


def is_trade_number(code: str) -> bool:
    """Whether the code is as long as a GTIN (EAN; UPC with its check digit), beside which sellers print their own."""
    return bool(re.fullmatch(r"\d{13,14}", code)) or (bool(re.fullmatch(r"\d{12}", code)) and _has_check_digit(code))


def _has_check_digit(code: str) -> bool:
    weighted = [int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(code))]
    return sum(weighted) % 10 == 0


def are_trade_numbers(values: Sequence[str]) -> bool:
    """Whether nearly all of the values are."""
    return bool(values) and sum(map(is_trade_number, values)) >= 0.8 * len(values)


def _behind_heading(text: str) -> str | None:
    """The code behind words that would head a column of codes, in whatever language: "Cod. art. 265W30"."""
    words = re.sub(r"(?<=[^\W\d]{2})([.:])(?=\w)", r"\1 ", text).split()
    for place in range(1, len(words)):
        code = cleaned(words[place])
        if len(code) < 4 or not looks_like_code(code) or _DATE.fullmatch(code):
            continue
        for first in range(max(0, place - 3), place):
            label = " ".join(words[first:place])
            meaning = heading(label)
            if meaning.roles == ("id",) and meaning.known == 1 and not re.search(r"\d", label):
                return None if is_another_number(" ".join(words[:place])) else code
    return None


def alone(text: str) -> str | None:
    """The code that a text is, with blanks in it or without; None if it is something else."""
    code = cleaned(text)
    if _SPACED_ALONE.fullmatch(code) or is_prefixed(code):
        return None if is_another_number(code.split()[0]) else code
    return code if " " not in code and len(code) >= 4 and looks_like_code(code) else None


def leading(text: str) -> str | None:
    """The code that a text begins with, with blanks in it or without."""
    spaced = re.match(r"[A-Z]{1,4}(?: \d{2,5}){2,4}(?= |$)", text)
    if spaced:
        return spaced.group()
    code = cleaned(text.split()[0]) if text.split() else ""
    return code if len(code) >= 4 and looks_like_code(code) and re.search(r"\d{2}", code) else None


def label_length(words: Sequence[str]) -> int:
    """How many of the first words are the label of a code that follows them ("Nr. 2487/2"); 0 if none."""
    for length in range(1, min(_label_words_max, len(words) - 1) + 1):
        label, code = " ".join(words[:length]), cleaned(words[length])
        meaning = heading(label)
        if re.search(r"\d", label) or "id" not in meaning.roles or meaning.known < 1 or is_another_number(label):
            continue
        if len(code) >= 3 and _CODE.fullmatch(code) and not _DATE.fullmatch(code):
            return length
    return 0


def label_waits(text: str) -> bool:
    """Whether the text ends with a label whose value stands on the next line."""
    return bool(_LABEL_AT_END.search(text.strip()))


def is_another_number(before: str) -> bool:
    """Whether what stands before a token says that it is a serial, a lot, a date, an order: not an item."""
    return bool(_OTHER_LABEL.search(before[-40:]))


def looks_like_code(token: str) -> bool:
    """Whether the token is shaped like an item's code: digits in it, no measure, no date, no amount."""
    if not _CODE.fullmatch(token) or len(token) < 3:
        return False
    if _GROUPED.fullmatch(token) and sum(char.isdigit() for char in token) >= 6 and not _DATE.fullmatch(token):
        return True
    return not (_MEASURE.fullmatch(token) or _DATE.fullmatch(token)) or (token.isdigit() and len(token) >= 4)


def begins_with_code(text: str) -> bool:
    """Whether a cell's text is a code, begins with one, or holds one in brackets or behind a label."""
    if not text:
        return False
    tokens = [token for token in map(cleaned, text.split()) if token] or [""]
    if len(tokens) > 1 and re.fullmatch(r"\d{1,4}|0\d{1,5}", tokens[0]):  # the number of the line before it
        tokens = tokens[1:]
    return looks_like_code(tokens[0]) or labelled(text) is not None or bool(_SPACED.fullmatch(text))


def in_cell(text: str) -> str | None:
    """The code in an id column's cell: the whole of it, or the part that looks like one."""
    code = labelled(text)
    tokens = [token for token in map(cleaned, text.split()) if token]
    if code or len(tokens) <= 1:
        return code or (tokens[0] if tokens else None) or None
    if _SPACED.fullmatch(text):
        return text
    return next(
        (token for token in tokens if looks_like_code(token)),
        text if len(text) <= 24 and re.search(r"\d", text) and ":" not in text else None,
    )


def cleaned(token: str) -> str:
    """Without the punctuation and the signs that stand around a code."""
    bare = re.sub(r"^[^\w(\[{*#+]+", "", token).strip("()[]{},;:|'\"“”*·•").rstrip(".")
    return _NEXT_LABEL.sub("", bare)


def is_parted_number(text: str) -> bool:
    """Whether the text is digits, four or more, in groups: a code or a number, as what stands around it will tell."""
    return bool(_PARTED.fullmatch(text)) and sum(char.isdigit() for char in text) >= 4 and not _DATE.fullmatch(text)


def are_parted_numbers(values: Sequence[str]) -> bool:
    """Whether the values are such digits, all of one pattern and not all round as counts with decimals are."""
    parted = sum(map(is_parted_number, values)) >= 0.8 * len(values)
    round_ones = sum(bool(re.search(r"[.,]0+$", value)) for value in values)
    return parted and are_patterned(list(values)) and round_ones < 0.5 * len(values)


def unnumbered(values: list[str]) -> list[str] | None:
    """The values without the line numbers that begin them; None if they do not all begin with one."""
    parts = [value.split(" ", 1) for value in values]
    if len(parts) < 2 or any(len(part) < 2 or not re.fullmatch(r"\d{1,5}[.)]?", part[0]) for part in parts):
        return None
    numbers = [int(part[0].rstrip(".)")) for part in parts]
    step = numbers[1] - numbers[0]
    if step < 1 or numbers[0] > step or any(b - a != step for a, b in itertools.pairwise(numbers)):
        return None
    return [part[1] for part in parts]


def are_spaced(values: list[str]) -> bool:
    """Whether the values are codes with blanks in them: "T 186 555 38 17", all of one pattern."""
    pattern = _common_pattern(values)
    has_pattern = bool(pattern and re.fullmatch(r"[A9.\-/]{1,5}(?: [A9.\-/]{1,5})+", pattern))
    return has_pattern or _are_prefixed(values)


def _are_prefixed(values: list[str]) -> bool:
    """Whether the values are a maker's letters and a number that is built alike: "HKM 705-3356", "VS 959-2810"."""
    prefixed = [value for value in values if is_prefixed(value)]
    bare = [re.sub(r"[A-ZÄÖÜ]", "A", re.sub(r"\d", "9", value.split()[1])) for value in prefixed]
    makers = {value.split()[0] for value in prefixed}
    if len(makers) < 2 or len(prefixed) < _prefixed_share_min * len(values):
        return False
    return Counter(bare).most_common(1)[0][1] >= _prefixed_share_min * len(values) and len(set(values)) > 1


def is_prefixed(text: str) -> bool:
    """Whether the text is a few capitals, no unit, and a number with a blank between: "NY 8553"."""
    found = _PREFIXED.fullmatch(text)
    return bool(found) and sum(char.isdigit() for char in text) >= _prefixed_digits_min


def is_spaced(text: str) -> bool:
    """Whether the whole of a cell under "Reference" is one code with blanks in it: "H07Z1-K 1x2,5 AZ", "RV-K 4x16".

    Not where it goes on in prose, in brackets, or with a second number as long as a code.
    """
    tokens = text.split()
    if not all(token[0].isalnum() for token in tokens):
        return False
    if not 2 <= len(tokens) <= _spaced_tokens_max or len(text) > _spaced_letters_max or re.search(r"[:()\[\];]", text):
        return False
    if (
        re.search(r"[^\W\d_]*[a-zà-ž]{3}", text)
        or not re.search(r"\d", text)
        or re.fullmatch(r"\d{1,4}[.)]?", tokens[0])
    ):
        return False
    return not (looks_like_code(tokens[0]) and any(looks_like_code(t) and len(t) >= 6 for t in tokens[1:]))


def dashed(text: str) -> str | None:
    """The code in capitals that a text begins with, before a dash and what it names: "VIN-RIB-CR - Vino tinto"."""
    found = _DASHED.match(text)
    return found[1] if found and len(found[1]) >= 3 and not _DATE.fullmatch(found[1]) else None


def are_patterned(values: list[str]) -> bool:
    """Whether the values are single words of one pattern, four characters or more with a digit: "0480.30", "26664"."""
    pattern = _common_pattern(values)
    return bool(pattern and len(pattern) >= 4 and " " not in pattern) and not is_running(values)


def _common_pattern(values: list[str]) -> str | None:
    """The pattern (A for a capital, 9 for a digit) of most of the values, if they differ and it has a digit."""
    patterns = Counter(re.sub(r"[A-ZÄÖÜ]", "A", re.sub(r"\d", "9", value)) for value in values)
    pattern, times = patterns.most_common(1)[0] if patterns else ("", 0)
    if len(values) < 2 or times < 0.7 * len(values) or "9" not in pattern or len(set(values)) <= 0.5 * len(values):
        return None
    return pattern


def is_running(values: list[str]) -> bool:
    """Whether the values are the numbers 1, 2, 3, … or 10, 20, 30, … as lines have them."""
    steps = [int(value.rstrip(".")) for value in values if re.fullmatch(r"\d{1,6}\.?", value)]
    if len(values) == 1:
        return bool(re.fullmatch(r"0{0,5}10?\.?", values[0]))
    if len(steps) < max(2, 0.6 * len(values)):
        return False
    rises = [b - a for a, b in itertools.pairwise(steps)]
    return sum(rise in (1, 5, 10, 100) for rise in rises) >= 0.8 * len(rises) and steps[0] <= 100


def shape(code: str) -> str:
    """ "RTR-1841" and "EAK-2848" have the same shape."""
    return re.sub(r"[^\W\d]+", "A", re.sub(r"\d+", "9", code))


def without_word(code: str, others: Sequence[str]) -> str:
    """The code without a word at its end that no other code has, if what is left is shaped as others are."""
    found = _WORD_AT_END.fullmatch(code)
    if not found:
        return code
    alike = sum(shape(other) == shape(found[1]) for other in others)
    worded = sum(bool(_WORD_AT_END.fullmatch(other)) for other in others)
    return found[1] if alike >= 2 and worded == 1 else code
