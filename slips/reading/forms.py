"""Items told by labels that repeat, one block each: forms with boxes, cards, tickets. What is labelled counts most."""

from __future__ import annotations

import re
from decimal import Decimal

from . import blocks, numbers
from .blocks import share_min
from .fields import Field, Group, groups
from .kinds import TextRow
from .lines import UnjudgedLine
from .rows import middle, runs, text_of
from .table import COUNTING
from .vocabulary import Heading

_card_rows_max = 40
"""A single card stands on a short page; on a long one a label and a value may have met by chance."""
_card_reach_rows = 5
_NOT_COUNTED = re.compile(
    r"\b(?:hand|stock|min|max|minimum|maximum|available|avail|reorder|per|pro|je|par|por|each|bestand|lager|packst\w*|"
    r"full\w*|cartons?|box|boxes|pallets?|colis|bultos|kolli|packages?|parcels?|hours?|days?|pages?|people|guests?|"
    r"lines?|positions?|positionen|lignes|lineas|righe)\b"
)
"""Words that make of a quantity one that was not delivered: what is left, what a box holds, how many boxes."""


def labelled_lines(rows: list[TextRow], comma: bool) -> list[UnjudgedLine]:
    """The lines of a page whose items are told by labels; none where no label counts."""
    found = groups(rows, lambda meaning, text: _fits(meaning, text, comma))
    counted = _counted(rows, found, comma)
    if counted is None:
        return []
    return _drafts(rows, found, counted, comma)


def _fits(meaning: Heading, text: str, comma: bool) -> bool:
    """Whether the text can be what its label says."""
    if _is_count(meaning):
        return _count(text, comma) is not None or bool(re.search(r"[^\W\d]{3}", text))
    if "id" in meaning.roles:
        return blocks.code(text) is not None or (
            "description" in meaning.roles and bool(re.search(r"[^\W\d]{3}", text))
        )
    return bool(text)


def _is_count(meaning: Heading) -> bool:
    return meaning.roles[:1] in (("shipped",), ("quantity",), ("ordered",))


def _count(text: str, comma: bool) -> Decimal | None:
    """The count that a value is or begins with: "480 ST", "12 (2 boxes)"."""
    whole = numbers.quantity(text, comma)
    if whole is not None:
        return whole
    if numbers.is_to_follow(text):
        return None
    words = text.split()
    follows = words[1] if len(words) > 1 else ""
    first = numbers.quantity(words[0], comma) if words else None
    return first if first is not None and re.match(r"[^\W\d]|[(·|,;/–-]", follows) else None


def _counted(rows: list[TextRow], found: list[Group], comma: bool) -> Group | None:
    """The label that says what came with this delivery: delivered before a plain quantity before ordered."""
    able = [_only_counts(group, comma) for group in found if _is_count(group.meaning)]
    able = [group for group in able if group.fields and not _NOT_COUNTED.search(group.label)]
    able = [group for group in able if not (group.is_below and _heads_table(rows, group, comma))]
    most = max((len(group.fields) for group in able), default=0)
    often = [group for group in able if len(group.fields) >= max(1, share_min * most)]
    return min(
        often,
        key=lambda group: (COUNTING.index(group.meaning.roles[0]), -group.meaning.known, -len(group.fields)),
        default=None,
    )


def _only_counts(group: Group, comma: bool) -> Group:
    counts = [field for field in group.fields if _count(field.text, comma) is not None]
    return Group(group.label, group.meaning, counts, group.is_below)


def _heads_table(rows: list[TextRow], group: Group, comma: bool) -> bool:
    """Whether more counts stand below the labelled one: that is a table's heading, not a box."""
    more = 0
    for field in group.fields:
        value, place = field.value, field.value_row
        for row in rows[place + 1 : place + 3]:
            if middle(row) - middle(value) > 4 * value[0].height:
                break
            under = [run for run in runs(row, 0.9) if min(run[-1].x1, value[-1].x1) > max(run[0].x0, value[0].x0)]
            more += any(numbers.quantity(text_of(run), comma) is not None for run in under)
            break
    return more >= 0.5 * len(group.fields)


def _drafts(rows: list[TextRow], found: list[Group], counted: Group, comma: bool) -> list[UnjudgedLine]:
    fields = counted.fields
    named, guessed = blocks.named(found, fields), 0
    if not named:
        named = blocks.unlabelled(rows, fields)
        guessed = 0 if len(named) == len(fields) >= 3 else 1
    described = blocks.described(rows, found, fields, named)
    drafts = []
    for n, field in enumerate(fields):
        qty = _count(field.text, comma)
        if qty is None or qty <= 0 or n not in named:
            continue
        code, words = named[n]
        text, more = described.get(n, ("", []))
        doubts = guessed + (counted.meaning.known < 1 and len(fields) < 3) + (counted.meaning.roles[0] == "ordered")
        drafts.append(_draft(code, qty, text, [*more, *words, *field.words, *field.value], field, doubts))
    if len(drafts) > 1:
        return drafts
    return drafts if drafts and len(rows) < _card_rows_max and _is_card(found, counted, drafts[0]) else []


def _is_card(found: list[Group], counted: Group, draft: UnjudgedLine) -> bool:
    """Whether a single block is an item's: plain labels, each with its own colon or apart from its value."""
    field = counted.fields[0]
    names = [
        other
        for group in found
        for other in group.fields
        if group.meaning.roles[:1] == ("id",) and group.meaning.known == 1 and blocks.code(other.text) == draft.item_id
    ]
    near = [other for other in names if other.is_clear and abs(other.row - field.row) <= _card_reach_rows]
    return bool(near) and field.is_clear and counted.meaning.known == 1 and draft.doubts == 0


def _draft(code: str, qty: Decimal, text: str, words: TextRow, field: Field, doubts: int) -> UnjudgedLine:
    score = min(word.score for word in [*field.value, *(word for word in words if word.text in code)])
    return UnjudgedLine(code, qty, text[:300], words, score, doubts=doubts)
