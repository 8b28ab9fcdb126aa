"""What stands around the table as phrases: words set close together, and which stands beside or below which.

Rows run across the page; where a block beside stands half a line higher, a row mixes the words of both. Phrases do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from .kinds import TextRow, Word
from .rows import text_of
from .vocabulary import folded

_gap_heights = 0.9
"""Words further apart than this, in heights of their letters, belong to two phrases."""
_spaced_letters_min = 5
"""So many single characters are one word set with blanks between its letters."""
_slack_heights = 0.3
_height_ratio_max = 1.7
_below_heights_max = 3.2


@dataclass(frozen=True, eq=False)
class Phrase:
    """Words that stand together on one line."""

    words: TextRow

    @cached_property
    def text(self) -> str:
        if len(self.words) >= _spaced_letters_min and all(len(word.text) == 1 for word in self.words):
            return "".join(word.text for word in self.words).replace("：", ":")
        return text_of(self.words)

    @cached_property
    def bare(self) -> str:
        """The text in lower case without accents."""
        return folded(self.text)

    @cached_property
    def height(self) -> float:
        return median(word.height for word in self.words)

    @cached_property
    def yc(self) -> float:
        return median(word.yc for word in self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return self.words[-1].x1

    def is_lined_up(self, other: Phrase) -> bool:
        """Whether both begin, end or have their middle at the same place."""
        left, right = self.x0 - other.x0, self.x1 - other.x1
        return min(abs(left), abs(right), abs(left + right) / 2) < 0.7 * max(self.height, other.height)

    def overlap(self, other: Phrase) -> float:
        return min(self.x1, other.x1) - max(self.x0, other.x0)


class Sheet:
    """A page's phrases from top to bottom."""

    def __init__(self, words: Iterable[Word]) -> None:
        found = _joined(words)
        self.phrases = sorted(found, key=lambda phrase: (phrase.yc, phrase.x0))
        self.lines = _lines(self.phrases)
        """The phrases by lines, each line from left to right."""
        self._place = {id(phrase): n for n, line in enumerate(self.lines) for phrase in line}
        self.body = median([word.height for phrase in found for word in phrase.words]) if found else 1.0
        """How high most words are."""

    def beside(self, phrase: Phrase) -> Phrase | None:
        """The next phrase to the right on the same line."""
        line = self.lines[self._place[id(phrase)]]
        return next((other for other in line if other.x0 > phrase.x0 and other is not phrase), None)

    def before(self, phrase: Phrase) -> Phrase | None:
        """The next phrase to the left on the same line."""
        line = self.lines[self._place[id(phrase)]]
        return next((other for other in reversed(line) if other.x0 < phrase.x0), None)

    def below(self, phrase: Phrase, heights: float = _below_heights_max) -> Phrase | None:
        """The nearest phrase that stands under this one, so many heights of its letters away at most."""
        place = self._place[id(phrase)]
        for line in self.lines[place + 1 : place + 5]:
            under = [
                other for other in line if phrase.overlap(other) > 0 and other.yc - phrase.yc > 0.6 * phrase.height
            ]
            under = [other for other in under if other.yc - phrase.yc < heights * phrase.height]
            if under:
                return max(under, key=phrase.overlap)
        return None

    def block(self, phrase: Phrase, lines_max: int = 6) -> list[Phrase]:
        """What stands close below a phrase, line after line, at the same edge or middle."""
        found: list[Phrase] = []
        last = phrase
        while len(found) < lines_max:
            place = self._place[id(last)]
            under = [
                other
                for line in self.lines[place + 1 : place + 5]
                for other in line
                if 0.5 * last.height < other.yc - last.yc < 2.3 * max(last.height, other.height)
                and (phrase.is_lined_up(other) or last.is_lined_up(other))
            ]
            if not under:
                break
            last = min(under, key=lambda other: other.yc)
            found.append(last)
        return found


def _joined(words: Iterable[Word]) -> list[Phrase]:
    """The words as phrases. The ends of those begun are kept by their height on the page, so that few are compared."""
    ends: dict[int, list[TextRow]] = defaultdict(list)
    begun: list[TextRow] = []
    every = list(words)
    band = max(1.0, median([word.height for word in every])) if every else 1.0
    for word in sorted(every, key=lambda word: word.x0):
        place = int(word.yc // band)
        near = [row for n in (place - 1, place, place + 1) for row in ends[n] if _goes_on(row[-1], word)]
        if near:
            row = min(near, key=lambda row: abs(row[-1].yc - word.yc))
            ends[int(row[-1].yc // band)].remove(row)
            row.append(word)
        else:
            row = [word]
            begun.append(row)
        ends[place].append(row)
    return [Phrase(row) for row in begun]


def _goes_on(last: Word, word: Word) -> bool:
    low, high = sorted((last.height, word.height))
    gap = word.x0 - last.x1
    return (
        abs(last.yc - word.yc) < _slack_heights * high
        and -0.5 * low < gap < _gap_heights * low
        and (high < _height_ratio_max * low or not re.search(r"\w", last.text + word.text))
    )


def _lines(phrases: list[Phrase]) -> list[list[Phrase]]:
    lines: list[list[Phrase]] = []
    for phrase in phrases:
        for line in reversed(lines[-4:]):
            near = 0.45 * min(phrase.height, line[0].height)
            if abs(line[0].yc - phrase.yc) < near and all(phrase.overlap(other) <= 0 for other in line):
                line.append(phrase)
                break
        else:
            lines.append([phrase])
    for line in lines:
        line.sort(key=lambda phrase: phrase.x0)
    return lines
