"""`manage.py score_slips DIR`: how well the embedded engine reads documents whose truth is known. Needs no database.

DIR holds `files/` and `truth.json` ({"docs": [{id, file, kind, set, items, vendor?, po_number?, ship_date?}]}).
A line is right when its code (or one of its `alt_ids`) and its quantity are exactly the truth's; equal lines count as
often as they stand there. Documents of the set `noid` are judged on description and quantity.
"""

from __future__ import annotations

import json
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from slips import reading
from slips.paper.pages import open_document
from slips.reading import Line, Reading
from slips.reading.words import has_text

Truth = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Counts of one group of documents."""

    right: int = 0
    read: int = 0
    true: int = 0
    exact: int = 0
    documents: int = 0

    def add(self, other: Tally) -> None:
        for name in ("right", "read", "true", "exact", "documents"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        precision, recall = self.right / max(self.read, 1), self.right / max(self.true, 1)
        f1 = 2 * self.right / max(self.read + self.true, 1)
        return (
            f"docs {self.documents:3d}  items {self.true:4d}  read {self.read:4d}  P {precision:.3f}  R {recall:.3f}"
            f"  F1 {f1:.3f}  wholly right {self.exact}/{self.documents} = {self.exact / max(self.documents, 1):.2f}"
        )


@dataclass(slots=True)
class Score:
    """Everything that a run over a truth file finds out."""

    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    trust: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    fields: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = "Compare what the embedded engine reads with a truth file."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--verbose", action="store_true", help="name every document that is not wholly right")

    def handle(self, *args: Any, **options: Any) -> None:
        score = scored(options["directory"])
        for line in report(score):
            self.stdout.write(line)
        for line in score.wrong if options["verbose"] else []:
            self.stdout.write(line)


def scored(directory: Path) -> Score:
    """Read every document of the truth file and compare."""
    score = Score()
    for truth in json.loads((directory / "truth.json").read_text())["docs"]:
        result = _timed(directory / "files" / truth["file"], score)
        tally, hits = compared(truth, result.lines)
        for group in _groups(truth):
            score.groups[group].add(tally)
        _add_trust(score, truth, result.lines, hits)
        _add_fields(score, truth, result)
        if not tally.exact:
            score.wrong.append(f"{truth['id']}: {tally.right} of {tally.true} right, {tally.read} read")
    return score


def _timed(path: Path, score: Score) -> Reading:
    """The reading; seconds per page are noted by where the words came from."""
    with open_document(path.read_bytes(), path.name) as document:
        optical = False

        def pages() -> Iterator[Any]:
            nonlocal optical
            for page in document.pages():
                optical = optical or not has_text(page)
                yield page

        begun = time.perf_counter()
        result = reading.read_pages(pages())
    score.seconds["ocr" if optical else "text"].append((time.perf_counter() - begun) / max(1, result.pages))
    return result


def compared(truth: Truth, lines: tuple[Line, ...]) -> tuple[Tally, list[bool]]:
    """The tally of one document, and for each line whether it is right."""
    by_description = truth["set"] == "noid"
    open_lines = [(_keys(item, by_description), _number(item["qty"])) for item in truth["items"]]
    total, hits = len(open_lines), []
    for line in lines:
        said = {_bare(line.item_id)} | ({_bare(line.description)} if by_description else set())
        match = next((one for one in open_lines if one[0] & said and one[1] == _number(line.qty)), None)
        if match is not None:
            open_lines.remove(match)
        hits.append(match is not None)
    right = sum(hits)
    return Tally(right, len(lines), total, int(right == len(lines) == total), 1), hits


def _keys(item: Truth, by_description: bool) -> set[str]:
    if by_description:
        return {_bare(item["description"])}
    return {_bare(item["item_id"])} | {_bare(other) for other in item.get("alt_ids") or []}


def _bare(text: object) -> str:
    """Without white space and case, as truth and reading are compared."""
    return "".join(str(text or "").split()).casefold()


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return None


def _groups(truth: Truth) -> list[str]:
    groups = [truth["set"], f"kind {truth['kind']}"]
    if truth["set"] not in ("noid", "negative", "tricky"):
        groups.append("ALL")
        groups += ["READABLE (neither photo-hard nor fax)"] if truth["kind"] not in ("photo-hard", "fax") else []
    return groups


def _add_trust(score: Score, truth: Truth, lines: tuple[Line, ...], hits: list[bool]) -> None:
    if truth["set"] != "noid":
        for line, hit in zip(lines, hits, strict=True):
            score.trust[line.confidence].add(Tally(right=int(hit), read=1))


def _add_fields(score: Score, truth: Truth, result: Reading) -> None:
    for name in ("vendor", "po_number", "ship_date"):
        if truth.get(name) and truth["kind"] != "photo-hard":
            right = _bare(getattr(result, name)) == _bare(truth[name])
            score.fields[name].add(Tally(right=int(right), true=1))


def report(score: Score) -> Iterator[str]:
    """The score as lines of text."""
    for group, tally in sorted(score.groups.items()):
        yield f"{group:40s} {tally}"
    lines = sum(tally.read for tally in score.trust.values())
    for word in ("high", "medium", "low"):
        tally = score.trust[word]
        yield f"called {word}: {tally.read} of {lines} lines, {tally.right / max(1, tally.read):.3f} right"
    for name, tally in score.fields.items():
        yield f"{name}: {tally.right} of {tally.true} = {tally.right / tally.true:.2f}"
    for kind, seconds in sorted(score.seconds.items()):
        mean, worst = sum(seconds) / len(seconds), max(seconds)
        yield f"{kind} page: {mean:.2f} s, at most {worst:.2f} s ({len(seconds)} documents)"
    yield f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
