"""Two readings of one slip become one: the model's lines, placed and judged by what the embedded reader saw.

Where both agree a line is sure; where they differ both values are shown. A model's own word for its confidence is not
asked: it is over-confident.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from slips.checks import plain
from slips.engines.model import ModelAnswers
from slips.engines.model_answer import bare
from slips.values import Box, Head, Line

similar_ratio_min = 0.75

Match = Callable[[Line, Line], bool]


def merged(told: ModelAnswers, seen: Sequence[Line]) -> list[Line]:
    """The model's lines in its order, page by page; lines that only the embedded reader saw end their page."""
    left = list(seen)
    pairs: dict[int, Line | None] = {}
    # The best agreement first, so that two lines of one item each meet their own.
    for is_match in (_is_equal, _is_same_item, _is_similar):
        for place, line in enumerate(told.lines):
            pairs[place] = pairs.get(place) or _take(left, line, is_match)
    read_pages = {line.page for line in seen}
    lines = [
        _judged(
            line, pairs[place], told.places.get((line.page, bare(line.item_id))), other_read=line.page in read_pages
        )
        for place, line in enumerate(told.lines)
    ]
    lines += [line if line.page in told.silent else _only_seen(line) for line in left]
    return sorted(lines, key=lambda line: line.page)


def merged_head(heads: Sequence[Head], seen: Head) -> Head:
    """For each fact the model's first word, else the embedded reader's; of the totals, which end a slip, the last."""
    head = seen
    for name in ("vendor", "po_number", "slip_number", "ship_date", "notes"):
        said = [value for told in heads if (value := getattr(told, name))]
        head = replace(head, **{name: said[0]}) if said else head
    for name in ("printed_lines", "printed_pieces"):
        counted = [value for told in heads if (value := getattr(told, name)) is not None]
        head = replace(head, **{name: counted[-1]}) if counted else head
    return head


def _take(left: list[Line], line: Line, is_match: Match) -> Line | None:
    for place, other in enumerate(left):
        if other.page == line.page and is_match(line, other):
            return left.pop(place)
    return None


def _is_equal(line: Line, other: Line) -> bool:
    return _is_same_item(line, other) and other.qty == line.qty


def _is_same_item(line: Line, other: Line) -> bool:
    return bare(line.item_id or line.description) == bare(other.item_id or other.description)


def _is_similar(line: Line, other: Line) -> bool:
    """The same quantity, and item numbers that differ in a character or two, as misread ones do."""
    if other.qty != line.qty or not (line.item_id and other.item_id):
        return False
    return SequenceMatcher(None, bare(line.item_id), bare(other.item_id)).ratio() >= similar_ratio_min


def _judged(line: Line, other: Line | None, place: Box | None, *, other_read: bool) -> Line:
    draft = replace(line, box=place)
    if other is None:
        # No second opinion where the embedded reader saw nothing on the page, an objection where it saw other lines.
        return draft if other_read or line.qty is None else replace(draft, confidence="medium")
    draft = replace(draft, box=other.box, description=line.description or other.description)
    if _is_equal(line, other) and line.qty is not None:
        return replace(draft, confidence="high")
    return replace(draft, evidence=_differs(line, other))


def _differs(line: Line, other: Line) -> str:
    if not _is_same_item(line, other):
        return f"The model read item {line.item_id}, the embedded reader {other.item_id}."
    model = line.evidence or f"The model read {plain(line.qty) or 'no quantity'}."
    return f"{model} The embedded reader read {plain(other.qty) or 'no quantity'}."


def _only_seen(line: Line) -> Line:
    return replace(line, confidence="low", evidence="Only the embedded reader saw this line, the model did not.")
