"""What names an item where several columns or labels could: the seller's own code rather than the trade's number."""

import pytest

from slips.paper.pages import PageSource
from slips.reading.ids import is_trade_number
from slips.reading.kinds import Word
from slips.reading.rules import without_rules
from slips.tests.drawings import table
from slips.tests.laid_out import laid_out
from slips.tests.readings import items, pairs, read

TRADE_NUMBERS = ["4006381333931", "5012345678900", "5410013108009"]
OWN_CODES = [["AB-1001", "CD-2002", "EF-3003"], ["48812", "48813", "51220"], ["12.345", "12.346", "77.120"]]
NAMES = ["Hex bolt zinc", "Ball valve brass", "Washer", "Spring ring"]
COUNTS = [24, 6, 144, 3]
AMOUNTS = ("Amount", "Betrag", "Montant", "Importe")


def named(first: tuple[str, list[str]], second: tuple[str, list[str]]) -> list[PageSource]:
    """A table with two columns of codes, each (heading, codes)."""
    columns = [(40, "l", first[0]), (140, "l", second[0]), (240, "l", "Description"), (500, "r", "Qty")]
    return laid_out(table(columns, [*zip(first[1], second[1], NAMES, map(str, COUNTS), strict=False)]))


@pytest.mark.parametrize("own", OWN_CODES)
@pytest.mark.parametrize("headings", [("Barcode", "Item"), ("EAN", "Art.-Nr."), ("GTIN", "Code"), ("Item No.", "Code")])
def test_the_sellers_code_names_the_item_rather_than_the_trade_number(
    headings: tuple[str, ...], own: list[str]
) -> None:
    expected = list(zip(own, COUNTS, strict=False))
    first, second = (headings[0], TRADE_NUMBERS), (headings[1], own)
    assert pairs(named(first, second)) == expected
    assert pairs(named(second, first)) == expected


@pytest.mark.parametrize(
    ("digits", "is_trade"),
    [
        ("036000291452", True),
        ("036000291453", False),
        ("4006381333931", True),
        ("14006381333938", True),
        ("48812", False),
        ("003600029145201", False),
    ],
)
def test_a_trade_number_has_13_or_14_digits_or_12_that_check(digits: str, is_trade: bool) -> None:
    assert is_trade_number(digits) == is_trade


@pytest.mark.parametrize("heading", ["EAN", "Barcode", "Item No.", "Article"])
def test_the_trade_number_names_the_item_where_nothing_else_does(heading: str) -> None:
    columns = [(40, "l", heading), (240, "l", "Description"), (500, "r", "Qty")]
    data = laid_out(table(columns, [*zip(TRADE_NUMBERS, NAMES, map(str, COUNTS), strict=False)]))
    assert pairs(data) == list(zip(TRADE_NUMBERS, COUNTS, strict=False))
    assert {line.confidence for line in read(data).lines} == {"high"}


def test_a_trade_number_beside_codes_that_no_heading_names_is_not_called_sure() -> None:
    data = named(("Item No.", TRADE_NUMBERS), ("Zzyzx", OWN_CODES[0]))
    assert "high" not in {line.confidence for line in read(data).lines}


@pytest.mark.parametrize("text", ["SKU: KX-88{n} EAN: {ean}", "EAN: {ean} SKU: KX-88{n}"])
def test_of_two_labels_the_sellers_names_the_item(text: str) -> None:
    lines = [
        (str(qty), f"{name} {text.format(n=n, ean=ean)}")
        for n, (qty, name, ean) in enumerate(zip(COUNTS, NAMES, TRADE_NUMBERS, strict=False))
    ]
    drawn = laid_out(table([(60, "r", "Qty"), (100, "l", "Description")], lines))
    assert pairs(drawn) == [("KX-880", 24), ("KX-881", 6), ("KX-882", 144)]


@pytest.mark.parametrize("place", [(160, "Art. no: AX-10{n}"), (40, "AX-10{n}")])
def test_a_code_under_the_text_or_under_the_trade_number_names_the_item(place: tuple[int, str]) -> None:
    columns = [(40, "l", "EAN"), (160, "l", "Description"), (500, "r", "Qty")]
    words = table(columns, [*zip(TRADE_NUMBERS, NAMES, map(str, COUNTS), strict=False)], pitch=36)
    words += [(place[0], 248 + 36 * n, place[1].format(n=n)) for n in range(3)]
    assert pairs(laid_out(words)) == [("AX-100", 24), ("AX-101", 6), ("AX-102", 144)]


def test_an_order_between_the_lines_does_not_name_the_item_above_it() -> None:
    columns = [(40, "l", "EAN / Article"), (160, "l", "Description"), (500, "r", "Qty delivered")]
    words = table(columns, [*zip(TRADE_NUMBERS, NAMES, map(str, COUNTS), strict=False)], pitch=36)
    words += [(40, 254 + 36 * n, f"Order 75440{n}   Your PO 6401{n}") for n in range(2)]
    assert pairs(laid_out(words)) == list(zip(TRADE_NUMBERS, COUNTS, strict=False))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("Bestell-Nr.", "Artikelnummer"), ["26-441", "26-442", "31-200"]),
        (("Reference", "Code"), ["26-441", "26-442", "31-200"]),
    ],
)
def test_one_number_for_all_lines_is_no_item_where_another_column_tells_them_apart(
    headings: tuple[str, ...], expected: list[str]
) -> None:
    data = named((headings[0], ["450012345"] * 3), (headings[1], expected))
    assert [code for code, _ in pairs(data)] == expected


def test_lines_of_one_item_are_named_by_it() -> None:
    columns = [(40, "l", "Item No."), (140, "l", "Description"), (330, "l", "Lot No."), (500, "r", "Qty")]
    lines = [("AB-1001", "Hex bolt", f"L2300{n}", str(qty)) for n, qty in enumerate((24, 6, 144))]
    assert pairs(laid_out(table(columns, lines))) == [("AB-1001", 24), ("AB-1001", 6), ("AB-1001", 144)]


PARTED = [
    ["0480.30", "0481.10", "0512.30", "0777.25"],
    ["12.345.678", "12.345.900", "44.120.001", "55.120.400"],
    ["58/J-683", "58/K-120", "61/A-004", "77/B-102"],
    ["480/301", "481/102", "777/203", "120/404"],
    ["480-30", "481-10", "512-30", "777-25"],
]


@pytest.mark.parametrize("codes", PARTED)
def test_codes_of_parted_digits_need_no_heading(codes: list[str]) -> None:
    expected = list(zip(codes, COUNTS, strict=True))
    texts = [*zip(codes, NAMES, map(str, COUNTS), strict=True)]
    last = laid_out(table([(40, "l", " "), (150, "l", " "), (500, "r", " ")], texts))
    first = laid_out(
        table([(60, "r", " "), (100, "l", " "), (220, "l", " ")], [(qty, code, name) for code, name, qty in texts])
    )
    numbered = [(str(n), *line) for n, line in enumerate(texts, start=1)]
    lined = laid_out(table([(40, "l", " "), (70, "l", " "), (180, "l", " "), (500, "r", " ")], numbered))
    assert [pairs(data) for data in (last, first, lined)] == [expected] * 3


def test_prices_and_weights_need_no_code_beside_them() -> None:
    columns = [(60, "r", " "), (100, "l", " "), (400, "r", " "), (500, "r", " ")]
    prices = [(str(qty), name, f"{qty + 10}.50", f"{qty * 3}.25") for qty, name in zip(COUNTS, NAMES, strict=True)]
    weights = [(f"{qty + 1000}.000", name, "4", "1") for qty, name in zip(COUNTS, NAMES, strict=True)]
    assert pairs(laid_out(table(columns, prices))) == []
    assert pairs(laid_out(table(columns, weights))) == []


@pytest.mark.parametrize("heading", AMOUNTS)
def test_an_amount_of_whole_numbers_is_the_count_where_nothing_else_counts(heading: str) -> None:
    columns = [(40, "l", "Item No."), (150, "l", "Description"), (500, "r", heading)]
    lines = [*zip(OWN_CODES[0], NAMES, map(str, COUNTS), strict=False)]
    told = read(laid_out(table(columns, lines))).lines
    assert items(told) == list(zip(OWN_CODES[0], COUNTS, strict=False))
    assert "high" not in {line.confidence for line in told}


@pytest.mark.parametrize("heading", AMOUNTS)
@pytest.mark.parametrize("sums", [("24.50", "6.00", "144.10"), ("$24", "$6", "$144"), ("24 EUR", "6 EUR", "144 EUR")])
def test_an_amount_of_money_counts_nothing(heading: str, sums: tuple[str, ...]) -> None:
    columns = [(40, "l", "Item No."), (150, "l", "Description"), (500, "r", heading)]
    assert pairs(laid_out(table(columns, [*zip(OWN_CODES[0], NAMES, sums, strict=False)]))) == []


@pytest.mark.parametrize(("other", "expected"), [("Qty", [2, 1, 7]), ("Price", [])])
def test_an_amount_beside_a_count_or_a_price_is_money(other: str, expected: list[int]) -> None:
    columns = [(40, "l", "Item No."), (150, "l", "Description"), (400, "r", other), (500, "r", "Amount")]
    lines = [*zip(OWN_CODES[0], NAMES, ("2", "1", "7"), ("24", "6", "144"), strict=False)]
    assert [qty for _, qty in pairs(laid_out(table(columns, lines)))] == expected


@pytest.mark.parametrize(
    "headings",
    [
        ("Réf.", "Design.", "Enc.", "Forn.", "Falta"),
        ("Indeks", "Nazwa", "Zam.", "Wyd.", "Brak"),
        ("Item", "Desc", "Req.", "Iss.", "Bal."),
        ("Item", "Desc", "Req'd", "Del'd", "O/S"),
        ("I T E M", "D E S C", "O R D E R E D", "S H I P P E D", "B / O"),
        ("Artikel / Item", "Bez. / Descr.", "Bestellt / Ordered", "Geliefert / Shipped", "Rest / Open"),
    ],
)
def test_headings_abbreviated_spaced_out_or_in_two_languages_are_known(headings: tuple[str, ...]) -> None:
    columns = [(x, side, text) for x, side, text in zip((40, 130, 340, 430, 520), "llrrr", headings, strict=True)]
    lines = [
        ("AB-1001", "Hex bolt", "24", "20", "4"),
        ("CD-2002", "Valve", "9", "9", "0"),
        ("EF-3003", "Nut", "9", "5", "4"),
    ]
    letterhead = (
        40,
        60,
        "Kestrel Tools Limited, 12 Canyon Road, Leeds LS1 4AX, delivery note of today for Carrick Boatyard",
    )
    assert pairs(laid_out([letterhead, *table(columns, lines, size=8)])) == [
        ("AB-1001", 20),
        ("CD-2002", 9),
        ("EF-3003", 5),
    ]


def seen(text: str, x: float, y: float) -> Word:
    """A word as optical reading places it: 12 pixels a character."""
    return Word(text, x, y, x + 12 * len(text), y + 20)


def test_a_rule_read_as_a_letter_is_taken_off_the_counts() -> None:
    column = [seen("200", 400, 100), seen("|", 460, 100), seen("12", 412, 140), seen("|", 460, 140)]
    column += [seen("144|", 424, 180), seen("2001", 424, 220), seen("200.1", 412, 260), seen("!", 460, 300)]
    told = [word.text for word in without_rules(column)]
    assert told == ["200", "12", "144", "200", "200"]
    assert without_rules(column)[2].x1 == 460


def test_numbers_that_end_in_one_are_left_alone_where_no_rule_runs() -> None:
    column = [seen("2001", 424, 100 + 40 * n) for n in range(4)]
    assert without_rules(column) == column
    two = [*column, seen("|", 460, 300), seen("|", 460, 340)]
    assert without_rules(two) == two
    beside = [*column, *(seen("|", 500, 300 + 40 * n) for n in range(3))]
    assert [word.text for word in without_rules(beside)] == ["2001"] * 4
