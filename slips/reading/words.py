"""A page's words: from its text layer where that can be believed, else by optical reading."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image

from slips.paper.pages import PageSource
from slips.values import Box

from . import ocr
from .flatten import flattened, guessed_score_max
from .glued import without_glue
from .kinds import Page, Word
from .rules import without_rules

_trusted_words_min = 12
_wordlike_share_min = 0.45
_RULE = re.compile(r"[|¦│┃]|[+|\-=_─━┼]{4,}")
"""Characters that draw a table's lines: between the words of a printer that knows no others, and glued to them."""
_DOT_INSIDE = re.compile(r"(?<=[^\W_])[·•∙](?=[^\W_])")
_COLON_THOUSANDS = re.compile(r"^(\d{1,3}):(\d{3})$")
_WORDLIKE = re.compile(r"[A-Za-zÀ-ž]{2,}[.:,]?|[\d.,/\-:€$%]+|[A-Z0-9][A-Z0-9\-./_]+")


def has_text(source: PageSource) -> bool:
    """Whether the page's text layer says what the page shows: enough words, and words rather than gibberish."""
    words = [text for word in source.words for text, _ in _without_rules(word.text, word.box)]
    if len(words) < _trusted_words_min:
        return False
    return sum(bool(_WORDLIKE.fullmatch(word)) for word in words) / len(words) > _wordlike_share_min


def printed(source: PageSource) -> Page:
    """The page by its text layer."""
    width, height = source.width, source.height
    words = [
        Word(text, x0 * width, y0 * height, x1 * width, y1 * height, 1.0, (x0, y0, x1, y1))
        for word in source.words
        for text, (x0, y0, x1, y1) in _without_rules(word.text, word.box)
    ]
    return Page(source.number, width, height, words)


def recognized(source: PageSource) -> tuple[Page, ocr.OcrPage]:
    """The page by optical reading, and the picture it was read from, for a second look at a cell."""
    with Image.open(io.BytesIO(source.jpeg)) as image:
        picture = np.asarray(image.convert("RGB"))
    seen = ocr.read(picture)
    height, width = seen.picture.shape[:2]
    found = without_glue([with_point(with_hyphens(word)) for word in without_rules(flattened(seen))])
    return Page(source.number, width, height, found, by_ocr=True, turns=seen.turns % 4), seen


def with_hyphens(word: Word) -> Word:
    """The word with a hyphen for each dot at half height that optical reading saw inside it; it is never sure then."""
    text = _DOT_INSIDE.sub("-", word.text)
    if text == word.text or not re.search(r"\d", text):
        return word
    return replace(word, text=text, score=min(word.score, guessed_score_max))


def with_point(word: Word) -> Word:
    """The word without a colon before three digits, which is how a thousands' point is misread: "1:000"."""
    text = _COLON_THOUSANDS.sub(r"\1\2", word.text)
    return word if text == word.text else replace(word, text=text, score=min(word.score, guessed_score_max))


def _without_rules(text: str, box: Box) -> Iterator[tuple[str, Box]]:
    """The word, or what stands between the rules that were drawn with its letters, each with its part of the box."""
    x0, y0, x1, y1 = box
    wide, start = (x1 - x0) / max(len(text), 1), 0
    for end, next_start in [*(rule.span() for rule in _RULE.finditer(text)), (len(text), len(text))]:
        if end > start:
            yield text[start:end], (x0 + wide * start, y0, x0 + wide * end, y1)
        start = next_start
