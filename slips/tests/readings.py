"""What the reader says of words that a test has laid out; test_reading_files.py reads whole files."""

from collections.abc import Iterable, Sequence

from slips.paper.pages import PageSource
from slips.reading import Box, Reading, read_pages
from slips.reading.words import has_text
from slips.values import Line


def read(pages: Sequence[PageSource]) -> Reading:
    assert all(map(has_text, pages)), "Words so few or so odd are read from the picture, and these pages have none."
    return read_pages(pages)


def pairs(pages: Sequence[PageSource]) -> list[tuple[str, object]]:
    return items(read(pages).lines)


def box_of(line: Line) -> Box:
    assert line.box is not None
    return line.box


def items(lines: Iterable[Line]) -> list[tuple[str, object]]:
    """Each line's item and quantity."""
    return [(line.item_id, line.qty) for line in lines]
