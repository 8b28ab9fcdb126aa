"""What names an item where its code is printed otherwise than in one word, and which counted rows are no items."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pytest

from slips.paper.pages import PageSource
from slips.reading.ids import cleaned, without_word
from slips.tests.drawings import Column, table
from slips.tests.laid_out import laid_out
from slips.tests.readings import items, pairs, read

NAMES = ["BELT COGGED BX68", "ROLLER CHAIN #50 10FT", "DRILL BIT JOBBER", "SHIM STOCK STEEL"]
COUNTS = [12, 1, 24, 4]
PREFIXED = [
    ["HKM 705-3356", "VS 959-2810", "KWK 514-6191", "CPV 409-3910"],
    ["PK 60440", "SKF 62041", "INA 62052", "FAG 32007"],
    ["BOS 0.986.494", "VAL 1.204.777", "ATE 0.120.333", "LUK 6.243.110"],
]
LOOSE = ["NY 8553", "DT7662VJ", "82887-R", "KX4471-B"]


def below(
    columns: Sequence[Column], lines: Sequence[Sequence[str]], texts: Iterable[tuple[int, str]], *, pitch: int = 36
) -> list[PageSource]:
    """A table with one more row of text under each line, (x, text)."""
    words = table(columns, lines, pitch=pitch)
    return laid_out(words + [(x, 212 + pitch * n, text) for n, (x, text) in enumerate(texts, start=1)])


@pytest.mark.parametrize("codes", PREFIXED)
@pytest.mark.parametrize("headings", [("Stock Number Description", "Qty Ship"), ("Artikel", "Liefermenge")])
def test_a_makers_letters_and_a_number_are_one_code_where_all_lines_are_built_so(
    codes: list[str], headings: tuple[str, ...]
) -> None:
    expected = list(zip(codes, COUNTS, strict=True))
    columns = [(50, "r", "Ln"), (70, "l", headings[0]), (500, "r", headings[1])]
    lines = [(str(n), code, str(qty)) for n, (code, qty) in enumerate(expected, start=1)]
    assert pairs(below(columns, lines, [(70, name) for name in NAMES])) == expected
    swapped = [(str(n), name, str(qty)) for n, (name, qty) in enumerate(zip(NAMES, COUNTS, strict=True), start=1)]
    assert pairs(below(columns, swapped, [(70, code) for code in codes])) == expected
    columns = [(60, "r", headings[1]), (80, "l", headings[0].split(" Desc")[0]), (240, "l", "Description")]
    assert (
        pairs(laid_out(table(columns, [(str(qty), *rest) for qty, *rest in zip(COUNTS, codes, NAMES, strict=True)])))
        == expected
    )


@pytest.mark.parametrize("heading", ["Part Number", "Artikel-Nr.", "Référence"])
def test_a_lone_code_with_a_blank_is_whole_where_its_column_holds_only_codes_and_is_not_called_sure(
    heading: str,
) -> None:
    columns = [(60, "r", "Qty"), (100, "l", heading), (500, "r", "Net")]
    lines = [(str(qty), code, f"{qty}6.05") for qty, code in zip(COUNTS, LOOSE, strict=True)]
    told = read(below(columns, lines, [(100, name) for name in NAMES])).lines
    assert items(told) == list(zip(LOOSE, COUNTS, strict=True))
    assert not [line for line in told if " " in line.item_id and line.confidence == "high"]


def test_a_description_behind_the_code_is_no_part_of_it() -> None:
    columns = [(60, "r", "Qty"), (100, "l", "Part Number")]
    codes = ["AB-1001", "CD-2002", "EF-3003", "GH-4004"]
    lines = [(str(qty), f"{code} {name}") for qty, code, name in zip(COUNTS, codes, NAMES, strict=True)]
    assert pairs(laid_out(table(columns, lines))) == list(zip(codes, COUNTS, strict=True))


LOTS = [
    (("Pos.", "Material", "Bezeichnung", "Liefermenge"), "Charge M49-39{n}"),
    (("Line", "Item", "Description", "Qty shipped"), "Lot A{n}771"),
    (("Pos", "Article", "Désignation", "Qté livrée"), "Lot n° {n}4471"),
    (("Regel", "Artikel", "Omschrijving", "Geleverd"), "Batch {n}8812"),
    (("Riga", "Codice", "Descrizione", "Quantità"), "Lotto L{n}-55"),
]
DOTTED = ["79.757.4817", "15.071.8313", "44.745.1491"]


@pytest.mark.parametrize(("headings", "lot"), LOTS)
@pytest.mark.parametrize("splits", [[[80], [15, 10], [20]], [[50, 30], [25], [12, 4, 4]], [[80], [25], [20]]])
@pytest.mark.parametrize("column", [1, 2])
def test_the_lots_that_add_up_to_a_lines_count_are_no_lines(
    headings: tuple[str, ...], lot: str, splits: list[list[int]], column: int
) -> None:
    columns = list(zip((40, 80, 200, 500), "lllr", headings, strict=True))
    lines: list[Sequence[str]] = []
    for n, (code, name, parts) in enumerate(zip(DOTTED, NAMES, splits, strict=False), start=1):
        lines.append((str(10 * n), code, name, f"{sum(parts)} ST"))
        for m, part in enumerate(parts):
            cells = ["", "", "", f"{part} ST"]
            cells[column] = lot.format(n=10 * n + m)
            lines.append(cells)
    expected = [(code, sum(parts)) for code, parts in zip(DOTTED, splits, strict=True)]
    assert pairs(laid_out(table(columns, lines))) == expected


def test_lots_that_do_not_add_up_and_parts_of_a_set_stay_lines() -> None:
    columns = [(40, "l", "Item"), (150, "l", "Description"), (400, "l", "Bin"), (500, "r", "Qty")]
    lines = [("AB-1001", NAMES[0], "A1", "4"), ("AB-1001-K", NAMES[1], "", "4")]
    lines += [("CD-2002", NAMES[2], "B7", "9"), ("CD-2002-K", NAMES[3], "", "9")]
    assert [qty for _, qty in pairs(laid_out(table(columns, lines)))] == [4, 4, 9, 9]


@pytest.mark.parametrize(
    ("joined", "code"),
    [
        ("MS34533Z-EAN", "MS34533Z"),
        ("MS34533Z·EAN", "MS34533Z"),
        ("MS86856U·", "MS86856U"),
        ("AB-12,GTIN", "AB-12"),
        ("OCEAN", "OCEAN"),
        ("AB-12-OCEAN", "AB-12-OCEAN"),
        ("EAN-1200", "EAN-1200"),
    ],
)
def test_the_next_label_is_no_part_of_a_code(joined: str, code: str) -> None:
    assert cleaned(joined) == code


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["3003.36.04.BISAGRA", "7305.40.18", "3829.83.66"], "3003.36.04"),
        (["3003.36.04.BISAGRA", "7305.40.18.TAPA", "3829.83.66"], "3003.36.04.BISAGRA"),
        (["3003.36.04.BISAGRA", "58.80", "AB-7"], "3003.36.04.BISAGRA"),
        (["3003.36.04.BIS", "7305.40.18", "3829.83.66"], "3003.36.04.BIS"),
    ],
)
def test_a_word_that_no_other_code_has_is_no_part_of_one(codes: list[str], expected: str) -> None:
    assert without_word(codes[0], codes) == expected


@pytest.mark.parametrize(
    "headings",
    [
        ("11. ITEM NO.", "12. STOCK NO.", "13. DESCRIPTION", "14. QTY SHIPPED"),
        ("1) Pos.", "2) Artikelnummer", "3) Bezeichnung", "4) Menge"),
        ("5) Ligne", "6) Référence", "7) Désignation", "8) Quantité livrée"),
    ],
)
def test_the_numbers_of_a_forms_boxes_are_no_part_of_its_headings(headings: tuple[str, ...]) -> None:
    codes = ["3245-01-686-8057", "6287-01-595-6030", "8173-01-485-6806"]
    columns = list(zip((40, 130, 260, 500), "lllr", headings, strict=True))
    texts = zip(codes, NAMES, map(str, COUNTS), strict=False)
    lines = [(f"000{n}", *text) for n, text in enumerate(texts, start=1)]
    told = read(laid_out(table(columns, lines))).lines
    assert items(told) == list(zip(codes, COUNTS, strict=False))
    assert {line.confidence for line in told} == {"high"}


@pytest.mark.parametrize(("unit", "expected"), [("kg", "6.028"), ("KG", "6.028"), ("lb", "6.028"), ("ST", "6028")])
def test_a_weight_with_three_decimals_is_no_thousands_among_small_counts(unit: str, expected: str) -> None:
    columns = [(60, "r", "Menge"), (80, "l", "Einh."), (130, "l", "Artikelbezeichnung"), (500, "l", "Art.-Nr.")]
    lines = [("2", "STK", "Quark", "4861.5"), ("6.028", unit, "Schinken", "469593"), ("4", "KRT", "Butter", "577372")]
    told = read(laid_out(table(columns, lines))).lines
    assert [line.qty for line in told] == [2, Decimal(expected), 4]
    assert told[1].confidence != "high"


@pytest.mark.parametrize(("other", "expected"), [("99", "1.2"), ("100", "1200")])
def test_thousands_stay_thousands_where_other_counts_are_large(other: str, expected: str) -> None:
    columns = [(60, "r", "Menge"), (80, "l", "Einh."), (130, "l", "Artikelbezeichnung"), (500, "l", "Art.-Nr.")]
    lines = [("2", "kg", "Quark", "4861.5"), ("1.200", "kg", "Zucker", "469593"), (other, "kg", "Mehl", "577372")]
    assert [line.qty for line in read(laid_out(table(columns, lines))).lines] == [2, Decimal(expected), Decimal(other)]


@pytest.mark.parametrize("foot", ["10 lines   Weight approx 22 kg", "3 Positionen", "3 lignes", "** PALLET 2 **"])
def test_a_foot_or_a_pallet_is_no_item(foot: str) -> None:
    columns = [(60, "r", "Qty"), (100, "l", "Product"), (200, "l", "Description")]
    lines = [
        (str(qty), code, name) for qty, code, name in zip(COUNTS, ["7005447", "867975", "784866"], NAMES, strict=False)
    ]
    words = [*table(columns, lines), (45, 200 + 18 * 5, foot)]
    assert pairs(laid_out(words)) == [("7005447", 12), ("867975", 1), ("784866", 24)]


@pytest.mark.parametrize("headings", [("Plant and size", "Quantity", "Trolley"), ("Sorte", "Menge", "Fach")])
def test_plants_without_codes_are_named_by_their_text_and_a_note_below_is_no_part_of_it(
    headings: tuple[str, ...],
) -> None:
    plants = ["Acer palmatum 10L", "Buxus sempervirens 30-40cm", "Hebe Green Globe 3L"]
    columns = [(60, "l", headings[0]), (400, "r", headings[1]), (450, "l", headings[2])]
    words = table(columns, [(name, str(qty), f"T{qty}") for name, qty in zip(plants, COUNTS, strict=False)])
    words.append((60, 200 + 18 * 4, "Plants checked and watered on arrival:"))
    told = read(laid_out(words)).lines
    assert [line.description for line in told] == plants
    assert [line.qty for line in told] == [Decimal(qty) for qty in COUNTS[:3]]
