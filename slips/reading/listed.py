"""Lists in words: "12 x CODE", "Packed 3 of 3", "Shipped: 8"."""

from __future__ import annotations

import re
from decimal import Decimal

from . import ids, numbers
from .kinds import Row
from .lines import Draft
from .rows import middle, text_of
from .vocabulary import folded

_TIMES = re.compile(r"^\W{0,2}(\d{1,5})\s*[x×X]\s+(?=\S)")
_PART_OF = re.compile(
    r"(?P<word>[^\W\d]+\.?\s+)?\(?(?P<got>\d{1,6})\s*(?:of|von|de|sur|/)\s*(?P<all>\d{1,6})\)?\s*(?:items?|units?|pcs|ea|pieces)?\.?$",
    re.I,
)
_NOT_PARTS = re.compile(r"(?i)page|seite|pagina|box|carton|ctn|sheet|package|pkg|parcel|pallet|colis|karton|hoja|blatt")
_SHIPPED_LABEL = re.compile(
    r"(?:qty\.? ?|quantity ?)?(?:shipped|delivered|ship qty|packed|geliefert|liefermenge|livree?|"
    r"entregad[oa]|geleverd|consegnat[oa]|sent)"
    r"(?: qty| quantity)?\s*[:=]\s*(\d[\d.,]*)"
)
_COUNT_LABEL = re.compile(
    r"(?:qty|quantity|menge|anzahl|cantidad|quantite|aantal|quantita|qte)\.?\s*[:=]\s*(\d[\d.,]*)"
)


def times(rows: list[Row], comma: bool) -> list[Draft]:
    """ "12 x AB-100 Hex bolt"."""
    drafts = []
    for row in rows:
        text = text_of(row)
        found = _TIMES.match(text)
        if not found:
            continue
        rest = text[found.end() :]
        code = _code_of(rest)
        if code:
            drafts.append(_draft(code, found[1], comma, rest, row))
    return _alike(drafts)


def parts_of(rows: list[Row], comma: bool) -> list[Draft]:
    """A text with "3 of 3" at its end, the code in it or on one of the next rows."""
    drafts = []
    for place, row in enumerate(rows):
        text = text_of(row)
        found = _PART_OF.search(text)
        if not found or _NOT_PARTS.search(text) or int(found["got"]) > int(found["all"]) or int(found["got"]) == 0:
            continue
        rest = text[: found.start()].strip()
        below = [
            text_of(other) for other in rows[place + 1 : place + 3] if middle(other) - middle(row) < 4 * row[0].height
        ]
        code = ids.labelled(rest) or next((c for c in map(_own_row_code, below) if c), None) or _code_of(rest)
        if code and rest:
            drafts.append(_draft(code, found["got"], comma, rest, row))
    return drafts


def records(rows: list[Row], comma: bool) -> list[Draft]:
    """Lines told by labels: "Part No: …", "Shipped: 8"."""
    drafts: list[Draft] = []
    since: list[Row] = []
    for row in rows:
        text = text_of(row)
        since.append(row)
        found = _SHIPPED_LABEL.search(folded(text)) or _COUNT_LABEL.search(folded(text))
        if not found:
            continue
        texts = [text_of(other) for other in since[-5:]]
        code = next((c for c in map(ids.labelled, reversed(texts)) if c), None)
        if code:
            words = [word for other in since[-5:] for word in other]
            title = next((text for text in texts if code not in text and re.search(r"[^\W\d]{3}", text)), "")
            drafts.append(_draft(code, found[1], comma, re.sub(r"^\d{1,3}[.)]\s", "", title), words))
            since = []
    return drafts if len(drafts) > 1 or (drafts and len(rows) < 40) else []


def _own_row_code(text: str) -> str | None:
    code = ids.labelled(text)
    if code:
        return code
    word = ids.cleaned(text)
    return word if " " not in text and len(word) >= 4 and ids.looks_like_code(word) else None


def _code_of(text: str) -> str | None:
    code = ids.labelled(text)
    first = ids.cleaned(text.split()[0]) if text.split() else ""
    return code or (first if len(first) >= 4 and ids.looks_like_code(first) else None)


def _draft(code: str, count: str, comma: bool, text: str, row: Row) -> Draft:
    qty = numbers.plain(count.rstrip(".,"), comma) or Decimal(0)
    description = " ".join(text.replace(code, " ", 1).split()).strip(" -–:[]()")
    return Draft(code, qty, description, list(row), min(word.score for word in row), doubts=0)


def _alike(drafts: list[Draft]) -> list[Draft]:
    return drafts if len(drafts) > 1 or (drafts and re.search(r"\d{3}", drafts[0].item_id)) else []
