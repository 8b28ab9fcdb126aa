"""Slips whose items are told by labels, block by block: boxes, cards, tickets; and forms that deliver nothing."""

from collections.abc import Callable, Iterator

import pytest

from slips.paper.pages import PageSource
from slips.tests.drawings import Drawn
from slips.tests.laid_out import laid_out
from slips.tests.readings import items, pairs, read

ITEMS = [("VX-8810-A", "Hex bolt M8x25", 24), ("KT-0934-C", "Ball valve", 6), ("PQ-7781-B", "Nitrile gloves L", 1250)]
EXPECTED = [(code, qty) for code, _, qty in ITEMS]


Item = tuple[str, str, int]
Block = Iterator[Drawn]


def lower(word: Drawn, by: float) -> Drawn:
    return word[0], word[1] + by, *word[2:]


def blocks(draw: Callable[[int, str, str, int], Block], *, pitch: int = 60) -> list[PageSource]:
    """A page with a block for each of `ITEMS`: `draw` has its number, code, text and quantity."""
    words: list[Drawn] = [
        (50, 60, "Kestrel Tools Ltd", "l", 16),
        (400, 60, "Delivery note 4471"),
        (50, 90, "Deliver to: Midwest Co."),
    ]
    for n, item in enumerate(ITEMS):
        words += [lower(word, 150 + pitch * n) for word in draw(n, *item)]
    return laid_out(words)


@pytest.mark.parametrize(
    "labels",
    [
        ("(12) Pos.", "(13) Sach-Nr. Lieferant", "(15) Bezeichnung", "(16) Liefermenge", "(18) Anzahl Packst."),
        ("Line", "Part number", "Description", "Qty shipped", "Qty ordered"),
        ("Ligne", "Réf. article", "Désignation", "Qté livrée", "Qté commandée"),
        ("Riga", "Codice articolo", "Descrizione", "Q.tà consegnata", "Q.tà ordinata"),
    ],
)
def test_small_labels_over_their_values_are_boxes(labels: tuple[str, ...]) -> None:
    xs = (50, 100, 230, 380, 480)

    def box(n: int, code: str, text: str, qty: int) -> Block:
        values = (str(n + 1), code, text, f"{qty} ST", str(qty + 7))
        yield from ((x, 0, label, "l", 6) for x, label in zip(xs, labels, strict=True))
        yield from ((x, 11, value) for x, value in zip(xs, values, strict=True))

    lines = read(blocks(box, pitch=40)).lines
    assert items(lines) == EXPECTED
    assert {line.confidence for line in lines} == {"high"}
    assert [line.description for line in lines] == [text for _, text, _ in ITEMS]


@pytest.mark.parametrize(
    ("code_label", "ordered_label", "shipped_label"),
    [
        ("Article no.", "Ordered", "Delivered"),
        ("Artikel-Nr.", "bestellte Menge", "gelieferte Menge"),
        ("Référence", "Commandé", "Livré"),
        ("Artikelnummer", "Besteld", "Geleverd"),
        ("Código", "Pedido", "Entregado"),
    ],
)
def test_a_card_says_ordered_and_delivered_beside_its_code(
    code_label: str, ordered_label: str, shipped_label: str
) -> None:
    def card(n: int, code: str, text: str, qty: int) -> Block:
        yield (50, 0, text, "l", 13)
        yield from [(60, 15, code_label), (160, 15, code)]
        yield from [(320, 15, ordered_label), (460, 15, f"{qty + 5} pcs")]
        yield from [(60, 28, "Note"), (160, 28, "as agreed"), (320, 28, shipped_label), (460, 28, f"{qty} pcs")]

    lines = read(blocks(card)).lines
    assert items(lines) == EXPECTED
    assert [line.description for line in lines] == [text for _, text, _ in ITEMS]


@pytest.mark.parametrize(
    "form",
    [
        "Article: {code}, Ordered: {more}, Delivered: {qty}",
        "Item: {code} · Qty: {qty}",
        "Part no. {code}   Shipped: {qty}",
        "Artikel: {code} | Menge: {qty} Stk",
        "SKU: {code} / Qty {qty}",
    ],
)
def test_labels_and_values_on_one_line(form: str) -> None:
    def line(n: int, code: str, text: str, qty: int) -> Block:
        yield (50, 0, text)
        yield (50, 14, form.format(code=code, qty=qty, more=qty + 3))

    assert pairs(blocks(line, pitch=34)) == EXPECTED


@pytest.mark.parametrize("label", ["QTY TAKEN", "Qty", "Menge", "Qté livrée", "Aantal", "Uds."])
def test_a_ticket_counts_on_the_line_below(label: str) -> None:
    def entry(n: int, code: str, text: str, qty: int) -> Block:
        yield (50, 0, f"{code}  {text}")
        yield (150, 14, label)
        yield (300, 14, str(qty), "r")

    lines = read(blocks(entry, pitch=28)).lines
    assert items(lines) == EXPECTED
    assert [line.description for line in lines] == [text for _, text, _ in ITEMS]


def test_the_label_may_stand_above_and_the_code_below_the_count() -> None:
    def tag(n: int, code: str, text: str, qty: int) -> Block:
        yield from [(50, 0, "Part Name"), (200, 0, text), (50, 14, "No. of Qty"), (200, 14, f"{qty} NOS")]
        yield from [(50, 28, "CUSTOMER PART NO :"), (50, 42, code)]

    assert pairs(blocks(tag, pitch=80)) == EXPECTED


def test_cards_may_stand_side_by_side() -> None:
    def pair(n: int, code: str, text: str, qty: int) -> Block:
        for x, other, count in ((50, code, qty), (320, f"{code}2", qty + 1)):
            yield from [(x, 0, "Item code"), (x + 90, 0, other), (x, 14, "Quantity"), (x + 90, 14, str(count))]

    expected = [pair for code, qty in EXPECTED for pair in ((code, qty), (f"{code}2", qty + 1))]
    assert sorted(pairs(blocks(pair))) == sorted(expected)


def test_each_of_two_cards_side_by_side_has_its_own_description() -> None:
    texts = ("Hex bolt zinc plated", "Ball valve brass", "Nitrile gloves large")
    codes = ("66653Z94", "25768X75", "50214M")

    def pair(n: int, code: str, text: str, qty: int) -> Block:
        for x, other, text in ((50, codes[n], texts[n]), (320, f"9{codes[n]}", texts[n - 1])):
            yield from [(x, 0, f"Part No: {other}"), (x, 12, text), (x, 24, f"Qty: {qty}")]

    lines = read(blocks(pair)).lines
    assert [line.item_id for line in lines] == [code for each in codes for code in (each, f"9{each}")]
    assert [line.description for line in lines] == [
        text for n, each in enumerate(texts) for text in (each, texts[n - 1])
    ]


def test_a_text_that_looks_like_a_list_does_not_hide_the_cards() -> None:
    def pair(n: int, code: str, text: str, qty: int) -> Block:
        for x, other in ((50, code), (320, f"{code}2")):
            texts = "Threadlocker 50ml" if x == 50 else "Hose Clamp 1/2 - 1 1/4"
            yield from [(x, 0, f"Part No: {other}"), (x, 12, texts), (x, 24, f"Qty: {qty}")]

    found = pairs(blocks(pair))
    assert found == [(code, qty) for code, _, qty in ITEMS for code in (code, f"{code}2")]


def test_a_block_of_which_nothing_was_delivered_is_no_line() -> None:
    def card(n: int, code: str, text: str, qty: int) -> Block:
        yield from [(50, 0, "Article"), (150, 0, code), (50, 14, "Delivered"), (150, 14, "0" if n == 1 else str(qty))]

    assert pairs(blocks(card)) == [EXPECTED[0], EXPECTED[2]]


def test_a_table_whose_lines_carry_labels_stays_a_table() -> None:
    words = [(50, 150, "Qty"), (120, 150, "Description"), (400, 150, "Unit")]
    for n, (code, text, qty) in enumerate(ITEMS):
        words += [(50, 170 + 40 * n, str(qty)), (120, 170 + 40 * n, text), (400, 170 + 40 * n, "EA")]
        words += [(120, 184 + 40 * n, f"SKU: {code}"), (300, 184 + 40 * n, "Qty per box: 10")]
    assert pairs(laid_out(words)) == EXPECTED


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Part number", "VX-8810-A"), ("Qty on hand", "12")),
        (("Article", "VX-8810-A"), ("Price per piece", "12.50")),
        (("Employee no.", "VX-8810"), ("Hours", "8")),
        (("Serial no.", "SN-44120"), ("Pages", "3")),
        (("Account", "AC-20331"), ("Number of guests", "4")),
        (("Item", "AB-2201"), ("Minimum quantity", "10")),
    ],
)
def test_forms_with_labels_that_deliver_nothing_hold_no_lines(first: tuple[str, str], second: tuple[str, str]) -> None:
    def card(n: int, *_: object) -> Block:
        yield from [(50, 0, first[0]), (170, 0, f"{first[1]}{n}"), (50, 14, second[0]), (170, 14, second[1])]

    assert pairs(blocks(card)) == []


@pytest.mark.parametrize(
    "labels",
    [
        ("Product code", "Product", "Qty sent", "Batch"),
        ("Part no.", "Description", "Sent", "Serial no."),
        ("Artikel-Nr.", "Bezeichnung", "Liefermenge", "Charge"),
    ],
)
def test_a_title_that_looks_like_headings_makes_no_codes_of_labels(labels: tuple[str, ...]) -> None:
    words = [
        (50, 60, "Torqline Ltd"),
        (50, 90, "GOODS DESPATCHED"),
        (50, 104, "Despatch ref"),
        (200, 104, ": TQ755648"),
    ]
    for n, (code, text, qty) in enumerate(ITEMS):
        values = (code, text, str(qty), f"B{2780 + n}")
        words.append((50, 150 + 80 * n, f"Item {n + 1}"))
        for k, pair in enumerate(zip(labels, values, strict=True)):
            words += [(x, 164 + 80 * n + 14 * k, part) for x, part in zip((70, 200), pair, strict=True)]
    assert pairs(laid_out(words)) == EXPECTED


def test_numbers_of_boxes_before_headings_are_no_part_of_them() -> None:
    heads = (("Pos", 40), ("(10) Part no.", 70), ("(12) Description", 220), ("(13) Quantity", 380), ("(14) Unit", 470))
    words = [(x, 150, text) for text, x in heads]
    for n, (code, text, qty) in enumerate(ITEMS):
        values = (str(n + 1), code, text, str(qty), "ST")
        words += [(x, 170 + 18 * n, value) for (_, x), value in zip(heads, values, strict=True)]
    assert pairs(laid_out(words)) == EXPECTED
