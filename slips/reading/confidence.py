"""How far a line may be trusted without looking: meant to be right 99 times in 100 when it says high."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from .ids import shape
from .kinds import Confidence
from .lines import Draft

score_high = 0.97
score_medium = 0.9


def judged(drafts: list[Draft], printed_pieces: Decimal | None = None) -> list[Confidence]:
    """One word for each line, from how it was read, how it was found and whether it looks like the others.

    Where the counts add up to the total that the slip prints, one guess is forgiven; where they do not, nobody knows
    which is wrong.
    """
    adds_up = len(drafts) > 1 and printed_pieces == sum((draft.qty for draft in drafts), Decimal(0))
    shapes = Counter(shape(draft.item_id) for draft in drafts)
    return [_judged(draft, shapes[shape(draft.item_id)] / len(drafts), len(drafts), adds_up) for draft in drafts]


def _judged(draft: Draft, share: float, lines: int, adds_up: bool) -> Confidence:
    if not draft.has_code:
        return "low"
    looks_usual = share >= 0.5 or lines <= 2
    doubts = max(0, draft.doubts - adds_up)
    is_whole = draft.qty == draft.qty.to_integral_value()
    if draft.score >= score_high and looks_usual and is_whole and doubts == 0:
        return "high"
    if doubts <= 1 and ((draft.score >= score_medium and looks_usual) or draft.score >= score_high):
        return "medium"
    return "low"
