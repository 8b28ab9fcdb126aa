"""Lists without headings whose lines begin with how many: "2 × Beanie" with its code behind or below, "3 Stück …"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from . import ids
from .anchors import Reread
from .heading_cells import HeadCell
from .kinds import TextRow, Word
from .lines import UnjudgedLine, table_lines
from .rows import middle, runs, text_of
from .table import codeness
from .vocabulary import Heading, folded

_rows_min = 2
_coded_min = 0.8
_edge_heights = 0.7
"""Counts whose left or right edges differ by less stand under one another."""
_gap_heights = 9
"""Lines of one list are no further apart."""
_tail_rows = 3
_tail_heights = 2.2
_TIMES = re.compile(r"[x×X*]")
_GLUED = re.compile(r"\d{1,5}([^\W\d].*)")
_TOKEN = re.compile(r"\d{1,5}(?:[.,]\d{1,3})?")
_UNIT = re.compile(
    r"(?:pcs?|pces?|ea|each|pieces?|units?|stk|stck|stuck|st|pz|pezzi|un|uds?|unidades|szt|ks|box|boxes|bx|pk|packs?|pr|pairs?|"
    r"paare?|sets?|satz|satze|rolls?|rollen?|kartons?|cartons?|ctn|rouleaux?|boites?|cajas?|colis|sacs?|sack|bags?|dosen?|"
    r"flaschen?|stuks?|doos|dozen|paar|meter|kits?|pieza?s?|pecas?|st)\.?"
)


@dataclass(slots=True)
class _Count:
    """How many, at the beginning of a text: its words, and whether a sign or a unit says that it counts."""

    row: int
    words: TextRow
    is_told: bool

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def number_x1(self) -> float:
        return self.words[0].x1


def counted_lines(rows: list[TextRow], comma: bool, reread: Reread | None = None) -> list[UnjudgedLine]:
    """The lines of the list on the page whose items are counted first; none if hardly any has a code."""
    best: list[UnjudgedLine] = []
    for counts in _lists(rows):
        drafts = _lines(rows, counts, comma, reread)
        coded = sum(draft.has_code for draft in drafts)
        codes = {draft.item_id for draft in drafts}
        enough = coded >= _coded_min * len(counts) and len(codes) > 0.6 * len(drafts)
        if enough and coded > len(best):
            best = [draft for draft in drafts if draft.has_code]
    return best


def _lists(rows: list[TextRow]) -> list[list[_Count]]:
    """Counts under one another, told as such each, or most of them."""
    found = [count for number, row in enumerate(rows) for count in _counts(number, row)]
    lists = []
    for edge in ("x0", "number_x1"):
        for first in found:
            near = [
                count
                for count in found
                if abs(getattr(count, edge) - getattr(first, edge)) < _edge_heights * first.words[0].height
            ]
            for part in _close(rows, near):
                told = sum(count.is_told for count in part)
                if part[0] is first and len(part) >= _rows_min and told >= 0.7 * len(part):
                    lists.append(part)
    return lists


def _close(rows: list[TextRow], counts: list[_Count]) -> list[list[_Count]]:
    """The counts parted where a blank is too wide for a list; one to a row."""
    parts: list[list[_Count]] = []
    for count in counts:
        last = parts[-1][-1] if parts else None
        if last and count.row == last.row:
            continue
        if last and middle(rows[count.row]) - middle(rows[last.row]) < _gap_heights * count.words[0].height:
            parts[-1].append(count)
        else:
            parts.append([count])
    return parts


def _counts(number: int, row: TextRow) -> list[_Count]:
    """The counts that begin a run of words in the row and have a text behind them."""
    found = []
    for run in runs(row, 0.9):
        first = run[0].text.strip("•·-–*")
        if _is_glued(first) and run[0] is not row[-1]:
            found.append(_Count(number, [run[0]], is_told=True))
            continue
        token = first.rstrip("x×X") if len(first) > 1 else first
        if not _TOKEN.fullmatch(token) or run[0] is row[-1]:
            continue
        after = row[row.index(run[0]) + 1]
        is_times = token != first or bool(_TIMES.fullmatch(after.text))
        is_unit = bool(_UNIT.fullmatch(folded(after.text)))
        words = [run[0], after] if is_unit or (is_times and token == first) else [run[0]]
        if words[-1] is not row[-1] and (is_times or is_unit):
            found.append(_Count(number, words, is_told=True))
    return found


def _is_glued(text: str) -> bool:
    """Whether the text is a number and its unit in one: "2pz", "3Stk."."""
    found = _GLUED.fullmatch(folded(text))
    return bool(found and _UNIT.fullmatch(found[1]))


def _lines(rows: list[TextRow], counts: list[_Count], comma: bool, reread: Reread | None) -> list[UnjudgedLine]:
    """The list as a table of counts and what stands behind them; what stands before them is no part of it."""
    left = min(count.x0 for count in counts) - 0.3 * counts[0].words[0].height
    end = max(count.words[-1].x1 for count in counts)
    signs = {id(count.words[-1]) for count in counts if len(count.words) > 1 and _TIMES.fullmatch(count.words[-1].text)}
    first, last = counts[0].row, _tail(rows, counts, end)
    behind = [[word for word in rows[count.row] if word.x0 >= left and word not in count.words] for count in counts]
    labels = _labels(behind)
    signs |= {id(word) for words in labels for word in words}
    body = [[_bare(word) for word in row if word.x0 >= left and id(word) not in signs] for row in rows[first:last]]
    body = [row for row in body if row]
    behind = [[word for word in row if id(word) not in signs] for row in behind]
    cells = [_cell("quantity", left, end), *_columns(behind, end, text_of(labels[0]) if labels else "")]
    return [draft for draft in table_lines(body, cells, comma, reread) if draft.qty > 0]


def _labels(behind: list[TextRow]) -> list[TextRow]:
    """The words before the codes of the list that name them, "Nr." or "Art. no.", where they do so line after line."""
    found = [row[: ids.label_length([word.text for word in row])] for row in behind if row]
    return found if found and sum(map(bool, found)) >= _coded_min * len(found) else []


def _tail(rows: list[TextRow], counts: list[_Count], text: float) -> int:
    """The row behind those that follow the last count closely, each no further left than such rows of the others."""
    count = counts[-1]
    starts = [rows[n][0].x0 for n in range(counts[0].row, count.row) if all(other.row != n for other in counts)]
    left = min([text, *(start - _edge_heights * count.words[0].height for start in starts)])
    last = count.row + 1
    while last < min(len(rows), count.row + 1 + _tail_rows):
        is_close = middle(rows[last]) - middle(rows[last - 1]) < _tail_heights * count.words[0].height
        if not is_close or rows[last][0].x0 < left:
            break
        last += 1
    return last


def _bare(word: Word) -> Word:
    """A count without its sign."""
    if re.fullmatch(r"\d{1,5}[x×X]", word.text):
        return Word(word.text[:-1], word.x0, word.y0, word.x1, word.y1, word.score, word.box)
    return word


def _columns(behind: list[TextRow], left: float, label: str = "") -> list[HeadCell]:
    """The description, and the code where a column of its own holds codes or `label` says so."""
    cut = [runs(row, 0.9) for row in behind if row]
    right = max(word.x1 for row in behind for word in row)
    starts = [row[0][0].x0 for row in cut]
    texts = [text_of(row[0]) for row in cut]
    lasts = [row[-1] for row in cut if len(row) > 1]
    if len(lasts) >= 0.7 * len(cut) and codeness([text_of(run) for run in lasts]) >= 0.7:
        edge = median(run[0].x0 for run in lasts)
        return [_cell("description", median(starts), edge - 2), _cell("id", edge, right)]
    seconds = [row[1] for row in cut if len(row) > 1]
    if len(seconds) >= 0.7 * len(cut) and (label or codeness(texts) >= 0.7):
        edge = median(run[0].x0 for run in seconds)
        return [_cell("id", median(starts), edge - 2, label), _cell("description", edge, right)]
    return [_cell("description", max(left, median(starts)), right)]


def _cell(role: str, x0: float, x1: float, text: str = "") -> HeadCell:
    return HeadCell(text, x0, x1, Heading((role,), 1.0))
