"""Lists in words: "12 x CODE", "Packed 3 of 3", "CODE Hex bolt, 12 pcs"."""

from __future__ import annotations

import re
from decimal import Decimal

from . import ids, numbers
from .kinds import TextRow
from .lines import UnjudgedLine
from .rows import middle, text_of
from .vocabulary import folded, heading

_TIMES = re.compile(r"^\W{0,2}(\d{1,5})\s*(?:[x×X]|(?P<unit>[^\W\d]{2,8}\.?))\s+(?=\S)")
_PART_OF = re.compile(
    r"(?P<word>[^\W\d]+\.?\s+)?\(?(?<![\d/.\-])(?P<got>\d{1,6})\s*(?:of|von|de|sur|/)\s*(?P<all>\d{1,6})\)?\s*(?:items?|units?|pcs|ea|pieces)?\.?$",
    re.I,
)
_NOT_PARTS = re.compile(r"(?i)page|seite|pagina|box|carton|ctn|sheet|package|pkg|parcel|pallet|colis|karton|hoja|blatt")
_ROUND = re.compile(r"\(([A-Z0-9][\w\-./]{3,})\)\s*$", re.I)
_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+")
_COUNT_AT_END = re.compile(
    r"(?:(?P<label>[^\W\d]{2,12}\.?)\s*[:=]?\s*)?(?P<count>\d{1,5})\s*(?P<unit>[^\W\d]{1,6}\.?)?\s*$"
)
_rows_alike_min = 3


def times(rows: list[TextRow], comma: bool) -> list[UnjudgedLine]:
    """ "12 x AB-100 Hex bolt", "12 pcs AB-100 Hex bolt"."""
    drafts = []
    for row in rows:
        text = text_of(row)
        found = _TIMES.match(text)
        if not found or (found["unit"] and not _is_unit(found["unit"])):
            continue
        rest = text[found.end() :]
        in_brackets = _ROUND.search(rest)
        code = _code_of(rest) or (in_brackets[1] if in_brackets and ids.looks_like_code(in_brackets[1]) else None)
        if code:
            drafts.append(_draft(code, found[1], comma, rest, row))
    return _alike(drafts)


def sentences(rows: list[TextRow], comma: bool) -> list[UnjudgedLine]:
    """Rows that name a code and end in a labelled count or one with a unit, three or more of one make."""
    kinds: dict[tuple[int, str, str], list[UnjudgedLine]] = {}
    for row in rows:
        text = _NUMBERED.sub("", text_of(row))
        found = _COUNT_AT_END.search(text)
        if not found or not (_is_count_label(found["label"]) or _is_unit(found["unit"])):
            continue
        words = [ids.cleaned(word) for word in text[: found.start()].split()]
        codes = [word for word in words if len(word) >= 4 and ids.looks_like_code(word) and word[:1].isupper()]
        for place, code in ((0, words[:1]), (-1, words[-1:]), (1, codes if len(codes) == 1 else [])):
            if code and code[0] in codes:
                kind = (place, found["label"] or "", ids.shape(code[0]))
                draft = _draft(code[0], found["count"], comma, text[: found.start()], row)
                draft.doubts = 1
                kinds.setdefault(kind, []).append(draft)
                break
    best = max(kinds.values(), key=len, default=[])
    codes_differ = len({draft.item_id for draft in best}) > 0.5 * len(best)
    return best if len(best) >= _rows_alike_min and codes_differ else []


def _is_count_label(text: str | None) -> bool:
    return bool(text) and bool({"quantity", "shipped"} & set(heading(text or "").roles[:1]))


def _is_unit(text: str | None) -> bool:
    """Whether pieces are counted in it: "pcs", "EA", "Stk."."""
    return bool(text) and bool(_UNIT.fullmatch(folded(text or "")))


_UNIT = re.compile(
    r"(?:pcs?|pces?|ea|each|pieces?|units?|stk|stck|stuck|st|pz|un|uds?|szt|ks|box|bx|pk|pr|sets?|rolls?)\.?"
)


def parts_of(rows: list[TextRow], comma: bool) -> list[UnjudgedLine]:
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


def _draft(code: str, count: str, comma: bool, text: str, row: TextRow, qty: Decimal | None = None) -> UnjudgedLine:
    qty = qty or numbers.plain(count.rstrip(".,"), comma) or Decimal(0)
    description = " ".join(text.replace(code, " ", 1).split()).strip(" -–:[]()")
    return UnjudgedLine(code, qty, description, list(row), min(word.score for word in row), doubts=0)


def _alike(drafts: list[UnjudgedLine]) -> list[UnjudgedLine]:
    return drafts if len(drafts) > 1 or (drafts and re.search(r"\d{3}", drafts[0].item_id)) else []
