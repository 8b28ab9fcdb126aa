"""What the reader says of words that a test has laid out; test_reading_files.py reads whole files."""

from collections.abc import Sequence
from decimal import Decimal

from slips.pages import PageSource
from slips.reading import Reading, read_pages
from slips.reading.words import has_text


def read(pages: Sequence[PageSource]) -> Reading:
    assert all(map(has_text, pages)), "Words so few or so odd are read from the picture, and these pages have none."
    return read_pages(pages)


def pairs(pages: Sequence[PageSource]) -> list[tuple[str, int | Decimal]]:
    """Each line's item and quantity."""
    return [(line.item_id, line.qty) for line in read(pages).lines]
