"""What the reader's tests lay out in words is what the page renderer finds in a PDF that is drawn of the same."""

import random

import pytest

from slips.paper.pages import PageSource, open_document
from slips.tests.drawings import ENGLISH, Drawn, Size, pdf, rows, table
from slips.tests.laid_out import laid_out

RULE = "+----+---------+------------------+--------+"
PAPERS: dict[str, list[Drawn]] = {
    "table": table(ENGLISH, rows(("EF-3003", "Ring, 1/2in × 4", "1.200,50"))),
    "centred": [
        (300, 60, "DELIVERY NOTE", "c", 18),
        *table([(80, "c", "Pos."), (200, "c", "Nº de artigo")], [("1", "12-4")]),
    ],
    "set right": [(560, 50 + 14 * n, text, "r") for n, text in enumerate(("Packing Slip", "PO Number: 45", "1 of 2"))],
    "small and large": [(50, 40 + 40 * n, "Nordwind Technik", "l", em) for n, em in enumerate((5, 6, 7.5, 13, 36))],
    "accents and signs": [
        (50, 100, "Gelöscht – “Ça” £18.99 62 m³ 12 € n° ½ … • × ± ß Ø"),
        (50, 120, "Désignation Código Q.tà Já Beställt · Nº Straße 35530 Noyal"),
    ],
    "blanks": [(50, 100, "two  blanks   and three "), (50, 130, " one before"), (50, 160, " ")],
    "up against the next": [(91, 100, "QTY", "r"), (93, 100, "SKU"), (224, 100, "DESCRIPTION")],
    "just apart": [(91, 100, "QTY", "r"), (92.6, 100, "SKU"), (92.6, 130, "QTY", "r"), (94, 130, "SKU", "l", 12)],
    "overlapping": [(200, 100, "consegnato", "r"), (195, 100, "Consegnato oggi"), (180, 101, "Residuo")],
    "ends in a blank": [
        (91, 100, "QTY ", "r"),
        (91, 100, "SKU"),
        (130, 100, " 24"),
        (200, 100, "AB"),
        (200, 100, " C"),
    ],
    "a step up and down": [(100, 100, "AB", "r"), (100, 107, "CD"), (200, 100, "AB", "r"), (200, 92, "CD")],
    "another size beside it": [
        (100, 100, "AB", "r", 18),
        (101, 100, "12"),
        (200, 100, "AB", "r"),
        (202, 100, "12", "l", 20),
    ],
    "not from top to bottom": [(50, 300, "third"), (50, 100, "first"), (400, 100, "right"), (200, 100, "second")],
    "nothing": [],
}


def opened(data: bytes) -> list[PageSource]:
    with open_document(data) as document:
        return list(document.pages())


@pytest.fixture(scope="module")
def pairs() -> dict[str, tuple[PageSource, PageSource]]:
    """Every paper as it is laid out and as the renderer finds it: the pages of one PDF."""
    both = zip(laid_out(*PAPERS.values()), opened(pdf(*PAPERS.values())), strict=True)
    return dict(zip(PAPERS, both, strict=True))


def same(laid: PageSource, found: PageSource) -> None:
    assert [word.text for word in laid.words] == [word.text for word in found.words]
    for ours, theirs in zip(laid.words, found.words, strict=True):
        assert ours.box == pytest.approx(theirs.box, abs=2e-5), ours.text
    assert (laid.number, laid.width, laid.height) == (found.number, found.width, found.height)
    assert (laid.picture_share, laid.hidden_words) == (found.picture_share, found.hidden_words)


@pytest.mark.parametrize("name", PAPERS)
def test_words_laid_out_are_those_of_a_pdf(pairs: dict[str, tuple[PageSource, PageSource]], name: str) -> None:
    same(*pairs[name])


@pytest.mark.parametrize(
    ("size", "font"), [((842, 595), "Helvetica"), ((500, 700), "Courier")], ids=["lying A4", "a till's roll"]
)
def test_so_are_those_of_another_paper_or_font(size: Size, font: str) -> None:
    words = [
        *((50.0, 50 + 14.0 * n, text) for n, text in enumerate((RULE, "|LINE|ITEM     |", RULE))),
        *table(ENGLISH, rows()),
    ]
    (laid,), (drawn,) = laid_out(words, size=size, font=font), opened(pdf(words, size=size, font=font))
    same(laid, drawn)


def at_random(chance: random.Random) -> list[Drawn]:
    """Forty texts anywhere on the paper, so that some touch or cross."""
    texts = ("AB-1001", "Hex bolt", "24", "Qté livrée", "1.200,00", " x", "of 3 ", "n° 7", "–")
    return [
        (
            chance.uniform(90, 520),
            chance.uniform(20, 780),
            chance.choice(texts),
            chance.choice("lcr"),
            chance.choice((6, 8, 10, 14)),
        )
        for _ in range(40)
    ]


def test_so_are_those_of_thirty_papers_at_random() -> None:
    chance = random.Random(11)
    papers = [at_random(chance) for _ in range(30)]
    for laid, drawn in zip(laid_out(*papers), opened(pdf(*papers)), strict=True):
        same(laid, drawn)


def test_a_letter_that_the_font_lacks_is_itself_where_the_pdf_has_none() -> None:
    words: list[Drawn] = [(50, 100, "Już wydano")]
    (laid,), (drawn,) = laid_out(words), opened(pdf(words))
    assert [word.text for word in laid.words] == ["Już", "wydano"]
    assert [word.text for word in drawn.words] == ["JuI", "wydano"]
    assert laid.words[1].box == pytest.approx(drawn.words[1].box, abs=2e-5)


def test_a_word_off_the_paper_is_not_laid_out() -> None:
    with pytest.raises(AssertionError, match="AWAY"):
        laid_out([(590, 100, "AWAY")])
