"""Labels and what they label: on one line ("Qty: 8"), beside each other, or the label in small print over its value."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from .headings import BOX
from .kinds import TextRow
from .rows import middle, runs, text_of
from .vocabulary import Heading, folded, heading

_words_max = 5
"""So many words make a label at most."""
_below_heights = 3.2
_rows_below = 2
_alike_min = 0.84
_NUMBER = re.compile(r"\(?\d{1,3}[a-z]?\)|\d{1,3}[.)]")
"""The number of a box on a form, before its label."""
_NO_LABEL = re.compile(r"\d|[@€$£]")
_SEPARATORS = "·|;•,/–—-"
_PLAIN_ROLES = frozenset({"id", "shipped", "quantity", "ordered", "other"})
"""What a label in the middle of a line may mean without a colon."""
Fits = Callable[[Heading, str], bool]


@dataclass(slots=True)
class Field:
    """One label on the page: what it may mean, and the words that it may label."""

    label: str
    meaning: Heading
    row: int
    words: TextRow
    right: TextRow
    below: TextRow
    below_row: int
    is_clear: bool
    """Whether a colon or the blanks around it say that it is a label, not a word in a text."""
    value: TextRow

    @property
    def text(self) -> str:
        return text_of(self.value)

    @property
    def value_row(self) -> int:
        return self.row if self.value is self.right else self.below_row

    @property
    def place(self) -> tuple[int, float]:
        """In reading order."""
        return self.row, self.words[0].x0


@dataclass(slots=True)
class Group:
    """One label as often as it stands on the page with something that fits it."""

    label: str
    meaning: Heading
    fields: list[Field]
    is_below: bool


def groups(rows: list[TextRow], fits: Fits) -> list[Group]:
    """The labels of the page, each with its fields in reading order, its values from the side that fits best."""
    alike: dict[str, list[Field]] = defaultdict(list)
    for field in _fields(rows):
        alike[_known_as(field.label, field.meaning, alike)].append(field)
    found = []
    for label, fields in alike.items():
        sides = []
        for is_below in (False, True):
            values = [(field, field.below if is_below else field.right) for field in fields]
            sides.append([(f, v) for f, v in values if v and fits(f.meaning, text_of(v))])
        is_below = len(sides[1]) > len(sides[0])
        for field, value in sides[is_below]:
            field.value = value
        if sides[is_below]:
            found.append(Group(label, fields[0].meaning, [field for field, _ in sides[is_below]], is_below))
    return found


def _known_as(label: str, meaning: Heading, alike: dict[str, list[Field]]) -> str:
    """The label, or the one met before that differs from it by a letter that was read wrongly."""
    if label in alike or len(label) < 5:
        return label
    for other, fields in alike.items():
        is_like = fields[0].meaning.roles[:1] == meaning.roles[:1] and len(other) >= 5
        if is_like and SequenceMatcher(None, label, other).ratio() >= _alike_min:
            return other
    return label


def _fields(rows: list[TextRow]) -> list[Field]:
    cut = [runs(row, 0.9) for row in rows]
    found = _labelling(cut)
    times = Counter(field.label for field in found if field.is_clear)
    again = {label for label, count in times.items() if count > 1}
    return _labelling([[part for run in row for part in _parted(run, again)] for row in cut]) if again else found


def _parted(run: TextRow, labels: set[str]) -> list[TextRow]:
    """The run, cut before a label that stands alone elsewhere: a long value may reach as far as the next label."""
    first = 2 if _NUMBER.fullmatch(run[0].text) else 1
    for start in range(max(first, len(run) - _words_max), len(run)):
        if _plain(text_of(run[start:])) in labels:
            return [run[:start], run[start:]]
    return [run]


def _labelling(cut: list[list[TextRow]]) -> list[Field]:
    found = []
    for number, row in enumerate(cut):
        labels = [_labels(run) for run in row]
        for place, run in enumerate(row):
            after, after_labels = row[place + 1 :], labels[place + 1 :]
            for start, end, stop in labels[place]:
                right = _bare(run[end:stop])
                below: TextRow = []
                below_row = number
                if stop == len(run):
                    if not right and after and not _begins(after[0], after_labels[0]):
                        right = _bare(after[0])
                    below, below_row = _below(cut, number, run[0 if start <= 1 else start : end], after)
                text = _plain(text_of(run[start:end]))
                clear = _is_clear(run, start, end)
                found.append(Field(text, heading(text), number, run[start:end], right, below, below_row, clear, []))
    return found


def _begins(run: TextRow, labels: list[tuple[int, int, int]]) -> bool:
    """Whether a run begins with a label, or with the number of a box."""
    first = 1 if _NUMBER.fullmatch(run[0].text) and len(run) > 1 else 0
    if BOX.match(run[0].text):
        return True
    if not labels or labels[0][0] != first:
        return False
    text = text_of(run[first : labels[0][1]])
    return text[-1] in ":=" or heading(_plain(text)).known == 1


def _labels(run: TextRow) -> list[tuple[int, int, int]]:
    """The labels in a run of words: where each starts, where it ends, and where what it labels ends."""
    found: list[tuple[int, int]] = []
    first = start = 1 if _NUMBER.fullmatch(run[0].text) and len(run) > 1 else 0
    while start < len(run):
        end = _label_end(run, start, is_first=start == first)
        if end is None:
            start += 1
        else:
            found.append((start, end))
            start = end
    stops = [*(start for start, _ in found), len(run)][1:]
    return [(start, end, stop) for (start, end), stop in zip(found, stops, strict=True)]


def _label_end(run: TextRow, start: int, *, is_first: bool) -> int | None:
    """Where a label that starts here ends: at its colon, at the end of the run, or before a word with a digit."""
    for end in range(min(len(run), start + _words_max), start, -1):
        words = run[start:end]
        text = text_of(words)
        if _NO_LABEL.search(text) or any(word.text.rstrip()[-1:] in ":=" for word in words[:-1]):
            continue
        has_colon = text[-1] in ":=" or text.endswith(":-") or (end < len(run) and run[end].text[0] in ":=")
        is_whole = end == len(run) and is_first
        before_value = end < len(run) and bool(re.match(r"\W{0,2}\w*\d|[A-Z0-9]{2,}[\-./]", run[end].text))
        if not (has_colon or is_whole or before_value):
            continue
        meaning = heading(_plain(text))
        is_clear = has_colon or is_whole or is_first
        half_known = meaning.known >= 0.5 and (is_first or not _ends_known(words))
        is_known = meaning.known == 1 or (is_clear and half_known)
        if meaning.roles and is_known and (is_clear or meaning.roles[0] in _PLAIN_ROLES):
            return end
    return None


def _ends_known(words: TextRow) -> bool:
    """Whether the last words alone are a label that we know: what stands before them is no part of it."""
    ends = [heading(_plain(text_of(words[start:]))) for start in range(1, len(words))]
    return any(end.roles and end.known == 1 for end in ends)


def _is_clear(run: TextRow, start: int, end: int) -> bool:
    first = 1 if _NUMBER.fullmatch(run[0].text) and len(run) > 1 else 0
    has_colon = run[end - 1].text[-1] in ":=" or (end < len(run) and run[end].text[0] in ":=")
    return has_colon or (start == first and end == len(run))


def _bare(words: TextRow) -> TextRow:
    """Without the colon before the value and the separator behind it."""
    while words and not re.search(r"\w", words[0].text):
        words = words[1:]
    while words and words[-1].text in _SEPARATORS:
        words = words[:-1]
    return words


def _below(cut: list[list[TextRow]], number: int, label: TextRow, after: list[TextRow]) -> tuple[TextRow, int]:
    """What stands under the label, as far as the next label on its right."""
    height = label[0].height
    left, right = label[0].x0 - 0.6 * height, after[0][0].x0 - 0.3 * height if after else float("inf")
    for place in range(number + 1, min(len(cut), number + 1 + _rows_below)):
        inside = [run for run in cut[place] if left <= run[0].x0 < right and run[0].x0 < label[-1].x1 + 2 * height]
        drop = middle([word for run in cut[place] for word in run]) - middle(label)
        if drop > _below_heights * max(height, max(run[0].height for run in cut[place])):
            break
        if inside:
            return ([], number) if _begins(inside[0], _labels(inside[0])) else (inside[0], place)
    return [], number


def _plain(text: str) -> str:
    """The label's words alone, to be compared: without the box's number and punctuation at its end."""
    return re.sub(r"[\s:=.\-]+$", "", re.sub(r"^\(?\d{1,3}[.)]\s*", "", folded(text)))
