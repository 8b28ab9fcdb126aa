"""How far a line may be trusted without looking: meant to be right 99 times in 100 when it says high."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from slips.values import Confidence

from .ids import shape
from .lines import UnjudgedLine
from .misread import ALIKE
from .table import COUNTING

score_high = 0.97
score_medium = 0.9
_usual_share_min = 0.5
_few_lines = 2
_one_shape_share_min = 0.7
_like_others_share_min = 0.3
_without_code_share_max = 0.15


def judged(drafts: list[UnjudgedLine], printed_pieces: Decimal | None = None) -> list[Confidence]:
    """One word for each line, from how it was read, how it was found and whether it looks like the others.

    Where the counts add up to the total that the slip prints, one guess is forgiven; where they do not, nobody knows
    which is wrong.
    """
    adds_up = len(drafts) > 1 and printed_pieces == sum((draft.qty for draft in drafts), Decimal(0))
    common = _common_doubts(drafts)
    shapes = Counter(shape(draft.item_id) for draft in drafts if draft.has_code)
    best_role = min((_rank(draft) for draft in drafts), default=0)
    told = []
    for draft in drafts:
        evidence = draft.evidence
        doubts = max(draft.doubts, evidence.rival) + evidence.cut + evidence.head_numbered
        doubts += (_rank(draft) > best_role) + common - adds_up
        told.append(_judged(draft, max(0, doubts), _looks_usual(draft, drafts, shapes)))
    return told


def _common_doubts(drafts: list[UnjudgedLine]) -> int:
    """Lines of one slip share their fate: where many have no code, or one alone has no headings, all are doubted."""
    without = sum(not draft.has_code for draft in drafts)
    alone = len(drafts) == 1 and not drafts[0].evidence.code_named
    return int(alone or without > _without_code_share_max * len(drafts))


def _looks_usual(draft: UnjudgedLine, drafts: list[UnjudgedLine], shapes: Counter[str]) -> bool:
    share = shapes[shape(draft.item_id)] / len(drafts)
    return share >= _usual_share_min or len(drafts) <= _few_lines or _may_look_odd(draft, shapes)


def _rank(draft: UnjudgedLine) -> int:
    """How well the heading over the count says that it was shipped: what another table says less well is no line."""
    role = draft.evidence.count_role
    return COUNTING.index(role) if role in COUNTING else len(COUNTING)


def _may_look_odd(draft: UnjudgedLine, shapes: Counter[str]) -> bool:
    """Whether the code has a name and, if it was read optically, is no other line's shape with a sign misread."""
    evidence = draft.evidence
    if not evidence.code_named or (" " in draft.item_id and not _have_blanks(shapes)):
        return False
    return not evidence.by_ocr or not (_is_odd_one(shapes) or _is_misread(draft.item_id, shapes))


def _have_blanks(shapes: Counter[str]) -> bool:
    return sum(times for kind, times in shapes.items() if " " in kind) > 0.5 * shapes.total()


def _is_odd_one(shapes: Counter[str]) -> bool:
    """Whether nearly all codes have one shape, so that another is rather misread."""
    return max(shapes.values(), default=0) >= _one_shape_share_min * shapes.total()


def _is_misread(code: str, shapes: Counter[str]) -> bool:
    """Whether a letter taken for a digit, or the other way round, would give the code the shape of many lines."""
    many = max(shapes[shape(code)] + 1, _like_others_share_min * shapes.total())
    turned = {code[:n] + ALIKE[char] + code[n + 1 :] for n, char in enumerate(code) if char in ALIKE}
    return any(shapes[shape(other)] >= many for other in turned)


def _judged(draft: UnjudgedLine, doubts: int, looks_usual: bool) -> Confidence:
    if not draft.has_code:
        return "low"
    is_whole = draft.qty == draft.qty.to_integral_value()
    if draft.score >= score_high and looks_usual and is_whole and doubts == 0:
        return "high"
    if doubts <= 1 and ((draft.score >= score_medium and looks_usual) or draft.score >= score_high):
        return "medium"
    return "low"
