"""What may stand in an item's row: its limits, and its lines of CSV read and written."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from linesync.ground.cells import formula_safe, unguarded
from linesync.ground.item_ids import is_item_id, item_id_words
from linesync.ground.numbers import BadNumber, TwoReadings, policy_pieces_max, typed

description_chars_max = 500
file_bytes_max = 2 * 1024 * 1024
file_lines_max = 20_000
columns = ("item_id", "description", "reorder_point", "reorder_qty")


@dataclass(frozen=True, slots=True)
class Policy:
    """An item's row. None in a number of pieces: the default of the environment."""

    item_id: str
    description: str = ""
    reorder_point: int | None = None
    reorder_qty: int | None = None


def defaults() -> dict[str, int]:
    """What holds for an item without a policy of its own, in pieces: the parameters of every read of a policy."""
    return {"default_reorder_point": settings.REORDER_POINT, "default_reorder_qty": settings.REORDER_QTY}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line of a file that cannot be imported and why. `line` counts from 1, the header's line."""

    line: int
    text: str
    reason: str


class BadFile(Exception):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A file's good lines, with the line number of each item, and its refused ones."""

    policies: dict[str, Policy]
    numbers: dict[str, int]
    refused: list[Refusal]
    given: frozenset[str]


def text_of(data: bytes) -> str:
    """The text of an uploaded file, its lines ended by line feeds. Raises BadFile."""
    if len(data) > file_bytes_max:
        raise BadFile(f"The file is larger than {file_bytes_max // 2**20} MiB. Split it.")
    try:
        return one_line_end(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadFile("The file is not UTF-8. Save it as “CSV UTF-8” and choose it again.") from None


def one_line_end(text: str) -> str:
    """The same text with line feeds: browsers send a form field's lines with CR LF, whatever they were."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str) -> Lines:
    """The lines of a CSV file: a header that names `item_id` and any of the other columns, then one item a line.

    Comma, semicolon or tab, as the header has it. Raises BadFile when there is no such header.
    """
    if "\0" in text:
        raise BadFile("The file holds NUL characters; it is not a CSV file.")
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return _lines(table)
    except csv.Error as error:
        raise BadFile(f"Line {table.line_num} is not CSV: {error}.") from None


def written(policies: Iterable[Policy]) -> Iterator[str]:
    """The same file as text, line by line, safe to open in a spreadsheet."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in _rows_of(policies):
        writer.writerow([formula_safe(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def merged(line: Policy, before: Policy | None, given: frozenset[str]) -> Policy:
    """The row that a line makes: columns the file does not have stay as they are."""
    known = before or Policy(line.item_id)
    return Policy(
        line.item_id,
        line.description if "description" in given else known.description,
        line.reorder_point if "reorder_point" in given else known.reorder_point,
        line.reorder_qty if "reorder_qty" in given else known.reorder_qty,
    )


def _rows_of(policies: Iterable[Policy]) -> Iterator[tuple[object, ...]]:
    yield columns
    for policy in policies:
        yield policy.item_id, policy.description, policy.reorder_point, policy.reorder_qty


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _lines(table: Any) -> Lines:
    header = _header(next(table, []))
    lines = Lines({}, {}, [], frozenset(header))
    for count, cells in enumerate(table):
        if not any(cell.strip() for cell in cells):
            continue
        if count >= file_lines_max:
            raise BadFile(f"The file has more than {file_lines_max} lines. Split it.")
        _take(lines, table.line_num, header, cells)
    if not (lines.policies or lines.refused):
        raise BadFile("The file has a header but no lines.")
    return lines


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if "item_id" not in header:
        raise BadFile(f"The first line must name the columns: {', '.join(columns)}.")
    if unknown := [name for name in header if name not in columns]:
        raise BadFile(f"There is no column “{unknown[0][:40]}”. The columns are {', '.join(columns)}.")
    if len(set(header)) < len(header):
        raise BadFile("A column is named twice.")
    return header


def _take(lines: Lines, number: int, header: list[str], cells: list[str]) -> None:
    try:
        if len(cells) != len(header):
            raise ValueError(f"it has {len(cells)} cells, the header has {len(header)}")
        policy = _policy(dict(zip(header, (unguarded(cell.strip()) for cell in cells), strict=True)))
        if policy.item_id in lines.numbers:
            raise ValueError(f"{policy.item_id} stands on line {lines.numbers[policy.item_id]} already")
    except ValueError as error:
        lines.refused.append(Refusal(number, ", ".join(cells)[:120], f"{error}."))
        return
    lines.policies[policy.item_id] = policy
    lines.numbers[policy.item_id] = number


def _policy(cells: Mapping[str, str]) -> Policy:
    item_id, description = cells["item_id"], cells.get("description", "")
    if not is_item_id(item_id):
        raise ValueError(f"“{item_id[:70]}” is not an item id: {item_id_words}")
    if len(description) > description_chars_max:
        raise ValueError(f"its description has more than {description_chars_max} characters")
    return Policy(
        item_id,
        description,
        _pieces(cells, "reorder_point", least=0),
        _pieces(cells, "reorder_qty", least=1),
    )


def _pieces(cells: Mapping[str, str], name: str, *, least: int) -> int | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    try:
        number = typed(text)
    except TwoReadings as asked:
        raise ValueError(f"its {name} {str(asked).removesuffix('; nothing is stored yet.')}") from asked
    except BadNumber:
        number = None
    if number is None or number != number.to_integral_value() or not least <= number <= policy_pieces_max:
        raise ValueError(f"its {name} “{text[:20]}” is not a whole number from {least} to {policy_pieces_max}")
    return int(number)
