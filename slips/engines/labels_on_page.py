"""Labels found on the paper: ours confirm or contradict lines, others are told as text."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inventory import labels, pictures, symbols
from linesync.ground.pictures import photo_bytes_max, photo_pixels_max
from slips.paper.pages import PageSource
from slips.values import Line

notes_max = 5


@dataclass(frozen=True, slots=True)
class PageLabel:
    """One of our labels and the page it stands on."""

    item_id: str
    qty: int
    page: int


@dataclass(slots=True)
class Found:
    """The labels of all pages looked at so far."""

    ours: list[PageLabel] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def look(self, page: PageSource) -> None:
        """Decode what stands on this page. A picture that cannot be decoded simply has no labels."""
        try:
            gray = pictures.read_gray(page.jpeg, bytes_max=photo_bytes_max, pixels_max=photo_pixels_max)
        except pictures.BadPicture:
            return
        for symbol in symbols.read_symbols(gray):
            try:
                label = labels.parse(symbol.text)
            except labels.BadLabel:
                self.foreign.append(labels.name_foreign(symbol.format, symbol.text))
            else:
                self.ours.append(PageLabel(label.item_id, label.qty, page.number))

    def compared(self, lines: Sequence[Line]) -> tuple[list[Line], list[str]]:
        """The lines with what the labels say of them, and a sentence for each label that no line accounts for."""
        left = list(self.ours)
        # Equal ones first, so that two lines of one item each meet their own label.
        equal = [_take(left, line, same_qty=True) for line in lines]
        other = [None if label else _take(left, line, same_qty=False) for line, label in zip(lines, equal, strict=True)]
        told = [_told(*parts) for parts in zip(lines, equal, other, strict=True)]
        notes = [
            f"A label on page {label.page + 1} ({label.item_id}, {label.qty} pieces) has no line here."
            for label in left
        ]
        notes += [f"On the paper there is also {name}." for name in dict.fromkeys(self.foreign)]
        return told, notes[:notes_max]


def _take(left: list[PageLabel], line: Line, *, same_qty: bool) -> PageLabel | None:
    for place, label in enumerate(left):
        if _same(label.item_id, line.item_id) and (label.qty == line.qty or not same_qty):
            return left.pop(place)
    return None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _told(line: Line, equal: PageLabel | None, other: PageLabel | None) -> Line:
    if equal:
        return replace(line, confidence="high", evidence=_joined(line.evidence, "A label on the paper says the same."))
    if other:
        said = f"A label on the paper says {other.qty} pieces."
        return replace(line, confidence="low", evidence=_joined(line.evidence, said))
    return line


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
