"""What on a line is an item's code: by its shape, by a label or brackets around it, and by what it stands behind."""

from __future__ import annotations

import itertools
import re
from collections import Counter

_CODE = re.compile(r"(?=[^\s]*\d)[A-Z0-9ÄÖÜ][A-Z0-9ÄÖÜ\-_./#+*]{2,}", re.I)
_MEASURE = re.compile(
    r"\d+(?:[.,]\d+)?(?:[x×/\-]\d+(?:[.,]\d+)?)*(?:mm|cm|m|in|oz|w|kw|k|a|v|vdc|vac|ft|kg|g|mg|l|ml|lb|lbs|%|mil|ga|µm|um|"
    r'"|\'|pk|cs|ct|pc|pcs|ea|rl|bx|hz|mhz|gb|tb|mb|grit|deg|bar|psi|gal|nf|pf|uf|µf|awg|pt|hp|rpm|mic|cc|yd|er|ers|st|th|nd)?',
    re.I,
)
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_BRACKETS = re.compile(r"[\[*{]\s*([A-Z0-9][\w\-./]{2,})\s*[\]*}]", re.I)
_SPACED = re.compile(r"[A-Z]{0,4}\d{1,6}(?: [A-Z\d]{1,5}){1,5}")
_OUR_LABEL = (
    r"sku|upc|ean|gtin|mpn|asin|pn|p/n|part|item|product|prod|artikel|art|article|articulo|articolo|ref|reference|referenz|"
    r"code|codigo|codice|catalog|cat|model|material|mat|stock|style|itemid|id|se_id|referencia|réf|réference|référence|"
    r"código|sachnummer|teile|clave|cod|kod"
)
_LABEL = re.compile(
    rf"(?<![\w/])(?:{_OUR_LABEL})[ .\-]*(?:no|nr|num|number|nummer|n[°º]|#|code|id|"
    rf"cod)?\.?(?:[ \-]?(?:lieferant|kunde|lief))?"
    r"\.?\s*[:#]\s*(\S+)",
    re.I,
)
_LABEL_PLAIN = re.compile(
    r"(?<![\w/])(?:sku|p/n|pn|mpn|(?:part|item|art(?:ikel|icle)?|product|material|catalog|stock)[ .\-]*"
    r"(?:no|nr|num|number|nummer|#|code|id))\.?\s+([A-Z0-9][\w\-./#]*\d[\w\-./#]*)",
    re.I,
)
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
    """The code in brackets or behind a label such as "SKU:"; None if there is none."""
    found = _BRACKETS.search(text)
    if found and re.search(r"\d", found[1]):
        return found[1]
    for found in [*_LABEL.finditer(text), *_LABEL_PLAIN.finditer(text)]:
        code = cleaned(found[1])
        if not is_another_number(text[: found.start()]) and len(code) >= 2 and not _DATE.fullmatch(code):
            return code
    return None


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
        text if len(text) <= 24 and re.search(r"\d", text) else None,
    )


def cleaned(token: str) -> str:
    """Without the punctuation and the signs that stand around a code."""
    return re.sub(r"^[^\w(\[{*#+]+", "", token).strip("()[]{},;:|'\"“”*").rstrip(".")


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
    patterns = Counter(re.sub(r"[A-ZÄÖÜ]", "A", re.sub(r"\d", "9", value)) for value in values)
    pattern, times = patterns.most_common(1)[0] if patterns else ("", 0)
    if len(values) < 2 or times < 0.7 * len(values) or " " not in pattern or "9" not in pattern:
        return False
    return bool(re.fullmatch(r"[A9.\-/]{1,5}(?: [A9.\-/]{1,5})+", pattern)) and len(set(values)) > 0.5 * len(values)


def shape(code: str) -> str:
    """ "RTR-1841" and "EAK-2848" have the same shape."""
    return re.sub(r"[^\W\d]+", "A", re.sub(r"\d+", "9", code))
